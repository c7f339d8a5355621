"""Invitations in the browser: one's own, and those of the desk."""

import csv
import io
import re

import openpyxl
import pytest
from flask.testing import FlaskClient

from matchplatform.access.actor import Role
from matchplatform.invitations.models import ProjectInvitation
from matchplatform.invitations.services import invite_organisation, withdraw_invitation
from matchplatform.invitations.states import InvitationState
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from tests.factories import (
    actor_for,
    make_auditor,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    make_user,
    sign_in,
)
from tests.invitations.conftest import NOON, WHY, WORDS, Scene, later

EVIL = "<script>alert(1)</script>"


def page_of(client: FlaskClient, path: str) -> str:
    """Return a page that is there."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def key_in(page: str) -> str:
    """Return the first form key of a page."""
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found
    return found[1]


class TestMine:
    def test_what_waits_comes_first_and_is_counted(self, client: FlaskClient, scene: Scene) -> None:
        with set_clock(NOON):
            waiting = scene.invite()
            scene.project = make_project(region="130723")
            scene.officer = actor_for(make_officer("130723"))
            scene.answer(scene.invite(), interested=False, words=WHY)
            first, second = waiting.project.number, scene.project.number
            sign_in(client, scene.agent_user)
            page = page_of(client, "/my/invitations")
            assert "有 1 份邀请等您答复" in page
            assert page.index(f"/my/invitations/{waiting.id}") < page.index(WHY)
            assert first != second
            assert "有 1 份邀请等您答复" in page_of(client, "/my")

    def test_without_any_it_says_so(self, client: FlaskClient, scene: Scene) -> None:
        sign_in(client, scene.agent_user)
        assert "还没有收到邀请" in page_of(client, "/my/invitations")
        assert "等您答复" not in page_of(client, "/my")
        sign_in(client, make_user(Role.AGENT))
        assert "还没有收到邀请" in page_of(client, "/my/invitations")

    def test_interest_leads_to_the_claim_page(self, client: FlaskClient, scene: Scene) -> None:
        invitation_id, number = scene.invite().id, scene.project.number
        sign_in(client, scene.agent_user)
        page = page_of(client, f"/my/invitations/{invitation_id}")
        assert WORDS in page
        assert "业务范围与项目都写到被褥" in page
        assert "邀请不占数量" in page
        sent = {"version": "1", "words": "下周给数量", "form_key": key_in(page)}
        path = f"/my/invitations/{invitation_id}/answer/interested"
        for _twice in range(2):
            answer = client.post(path, data=sent)
            assert answer.status_code == 303
            assert answer.headers["Location"] == f"/projects/{number}/claim"
        assert page_of(client, f"/projects/{number}/claim")
        again = client.post(path, data={**sent, "words": "别的话"})
        assert again.status_code == 422
        assert "先前那次已经办成" in again.get_data(as_text=True)

    def test_declining_without_a_reason_keeps_what_was_typed(
        self, client: FlaskClient, scene: Scene
    ) -> None:
        invitation_id = scene.invite().id
        sign_in(client, scene.agent_user)
        path = f"/my/invitations/{invitation_id}/answer/declined"
        answer = client.post(path, data={"version": "1", "words": "忙<b>"})
        assert answer.status_code == 400
        page = answer.get_data(as_text=True)
        assert "请写明原因" in page
        assert "忙&lt;b&gt;" in page
        assert client.post(path, data={"version": "1", "words": WHY}).status_code == 303
        assert WHY in page_of(client, f"/my/invitations/{invitation_id}")

    def test_a_stale_or_late_answer_is_said_with_what_was_typed(
        self, client: FlaskClient, scene: Scene
    ) -> None:
        with set_clock(NOON):
            invitation_id = scene.invite().id
        sign_in(client, scene.agent_user)
        path = f"/my/invitations/{invitation_id}/answer/interested"
        stale = client.post(path, data={"version": "7", "words": "好的"})
        assert stale.status_code == 409
        assert "好的" in stale.get_data(as_text=True)
        with set_clock(later(15)):
            sign_in(client, scene.agent_user)
            late = client.post(path, data={"version": "1", "words": "来晚了"})
            assert late.status_code == 409
            page = late.get_data(as_text=True)
            assert "期限已经过了" in page
            assert "来晚了" in page
            assert "到期未答复" in page

    def test_what_was_taken_back_and_what_was_claimed_since_is_shown(
        self, client: FlaskClient, scene: Scene
    ) -> None:
        invitation = scene.invite()
        invitation_id = invitation.id
        number = make_claim(scene.project, scene.organisation, scene.agent_user).number
        sign_in(client, scene.agent_user)
        assert number in page_of(client, f"/my/invitations/{invitation_id}")
        assert "贵会已认领" in page_of(client, "/my/invitations")
        assert "等您答复" not in page_of(client, "/my")
        kept = db.session.get_one(ProjectInvitation, invitation_id)
        withdraw_invitation(actor=scene.officer, invitation=kept, version=1, reason=WHY)
        db.session.commit()
        page = page_of(client, f"/my/invitations/{invitation_id}")
        assert "已收回" in page
        assert WHY in page

    def test_nobody_else_learns_that_there_is_one(self, client: FlaskClient, scene: Scene) -> None:
        invitation_id, number = scene.invite().id, scene.project.number
        path = f"/my/invitations/{invitation_id}"
        assert client.get(path).status_code == 303
        assert scene.organisation.name not in page_of(client, f"/projects/{number}")
        _other, stranger = make_organisation()
        sign_in(client, stranger)
        assert client.get(path).status_code == 404
        assert client.get("/my/invitations/99999").status_code == 404
        for step in ("interested", "declined"):
            assert client.post(f"{path}/answer/{step}", data={"version": "1"}).status_code == 404
        page = page_of(client, f"/projects/{number}")
        assert scene.organisation.name not in page
        assert "邀请过谁" not in page
        assert scene.organisation.name not in page_of(client, "/my/invitations")
        for user in (make_officer(), make_auditor()):
            sign_in(client, user)
            assert client.get(path).status_code == 403


class TestDesk:
    def test_the_list_keeps_the_answers_by_state(self, client: FlaskClient, scene: Scene) -> None:
        scene.answer(scene.invite(), interested=False, words=WHY)
        name = scene.organisation.name
        sign_in(client, scene.officer_user)
        page = page_of(client, "/desk/invitations")
        assert name in page
        assert WHY in page
        for state, there in (
            ("declined", True),
            ("waiting", False),
            ("interested", False),
            ("lapsed", False),
            ("claimed", False),
            ("withdrawn", False),
            ("nonsense", True),
        ):
            shown = page_of(client, f"/desk/invitations?state={state}&page=9")
            assert (name in shown) is there, state
        assert "认领邀请" in page_of(client, "/desk")

    def test_the_project_page_keeps_them_for_its_officers(
        self, client: FlaskClient, scene: Scene
    ) -> None:
        scene.answer(scene.invite(), interested=True, words="下周给数量")
        number, name = scene.project.number, scene.organisation.name
        sign_in(client, scene.officer_user)
        page = page_of(client, f"/projects/{number}")
        assert "邀请过谁" in page
        assert name in page
        assert "下周给数量" in page
        assert f"/desk/projects/{number}/candidates" in page
        assert f"/desk/projects/{number}/candidates" in page_of(client, f"/desk/projects/{number}")
        for region in ("130723", "11"):
            sign_in(client, make_officer(region))
            page = page_of(client, f"/projects/{number}")
            assert name not in page
            assert "candidates" not in page

    def test_an_officer_takes_one_back_once(self, client: FlaskClient, scene: Scene) -> None:
        invitation_id = scene.invite().id
        sign_in(client, scene.officer_user)
        path = f"/desk/invitations/{invitation_id}"
        page = page_of(client, path)
        assert "业务范围与项目都写到被褥" in page
        short = client.post(f"{path}/withdraw", data={"version": "1", "words": "短"})
        assert short.status_code == 400
        assert ">短</textarea>" in short.get_data(as_text=True)
        assert (
            client.post(f"{path}/withdraw", data={"version": "5", "words": WHY}).status_code == 409
        )
        sent = {"version": "1", "words": WHY, "form_key": key_in(page)}
        for _twice in range(2):
            assert client.post(f"{path}/withdraw", data=sent).status_code == 303
        page = page_of(client, path)
        assert "已收回" in page
        assert "收回认领邀请" in page
        assert "还没有认领" not in page
        assert ">没有</span>" in page_of(client, "/desk/invitations")
        found = db.session.get_one(ProjectInvitation, invitation_id)
        assert found.status is InvitationState.WITHDRAWN

    def test_others_get_nothing(self, client: FlaskClient, scene: Scene) -> None:
        invitation_id, name = scene.invite().id, scene.organisation.name
        path = f"/desk/invitations/{invitation_id}"
        assert client.get(path).status_code == 303
        for region in ("130723", "1308", "11"):
            sign_in(client, make_officer(region))
            assert client.get(path).status_code == 404
            assert client.post(f"{path}/withdraw", data={"words": WHY}).status_code == 404
            assert name not in page_of(client, "/desk/invitations")
            assert name not in client.get("/desk/invitations/export.csv").get_data(as_text=True)
        sign_in(client, scene.agent_user)
        for there in ("/desk/invitations", path, "/desk/invitations/export.csv"):
            assert client.get(there).status_code == 403
        sign_in(client, make_auditor())
        assert name in page_of(client, "/desk/invitations")
        assert "收回邀请" not in page_of(client, path)
        assert client.post(f"{path}/withdraw", data={"words": WHY}).status_code == 403

    def test_what_people_typed_is_escaped(self, client: FlaskClient, scene: Scene) -> None:
        invitation = invite_organisation(
            actor=scene.officer,
            project=scene.project,
            organisation=scene.organisation,
            words=EVIL,
            reasons=[EVIL],
        )
        db.session.commit()
        invitation_id, number = invitation.id, scene.project.number
        scene.answer(invitation, interested=True, words=EVIL)
        sign_in(client, scene.officer_user)
        pages = ("/desk/invitations", f"/desk/invitations/{invitation_id}", f"/projects/{number}")
        for path in pages:
            page = page_of(client, path)
            assert EVIL not in page
            assert "&lt;script&gt;" in page
        sign_in(client, scene.agent_user)
        for path in ("/my/invitations", f"/my/invitations/{invitation_id}"):
            assert EVIL not in page_of(client, path)

    @pytest.mark.parametrize("state", ["", "interested", "waiting"])
    def test_the_file_has_what_the_list_has(
        self, client: FlaskClient, scene: Scene, state: str
    ) -> None:
        scene.answer(scene.invite(), interested=True, words="=1+1")
        name = scene.organisation.name
        sign_in(client, scene.officer_user)
        asked = f"?state={state}" if state else ""
        text = client.get(f"/desk/invitations/export.csv{asked}").data.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        mine = [row for row in rows if name in row]
        assert len(mine) == (0 if state == "waiting" else 1)
        book = openpyxl.load_workbook(
            io.BytesIO(client.get(f"/desk/invitations/export.xlsx{asked}").data)
        )
        cells = [cell for row in book.active.iter_rows() for cell in row if cell.value]
        assert any(cell.value == name for cell in cells) is (state != "waiting")
        if mine:
            assert "有意向" in mine[0]
            assert "=1+1" not in mine[0]
            assert all(cell.data_type != "f" for cell in cells)
