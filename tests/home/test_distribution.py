"""People not out of poverty as the public reads them."""

import csv
import io
import re
from typing import Any

import openpyxl
from flask.testing import FlaskClient
from sqlalchemy import event

from matchplatform.home.distribution import Asked, read_distribution
from matchplatform.kernel.db import db
from matchplatform.regions.columns import COLUMNS
from tests.factories import ZHANGBEI, make_claim, make_organisation, make_project
from tests.regions.poor import publish_city, publish_people, type_figures

FENGNING = "130826"


def rows_of(client: FlaskClient, query: str = "") -> dict[str, list[str]]:
    text = client.get(f"/poor-people/export.csv{query}").data.decode("utf-8-sig")
    rows = csv.reader(io.StringIO(text, newline=""))
    return {row[2] if len(row) > 2 and row[2] else row[0]: row for row in rows if row}


class TestPage:
    def test_nothing_published_says_so(self, client: FlaskClient) -> None:
        type_figures(people=412)
        page = client.get("/poor-people").text
        assert "还没有公布过" in page
        assert "412" not in page

    def test_it_shows_map_table_and_totals(self, client: FlaskClient) -> None:
        publish_people({ZHANGBEI: 412})
        page = client.get("/poor-people").text
        assert 'aria-label="张北县：412 人"' in page
        assert "示意图，不作划界依据" in page
        assert f"{412 + 700 * 11:,}" in page
        assert 'href="/counties/130722"' in page
        # Colour is not alone: each class prints its figure on the county.
        assert len(re.findall(r'class="mark"[^>]*aria-hidden[^>]*>(?:[^<]* )?[1-5]<', page)) == 12
        assert 'aria-label="丰宁县' not in page
        assert "丰宁县：没有公布" in page

    def test_it_says_when_it_was_published_and_whether_it_was_corrected(
        self, client: FlaskClient
    ) -> None:
        publish_people({ZHANGBEI: 412, FENGNING: 633})
        assert "有更正" not in client.get("/poor-people").text
        type_figures(people=420, version=1, reason="上报时漏了两个村")
        publish_city("130700", versions={ZHANGBEI: 2})
        page = client.get("/poor-people").text
        assert "是第 2 次，前面的有更正" in page
        assert "各县的数截至" in page
        assert "有更正" not in client.get("/poor-people?city=130800").text

    def test_a_city_is_drawn_alone(self, client: FlaskClient) -> None:
        publish_people({ZHANGBEI: 412, FENGNING: 633})
        page = client.get("/poor-people?city=130800").text
        assert "丰宁县：633 人" in page
        assert "张北县：" not in page
        assert "没有公布" not in page

    def test_what_is_kept_back_is_in_no_part_of_the_page(self, client: FlaskClient) -> None:
        publish_people({ZHANGBEI: 3, "130723": 811})
        page = client.get("/poor-people").text
        assert 'aria-label="张北县：不公布"' in page
        assert page.count("：不公布") >= 2
        assert "为什么有的数不公布" in page
        assert not re.search(r"张北县[^<]*：3 人", page)

    def test_it_filters_by_city_quarter_and_cause(self, client: FlaskClient) -> None:
        publish_people({ZHANGBEI: 412, FENGNING: 633})
        publish_people({ZHANGBEI: 455}, "2019Q3")
        assert "丰宁县：633 人" in client.get("/poor-people").text
        page = client.get("/poor-people?city=130800").text
        assert "633" in page
        assert "412" not in page
        assert "455" in client.get("/poor-people?quarter=2019Q3").text
        page = client.get("/poor-people?cause=cause_ill").text
        assert f"张北县：{412 // 7 + 412 % 7} 人" in page
        assert client.get("/poor-people?quarter=x&city=110000&cause=people").status_code == 200

    def test_its_line_compares_the_same_cities(self, client: FlaskClient) -> None:
        publish_people({ZHANGBEI: 455}, "2019Q3")
        publish_people({ZHANGBEI: 412, FENGNING: 633})
        page = read_distribution(Asked("2019Q4"))
        assert page.of_cities == 1
        assert page.history == [("2019Q3", 455 + 7700), ("2019Q4", 412 + 7700)]
        shown = client.get("/poor-people").text
        assert "折线图" in shown
        assert "每个季度都公布了的 1 个市" in shown

    def test_a_total_of_which_a_city_is_kept_back_is_kept_back(self, client: FlaskClient) -> None:
        # 秦皇岛 has one such county, so its total would tell it.
        publish_people({"130321": 4, ZHANGBEI: 412})
        page = read_distribution(Asked("2019Q4"))
        assert page.total["people"] is None
        assert read_distribution(Asked("2019Q4", "130700")).total["people"] == 8112

    def test_help_on_the_way_stands_beside_it(self, client: FlaskClient) -> None:
        publish_people({ZHANGBEI: 412})
        project = make_project()
        make_claim(project, *make_organisation())
        county = next(c for c in read_distribution(Asked("2019Q4")).counties if c.code == ZHANGBEI)
        assert (county.help.open, county.help.pairing) == (1, 0)
        assert county.help.figures.intended == 20000
        page = client.get("/poor-people").text
        assert "2.00" in page
        assert "待结对（户）" in page

    def test_reading_it_asks_the_database_as_often_for_many_as_for_few(
        self, client: FlaskClient
    ) -> None:
        asked: list[str] = []

        def note(*args: Any) -> None:
            asked.append(args[2])

        event.listen(db.engine, "before_cursor_execute", note)
        counts = []
        for code in (ZHANGBEI, FENGNING):
            publish_people({code: 412})
            client.get("/poor-people")
            asked.clear()
            client.get("/poor-people")
            counts.append(len(asked))
        event.remove(db.engine, "before_cursor_execute", note)
        assert counts[0] == counts[1]


class TestFile:
    def test_it_keeps_back_what_the_page_keeps_back(self, client: FlaskClient) -> None:
        publish_people({ZHANGBEI: 3, "130723": 811})
        rows = rows_of(client)
        place = 5 + list(COLUMNS).index("people")
        assert rows["张北县"][place] == "不公布"
        assert sum(row[place] == "不公布" for row in rows.values() if len(row) > place) == 2
        assert rows["合计"][place] == f"{3 + 811 + 7000}"

    def test_its_head_says_what_was_asked(self, client: FlaskClient) -> None:
        publish_people({ZHANGBEI: 412, FENGNING: 633})
        data = client.get(
            "/poor-people/export.xlsx?quarter=2019Q4&city=130700&cause=cause_ill"
        ).data
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        lines = [row[0] for row in sheet.iter_rows(min_row=2, max_row=4, values_only=True)]
        assert lines[0] == "河北各县未脱贫人口：2019 年第四季度，张家口市，因病"
        assert "共 12 个县" in lines[1]
        assert "不等于 0" in lines[2]
        text = client.get("/poor-people/export.csv?city=130700&cause=cause_ill").text
        assert "因病" in text
        assert "因残" not in text
        assert "丰宁县" not in text
