"""One's address and choices: proved before use, asked for sparingly, stopped by a link."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from matchplatform.accounts.models import User
from matchplatform.audit.models import AuditEntry
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput, NotFound, TooMany
from matchplatform.notifications.kinds import MailMode, NoticeKind
from matchplatform.notifications.mail import (
    LINKS_A_DAY,
    ask_address,
    choose_mail,
    clean_address,
    confirm_address,
    confirm_token,
    get_stoppable,
    remove_address,
    stop_mail,
    stop_token,
)
from matchplatform.notifications.models import MailPreference
from tests.factories import actor_for, make_officer
from tests.notifications.conftest import tell_and_deliver, waiting, want_mail

NOON = clock.end_of_day(clock.now().date()) + timedelta(hours=12)


@pytest.fixture
def user(db_session: Flask) -> User:
    """An officer."""
    return make_officer()


def ask(user: User, typed: str = "zhao@example.cn") -> MailPreference:
    """Ask for a link and commit."""
    kept = ask_address(actor=actor_for(user), user=user, typed=typed)
    db.session.commit()
    return kept


class TestCleanAddress:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            (" Zhao.Y@Example.cn ", "Zhao.Y@Example.cn"),
            ("ｚ＠ｅ．ｃｎ", "z@e.cn"),
            ("a+b@x-y.org", "a+b@x-y.org"),
        ],
    )
    def test_it_takes_addresses(self, typed: str, kept: str) -> None:
        assert clean_address(typed) == kept

    @pytest.mark.parametrize(
        "typed",
        [
            "", "zhao", "@x.cn", "a@", "a@b", "a b@x.cn", "a@x.cn\n", "a@x.cn\r\nBcc: b@x.cn", "a@x.cn,b@x.cn",
            "a@x.cn>", "<a@x.cn>", '"a"@x.cn', "a..b@x.cn", ".a@x.cn", "a@-x.cn", "a@x..cn", "a@[127.0.0.1]",
            "赵@x.cn", "a@例子.cn", "a\x00@x.cn", "a" * 65 + "@x.cn", "a@" + "x." * 126 + "cn", "a@x.cn%0abcc",
        ],
    )  # fmt: skip
    def test_it_refuses_the_rest_at_the_field(self, typed: str) -> None:
        if typed == "a@x.cn\n":  # White space at the ends is the keyboard's.
            assert clean_address(typed) == "a@x.cn"
            return
        with pytest.raises(InvalidInput) as caught:
            clean_address(typed)
        assert set(caught.value.fields) == {"address"}


class TestAsk:
    def test_it_queues_the_link_and_proves_nothing(self, user: User) -> None:
        kept = ask(user)
        assert kept.confirmed_at is None
        assert [entry.payload["what"] for entry in waiting()] == ["confirm"]
        assert confirm_token(kept) not in str(waiting()[0].payload)

    def test_nothing_goes_to_it_before_it_is_proved(self, user: User) -> None:
        ask(user)
        tell_and_deliver(user)
        assert [entry.payload["what"] for entry in waiting()] == ["confirm"]

    def test_another_address_must_be_proved_again(self, user: User) -> None:
        want_mail(user)
        with clock.set_clock(clock.now() + timedelta(minutes=3)):
            assert ask(user, "other@example.cn").confirmed_at is None

    def test_the_same_proved_address_stays_proved(self, user: User) -> None:
        want_mail(user)
        assert ask(user).confirmed_at is not None
        assert waiting() == []

    def test_links_come_no_faster_than_every_two_minutes(self, user: User) -> None:
        ask(user)
        with pytest.raises(TooMany):
            ask(user, "victim@example.cn")
        db.session.rollback()
        assert db.session.get_one(MailPreference, user.id).address == "zhao@example.cn"

    def test_there_are_five_a_day_whatever_is_removed(self, user: User) -> None:
        for turn in range(LINKS_A_DAY):
            with clock.set_clock(NOON + timedelta(minutes=3 * turn)):
                ask(user)
                remove_address(actor=actor_for(user), user=user)
                db.session.commit()
        with clock.set_clock(NOON + timedelta(hours=1)), pytest.raises(TooMany):
            ask(user)
        db.session.rollback()
        with clock.set_clock(NOON + timedelta(days=1)):
            assert ask(user).asks == 1

    def test_the_trail_knows_that_but_not_which(self, user: User) -> None:
        ask(user)
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert entry is not None
        assert entry.action == "mail.ask"
        assert "zhao@" not in f"{entry.detail} {entry.subject_label} {entry.reason}"


class TestConfirm:
    def test_it_proves_the_address_once(self, user: User) -> None:
        kept = ask(user)
        token = confirm_token(kept)
        confirm_address(actor=actor_for(user), user=user, token=token)
        db.session.commit()
        assert kept.is_ready
        with pytest.raises(NotFound):
            confirm_address(actor=actor_for(user), user=user, token=token)

    @pytest.mark.parametrize("token", ["", "x", "赵", "\ud800", "0" * 64])
    def test_a_wrong_link_is_not_found(self, user: User, token: str) -> None:
        ask(user)
        with pytest.raises(NotFound):
            confirm_address(actor=actor_for(user), user=user, token=token)

    def test_anothers_link_is_not_found(self, user: User) -> None:
        token, other = confirm_token(ask(user)), make_officer()
        ask(other)
        with pytest.raises(NotFound):
            confirm_address(actor=actor_for(other), user=other, token=token)

    def test_the_link_of_an_earlier_letter_is_not_found(self, user: User) -> None:
        token = confirm_token(ask(user))
        with clock.set_clock(clock.now() + timedelta(minutes=3)):
            ask(user)
            with pytest.raises(NotFound):
                confirm_address(actor=actor_for(user), user=user, token=token)

    def test_after_a_day_it_is_too_old(self, user: User) -> None:
        token = confirm_token(ask(user))
        with clock.set_clock(clock.now() + timedelta(hours=24, minutes=1)), pytest.raises(NotFound):
            confirm_address(actor=actor_for(user), user=user, token=token)


class TestChoose:
    def test_a_kind_may_differ_from_the_rest(self, user: User) -> None:
        want_mail(user, MailMode.NONE, kinds={NoticeKind.CLAIMS: MailMode.AT_ONCE})
        tell_and_deliver(user, url="/projects/1")
        assert waiting() == []
        tell_and_deliver(user, url="/claims/1")
        assert [entry.payload["what"] for entry in waiting()] == ["notice"]

    def test_choosing_again_replaces_the_earlier_choice(self, user: User) -> None:
        want_mail(user, kinds={NoticeKind.CLAIMS: MailMode.NONE, NoticeKind.OTHER: MailMode.NONE})
        kept = choose_mail(
            actor=actor_for(user),
            user=user,
            mode=MailMode.DAILY,
            kinds={NoticeKind.CLAIMS: MailMode.AT_ONCE},
        )
        db.session.commit()
        db.session.expire_all()
        assert kept.mode is MailMode.DAILY
        assert {choice.kind: choice.mode for choice in kept.choices} == {"claims": "at_once"}

    def test_without_an_address_there_is_nothing_to_choose(self, user: User) -> None:
        with pytest.raises(NotFound):
            choose_mail(actor=actor_for(user), user=user, mode=MailMode.DAILY, kinds={})


class TestStop:
    def test_nothing_is_posted_any_more(self, user: User) -> None:
        want_mail(user, kinds={NoticeKind.CLAIMS: MailMode.AT_ONCE})
        stop_mail(actor=actor_for(user), user=user)
        db.session.commit()
        tell_and_deliver(user)
        assert waiting() == []

    def test_the_link_is_the_persons_and_the_addresses(self, user: User) -> None:
        kept = db.session.get_one(MailPreference, want_mail(user).id)
        token = stop_token(kept)
        assert get_stoppable(user.id, token) is kept
        for user_id, typed in ((user.id + 1, token), (user.id, token[:-1]), (user.id, "")):
            with pytest.raises(NotFound):
                get_stoppable(user_id, typed)
        remove_address(actor=actor_for(user), user=user)
        db.session.commit()
        with pytest.raises(NotFound):
            get_stoppable(user.id, token)


class TestDeliver:
    def test_one_entry_tells_each_by_their_own_choice(self, user: User) -> None:
        want_mail(user)
        daily = want_mail(make_officer(), MailMode.DAILY, "qian@example.cn")
        tell_and_deliver(user, daily, make_officer())
        assert len(waiting()) == 1

    def test_the_disabled_are_left_out(self, user: User) -> None:
        want_mail(user).is_active = False
        db.session.commit()
        tell_and_deliver(user)
        assert waiting() == []
