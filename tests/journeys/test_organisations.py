"""An organisation registers and is verified, or is sent back and corrects itself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from matchplatform.seeding.uscc import make_uscc
from tests.journeys.person import Person

pytestmark = pytest.mark.journey

Come = Callable[..., Person]
OWN_PASSWORD = "a lamp beside the spring"


def register(person: Person, name: str, code: str, username: str) -> None:
    person.go("/")
    person.follow("登记组织", within=person.main)
    person.fill("组织全称", name)
    person.tick("基金会")
    person.fill("统一社会信用代码", code)
    person.fill("登记管理机关", "北京市民政局")
    person.choose("登记管理机关所在地区", "北京市")
    person.fill("业务主管单位", "北京市民政局")
    person.fill("法定代表人", "顾青野")
    person.fill(
        "业务范围", "资助山区小学改善饮水和取暖；培训水电维修志愿者；接受定向捐赠并公布用途。"
    )
    person.fill("宗旨", "让住校的孩子喝上热水、睡在暖和的屋子里，每一笔钱都说得清去处。")
    person.tick("教育")
    person.fill("年度预算", "120.5")
    person.fill("经办人姓名", "文素秋")
    person.fill("用户名", username)
    person.fill("密码", OWN_PASSWORD)
    person.fill("再输一遍密码", OWN_PASSWORD)
    person.press("提交登记")


def open_waiting(officer: Person, name: str) -> None:
    officer.go("/desk")
    officer.follow(f"{name}登记资料", within=officer.main)
    expect(officer.main.get_by_role("heading", level=1)).to_have_text(name)


class TestRegisterAndVerify:
    def test_a_wrong_code_is_refused_first_and_then_the_city_verifies(
        self, visit: Come, agent: Come
    ) -> None:
        name, code = "北京青野暖水公益基金会", make_uscc("53", "110000", 770001)
        person = visit()
        wrong = code[:-1] + ("1" if code[-1] != "1" else "2")
        register(person, name, wrong, "wensuqiu")
        person.sees("处需要改")
        expect(person.main.locator("#uscc-err")).to_be_visible()
        expect(person.main.locator("#errors")).to_be_focused()
        assert person.read_of("组织全称") == name
        person.look()
        person.fill("统一社会信用代码", code)
        person.sees("代码校验通过")
        # A browser never sends a password back to be shown.
        person.fill("密码", OWN_PASSWORD)
        person.fill("再输一遍密码", OWN_PASSWORD)
        person.press("提交登记")
        person.sees("登记已提交，等待北京市民政局核验")
        person.sign_in("wensuqiu", OWN_PASSWORD)
        person.sees("通过核验后就可以认领项目")
        person.look()

        officer = agent("beijing")
        officer.look()
        open_waiting(officer, name)
        officer.look()
        officer.press("核验通过")
        officer.sees(f"{name} 已通过核验，现在可以认领项目")

        person.go("/notices")
        person.look()
        person.go("/my")
        person.sees("已核验")

    def test_what_is_returned_with_a_reason_can_be_corrected_and_sent_again(
        self, visit: Come, agent: Come
    ) -> None:
        name = "北京晚樵助学公益基金会"
        person = visit()
        register(person, name, make_uscc("53", "110000", 770002), "wanqiao")
        person.sees("登记已提交")

        officer = agent("beijing-b")
        open_waiting(officer, name)
        officer.unfold("退回更正")
        officer.press("退回")
        officer.sees("处需要改")
        officer.look()
        officer.fill("退回原因", "法定代表人和证书上的不一样，请照证书更正。")
        officer.press("退回")
        officer.sees(f"已退回给 {name}")
        officer.look()

        person.go("/sign-in")
        person.sign_in("wanqiao", OWN_PASSWORD)
        person.sees("登记被退回")
        person.look()
        person.follow("去更正")
        person.sees("法定代表人和证书上的不一样")
        person.look()
        person.fill("法定代表人", "顾晚樵")
        person.press("更正好了，再次提交")
        person.sees("已重新提交")
        person.look()

        open_waiting(officer, name)
        officer.sees("顾晚樵")
        officer.press("核验通过")
        officer.sees("已通过核验，现在可以认领项目")
