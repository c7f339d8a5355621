"""Spreadsheets: tables in, XLSX and CSV out. It knows neither Flask nor the database."""

from matchplatform.sheets.separated import write_csv
from matchplatform.sheets.sheet import Column, Kind, Sheet
from matchplatform.sheets.workbook import write_xlsx

__all__ = ["Column", "Kind", "Sheet", "write_csv", "write_xlsx"]
