"""The county table as a file."""

import csv
import io
from decimal import Decimal

import openpyxl
from flask.testing import FlaskClient

from matchplatform.kernel.money import format_wan
from matchplatform.projects.states import ProjectState
from matchplatform.regions.divisions import poverty_counties
from tests.factories import make_project
from tests.regions.poor import publish_people


class TestCountyFile:
    def test_its_figures_are_those_of_the_page(self, client: FlaskClient) -> None:
        make_project()
        make_project(region="130723", state=ProjectState.SUBMITTED)
        data = client.get("/counties/export.xlsx").data
        page = openpyxl.load_workbook(io.BytesIO(data)).active
        rows = list(page.iter_rows(min_row=4, values_only=True))
        first = dict(zip(rows[0], rows[1], strict=True))
        shown = client.get("/counties").text
        assert (first["区划代码"], first["县"], first["项目"]) == ("130722", "张北县", 1)
        assert format_wan(Decimal(first["需要（元）"])) == "16.24"
        assert "16.24" in shown
        assert len(rows) - 2 == len(poverty_counties())
        second = dict(zip(rows[0], next(row for row in rows if row[0] == "130723"), strict=True))
        assert second["项目"] == 0

    def test_what_is_kept_back_on_the_page_is_kept_back_here(self, client: FlaskClient) -> None:
        publish_people({"130722": 3, "130723": 77, "130724": 2, "130826": 900})
        text = client.get("/counties/export.csv").data.decode("utf-8-sig")
        rows = {row[0]: row for row in csv.reader(io.StringIO(text, newline=""))}
        assert rows["130722"][-1] == "不公布"
        assert rows["130723"][-1] == "77"
        assert rows["130724"][-1] == "不公布"
        assert rows["130826"][-1] == "900"
        assert rows["130125"][-1] == "没有公布"
