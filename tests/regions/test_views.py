"""The desk of people not out of poverty."""

import re

from flask.testing import FlaskClient

from matchplatform.kernel.db import db
from matchplatform.regions.queries import find_latest, list_poor_people
from tests.factories import ZHANGBEI, make_auditor, make_officer, sign_in
from tests.regions.poor import (
    QUARTER,
    SOURCE,
    counties_of,
    counts_of,
    publish_city,
    publish_people,
    type_figures,
)

ADDRESS = f"/desk/poor-people/{ZHANGBEI}/{QUARTER}"
CITY = "130700"
PUBLISH = f"/desk/poor-people/{CITY}/{QUARTER}/publish"


def form_of(people: int = 700, version: int = 0, **more: str) -> dict[str, str]:
    counts = {name: f"{count}" for name, count in counts_of(people).items()}
    return {
        **counts, "version": f"{version}", "as_of": "2019-12-31", "source": SOURCE, "reason": "",
        **more,
    }  # fmt: skip


class TestTyping:
    def test_a_county_types_its_figures(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        assert "还没有填" in client.get(ADDRESS).text
        answer = client.post(ADDRESS, data=form_of(people=1234) | {"people": "1,234"})
        assert answer.status_code == 303
        found = find_latest(ZHANGBEI, QUARTER)
        assert found is not None
        assert found.people == 1234
        page = client.get(answer.location).text
        assert "已填，还没公布" in page
        assert 'value="1,234"' in page

    def test_what_does_not_add_up_is_said_at_its_field_and_nothing_is_lost(
        self, client: FlaskClient
    ) -> None:
        sign_in(client, make_officer())
        answer = client.post(ADDRESS, data=form_of(cause_ill="7", source="县里的台账"))
        assert answer.status_code == 400
        assert "对不上" in answer.text
        assert 'href="#people"' in answer.text
        assert 'value="县里的台账"' in answer.text
        assert find_latest(ZHANGBEI, QUARTER) is None

    def test_nothing_typed_is_not_taken_for_zero(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        answer = client.post(ADDRESS, data=form_of(need_care=""))
        assert answer.status_code == 400
        assert "没有就填 0" in answer.text
        answer = client.post(ADDRESS, data=form_of(need_care="许多"))
        assert answer.status_code == 400
        assert "不是能读懂的数" in answer.text

    def test_a_jump_is_asked_about_and_then_kept(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        type_figures(people=200, quarter="2019Q3")
        answer = client.post(ADDRESS, data=form_of())
        assert answer.status_code == 409
        assert "变化很大" in answer.text
        assert client.post(ADDRESS, data=form_of(confirmed="yes")).status_code == 303

    def test_who_was_overtaken_sees_what_is_there_now(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        type_figures(people=412)
        answer = client.post(ADDRESS, data=form_of(people=707))
        assert answer.status_code == 409
        assert "别人刚填过" in answer.text
        assert "412" in answer.text
        assert 'value="707"' in answer.text
        assert client.post(ADDRESS, data=form_of(people=707, version=1)).status_code == 303

    def test_the_same_form_twice_is_one_revision(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        page = client.get(ADDRESS).text
        key = re.search(r'name="form_key" value="([^"]+)"', page)
        assert key is not None
        form = form_of(form_key=key[1])
        assert client.post(ADDRESS, data=form).status_code == 303
        assert client.post(ADDRESS, data=form).status_code == 303
        found = find_latest(ZHANGBEI, QUARTER)
        assert found is not None
        assert found.revision == 1
        again = client.post(ADDRESS, data=form | {"watched_unstable": "201"})
        assert again.status_code == 422

    def test_a_correction_wants_a_reason(self, client: FlaskClient) -> None:
        publish_people({ZHANGBEI: 412})
        sign_in(client, make_officer())
        answer = client.post(ADDRESS, data=form_of(people=420, version=1))
        assert answer.status_code == 400
        assert "请写明原因" in answer.text
        told = form_of(people=420, version=1, reason="上报时漏了两个村")
        assert client.post(ADDRESS, data=told).status_code == 303
        page = client.get(ADDRESS).text
        assert "上报时漏了两个村" in page
        assert "未脱贫人口（人） 412 改为 420" in page
        assert "公众看到的还是原先的数" in page
        assert "选填" not in page
        assert list_poor_people()[ZHANGBEI] == 412

    def test_whatever_is_wrong_everything_typed_is_still_there(self, client: FlaskClient) -> None:
        publish_people({ZHANGBEI: 412})
        sign_in(client, make_officer())
        typed = form_of(people=1_234, version=1, source="县里的台账", need_care="617")
        for wrong, status in (
            ({"need_water": "1235"}, 400),
            ({"as_of": "2019-13-41"}, 400),
            ({"as_of": "2020-01-01"}, 400),
            ({"reason": "短"}, 400),
            ({"version": "0", "reason": "上报时漏了两个村"}, 409),
        ):
            form = typed | wrong
            answer = client.post(ADDRESS, data=form)
            assert answer.status_code == status
            for name, value in form.items():
                if name not in ("version", "reason"):
                    assert re.search(rf'<input[^>]*name="{name}"[^>]*value="{value}"', answer.text)
            assert f">{form['reason']}</textarea>" in answer.text.replace("\r\n", "")
        assert list_poor_people()[ZHANGBEI] == 412

    def test_a_reason_is_marked_as_needed_once_it_is_public(self, client: FlaskClient) -> None:
        type_figures(people=412)
        sign_in(client, make_officer())
        assert "选填" in client.get(ADDRESS).text
        for code in counties_of(CITY):
            if code != ZHANGBEI:
                type_figures(code)
        publish_city(CITY)
        assert "选填" not in client.get(ADDRESS).text

    def test_another_county_is_not_there(self, client: FlaskClient) -> None:
        type_figures(people=412)
        sign_in(client, make_officer("130723"))
        assert client.get(ADDRESS).status_code == 404
        assert client.post(ADDRESS, data=form_of()).status_code == 404

    def test_an_auditor_reads_and_writes_nothing(self, client: FlaskClient) -> None:
        type_figures(people=412)
        sign_in(client, make_auditor())
        page = client.get(ADDRESS).text
        assert '<th scope="row">未脱贫人口（人）</th><td class="r num">412</td>' in page
        assert "主要致贫原因：因病" in page
        assert f'action="{ADDRESS}"' not in page
        assert client.post(ADDRESS, data=form_of()).status_code == 403

    def test_what_is_no_county_or_quarter_is_not_found(self, client: FlaskClient) -> None:
        sign_in(client, make_officer("13"))
        for address in ("130102/2019Q4", "130722/2019Q7", "130722/now", "x/y"):
            assert client.get(f"/desk/poor-people/{address}").status_code == 404


class TestList:
    def test_it_shows_true_figures_of_ones_own_counties_only(self, client: FlaskClient) -> None:
        type_figures(people=3, households=2, need_education=1, need_health=1)
        type_figures("130826", people=4321)
        sign_in(client, make_officer())
        page = client.get("/desk/poor-people").text
        assert '<td data-label="人" class="r num">3</td>' in page
        assert "4,321" not in page
        assert "丰宁县" not in page

    def test_beijing_has_none(self, client: FlaskClient) -> None:
        type_figures(people=412)
        sign_in(client, make_officer("11"))
        assert "没有贫困县" in client.get("/desk/poor-people").text

    def test_it_stays_quick_with_every_county(self, client: FlaskClient) -> None:
        sign_in(client, make_officer("13"))
        assert client.get(f"/desk/poor-people?quarter={QUARTER}").status_code == 200
        assert client.get("/desk/poor-people?quarter=nonsense").status_code == 200


class TestPublishing:
    def test_the_city_publishes_what_it_sees(self, client: FlaskClient) -> None:
        for code in counties_of(CITY):
            type_figures(code)
        sign_in(client, make_officer("1307"))
        page = client.get(f"/desk/poor-people?quarter={QUARTER}").text
        assert "12 个县待公布" in page
        form = dict(re.findall(r'name="(1307\d\d)" value="(\d+)"', page))
        answer = client.post(PUBLISH, data=form)
        assert answer.status_code == 303
        assert list_poor_people()[ZHANGBEI] == 700
        assert "全部已公布" in client.get(answer.location).text

    def test_what_changed_meanwhile_is_refused_in_words(self, client: FlaskClient) -> None:
        for code in counties_of(CITY):
            type_figures(code)
        form = dict.fromkeys(counties_of(CITY), "1")
        type_figures(people=710, version=1)
        sign_in(client, make_officer("1307"))
        answer = client.post(PUBLISH, data=form)
        assert answer.status_code == 409
        assert "有了变化" in answer.text
        assert list_poor_people() == {}

    def test_who_may_not_is_refused(self, client: FlaskClient) -> None:
        for region in (ZHANGBEI, "1308"):
            sign_in(client, make_officer(region))
            assert client.post(PUBLISH, data={}).status_code == 403
        db.session.rollback()
