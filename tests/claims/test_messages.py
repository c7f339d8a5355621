"""Messages on a claim: who writes and reads, what is refused, who is told, and the page."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from matchplatform.access.actor import VISITOR, Actor
from matchplatform.accounts.models import User
from matchplatform.audit.models import AuditEntry
from matchplatform.claims import services
from matchplatform.claims.message_models import ClaimMessage
from matchplatform.claims.messages import MOST_AN_HOUR, write_message
from matchplatform.claims.models import Claim, ClaimMember
from matchplatform.claims.states import MemberState
from matchplatform.claims.threads import PAGE_SIZE, list_unanswered_ids, read_thread, url_of
from matchplatform.home.desk import read_desk
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, InvalidInput, TooMany
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.notifications.kinds import NoticeKind, kind_of
from matchplatform.notifications.models import Notice
from matchplatform.notifications.queries import get_notice
from matchplatform.notifications.services import deliver, mark_read
from matchplatform.organisations.models import Organisation
from tests.claims.conftest import Scene, assert_clean
from tests.factories import (
    actor_for,
    make_auditor,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)

NOON = datetime.now(UTC).replace(hour=4, minute=0, second=0, microsecond=0)
# Invented: a county code, a birthday and a check digit that fits.
ID_NUMBER = "130722198001010019"


@pytest.fixture
def claim(scene: Scene) -> Claim:
    """A submitted claim of every quilt."""
    claim = scene.reserve({"被褥": "25"})
    services.submit_claim(actor=scene.agent, claim=claim, version=claim.version, message="")
    db.session.commit()
    return claim


def write(actor: Actor, claim: Claim, text: str = "车队月底能到张北吗") -> ClaimMessage:
    """Write and commit."""
    message = write_message(actor=actor, claim=claim, text=text)
    db.session.commit()
    return message


def told_of(claim: Claim) -> list[list[int]]:
    """Return whom each notice about the messages went to, in order."""
    entries = db.session.scalars(
        select(OutboxEntry).where(OutboxEntry.topic == "notice").order_by(OutboxEntry.id)
    )
    return [e.payload["user_ids"] for e in entries if e.payload["url"] == url_of(claim)]


def deliver_all() -> None:
    """Do what the worker does with notices."""
    waiting = select(OutboxEntry).where(
        OutboxEntry.topic == "notice", OutboxEntry.done_at.is_(None)
    )
    for entry in db.session.scalars(waiting.order_by(OutboxEntry.id)).all():
        deliver(entry)
        entry.done_at = entry.created_at
    db.session.commit()


def open_notice(actor: Actor, claim: Claim) -> None:
    """Open the newest notice about the messages."""
    found = db.session.scalars(
        select(Notice.id)
        .where(Notice.user_id == actor.user_id, Notice.url == url_of(claim))
        .order_by(Notice.id.desc())
    ).first()
    assert found is not None
    mark_read(actor=actor, notice=get_notice(actor, found))
    db.session.commit()


def in_jointly(claim: Claim, state: MemberState) -> tuple[Organisation, User]:
    """Put one more organisation into a claim in this state."""
    organisation, agent = make_organisation()
    gone = state in (MemberState.DECLINED, MemberState.LEFT)
    claim.members.append(
        ClaimMember(
            organisation=organisation,
            status=state,
            invited_at=NOON,
            offered_until=NOON if gone else None,
        )
    )
    db.session.commit()
    return organisation, agent


class TestWriteMessage:
    def test_both_sides_write_and_the_sides_are_kept(self, scene: Scene, claim: Claim) -> None:
        asked = write(scene.agent, claim, "  车队月底能到吗\r\n请回 \u200b ")
        answer = write(scene.officer, claim, "能到，请先打 0313-0001000")
        assert asked.text == "车队月底能到吗\n请回"
        assert asked.organisation_id == scene.organisation.id
        assert asked.unit == scene.organisation.name
        assert answer.is_of_county
        assert answer.unit == "张北县民政局"
        assert answer.author_label == scene.officer.label

    def test_the_city_may_stand_in_for_the_county_and_the_province_may_not(
        self, scene: Scene, claim: Claim
    ) -> None:
        assert write(actor_for(make_officer("1307")), claim).unit == "张家口市民政局"
        others = [make_officer("13"), make_officer("130723"), make_officer("11"), make_auditor()]
        strangers = [*map(actor_for, others), scene.other().agent, VISITOR]
        for actor in strangers:
            with pytest.raises(Forbidden):
                write_message(actor=actor, claim=claim, text="我也想说")
            db.session.rollback()

    def test_members_write_until_they_are_gone(self, scene: Scene, claim: Claim) -> None:
        organisation, agent = in_jointly(claim, MemberState.INVITED)
        assert write(actor_for(agent), claim).organisation_id == organisation.id
        _gone, left = in_jointly(claim, MemberState.LEFT)
        with pytest.raises(Forbidden):
            write_message(actor=actor_for(left), claim=claim, text="我也想说")
        db.session.rollback()

    @pytest.mark.parametrize("text", ["", " \n\u200b", "长" * 1001])
    def test_nothing_and_too_much_are_refused(self, scene: Scene, claim: Claim, text: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            write_message(actor=scene.agent, claim=claim, text=text)
        assert list(refused.value.fields) == ["text"]
        db.session.rollback()
        assert write(scene.agent, claim, "长" * 1000).text == "长" * 1000

    def test_an_id_number_is_refused_and_phones_are_not(self, scene: Scene, claim: Claim) -> None:
        with pytest.raises(InvalidInput):
            write_message(actor=scene.agent, claim=claim, text=f"联系人 {ID_NUMBER}，谢谢")
        db.session.rollback()
        write(scene.agent, claim, "联系人 13800000000，户号 110000000000000000")

    def test_the_trail_says_who_and_not_what(self, scene: Scene, claim: Claim) -> None:
        write(scene.agent, claim, "这句话不进审计")
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "claim.message")
        ).one()
        assert (entry.actor_id, entry.subject_id) == (scene.agent.user_id, str(claim.id))
        assert "这句话" not in f"{entry.reason}{entry.subject_label}{entry.detail}"
        notices = db.session.scalars(select(OutboxEntry.payload))
        assert all("这句话" not in str(payload) for payload in notices)

    def test_it_moves_neither_the_version_nor_the_ten_days(
        self, scene: Scene, claim: Claim
    ) -> None:
        before = (claim.version, claim.silent_since)
        assert claim.submitted_at is not None
        with set_clock(claim.submitted_at + timedelta(days=11)):
            write(scene.agent, claim, "还在备货")
            write(scene.officer, claim, "好的")
            db.session.refresh(claim)
            assert (claim.version, claim.silent_since) == before
            assert claim.is_silent
        assert_clean()

    def test_an_ended_claim_can_be_asked_about_for_ninety_days(
        self, scene: Scene, claim: Claim
    ) -> None:
        with set_clock(NOON):
            services.decline_claim(
                actor=scene.officer, claim=claim, version=claim.version, reason="不符合要求"
            )
            db.session.commit()
        with set_clock(NOON + timedelta(days=90)):
            write(scene.agent, claim, "请问哪里不符合")
        with set_clock(NOON + timedelta(days=91)):
            with pytest.raises(Conflict):
                write_message(actor=scene.agent, claim=claim, text="还想问一句")
            db.session.rollback()
            thread = read_thread(scene.agent, claim)
            assert thread is not None
            assert (thread.may_write, thread.is_closed) == (False, True)

    def test_thirty_an_hour_are_enough(self, scene: Scene, claim: Claim) -> None:
        for minute in range(MOST_AN_HOUR):
            with set_clock(NOON + timedelta(minutes=minute)):
                write(scene.agent, claim, f"第 {minute} 条")
        with set_clock(NOON + timedelta(minutes=59)):
            with pytest.raises(TooMany):
                write_message(actor=scene.agent, claim=claim, text="再来一条")
            db.session.rollback()
            write(scene.officer, claim, "请慢慢说")
        with set_clock(NOON + timedelta(minutes=60)):
            write(scene.agent, claim, "过了一小时")


class TestNotices:
    def test_the_other_side_is_told_once_until_it_opens_the_notice(
        self, scene: Scene, claim: Claim
    ) -> None:
        write(scene.agent, claim)
        write(scene.agent, claim)
        (first,) = told_of(claim)
        assert scene.officer.user_id in first
        assert scene.agent.user_id not in first
        deliver_all()
        write(scene.agent, claim)
        assert told_of(claim) == [first]
        open_notice(scene.officer, claim)
        write(scene.agent, claim)
        assert told_of(claim) == [first, [scene.officer.user_id]]

    def test_an_answer_counts_as_having_read(self, scene: Scene, claim: Claim) -> None:
        write(scene.agent, claim)
        deliver_all()
        write(scene.officer, claim)
        deliver_all()
        write(scene.agent, claim)
        assert told_of(claim)[1:] == [[scene.agent.user_id], [scene.officer.user_id]]

    def test_everybody_in_a_joint_claim_but_ones_own_side_is_told(
        self, scene: Scene, claim: Claim
    ) -> None:
        _organisation, member = in_jointly(claim, MemberState.CONFIRMED)
        _gone, left = in_jointly(claim, MemberState.LEFT)
        write(scene.officer, claim)
        assert told_of(claim) == [sorted([scene.agent.user_id or 0, member.id])]
        write(actor_for(member), claim)
        assert left.id not in told_of(claim)[1]
        assert scene.officer.user_id in told_of(claim)[1]

    def test_a_county_without_officers_is_stood_in_for_by_its_city(self, scene: Scene) -> None:
        project = make_project(region="130723")
        organisation, agent = make_organisation()
        mine = Scene(project, organisation, actor_for(agent), scene.officer)
        claim = mine.reserve({"热水改造款": "20000"})
        for user in db.session.scalars(select(User).where(User.region_prefix == "130723")):
            user.is_active = False
        db.session.commit()
        city = make_officer("1307")
        write(mine.agent, claim)
        assert city.id in told_of(claim)[0]

    def test_it_is_a_notice_about_claims(self, scene: Scene, claim: Claim) -> None:
        assert kind_of(url_of(claim)) is NoticeKind.CLAIMS


class TestDesk:
    def test_the_badge_stands_until_the_county_answers(self, scene: Scene, claim: Claim) -> None:
        def badges(actor: Actor) -> list[str]:
            return [str(task.news) for task in read_desk(actor).tasks]

        assert badges(scene.officer) == [""]
        write(scene.agent, claim)
        assert badges(scene.officer) == ["有新留言"]
        assert list_unanswered_ids(actor_for(make_officer("130723"))) == set()
        write(scene.officer, claim)
        assert badges(scene.officer) == [""]


class TestPage:
    @staticmethod
    def send(client: FlaskClient, claim: Claim, words: str, key: str = "") -> tuple[int, str]:
        answer = client.post(f"/claims/{claim.id}/messages", data={"words": words, "form_key": key})
        return answer.status_code, answer.get_data(as_text=True)

    def test_who_is_not_a_party_learns_nothing(
        self, scene: Scene, claim: Claim, client: FlaskClient
    ) -> None:
        write(scene.agent, claim, "这句话不给外人看")
        path = f"/claims/{claim.id}"
        assert client.get(path).status_code == 303
        _organisation, stranger = make_organisation()
        for user in (stranger, make_officer("130723")):
            sign_in(client, user)
            assert client.get(path).status_code == 404
            assert self.send(client, claim, "我也想说")[0] == 404
        refused = db.session.scalars(
            select(AuditEntry.subject_label).where(AuditEntry.action == "access.refused")
        )
        assert list(refused).count(f"POST {path}/messages") == 2
        for user in (make_auditor(), make_officer("13")):
            sign_in(client, user)
            page = client.get(path).get_data(as_text=True)
            assert "这句话不给外人看" in page
            assert "写一条留言" not in page
            assert self.send(client, claim, "我也想说")[0] == 403
        _gone, left = in_jointly(claim, MemberState.LEFT)
        sign_in(client, left)
        assert "这句话不给外人看" not in client.get(path).get_data(as_text=True)

    def test_a_message_is_sent_once_and_shown_escaped_with_its_side(
        self, scene: Scene, claim: Claim, client: FlaskClient
    ) -> None:
        sign_in(client, db.session.get_one(User, scene.agent.user_id))
        assert self.send(client, claim, "<b>粗</b>", "k1")[0] == 303
        assert self.send(client, claim, "<b>粗</b>", "k1")[0] == 303
        assert db.session.scalar(select(func.count()).select_from(ClaimMessage)) == 1
        status, page = self.send(client, claim, "另一句", "k1")
        assert (status, "另一句" in page) == (422, True)
        sign_in(client, db.session.get_one(User, scene.officer.user_id))
        page = client.get(f"/claims/{claim.id}").get_data(as_text=True)
        assert "&lt;b&gt;粗&lt;/b&gt;" in page
        assert "<b>粗" not in page

    def test_what_was_typed_comes_back_with_why(
        self, scene: Scene, claim: Claim, client: FlaskClient
    ) -> None:
        sign_in(client, db.session.get_one(User, scene.agent.user_id))
        status, page = self.send(client, claim, f"他的号是 {ID_NUMBER}")
        assert status == 400
        assert "请把号码删掉再发" in page
        assert f"他的号是 {ID_NUMBER}" in page
        for number in range(MOST_AN_HOUR):
            write(scene.agent, claim, f"第 {number} 条")
        status, page = self.send(client, claim, "再来一条")
        assert (status, "再来一条" in page) == (429, True)

    def test_a_long_thread_is_paged_and_begins_at_its_end(
        self, scene: Scene, claim: Claim, client: FlaskClient
    ) -> None:
        for number in range(PAGE_SIZE + 1):
            with set_clock(NOON + timedelta(hours=number)):
                write(scene.agent, claim, f"第{number}句")
        sign_in(client, db.session.get_one(User, scene.agent.user_id))
        last = client.get(f"/claims/{claim.id}").get_data(as_text=True)
        first = client.get(f"/claims/{claim.id}?messages=1").get_data(as_text=True)
        assert f"第{PAGE_SIZE}句" in last
        assert "第0句" not in last
        assert "第0句" in first
        assert f"第{PAGE_SIZE}句" not in first
        assert first.index("第0句") < first.index("第9句")
        assert client.get(f"/claims/{claim.id}?messages=no").status_code == 200

    def test_a_claim_has_no_messages_of_another(self, scene: Scene, claim: Claim) -> None:
        write(scene.agent, claim, "这边的话")
        other = scene.other()
        second = other.reserve({"驻校社工": "2"})
        thread = read_thread(other.agent, second)
        assert thread is not None
        assert thread.page.total == 0
        assert read_thread(other.agent, claim) is None
        assert second.value == Decimal(600)
