"""Spreadsheets: tables in and out as XLSX and CSV. It knows neither Flask nor the database."""

from matchplatform.confined.limits import ReadLimits
from matchplatform.confined.troubles import Trouble
from matchplatform.sheets.annotated import annotated_copy
from matchplatform.sheets.layout import CellType, ColumnSpec, Layout, Month, Value
from matchplatform.sheets.problems import Problem, Severity
from matchplatform.sheets.reading import look_outside, read_table
from matchplatform.sheets.separated import write_csv
from matchplatform.sheets.sheet import Column, Kind, Sheet
from matchplatform.sheets.table import ReadRow, Row, Table
from matchplatform.sheets.template import write_template
from matchplatform.sheets.workbook import write_xlsx

__all__ = [
    "CellType",
    "Column",
    "ColumnSpec",
    "Kind",
    "Layout",
    "Month",
    "Problem",
    "ReadLimits",
    "ReadRow",
    "Row",
    "Severity",
    "Sheet",
    "Table",
    "Trouble",
    "Value",
    "annotated_copy",
    "look_outside",
    "read_table",
    "write_csv",
    "write_template",
    "write_xlsx",
]
