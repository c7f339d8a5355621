"""The second step: scanned, proved, asked for at each sign-in; a recovery code works once."""

import re
import time
from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import expect

from tests.journeys.person import PASSWORD, Person

pytestmark = pytest.mark.journey

Come = Callable[..., Person]


def give_password(person: Person, username: str) -> None:
    person.go("/sign-in")
    person.fill("用户名", username)
    person.fill("密码", PASSWORD)
    person.main.get_by_role("button", name="登录", exact=True).click()
    expect(person.main.get_by_role("heading", level=1)).to_have_text("两步验证")


class TestSecondStep:
    def test_it_is_set_up_and_then_nobody_comes_in_by_the_password_alone(
        self, visit: Come, agent: Come
    ) -> None:
        person = agent("agent119")
        person.go("/account")
        person.look()
        person.follow("设置两步验证")
        person.look()
        person.fill("现在的密码", "not my password at all")
        person.press("下一步")
        person.sees("密码不对")
        person.look()
        person.fill("现在的密码", PASSWORD)
        person.press("下一步")
        expect(person.main.locator("figure svg")).to_be_visible()
        person.look()
        authenticator = pyotp.TOTP(
            re.sub(r"\s", "", person.main.locator("code").first.inner_text())
        )
        person.fill("验证码", "000000")
        person.press("开启两步验证")
        person.sees("验证码不对")
        person.look()
        person.fill("验证码", authenticator.now())
        person.press("开启两步验证")
        person.sees("请抄下或打印恢复码")
        person.look()
        codes = person.main.locator("ol code").all_inner_texts()
        assert len(codes) == 10
        person.follow("抄好了，继续")
        person.go("/account")
        person.sees("恢复码还剩 10 个")
        person.look()

        thief = visit()
        give_password(thief, "agent119")
        thief.look()
        thief.go("/my")
        expect(thief.main.get_by_role("heading", level=1)).to_have_text("登录")

        other = visit()
        give_password(other, "agent119")
        other.fill("验证码", codes[0])
        other.press("登录")
        expect(other.page.get_by_role("button", name="退出")).to_be_visible()
        other.page.get_by_role("button", name="退出").click()
        give_password(other, "agent119")
        other.fill("验证码", codes[0].lower())
        other.press("登录")
        other.sees("这个码不对，或已经用过")
        other.look()
        other.fill("验证码", authenticator.at(time.time() + 30))
        other.press("登录")
        expect(other.page.get_by_role("button", name="退出")).to_be_visible()
        other.go("/account")
        other.sees("恢复码还剩 9 个")
        other.press("退出其他所有登录")
        other.sees("已退出其他 1 个登录")
        other.look()
