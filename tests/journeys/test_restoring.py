"""A forgotten password: by mail without anybody's help, and by a link from those who know one."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.person import Person

pytestmark = pytest.mark.journey

Come = Callable[..., Person]
FIRST, SECOND = "willows along the old canal", "eleven cranes over the reeds"
GONE = "这个链接已经用过或已过期"


def letter_link(person: Person, subject: str, kind: str) -> str:
    """Wait for the next letter about a subject; return the path of the link in it."""
    box = person.site.box
    for _ in range(60):
        for letter in box.letters:
            if subject in letter["Subject"]:
                box.letters.remove(letter)
                found = re.search(
                    rf"{re.escape(person.site.url)}(/{kind}/\S+)", letter.get_content()
                )
                assert found, letter.get_content()
                return found[1]
        person.page.wait_for_timeout(250)
    pytest.fail(f"no letter: {subject}")


def set_password(person: Person, password: str) -> None:
    person.fill("新密码", password)
    person.fill("再输一遍新密码", password)
    person.press("保存新密码")


def ask_for_letter(person: Person, username: str) -> None:
    person.go("/sign-in")
    person.follow("忘了密码", within=person.main)
    person.fill("用户名", username)
    person.press("寄重设密码的链接")


class TestByMail:
    def test_a_proved_address_gets_a_link_that_works_once_and_not_for_long(
        self, visit: Come, agent: Come
    ) -> None:
        known = agent("agent116")
        known.go("/notices/preferences")
        known.look()
        known.fill("邮箱", "wen@example")
        known.press("发确认信")
        known.sees("这不像一个邮箱地址")
        known.look()
        known.fill("邮箱", "wen.xiaohe@example.cn")
        known.press("发确认信")
        known.sees("等您确认")
        known.look()
        known.go(letter_link(known, "请确认您的邮箱", "notices/confirm"))
        known.look()
        known.main.get_by_role("button").first.click()
        known.sees("通知发往 wen.xiaohe@example.cn")
        known.look()

        person = visit()
        person.go("/forgotten-password")
        person.look()
        person.press("寄重设密码的链接")
        person.sees("请填用户名")
        person.look()
        told = []
        for username in ("agent116", "nobody-of-that-name"):
            ask_for_letter(person, username)
            told.append(person.page.get_by_role("status").inner_text())
        assert told[0] == told[1]
        assert "如果这个用户名有确认过的邮箱" in told[0]
        person.look()

        link = letter_link(person, "重设密码", "password")
        person.go(link)
        person.look()
        set_password(person, FIRST)
        person.sees("密码已设好，请登录")
        person.sign_in("agent116", FIRST)
        known.go("/my")
        expect(known.main.get_by_role("heading", level=1)).to_have_text("登录")

        late = visit()
        late.go(link)
        late.sees(GONE)
        late.look()

    def test_a_letter_that_lay_too_long_is_worth_nothing(self, visit: Come, agent: Come) -> None:
        person = visit()
        person.site.move_days(
            "UPDATE password_links SET issued_at = '2020-01-01 00:00:00.000000'"
            " WHERE issued_by_id IS NULL"
        )
        ask_for_letter(person, "agent116")
        link = letter_link(person, "重设密码", "password")
        person.go(link)
        person.site.move_days(
            "UPDATE password_links SET expires_at = '2020-01-01 00:00:00.000000'"
            " WHERE used_at IS NULL AND issued_by_id IS NULL"
        )
        set_password(person, SECOND)
        person.sees(GONE)
        person.go("/sign-in")
        person.sign_in("agent116", FIRST)

    def test_who_asks_too_often_is_told_to_wait(self, visit: Come) -> None:
        person = visit()
        for _ in range(3):
            ask_for_letter(person, "agent-who-asks")
            person.sees("如果这个用户名有确认过的邮箱")
        ask_for_letter(person, "agent-who-asks")
        person.sees("一小时后再试")
        assert person.read_of("用户名") == "agent-who-asks"
        person.look()


class TestByTheRegistrar:
    def test_the_unit_that_registered_an_organisation_helps_its_agent_back_in(
        self, visit: Come, agent: Come
    ) -> None:
        officer = agent("beijing")
        officer.go("/desk/organisations?q=北京听泉")
        officer.follow("北京听泉听力康复基金会", within=officer.main)
        officer.look()
        officer.main.get_by_role("button", name=re.compile("重设密码")).first.click()
        officer.sees("链接已签发")
        officer.look()
        link = officer.main.get_by_label(re.compile("的链接")).input_value()

        person = visit()
        person.go(link.strip().removeprefix(person.site.url))
        set_password(person, SECOND)
        person.sees("密码已设好，请登录")
        person.go(link.strip().removeprefix(person.site.url))
        person.sees(GONE)
