"""Claiming in the browser, as a person does it and as an attacker tries it."""

import re
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from matchplatform.accounts.models import User
from matchplatform.claims import services
from matchplatform.claims.models import Claim
from matchplatform.claims.states import ClaimState
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.organisations.services import return_organisation
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.services import close_project, resume_project, suspend_project
from matchplatform.projects.states import CloseOutcome
from tests.claims.conftest import LINES, assert_clean
from tests.factories import (
    actor_for,
    make_auditor,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)

WHY = "资金来源有变化，先撤回"
MEGABYTE = "9" * 900_000


class Desk:
    """A signed-in agent before the claim panel of a project."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        project = make_project(lines=LINES)
        self.number, self.project_id, self.version = project.number, project.id, project.version
        self.lines = {line.item: line.id for line in project.lines}
        self.organisation, self.agent = make_organisation()
        self.organisation_id = self.organisation.id
        sign_in(client, self.agent)

    def post(self, wanted: dict[str, str], **more: str) -> TestResponse:
        """Send the panel with quantities by item and whatever else."""
        data = {f"line-{self.lines[item]}": typed for item, typed in wanted.items()}
        data = {"version": str(self.version), "form_key": "", **data, **more}
        return self.client.post(f"/projects/{self.number}/claims", data=data)

    def act(self, claim_id: int, action: str, version: int = 1, **more: str) -> TestResponse:
        """Press one of the buttons of a claim's page."""
        data = {"version": str(version), **more}
        return self.client.post(f"/claims/{claim_id}/{action}", data=data)

    def held(self, item: str) -> Decimal:
        """Return what is held of a line."""
        db.session.rollback()
        return db.session.get_one(ProjectLine, self.lines[item]).held


@pytest.fixture
def desk(client: FlaskClient) -> Desk:
    """An agent who is signed in."""
    return Desk(client)


def count_claims() -> int:
    """Count all claims."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Claim)) or 0


def value_of(page: str, name: str) -> str:
    """Return what stands in an input of a page."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*?value="([^"]*)"', page)
    assert found, f"no input {name}"
    return unescape(found[1])


class TestReserve:
    def test_it_reserves_and_leads_to_the_claim(self, desk: Desk) -> None:
        answer = desk.post({"取暖款": "2万", "被褥": "１０"})
        assert answer.status_code == 303
        assert desk.held("取暖款") == 20000
        assert desk.held("被褥") == 10
        page = desk.client.get(answer.location).text
        assert "预留" in page
        assert "贰万贰仟陆佰元整" in page
        assert_clean()

    def test_the_form_of_the_page_itself_works(self, desk: Desk) -> None:
        page = desk.client.get(f"/projects/{desk.number}").text
        key, version = value_of(page, "form_key"), value_of(page, "version")
        answer = desk.post({"取暖款": "20000"}, form_key=key, version=version)
        assert answer.status_code == 303

    def test_a_double_click_claims_once_and_is_answered_alike(self, desk: Desk) -> None:
        first = desk.post({"取暖款": "20000"}, form_key="twice")
        second = desk.post({"取暖款": "20000"}, form_key="twice")
        assert (first.status_code, first.location) == (second.status_code, second.location)
        assert count_claims() == 1
        assert desk.held("取暖款") == 20000

    def test_the_same_key_with_another_body_is_refused(self, desk: Desk) -> None:
        desk.post({"取暖款": "20000"}, form_key="twice")
        assert desk.post({"取暖款": "30000"}, form_key="twice").status_code == 422
        assert count_claims() == 1

    def test_the_same_key_with_another_body_loses_nothing_and_leads_to_the_first(
        self, desk: Desk
    ) -> None:
        first = desk.post({"取暖款": "20000"}, form_key="twice")
        page = desk.post({"取暖款": "30000"}, form_key="twice").text
        assert value_of(page, f"line-{desk.lines['取暖款']}") == "30000"
        assert value_of(page, "form_key") not in ("twice", "")
        assert "先前那次已经办成" in page
        assert f'<a href="{first.location}">' in page

    @pytest.mark.parametrize("version", [None, "", "abc", "-1", "0", "9" * 5000])
    def test_a_form_without_a_version_is_stale(self, desk: Desk, version: str | None) -> None:
        # A project that nobody ever wrote on again stands at version 1.
        db.session.execute(text("UPDATE projects SET version = 1"))
        db.session.commit()
        data = {f"line-{desk.lines['被褥']}": "10"}
        data |= {} if version is None else {"version": version}
        answer = desk.client.post(f"/projects/{desk.number}/claims", data=data)
        assert answer.status_code == 409
        assert "有了变化" in answer.text
        assert count_claims() == 0

    def test_the_least_lot_is_named_with_its_unit(self, desk: Desk) -> None:
        assert "，10 套起" in desk.client.get(f"/projects/{desk.number}").text

    def test_a_form_shown_again_carries_a_fresh_key_and_spends_none(self, desk: Desk) -> None:
        shown = desk.post({"被褥": "3"}, form_key="kept")
        assert shown.status_code == 400
        assert value_of(shown.text, "form_key") not in ("kept", "")
        assert desk.post({"被褥": "10"}, form_key="kept").status_code == 303

    def test_the_key_of_somebody_else_is_another_key(self, desk: Desk) -> None:
        desk.post({"取暖款": "20000"}, form_key="twice")
        _organisation, agent = make_organisation()
        sign_in(desk.client, agent)
        assert desk.post({"取暖款": "20000"}, form_key="twice").status_code == 303
        assert count_claims() == 2

    def test_all_that_is_left_can_be_taken_at_once(self, desk: Desk) -> None:
        other, agent = make_organisation()
        make_claim(
            db.session.get_one(Project, desk.project_id),
            other,
            agent,
            {desk.lines["取暖款"]: Decimal(20000), desk.lines["心电图机"]: Decimal(1)},
        )
        assert desk.post({"取暖款": "junk"}, whole="yes").status_code == 303
        assert desk.held("取暖款") == 95000
        assert_clean()

    @pytest.mark.parametrize(
        ("item", "typed"),
        [
            ("取暖款", "五千"),
            ("取暖款", "1,5万"),
            ("被褥", "3"),
            ("被褥", "10.5"),
            ("取暖款", "0.001"),
        ],
    )
    def test_what_cannot_be_used_is_shown_again_at_its_line(
        self, desk: Desk, item: str, typed: str
    ) -> None:
        answer = desk.post({item: typed, "驻校社工": "2.5"})
        assert answer.status_code == 400
        assert value_of(answer.text, f"line-{desk.lines[item]}") == typed
        assert value_of(answer.text, f"line-{desk.lines['驻校社工']}") == "2.5"
        assert f'id="line-{desk.lines[item]}-err"' in answer.text
        assert count_claims() == 0

    def test_nothing_typed_is_said_over_the_form(self, desk: Desk) -> None:
        answer = desk.post({"取暖款": "", "被褥": "0"})
        assert answer.status_code == 400
        assert "至少在一个条目" in answer.text

    @pytest.mark.parametrize("typed", ["999999999999亿", "999999999999", "1亿", "9" * 30])
    def test_enormous_numbers_are_refused_politely(self, desk: Desk, typed: str) -> None:
        answer = desk.post({"取暖款": typed, "被褥": typed, "宿管岗位": typed})
        assert answer.status_code == 400
        assert value_of(answer.text, f"line-{desk.lines['取暖款']}") == typed

    def test_enormous_numbers_beside_a_conflict_are_shown_again(self, desk: Desk) -> None:
        desk.post({"取暖款": "20000"})
        assert desk.post({"心电图机": "999999999999"}).status_code == 409

    def test_a_stale_page_is_409_and_keeps_what_was_typed(self, desk: Desk) -> None:
        city = actor_for(make_officer("1307"))
        project = db.session.get_one(Project, desk.project_id)
        suspend_project(actor=city, project=project, version=project.version, reason="核对条目数量")
        resume_project(actor=city, project=project, version=project.version)
        db.session.commit()
        fresh = project.version
        answer = desk.post({"取暖款": "2万", "被褥": "12"})
        assert answer.status_code == 409
        assert value_of(answer.text, f"line-{desk.lines['取暖款']}") == "2万"
        assert value_of(answer.text, f"line-{desk.lines['被褥']}") == "12"
        assert value_of(answer.text, "version") == str(fresh)
        assert "有了变化" in answer.text
        desk.version = fresh
        assert desk.post({"取暖款": "2万", "被褥": "12"}).status_code == 303

    def test_the_loser_learns_what_is_left_and_keeps_what_was_typed(self, desk: Desk) -> None:
        other, agent = make_organisation()
        make_claim(
            db.session.get_one(Project, desk.project_id),
            other,
            agent,
            {desk.lines["被褥"]: Decimal(13), desk.lines["心电图机"]: Decimal(1)},
        )
        answer = desk.post({"取暖款": "2万", "被褥": "20"})
        assert answer.status_code == 409
        assert "还剩 12 套" in answer.text
        assert value_of(answer.text, f"line-{desk.lines['被褥']}") == "20"
        assert value_of(answer.text, f"line-{desk.lines['取暖款']}") == "2万"
        assert desk.held("取暖款") == 0
        lost = desk.post({"心电图机": "1"})
        assert lost.status_code == 409
        assert "还剩 0 台" in lost.text
        assert_clean()

    def test_what_is_out_of_the_ordinary_is_asked_again(self, desk: Desk) -> None:
        answer = desk.post({"取暖款": "500"}, form_key="asked")
        assert answer.status_code == 409
        assert re.search(r'<input type="checkbox"[^>]*name="confirmed"', answer.text)
        assert value_of(answer.text, f"line-{desk.lines['取暖款']}") == "500"
        assert "确定是 500 元吗" in answer.text
        assert count_claims() == 0
        again = desk.post({"取暖款": "500"}, form_key=value_of(answer.text, "form_key"))
        assert again.status_code == 409
        key = value_of(again.text, "form_key")
        assert desk.post({"取暖款": "500"}, form_key=key, confirmed="yes").status_code == 303

    def test_fields_that_are_not_of_the_form_are_passed_over(self, desk: Desk) -> None:
        other, _agent = make_organisation()
        answer = desk.post(
            {"被褥": "10"},
            status="accepted",
            organisation_id=str(other.id),
            project_id="1",
            held="0",
            value="1",
            unit_price="0",
            hold_until="2099-01-01",
            extended="1",
            verified="1",
            **{"line-999999999999999999999": "5", "line--1": "5", "line-": "5"},
        )
        assert answer.status_code == 303
        db.session.rollback()
        claim = db.session.scalars(select(Claim)).one()
        assert claim.status is ClaimState.RESERVED
        assert claim.organisation_id == desk.organisation_id
        assert claim.value == 2600
        assert not claim.extended
        assert_clean()

    def test_the_lines_of_another_project_are_not_of_this_form(self, desk: Desk) -> None:
        foreign = make_project(lines=LINES).lines[0].id
        answer = desk.post({}, **{f"line-{foreign}": "20000"})
        assert answer.status_code == 400
        assert count_claims() == 0

    def test_an_unverified_organisation_is_told_so(self, desk: Desk) -> None:
        _organisation, agent = make_organisation(verified=False)
        sign_in(desk.client, agent)
        answer = desk.post({"被褥": "10"})
        assert answer.status_code == 409
        assert "核验" in answer.text
        assert count_claims() == 0

    def test_officers_auditors_and_visitors_may_not(self, desk: Desk) -> None:
        for user in (make_officer(), make_auditor()):
            sign_in(desk.client, user)
            assert desk.post({"被褥": "10"}).status_code == 403
        visitor = desk.client.application.test_client()
        answer = visitor.post(f"/projects/{desk.number}/claims", data={"version": "1"})
        assert answer.status_code == 303
        assert "/sign-in" in answer.location
        assert count_claims() == 0


class TestPageOfItsOwn:
    def panel(self, desk: Desk) -> str:
        """Return the page of the panel, which offers what the project's page offers."""
        page = desk.client.get(f"/projects/{desk.number}/claim").text
        beside = desk.client.get(f"/projects/{desk.number}").text
        assert ("认领这些条目" in page) == ("认领这些条目" in beside)
        return page

    def test_a_verified_organisation_sees_the_panel(self, desk: Desk) -> None:
        assert "认领这些条目" in self.panel(desk)

    def test_a_waiting_organisation_is_told_to_wait(self, desk: Desk) -> None:
        _organisation, agent = make_organisation(verified=False)
        sign_in(desk.client, agent)
        page = self.panel(desk)
        assert "还在核验" in page
        assert "认领这些条目" not in page

    def test_a_returned_organisation_is_told_to_mend_its_registration(self, desk: Desk) -> None:
        organisation, agent = make_organisation(verified=False)
        return_organisation(
            actor=actor_for(make_officer("11")),
            organisation=organisation,
            version=organisation.version,
            reason="登记证号与名称对不上",
        )
        db.session.commit()
        sign_in(desk.client, agent)
        page = self.panel(desk)
        assert "被退回了" in page
        assert "还在核验" not in page
        assert 'href="/my/organisation">去更正登记' in page

    def test_a_closed_project_offers_no_panel(self, desk: Desk) -> None:
        project = db.session.get_one(Project, desk.project_id)
        close_project(
            actor=actor_for(make_officer("1307")),
            project=project,
            version=project.version,
            outcome=CloseOutcome.CANCELLED,
            reason="县里另有资金安排",
        )
        db.session.commit()
        page = self.panel(desk)
        assert "认领这些条目" not in page
        assert "县里另有资金安排" in page

    def test_who_has_a_claim_under_way_is_led_to_it(self, desk: Desk) -> None:
        claim = desk.post({"被褥": "10"}).location
        page = self.panel(desk)
        assert f'href="{claim}"' in page
        assert "认领这些条目" not in page

    def test_what_was_typed_is_shown_again_all_the_same(self, desk: Desk) -> None:
        desk.post({"被褥": "10"})
        answer = desk.post({"取暖款": "2万"})
        assert answer.status_code == 409
        assert value_of(answer.text, f"line-{desk.lines['取暖款']}") == "2万"


class TestHostileInput:
    @pytest.mark.parametrize(
        "typed",
        ["\x00", "5\x00", "١٢٣", "1e999", "NaN", "-1", "<script>", "' OR 1=1 --", MEGABYTE],
        ids=lambda typed: ascii(typed[:9]),
    )
    def test_odd_quantities_are_4xx(self, desk: Desk, typed: str) -> None:
        assert 400 <= desk.post({"取暖款": typed}).status_code < 500
        assert count_claims() == 0

    @pytest.mark.parametrize("name", ["version", "form_key", "confirmed", "whole", "csrf_token"])
    @pytest.mark.parametrize("value", ["\x00", MEGABYTE, "-1", "99999999999999999999"],
                             ids=["nul", "long", "minus", "large"])  # fmt: skip
    def test_odd_values_of_hidden_fields_never_break_it(
        self, desk: Desk, name: str, value: str
    ) -> None:
        answer = desk.post({"被褥": "10"}, **{name: value})
        assert answer.status_code < 500
        assert_clean()

    def test_raw_bytes_that_are_no_text_are_4xx(self, desk: Desk) -> None:
        token = re.search(
            r'name="csrf_token" value="([^"]+)"', desk.client.get(f"/projects/{desk.number}").text
        )
        assert token
        line = desk.lines["取暖款"]
        for typed in (b"%ED%A0%80", b"%FF%FE", b"%C0%AF", b"%00"):
            answer = desk.client.post(
                f"/projects/{desk.number}/claims",
                data=b"csrf_token=%s&version=%d&line-%d=" % (token[1].encode(), desk.version, line)
                + typed,
                content_type="application/x-www-form-urlencoded",
                csrf=False,
            )
            assert 400 <= answer.status_code < 500
        assert count_claims() == 0

    @pytest.mark.parametrize(
        "path",
        ["/claims/9223372036854775808", "/claims/0", "/claims/2147483648", "/claims/-1", "/claims/1.5",
         "/claims/99999999999999999999999999999999", "/claims/%00", "/claims/1%00", "/claims/abc",
         "/projects/%00", "/projects/%ED%A0%80", "/projects/" + "9" * 3000, "/projects/%FF/claim"],
        ids=lambda path: path[:40],
    )  # fmt: skip
    def test_odd_addresses_are_4xx(self, desk: Desk, path: str) -> None:
        assert 400 <= desk.client.get(path).status_code < 500

    @pytest.mark.parametrize("action", ["extend", "submit", "withdraw", "accept", "decline"])
    def test_large_ids_in_actions_are_4xx(self, desk: Desk, action: str) -> None:
        sign_in(desk.client, make_officer() if action in ("accept", "decline") else desk.agent)
        assert desk.act(2**63, action).status_code == 404
        assert desk.act(2**31, action).status_code == 404

    @pytest.mark.parametrize("action", ["expire", "reserve", "", "ACCEPT", "sign"])
    def test_there_are_no_other_actions(self, desk: Desk, action: str) -> None:
        claim = make_claim(
            db.session.get_one(Project, desk.project_id), desk.organisation, desk.agent
        )
        assert desk.act(claim.id, action).status_code in (404, 405)


class Followed:
    """A claim that was made, with the people around it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        project = make_project(lines=LINES)
        self.organisation, self.agent = make_organisation()
        self.officer = make_officer(project.region_code)
        claim = make_claim(project, self.organisation, self.agent)
        self.id, self.line = claim.id, project.lines[0].id

    def claim(self) -> Claim:
        """Return the claim as it stands."""
        db.session.rollback()
        db.session.expire_all()
        return db.session.get_one(Claim, self.id)

    def press(
        self, user: User, action: str, version: int | None = None, **more: str
    ) -> TestResponse:
        """Press a button as somebody; the version is the present one unless told."""
        sign_in(self.client, db.session.merge(user))
        version = self.claim().version if version is None else version
        return self.client.post(
            f"/claims/{self.id}/{action}", data={"version": str(version), **more}
        )


@pytest.fixture
def followed(client: FlaskClient) -> Followed:
    """A reserved claim."""
    return Followed(client)


class TestFollowing:
    def test_the_way_that_goes_well(self, followed: Followed) -> None:
        assert followed.press(followed.agent, "extend").status_code == 303
        assert followed.press(followed.agent, "submit", words="尽快开始").status_code == 303
        assert followed.press(followed.officer, "accept").status_code == 303
        assert followed.claim().status is ClaimState.ACCEPTED
        assert followed.claim().message == "尽快开始"
        assert_clean()

    def test_what_is_typed_is_escaped(self, followed: Followed) -> None:
        followed.press(followed.agent, "submit", words="<script>alert(1)</script>")
        sign_in(followed.client, followed.officer)
        page = followed.client.get(f"/claims/{followed.id}").text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page

    def test_buttons_are_those_that_work(self, followed: Followed) -> None:
        def buttons(user: User) -> set[str]:
            sign_in(followed.client, db.session.merge(user))
            page = followed.client.get(f"/claims/{followed.id}").text
            # A message is no step of the claim.
            return set(re.findall(rf'action="/claims/{followed.id}/(\w+)"', page)) - {"messages"}

        assert buttons(followed.agent) == {"extend", "submit", "withdraw"}
        assert buttons(followed.officer) == set()
        followed.press(followed.agent, "extend")
        assert buttons(followed.agent) == {"submit", "withdraw"}
        followed.press(followed.agent, "submit")
        assert buttons(followed.agent) == {"withdraw"}
        assert buttons(followed.officer) == {"accept", "decline"}
        assert buttons(make_auditor()) == set()
        followed.press(followed.officer, "accept")
        assert buttons(followed.agent) == {"withdraw"}
        assert buttons(followed.officer) == set()

    def test_the_county_may_not_do_what_is_the_organisations_and_the_other_way_round(
        self, followed: Followed
    ) -> None:
        for action in ("extend", "submit", "withdraw"):
            assert followed.press(followed.officer, action, words=WHY).status_code == 403
        for action in ("accept", "decline"):
            assert followed.press(followed.agent, action, words=WHY).status_code == 403
        assert followed.claim().status is ClaimState.RESERVED

    def test_strangers_do_not_learn_that_it_exists(self, followed: Followed) -> None:
        _organisation, stranger = make_organisation()
        for user in (stranger, make_officer("130723"), make_officer("11")):
            sign_in(followed.client, user)
            assert followed.client.get(f"/claims/{followed.id}").status_code == 404
        assert followed.press(stranger, "withdraw", words=WHY).status_code == 404
        assert followed.press(make_officer("130723"), "accept").status_code == 404
        assert followed.claim().status is ClaimState.RESERVED

    def test_the_province_sees_and_does_not_decide(self, followed: Followed) -> None:
        followed.press(followed.agent, "submit")
        province = make_officer("13")
        sign_in(followed.client, province)
        assert followed.client.get(f"/claims/{followed.id}").status_code == 200
        assert followed.press(province, "accept").status_code == 403
        assert followed.claim().status is ClaimState.SUBMITTED

    @pytest.mark.parametrize("action", ["decline", "withdraw"])
    def test_a_missing_reason_is_asked_for_at_its_field(
        self, followed: Followed, action: str
    ) -> None:
        followed.press(followed.agent, "submit")
        user = followed.officer if action == "decline" else followed.agent
        answer = followed.press(user, action, words="不行")
        assert answer.status_code == 400
        assert f'id="{action}-err"' in answer.text
        assert ">不行</textarea>" in answer.text
        assert followed.claim().status is ClaimState.SUBMITTED

    @pytest.mark.parametrize("action", ["submit", "withdraw"])
    def test_words_of_a_megabyte_are_400(self, followed: Followed, action: str) -> None:
        answer = followed.press(followed.agent, action, words=MEGABYTE)
        assert answer.status_code == 400
        assert followed.claim().status is ClaimState.RESERVED

    def test_a_double_click_is_answered_alike(self, followed: Followed) -> None:
        seen = followed.claim().version
        first = followed.press(followed.agent, "submit", seen, form_key="k", words="好")
        second = followed.press(followed.agent, "submit", seen, form_key="k", words="好")
        assert first.status_code == second.status_code == 303
        assert first.location == second.location
        other = followed.press(followed.agent, "submit", seen, form_key="k", words="不好")
        assert other.status_code == 422
        assert "先前那次已经办成" in other.text
        assert f'<a href="{first.location}">' in other.text
        assert "不好" in other.text

    def test_the_same_key_with_other_words_keeps_them_in_the_form(self, followed: Followed) -> None:
        seen = followed.claim().version
        followed.press(followed.agent, "submit", seen, form_key="k", words="好")
        again = followed.press(followed.officer, "accept", form_key="o")
        assert again.status_code == 303
        again = followed.press(followed.agent, "withdraw", form_key="w", words="短")
        assert again.status_code == 400
        followed.press(followed.agent, "withdraw", form_key="w", words=WHY)
        other = followed.press(followed.agent, "withdraw", form_key="w", words=WHY * 2)
        assert other.status_code == 422
        assert WHY * 2 in other.text

    def test_a_form_without_a_version_is_stale(self, followed: Followed) -> None:
        sign_in(followed.client, followed.agent)
        assert followed.claim().version == 1
        answer = followed.client.post(f"/claims/{followed.id}/submit", data={"words": "尽快开始"})
        assert answer.status_code == 409
        assert ">尽快开始</textarea>" in answer.text
        assert followed.claim().status is ClaimState.RESERVED

    def test_a_suspended_project_is_named_with_its_reason_and_the_claim_goes_on(
        self, followed: Followed
    ) -> None:
        project = followed.claim().project
        city = actor_for(make_officer("1307"))
        suspend_project(actor=city, project=project, version=project.version, reason="核对条目数量")
        db.session.commit()
        sign_in(followed.client, followed.agent)
        page = followed.client.get(f"/claims/{followed.id}").text
        assert "暂停认领" in page
        assert "核对条目数量" in page
        assert followed.press(followed.agent, "submit").status_code == 303
        assert followed.press(followed.officer, "accept").status_code == 303

    def test_a_closed_project_is_named_with_its_reason(self, followed: Followed) -> None:
        followed.press(followed.agent, "withdraw")
        project = followed.claim().project
        close_project(
            actor=actor_for(make_officer("1307")),
            project=project,
            version=project.version,
            outcome=CloseOutcome.CANCELLED,
            reason="县里另有资金安排",
        )
        db.session.commit()
        sign_in(followed.client, followed.agent)
        page = followed.client.get(f"/claims/{followed.id}").text
        assert "这个项目已关闭" in page
        assert "县里另有资金安排" in page

    def test_a_stale_page_is_409_and_keeps_the_message(self, followed: Followed) -> None:
        seen = followed.claim().version
        followed.press(followed.agent, "extend")
        answer = followed.press(followed.agent, "submit", seen, words="我们想五月开始")
        assert answer.status_code == 409
        assert ">我们想五月开始</textarea>" in answer.text
        assert "有了变化" in answer.text
        assert followed.claim().status is ClaimState.RESERVED

    def test_a_reason_is_not_lost_when_the_claim_has_gone_meanwhile(
        self, followed: Followed
    ) -> None:
        followed.press(followed.agent, "submit")
        seen = followed.claim().version
        followed.press(followed.agent, "withdraw", words=WHY)
        answer = followed.press(followed.officer, "decline", seen, words="规格与学校不符，请换一种")
        assert answer.status_code == 409
        assert "规格与学校不符，请换一种" in answer.text
        assert 'role="alert"' in answer.text

    def test_a_lapsed_claim_says_so_and_offers_nothing(self, followed: Followed) -> None:
        until = followed.claim().hold_until
        with set_clock(until):
            answer = followed.press(followed.agent, "submit", words="晚了一步但还想做")
            assert answer.status_code == 409
            assert "到期" in answer.text
            assert "晚了一步但还想做" in answer.text

    def test_fields_that_are_not_of_the_form_are_passed_over(self, followed: Followed) -> None:
        followed.press(
            followed.agent,
            "submit",
            status="accepted",
            decided_at="2020-01-01",
            organisation_id="1",
            message="别的字段",
        )
        claim = followed.claim()
        assert claim.status is ClaimState.SUBMITTED
        assert claim.decided_at is None
        assert claim.message == ""

    @pytest.mark.parametrize("version", ["", "abc", "-1", "0", "1.0", "9" * 5000])
    def test_a_version_that_is_none_never_breaks_it(self, followed: Followed, version: str) -> None:
        followed.press(followed.agent, "extend")
        sign_in(followed.client, followed.agent)
        answer = followed.client.post(
            f"/claims/{followed.id}/submit", data={"version": version, "words": "x"}
        )
        assert answer.status_code == 409

    def test_a_page_of_a_project_that_damage_made_private_still_shows(
        self, followed: Followed, db_session: Flask
    ) -> None:
        db.session.execute(text("UPDATE projects SET status = 'draft'"))
        db.session.commit()
        sign_in(followed.client, followed.agent)
        assert followed.client.get(f"/claims/{followed.id}").status_code == 200


class TestWorkerDown:
    def test_the_next_claimant_in_the_browser_gets_what_has_lapsed(self, desk: Desk) -> None:
        other, agent = make_organisation()
        claim = make_claim(
            db.session.get_one(Project, desk.project_id),
            other,
            agent,
            {desk.lines["心电图机"]: Decimal(1)},
        )
        claim_id, until = claim.id, claim.hold_until
        with set_clock(until):
            sign_in(desk.client, desk.agent)
            assert desk.post({"心电图机": "1"}).status_code == 303
        db.session.rollback()
        assert db.session.get_one(Claim, claim_id).status is ClaimState.EXPIRED
        assert desk.held("心电图机") == 1
        assert_clean()

    def test_everything_lapsed_can_be_claimed_through_the_page(self, desk: Desk) -> None:
        other, agent = make_organisation()
        project = db.session.get_one(Project, desk.project_id)
        everything = {line.id: line.quantity for line in project.lines}
        claim = make_claim(project, other, agent, everything)
        claim_id, until = claim.id, claim.hold_until
        address = f"/projects/{desk.number}"
        sign_in(desk.client, desk.agent)
        assert "已认领满" in desk.client.get(address).text
        with set_clock(until):
            sign_in(desk.client, desk.agent)
            page = desk.client.get(address).text
            assert "已认领满" not in page
            assert "disabled" not in page
            assert "尚缺 25 套" in page
            assert desk.number in desk.client.get("/projects?state=open").text
            version, key = value_of(page, "version"), value_of(page, "form_key")
            taken = desk.post({}, whole="yes", version=version, form_key=key, confirmed="yes")
            assert taken.status_code == 303
        db.session.rollback()
        assert db.session.get_one(Claim, claim_id).status is ClaimState.EXPIRED
        assert desk.held("被褥") == 25
        assert_clean()

    def test_services_and_views_agree_on_the_last_moment(self, desk: Desk) -> None:
        project = db.session.get_one(Project, desk.project_id)
        claim = make_claim(project, desk.organisation, desk.agent)
        claim_id, version, until = claim.id, claim.version, claim.hold_until
        with set_clock(until):
            assert claim.has_lapsed
            sign_in(desk.client, desk.agent)
            page = desk.client.get(f"/claims/{claim_id}").text
            assert f"/claims/{claim_id}/submit" not in page
            with pytest.raises(Exception, match="到期"):
                services.extend_claim(
                    actor=actor_for(desk.agent),
                    claim=db.session.get_one(Claim, claim_id),
                    version=version,
                )
        db.session.rollback()
