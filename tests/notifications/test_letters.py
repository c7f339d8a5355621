"""Letters: their heads hold, their words are the notice's, and needless ones are not written."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from flask import Flask
from sqlalchemy import select

from matchplatform.accounts.models import User
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.notifications.kinds import MailMode, NoticeKind
from matchplatform.notifications.letters import Sender, write_letter
from matchplatform.notifications.mail import choose_mail, remove_address, stop_token
from matchplatform.notifications.models import MailPreference, Notice
from tests.factories import actor_for, make_officer
from tests.notifications.conftest import FROM, tell_and_deliver, waiting, want_mail

SENDER = Sender("京津冀社会组织帮扶对接平台", FROM, "https://match.example.cn/")


@pytest.fixture
def user(db_session: Flask) -> User:
    """An officer who wants letters at once."""
    return want_mail(make_officer())


def letter_of(user: User, **told: str) -> dict[str, str]:
    """Tell the user something; return the letter as a mail program reads it."""
    tell_and_deliver(user, **told)  # type: ignore[arg-type]
    message = write_letter(waiting()[-1].payload, SENDER)
    assert message is not None
    wire = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
    assert wire.isascii()
    assert max(len(line) for line in wire.split(b"\r\n")) < 998
    read = message_from_bytes(wire, policy=policy.default)
    found = {name: str(value) for name, value in read.items()}
    assert len(found) == len(read.items()), "a head twice"
    return {**found, "body": read.get_content()}  # type: ignore[attr-defined]


class TestNotice:
    def test_it_says_what_the_notice_says_and_where_it_leads(self, user: User) -> None:
        read = letter_of(user)
        assert read["Subject"] == "【京津冀社会组织帮扶对接平台】北京测试基金会 登记待核验。"
        assert read["To"] == "zhao@example.cn"
        assert read["From"] == f"京津冀社会组织帮扶对接平台 <{FROM}>"
        assert read["Content-Type"] == 'text/plain; charset="utf-8"'
        assert read["Auto-Submitted"] == "auto-generated"
        assert "北京测试基金会 登记待核验。" in read["body"]
        assert "查看：https://match.example.cn/claims/7\n" in read["body"]

    def test_it_holds_nothing_else_about_the_reader(self, user: User) -> None:
        read = letter_of(user)
        assert user.display_name not in str(read)
        assert user.username not in str(read)

    def test_it_says_how_to_stop(self, user: User) -> None:
        read = letter_of(user)
        kept = db.session.get_one(MailPreference, user.id)
        stop = f"https://match.example.cn/notices/unsubscribe/{user.id}/{stop_token(kept)}"
        assert read["List-Unsubscribe"] == f"<{stop}>"
        assert stop in read["body"]

    def test_its_id_stays_the_same_and_is_its_own(self, user: User) -> None:
        first = letter_of(user)["Message-ID"]
        again = write_letter(waiting()[0].payload, SENDER)
        assert again is not None
        assert again["Message-ID"] == first
        assert first.endswith("@match.example.cn>")
        assert letter_of(user)["Message-ID"] != first

    @pytest.mark.parametrize(
        "typed",
        [
            "甲\r\nBcc: evil@example.com",
            "甲\nSubject: 另一个",
            "甲\r\n\r\n另一封信",
            "甲\x00\u2028乙\u2029丙\x85丁",
            "=?utf-8?q?Bcc=3A_evil?=",
            "<b>%s</b> %(name)s {x}",
            "长" * 400,
            "long " * 100,
        ],
    )
    def test_no_words_can_add_a_head(self, user: User, typed: str) -> None:
        read = letter_of(user, words="%(name)s：退回", name=typed)
        assert set(read) == {
            "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
            "Content-Type", "Content-Transfer-Encoding", "List-Unsubscribe", "body",
        }  # fmt: skip
        assert read["To"] == "zhao@example.cn"
        assert len(read["Subject"]) <= 80

    @pytest.mark.parametrize("length", range(1, 70, 3))
    def test_the_subject_arrives_as_it_was_written(self, user: User, length: int) -> None:
        name = ("张北县东水泉村 A1 寄宿小学（越冬）" * 5)[:length].strip()
        read = letter_of(user, words="%(name)s", name=name)
        assert read["Subject"].startswith(f"【京津冀社会组织帮扶对接平台】{name}"[:79])

    @pytest.mark.parametrize("url", ["//evil.example/x", "https://evil.example", "", "/\\evil"])
    def test_it_links_to_this_site_alone(self, user: User, url: str) -> None:
        read = letter_of(user, url=url)
        assert "evil" not in read["body"]
        assert "查看：https://match.example.cn/notices\n" in read["body"]

    @pytest.mark.parametrize("host", ["match.example.cn", "a-rather-long-name." * 8 + "example.cn"])
    def test_programs_find_its_links_and_addresses_unencoded(self, user: User, host: str) -> None:
        long_address = "z" * 60 + "@" + "mail-of-the-county." * 8 + "example.cn"
        db.session.get_one(MailPreference, user.id).address = long_address
        db.session.commit()
        tell_and_deliver(user)
        message = write_letter(waiting()[0].payload, Sender("平台", FROM, f"https://{host}"))
        assert message is not None
        wire = b"\r\n" + message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
        assert f"\r\nList-Unsubscribe: <https://{host}/notices/unsubscribe/".encode() in wire
        assert f"\r\nMessage-ID: <notice-1@{host}>\r\n".encode() in wire
        assert long_address.encode() in wire
        assert message["To"].addresses[0].addr_spec == long_address
        assert b"\n" not in wire.replace(b"\r\n", b"")

    @pytest.mark.parametrize("value", ["<x>\r\nBcc: e@x.cn", "<x>\nBcc: e@x.cn"])
    def test_a_head_kept_whole_takes_no_line_end(self, user: User, value: str) -> None:
        tell_and_deliver(user)
        message = write_letter(waiting()[0].payload, SENDER)
        assert message is not None
        del message["List-Unsubscribe"]
        with pytest.raises(ValueError, match="linefeed"):
            message["List-Unsubscribe"] = value


class TestNeedless:
    def _left(self) -> bool:
        db.session.flush()
        return write_letter(waiting()[0].payload, SENDER) is not None

    def test_what_was_opened_is_not_posted(self, user: User) -> None:
        tell_and_deliver(user)
        notice = db.session.scalars(select(Notice)).one()
        assert self._left()
        notice.read_at = clock.now()
        db.session.commit()
        assert not self._left()

    def test_a_disabled_user_gets_nothing(self, user: User) -> None:
        tell_and_deliver(user)
        user.is_active = False
        db.session.commit()
        assert not self._left()

    def test_a_removed_address_gets_nothing(self, user: User) -> None:
        tell_and_deliver(user)
        remove_address(actor=actor_for(user), user=user)
        db.session.commit()
        assert not self._left()

    def test_who_wants_no_more_gets_nothing(self, user: User) -> None:
        tell_and_deliver(user)
        choose_mail(
            actor=actor_for(user),
            user=user,
            mode=MailMode.AT_ONCE,
            kinds={NoticeKind.CLAIMS: MailMode.NONE},
        )
        db.session.commit()
        assert not self._left()

    def test_an_entry_of_an_unknown_kind_is_an_error(self, db_session: Flask) -> None:
        with pytest.raises(ValueError, match="nobody knows"):
            write_letter({"what": "poem"}, SENDER)


class TestDigest:
    def test_it_tells_kinds_apart_and_leaves_out_what_was_opened(self, db_session: Flask) -> None:
        kinds = {NoticeKind.SEARCHES: MailMode.NONE}
        user = want_mail(make_officer(), MailMode.DAILY, kinds=kinds)
        tell_and_deliver(user, words="看过的", url="/claims/1")
        db.session.scalars(select(Notice)).one().read_at = clock.now()
        for words, url in (
            ("组织一", "/my"), ("认领一", "/claims/2"), ("查找一", "/my/searches/1"), ("认领二", "/claims/3"),
        ):  # fmt: skip
            tell_and_deliver(user, words=words, url=url)
        assert waiting() == []
        at = clock.now()
        message = write_letter(
            {
                "what": "digest",
                "user_id": user.id,
                "since": (at - timedelta(days=1)).isoformat(),
                "until": at.isoformat(),
            },
            SENDER,
        )
        assert message is not None
        body = message.get_content()
        assert "3 条通知还没看" in message["Subject"]
        assert "看过的" not in body
        assert "查找一" not in body
        assert "【认领】2 条\n- 认领一\n" in body
        assert body.index("认领二") < body.index("【组织与成员】1 条") < body.index("组织一")
        assert "https://match.example.cn/claims/3" in body
        assert message["Message-ID"].startswith(f"<digest-{user.id}-")
