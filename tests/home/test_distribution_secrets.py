"""Nothing that anybody may fetch tells what is kept back, or what was not published."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from matchplatform.kernel.text import tidy
from matchplatform.regions.columns import CAUSES, COLUMNS, NEEDS, PEOPLE, ROW_SUMS, ROW_WITHIN
from matchplatform.regions.divisions import name_of
from matchplatform.regions.exposure import Cell, Sum, Table
from matchplatform.regions.queries import list_of_city
from tests.factories import ZHANGBEI, make_officer, make_organisation, sign_in
from tests.regions.poor import counties_of, publish_city, type_figures
from tests.regions.test_suppression import find_told

CITY, BEFORE, NOW = "130600", "2019Q3", "2019Q4"
KEPT = "不公布"
Seen = dict[tuple[str, str, str], int | None]

# Everything of the site where people by county are shown, for whoever comes along.
PAGES = (
    "/", "/counties", "/counties/export.csv", "/poor-people", "/poor-people/export.csv",
    f"/counties/{ZHANGBEI}",
)  # fmt: skip


def publish_small_ones() -> None:
    """Publish two quarters in which little changed, and a correction of the first."""
    officer = make_officer(CITY[:4])
    few = {"cause_disaster": 3, "need_water": 2, "paired_households": 1, "paired_people": 2}
    for place, code in enumerate(counties_of(CITY)):
        more = {"cause_ill": 97 + place} | (few if place % 4 == 0 else {})
        people = 600 + more["cause_ill"] + (more.get("cause_disaster", 100) - 100)
        for quarter in (BEFORE, NOW):
            counts: dict[str, Any] = {**_causes(), **more}
            type_figures(code, people, quarter=quarter, officer=officer, **counts)
    for quarter in (BEFORE, NOW):
        publish_city(CITY, quarter=quarter)
    first = counties_of(CITY)[0]
    counts = {**_causes(), **few, "cause_ill": 98}
    people = sum(counts[name] for name in CAUSES)
    type_figures(
        first, people, quarter=BEFORE, version=1, officer=officer, reason="漏报了一人", **counts
    )
    publish_city(CITY, quarter=BEFORE, versions={first: 2})


def _causes() -> dict[str, int]:
    return dict.fromkeys(CAUSES, 100)


def rows_of(client: FlaskClient, address: str) -> list[list[str]]:
    data = client.get(address).data
    if "xlsx" in address:
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        found = [["" if c is None else f"{c}" for c in row] for row in sheet.values]
    else:
        found = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    return [row for row in found if len(row) > 3]


def read_file(client: FlaskClient, form: str, **asked: str) -> Seen:
    """Return what a file tells by quarter, place and column; None is kept back."""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    rows = rows_of(client, f"/poor-people/export.{form}?{query}")
    start = next(place for place, row in enumerate(rows) if row[0] == "区划代码")
    cause = asked.get("cause", "")
    names = [name for name in COLUMNS if not cause or name not in CAUSES or name == cause]
    seen: Seen = {}
    for row in rows[start + 1 :]:
        if row[2] in ("", None):
            continue
        for name, cell in zip(names, row[5:], strict=False):
            number = None if cell == KEPT else int(cell.replace(",", ""))
            seen[row[3], row[0] or row[2], name] = number
    return seen


def read_page(client: FlaskClient, **asked: str) -> Iterator[tuple[str, str, str]]:
    """Yield place, words and what stands there of every cell, spoken county and note of the map."""
    page = client.get("/poor-people", query_string=asked).text
    for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", page, re.S):
        place = tidy(re.sub(r"<.*?>", " ", row.split("</th>")[0])).split()[0]
        for label, cell in re.findall(r'<td data-label="(.*?)".*?>(.*?)</td>', row, re.S):
            yield place, label, re.sub(r"<.*?>", "", cell)
    for place, told in re.findall(r'(?:aria-label="|<title>)([^"<：]+)：([^"<]+)', page):
        yield place, "map", told.removesuffix(" 人")


class TestSecrets:
    @pytest.fixture
    def seen(self, client: FlaskClient) -> Seen:
        publish_small_ones()
        return {**read_file(client, "csv", quarter=BEFORE), **read_file(client, "csv", quarter=NOW)}

    def test_whoever_takes_all_files_works_out_nothing(self, seen: Seen) -> None:
        truth = {
            (row.quarter, row.region_code, name): count
            for row in list_of_city(CITY)
            for name, count in row.counts.items()
        }
        for quarter, name in [(q, n) for q in (BEFORE, NOW) for n in COLUMNS]:
            truth[quarter, "合计", name] = sum(
                truth[quarter, code, name] for code in counties_of(CITY)
            )
        assert {key: truth[key] for key, count in seen.items() if count is not None} == {
            key: count for key, count in seen.items() if count is not None
        }
        kept = {key for key, count in seen.items() if count is None}
        small = {key for key, count in truth.items() if count < 5}
        assert small <= kept
        # The twin keeps back the small numbers alone.
        assert find_told(*_guessed(truth, small))
        assert find_told(*_guessed(truth, kept)) == []

    def test_other_files_tell_the_same(self, client: FlaskClient, seen: Seen) -> None:
        for form in ("csv", "xlsx"):
            for asked in ({}, {"city": CITY}, {"cause": "cause_disaster"}):
                found = read_file(client, form, quarter=NOW, **asked)
                assert found
                assert found.items() <= seen.items()

    def test_the_page_tells_the_same(self, client: FlaskClient, seen: Seen) -> None:
        words = {name_of(code): code for code in counties_of(CITY)} | {"合计": "合计"}
        columns = {f"{label}": name for name, label in {**COLUMNS, **CAUSES, **NEEDS}.items()}
        columns |= {"未脱贫人口": PEOPLE, "户": "households"}
        for cause in ("", "cause_disaster"):
            told = 0
            for place, label, cell in read_page(client, quarter=NOW, cause=cause):
                name = (cause or PEOPLE) if label == "map" else columns.get(label)
                if name is None or place not in words or cell == "没有公布":
                    continue
                count = seen[NOW, words[place], name]
                assert cell == (KEPT if count is None else f"{count:,}")
                told += 1
            assert told > 100

    def test_the_page_of_a_county_tells_the_same(self, client: FlaskClient, seen: Seen) -> None:
        code = counties_of(CITY)[0]
        page = client.get(f"/counties/{code}").text
        for name, label in CAUSES.items():
            count = seen[NOW, code, name]
            shown = '<span class="mute">不公布</span>' if count is None else f"{count:,}"
            assert f'<th scope="row">{label}</th><td class="r num">{shown}</td>' in page


def _guessed(
    truth: dict[tuple[str, str, str], int], kept: set[tuple[str, str, str]]
) -> tuple[Table, set[Cell]]:
    """Return what is known to somebody who guesses right which numbers stayed the same."""
    names: dict[tuple[str, str, str], Cell] = {
        key: (key[1] if key[1] != "合计" else f"{key[0]} 合计", f"{key[2]} {count}")
        for key, count in truth.items()
    }
    values = {names[key]: count for key, count in truth.items()}
    sums, within = set(), set()
    for quarter in (BEFORE, NOW):
        for place in (*counties_of(CITY), "合计"):
            row = {name: names[quarter, place, name] for name in COLUMNS}
            sums |= {Sum(row[total], tuple(row[n] for n in parts)) for total, parts in ROW_SUMS}
            within |= {(row[less], row[more]) for less, more in ROW_WITHIN}
        for name in COLUMNS:
            parts = tuple(names[quarter, code, name] for code in counties_of(CITY))
            sums.add(Sum(names[quarter, "合计", name], parts))
    shown = {names[key] for key in truth.keys() - kept}
    return Table(values, tuple(sums), tuple(within)), {names[key] for key in kept} - shown


class TestBeforePublication:
    @pytest.mark.parametrize("who", ["", "agent", "1308", "11", "130723"])
    def test_nobody_elsewhere_reads_a_word(self, client: FlaskClient, who: str) -> None:
        type_figures(people=43_217 // 7 * 7, cause_ill=43_217 // 7, officer=make_officer())
        if who:
            sign_in(client, make_organisation()[1] if who == "agent" else make_officer(who))
        for address in PAGES:
            page = client.get(address).text
            assert "43,21" not in page
            assert "4321" not in page
        if who.isdigit():
            assert "43,21" not in client.get(f"/desk/poor-people?quarter={NOW}").text
            assert client.get(f"/desk/poor-people/{ZHANGBEI}/{NOW}").status_code == 404

    def test_a_quarter_that_is_not_published_cannot_be_asked_for(self, client: FlaskClient) -> None:
        for code in counties_of("130700"):
            type_figures(code, 700)
            type_figures(code, 693, quarter="2020Q1")
        publish_city("130700")
        for address in ("/poor-people", "/poor-people/export.csv"):
            page = client.get(f"{address}?quarter=2020Q1").text
            assert "2020 年第一季度" not in page
            assert "693" not in page
            assert "2019 年第四季度" in page
