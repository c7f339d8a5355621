import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import event

from matchplatform.access.actor import Actor, Role
from matchplatform.ceremonies import services
from matchplatform.ceremonies.answering import Person, answer_invitation
from matchplatform.ceremonies.locking import lock_list
from matchplatform.ceremonies.models import Ceremony, CeremonyGuest
from matchplatform.ceremonies.queries import list_guests, list_listed, list_main_entries
from matchplatform.ceremonies.states import CeremonyState, EntryState, GuestState
from matchplatform.kernel.db import db
from tests.ceremonies.planning import (
    WHY,
    make_accepted,
    make_ceremony,
    make_guest,
    make_list,
    make_organiser,
    make_ready,
)
from tests.factories import (
    actor_for,
    make_auditor,
    make_officer,
    make_organisation,
    make_user,
    sign_in,
)

FORM = {
    "title": "丰宁签约大会", "region_code": "130826", "place": "影剧院", "day": "2027-05-20",
    "at": "09:30", "answer_by": "2027-05-10", "capacity": "120", "stage_slots": "6",
    "round_minutes": "4", "host": "承德市民政局", "contact": "0314-0000000",
}  # fmt: skip
LI = Person("李明", "理事长", True)


@pytest.fixture
def organiser(client: FlaskClient) -> Actor:
    user = make_user(Role.ORGANISER, unit="签约活动办公室")
    sign_in(client, user)
    return actor_for(user)


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True)


def send(client: FlaskClient, path: str, **form: object) -> tuple[int, str]:
    answer = client.post(path, data=form)
    return answer.status_code, answer.get_data(as_text=True)


def keys_of(page: str, action: str) -> dict[str, str]:
    form = page[page.index(f'action="{action}"') :]
    form = form[: form.index("</form>")]
    return dict(re.findall(r'name="(version|seen)" value="([^"]*)"', form))


class TestTheDesk:
    def test_an_organiser_comes_home_to_the_ceremonies(
        self, client: FlaskClient, organiser: Actor
    ) -> None:
        assert 'href="/desk/ceremonies" aria-current' in text_of(client, "/desk/ceremonies")

    def test_one_is_opened_shown_changed_and_announced(
        self, client: FlaskClient, organiser: Actor
    ) -> None:
        status, _page = send(client, "/desk/ceremonies/new", **FORM)
        assert status == 303
        [ceremony] = db.session.query(Ceremony).all()
        page = text_of(client, f"/desk/ceremonies/{ceremony.id}")
        assert "丰宁签约大会" in page
        text_of(client, f"/desk/ceremonies/{ceremony.id}/edit")
        status, _page = send(
            client,
            f"/desk/ceremonies/{ceremony.id}/edit",
            **FORM | {"place": "文化馆"},
            version="1",
        )
        assert status == 303
        url = f"/desk/ceremonies/{ceremony.id}/announce"
        assert send(client, url, **keys_of(page, url))[0] == 409
        page = text_of(client, f"/desk/ceremonies/{ceremony.id}")
        assert send(client, url, **keys_of(page, url))[0] == 303
        db.session.expire_all()
        assert (ceremony.status, ceremony.place) == (CeremonyState.INTAKE, "文化馆")

    def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(
        self, client: FlaskClient, organiser: Actor
    ) -> None:
        status, page = send(
            client, "/desk/ceremonies/new", **FORM | {"day": "2020-01-01", "capacity": "九十"}
        )
        assert status == 400
        assert 'value="影剧院"' in page
        status, page = send(client, "/desk/ceremonies/new", **FORM | {"day": "2020-01-01"})
        assert status == 400
        assert 'id="day-err"' in page
        assert db.session.query(Ceremony).count() == 0

    def test_every_page_opens_with_things_in_it(
        self, client: FlaskClient, organiser: Actor
    ) -> None:
        ceremony = make_ceremony(organiser)
        make_list(organiser, ceremony, 2)
        make_accepted()
        first = list_listed(ceremony.id)[0].claim.organisation
        guest = make_guest(organiser, ceremony, first)
        here = f"/desk/ceremonies/{ceremony.id}"
        for page in ("", "/list", "/intake", "/lock", "/agenda", "/guests", "/standing", "/edit"):
            text_of(client, here + page)
        text_of(client, f"{here}/guests/{guest.id}")
        text_of(client, "/desk/ceremonies?state=intake")
        text_of(client, here + "/intake?q=%25&region=1307&sector=health&type=odd&page=9")

    def test_the_officer_of_the_county_sees_it_and_others_do_not(self, client: FlaskClient) -> None:
        ceremony = make_ceremony(make_organiser())
        here = f"/desk/ceremonies/{ceremony.id}"
        sign_in(client, make_officer("130722"))
        assert "公布并开始征集" not in text_of(client, here)
        assert ceremony.title in text_of(client, "/desk/ceremonies")
        sign_in(client, make_officer("130826"))
        text_of(client, here, 404)
        assert ceremony.title not in text_of(client, "/desk/ceremonies")


class TestTheList:
    def test_it_moves_by_button_by_number_and_whole(
        self, client: FlaskClient, organiser: Actor
    ) -> None:
        ceremony = make_ceremony(organiser)
        a, b, c = make_list(organiser, ceremony)
        url = f"/desk/ceremonies/{ceremony.id}/list"

        def order() -> list[int]:
            db.session.expire_all()
            return [entry.id for entry in list_main_entries(ceremony.id)]

        assert send(client, f"{url}/move", seen=f"{a},{b},{c}", down=a)[0] == 303
        assert order() == [b, a, c]
        assert send(client, f"{url}/move", seen=f"{b},{a},{c}", up=c)[0] == 303
        assert order() == [b, c, a]
        typed = {"seen": f"{b},{c},{a}", f"to-{b}": "3", f"to-{c}": "2", f"to-{a}": "1"}
        assert send(client, f"{url}/move", **typed)[0] == 303
        assert order() == [a, c, b]
        whole = {"seen": f"{a},{c},{b}", "order": f"{c},{b},{a}"}
        assert send(client, f"{url}/order", **whole)[0] == 303
        assert order() == [c, b, a]

    def test_a_stale_order_is_refused_with_both_shown(
        self, client: FlaskClient, organiser: Actor
    ) -> None:
        ceremony = make_ceremony(organiser)
        a, b, c = make_list(organiser, ceremony)
        url = f"/desk/ceremonies/{ceremony.id}/list/order"
        assert send(client, url, seen=f"{a},{b},{c}", order=f"{c},{b},{a}")[0] == 303
        status, page = send(client, url, seen=f"{a},{b},{c}", order=f"{b},{a},{c}")
        assert status == 409
        assert "您排的" in page
        assert "现在的" in page

    def test_claims_are_listed_grouped_dropped_and_locked(
        self, client: FlaskClient, organiser: Actor
    ) -> None:
        ceremony = make_ceremony(organiser)
        here = f"/desk/ceremonies/{ceremony.id}"
        claims = [make_ready(), make_ready("130826"), make_ready()]
        answer = client.post(f"{here}/intake", data={"claim": [str(claim.id) for claim in claims]})
        assert answer.status_code == 303
        a, b, c = (entry.id for entry in list_main_entries(ceremony.id))
        status, _page = send(client, f"{here}/list/group", seen=f"{a},{b},{c}", grouping="city")
        assert status == 303
        assert "整组上移" in text_of(client, f"{here}/list")
        status, _page = send(client, f"{here}/list/group", seen=f"{a},{c},{b}", up="1308")
        assert status == 303
        status, page = send(client, f"{here}/list/{c}/drop", words="不")
        assert status == 400
        assert f'id="drop-{c}-err"' in page
        assert send(client, f"{here}/list/{c}/drop", words=WHY)[0] == 303
        page = text_of(client, f"{here}/lock")
        assert send(client, f"{here}/lock", **keys_of(page, f"{here}/lock"))[0] == 303
        db.session.expire_all()
        assert ceremony.status is CeremonyState.LOCKED
        text_of(client, here)
        late = make_ready()
        assert "补签" in text_of(client, f"{here}/intake")
        assert send(client, f"{here}/intake", claim=late.id)[0] == 303
        assert "补签名单第 1 号" in text_of(client, f"{here}/list")

    def test_a_lock_that_is_refused_names_what_is_missing(
        self, client: FlaskClient, organiser: Actor
    ) -> None:
        ceremony = make_ceremony(organiser)
        here = f"/desk/ceremonies/{ceremony.id}"
        claim = make_accepted()
        assert send(client, f"{here}/intake", claim=claim.id)[0] == 303
        page = text_of(client, f"{here}/lock")
        assert "还不能签的 1 项" in page
        status, page = send(client, f"{here}/lock", **keys_of(page, f"{here}/lock"))
        assert status == 409
        assert claim.number in page

    def test_the_number_of_queries_does_not_grow_with_the_list(
        self, client: FlaskClient, organiser: Actor
    ) -> None:
        ceremony = make_ceremony(organiser)
        here = f"/desk/ceremonies/{ceremony.id}"
        pages = ("", "/list", "/guests", "/standing", "/lock", "/intake")

        def count() -> dict[str, int]:
            return {page: count_queries(client, here + page) for page in pages}

        def grow() -> None:
            make_list(organiser, ceremony, 2)
            make_accepted()
            for entry in list_listed(ceremony.id)[-2:]:
                guest = make_guest(organiser, ceremony, entry.claim.organisation)
                answer_invitation(
                    actor=organiser, guest=guest, version=guest.version, coming=True, people=[LI]
                )
                db.session.commit()

        grow()
        count()
        few = count()
        grow()
        grow()
        assert count() == few


def count_queries(client: FlaskClient, path: str) -> int:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        text_of(client, path)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


class TestTheAgenda:
    def test_items_are_added_changed_and_moved(self, client: FlaskClient, organiser: Actor) -> None:
        ceremony = make_ceremony(organiser)
        url = f"/desk/ceremonies/{ceremony.id}/agenda"
        assert send(client, url, kind="speech", title="受益学校发言", minutes="5")[0] == 303
        item_id = ceremony.agenda[-1].id
        status, page = send(client, f"{url}/{item_id}", kind="speech", title="", minutes="五")
        assert status == 400
        assert f'id="item-{item_id}-title-err"' in page
        assert 'value="五"' in page
        assert send(client, f"{url}/{item_id}/up", seen="1")[0] == 409
        assert send(client, f"{url}/{item_id}/up")[0] == 303
        assert send(client, f"{url}/{item_id}/drop")[0] == 303
        assert send(client, f"{url}/{item_id}/drop")[0] == 404


class TestTheGuests:
    def test_they_are_added_invited_and_seated(self, client: FlaskClient, organiser: Actor) -> None:
        ceremony = make_ceremony(organiser)
        here = f"/desk/ceremonies/{ceremony.id}"
        make_list(organiser, ceremony, 1)
        assert send(client, f"{here}/guests/listed")[0] == 303
        status, page = send(client, f"{here}/guests/add", kind="organisation", unit="没有这家")
        assert status == 400
        assert 'id="add-unit-err"' in page
        status, page = send(client, f"{here}/guests/paste", kind="receiver", words="甲村\n乙村，赵")
        assert status == 303
        guests = list_guests(ceremony.id)
        assert len(guests) == 3
        ids = ",".join(str(guest.id) for guest in guests)
        assert send(client, f"{here}/guests/invite", guest=ids)[0] == 303
        assert send(client, f"{here}/guests/remind")[0] == 303
        guest = guests[-1]
        one = f"{here}/guests/{guest.id}"
        page = text_of(client, one)
        assert send(client, f"{one}/coming", **keys_of(page, f"{one}/coming"))[0] == 303
        page = text_of(client, one)
        form = keys_of(page, f"{one}/people") | {"name-0": "赵一", "seat-0": "2排1座"}
        assert send(client, f"{one}/people", **form)[0] == 303
        assert "2排1座" in text_of(client, one)
        status, page = send(client, f"{one}/people", **form)
        assert status == 409
        assert send(client, f"{one}/remove", words=WHY)[0] == 303

    def test_names_are_shown_only_to_those_who_may_know(self, client: FlaskClient) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        organisation, agent = make_organisation()
        guest = make_guest(actor, ceremony, organisation)
        answer_invitation(actor=actor, guest=guest, version=guest.version, coming=True, people=[LI])
        db.session.commit()
        here = f"/desk/ceremonies/{ceremony.id}"
        pages = (f"{here}/guests", f"{here}/guests/{guest.id}")
        files = (f"{here}/guests/export.csv",)
        sees = {
            make_officer("130722"): True,
            make_auditor(): True,
            make_officer("1307"): False,
            make_officer("13"): False,
        }
        for user, may in sees.items():
            sign_in(client, user)
            for path in (*pages, *files):
                assert (LI.name in text_of_file(client, path)) is may, (user.region_prefix, path)
            for path in pages:
                # Whoever holds an invitation answers for its unit: it is not for those who only read.
                assert (guest.token in text_of(client, path)) is (
                    may and path.endswith(str(guest.id)) and user.role is not Role.AUDITOR
                )
        sign_in(client, agent)
        assert LI.name in text_of(client, f"/my/ceremonies/{ceremony.id}")


def text_of_file(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data().decode("utf-8-sig")


class TestTheInvited:
    def test_members_answer_and_change_their_answer(self, client: FlaskClient) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        organisation, agent = make_organisation()
        guest = make_guest(actor, ceremony, organisation)
        sign_in(client, agent)
        assert "有 1 份等贵会答复" in text_of(client, "/my/ceremonies")
        url = f"/my/ceremonies/{ceremony.id}"
        form = keys_of(text_of(client, url), f"{url}/coming")
        status, page = send(client, f"{url}/coming", **form, **{"name-0": "", "post-0": "理事长"})
        assert status == 400
        assert 'id="name-0-err"' in page
        assert 'value="理事长"' in page
        assert (
            send(client, f"{url}/coming", **form, **{"name-0": "李明", "signer-0": "y"})[0] == 303
        )
        form = keys_of(text_of(client, url), f"{url}/declining")
        assert send(client, f"{url}/declining", **form, words="那天有理事会")[0] == 303
        db.session.expire_all()
        assert guest.status is GuestState.DECLINED

    def test_an_invitation_of_others_is_hidden(self, client: FlaskClient) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        make_guest(actor, ceremony, make_organisation()[0])
        sign_in(client, make_organisation()[1])
        text_of(client, f"/my/ceremonies/{ceremony.id}", 404)

    def test_the_bearer_answers_without_signing_in(self, client: FlaskClient) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        guest = make_guest(actor, ceremony)
        url = f"/invited/{guest.token}"
        answer = client.get(url)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        page = answer.get_data(as_text=True)
        form = keys_of(page, f"{url}/coming")
        assert send(client, f"{url}/coming", **form, **{"name-0": "赵一"})[0] == 303
        db.session.expire_all()
        assert guest.status is GuestState.ACCEPTED
        assert "赵一" in text_of(client, url)
        text_of(client, "/invited/no-such-token", 404)

    def test_an_invitation_that_was_not_sent_opens_nothing(
        self, client: FlaskClient, organiser: Actor
    ) -> None:
        ceremony = make_ceremony(organiser)
        here = f"/desk/ceremonies/{ceremony.id}"
        send(client, f"{here}/guests/paste", kind="receiver", words="甲村")
        guest = db.session.query(CeremonyGuest).one()
        text_of(client, f"/invited/{guest.token}", 404)


class TestThePublic:
    def test_what_is_planned_is_nobodys_business(self, client: FlaskClient) -> None:
        ceremony = make_ceremony(make_organiser(), announced=False)
        text_of(client, f"/ceremonies/{ceremony.id}", 404)
        assert ceremony.title not in text_of(client, "/ceremonies")

    def test_the_list_is_public_once_it_is_locked_and_people_never(
        self, client: FlaskClient
    ) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        seen = make_list(actor, ceremony, 2)
        unit = list_listed(ceremony.id)[0].claim.organisation
        guest = make_guest(actor, ceremony, unit)
        answer_invitation(actor=actor, guest=guest, version=guest.version, coming=True, people=[LI])
        ceremony.agenda[0].speaker = "主持人王海"
        db.session.commit()
        page = text_of(client, f"/ceremonies/{ceremony.id}")
        assert unit.name not in page
        lock_list(actor=actor, ceremony=ceremony, version=ceremony.version, seen=seen)
        db.session.commit()
        page = text_of(client, f"/ceremonies/{ceremony.id}")
        assert unit.name in page
        for secret in (LI.name, "王海", ceremony.contact, ceremony.hall_token, guest.token):
            assert secret not in page
        services.cancel_ceremony(
            actor=actor, ceremony=ceremony, version=ceremony.version, reason=WHY
        )
        db.session.commit()
        page = text_of(client, f"/ceremonies/{ceremony.id}")
        assert "大会取消了" in page
        assert unit.name not in page


class TestTheFiles:
    def test_lists_are_given_as_they_stand(self, client: FlaskClient, organiser: Actor) -> None:
        ceremony = make_ceremony(organiser)
        make_list(organiser, ceremony, 2)
        make_guest(organiser, ceremony)
        entries = list_listed(ceremony.id)
        here = f"/desk/ceremonies/{ceremony.id}"
        assert ceremony.title in text_of_file(client, "/desk/ceremonies/export.csv")
        found = text_of_file(client, f"{here}/list/export.csv")
        assert all(entry.claim.number in found for entry in entries)
        assert all(entry.status is EntryState.LISTED for entry in entries)
        assert "还没有邀请" in text_of_file(client, f"{here}/standing/export.csv")
        sheet = client.get(f"{here}/guests/export.xlsx").get_data()
        cells = [cell.value for row in load_workbook(BytesIO(sheet)).active for cell in row]
        assert "东水泉村寄宿小学" in cells


class TestThePapers:
    @pytest.mark.parametrize("paper", ["programme", "names", "seats", "invitations"])
    def test_they_are_given_as_pdf_and_docx(
        self, client: FlaskClient, organiser: Actor, paper: str
    ) -> None:
        ceremony = make_ceremony(organiser)
        make_list(organiser, ceremony, 1)
        guest = make_guest(organiser, ceremony)
        answer_invitation(
            actor=organiser, guest=guest, version=guest.version, coming=True, people=[LI]
        )
        db.session.commit()
        url = f"/desk/ceremonies/{ceremony.id}/papers/{paper}"
        assert client.get(f"{url}.pdf").get_data().startswith(b"%PDF")
        assert client.get(f"{url}.docx").get_data().startswith(b"PK")

    def test_the_agreements_of_a_locked_list_come_in_one_archive(
        self, client: FlaskClient, organiser: Actor
    ) -> None:
        ceremony = make_ceremony(organiser)
        seen = make_list(organiser, ceremony, 2)
        here = f"/desk/ceremonies/{ceremony.id}"
        assert "打包已定稿" not in text_of(client, here)
        lock_list(actor=organiser, ceremony=ceremony, version=ceremony.version, seen=seen)
        db.session.commit()
        page = client.get(here).text
        ids = re.findall(r'name="agreement" value="(\d+)"', page)
        assert len(ids) == 2
        answer = client.post("/bundles", data={**keys_of(page, "/bundles"), "agreement": ids})
        assert answer.status_code == 303
        assert "/bundles/" in answer.location

    def test_those_with_names_are_for_few(self, app: Flask, client: FlaskClient) -> None:
        ceremony = make_ceremony(make_organiser())
        sign_in(client, make_officer("1307"))
        url = f"/desk/ceremonies/{ceremony.id}/papers"
        text_of(client, f"{url}/names.pdf", 403)
        assert client.get(f"{url}/programme.pdf").status_code == 200

    def test_who_only_reads_gets_no_invitation_to_answer_with(self, client: FlaskClient) -> None:
        ceremony = make_ceremony(make_organiser())
        sign_in(client, make_auditor())
        url = f"/desk/ceremonies/{ceremony.id}"
        text_of(client, f"{url}/papers/invitations.pdf", 403)
        said = text_of(client, url)
        assert "papers/names.pdf" in said
        assert "papers/invitations" not in said
