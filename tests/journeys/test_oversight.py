"""One-time links are used once; the auditor sees what happened, refusals too."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.person import Person

pytestmark = pytest.mark.journey

Come = Callable[..., Person]
OWN_PASSWORD = "three geese over the dam"


class TestPasswordLink:
    def test_a_link_sets_a_password_once_and_never_again(self, visit: Come, agent: Come) -> None:
        admin = agent("admin")
        admin.look()
        admin.follow("开设账号")
        admin.press("开设并签发链接")
        admin.sees("处需要改")
        admin.look()
        admin.choose("角色", "民政工作人员")
        admin.choose("所属地区", "张北县")
        admin.fill("单位", "张北县民政局")
        admin.fill("姓名", "霍连春")
        admin.fill("用户名", "zhangbei-c")
        admin.press("开设并签发链接")
        link = admin.read_of("给 霍连春 的链接").strip().removeprefix(admin.site.url)
        admin.look()

        person = visit()
        person.go(link)
        person.look()
        person.fill("新密码", "short")
        person.fill("再输一遍新密码", "short")
        person.press("保存新密码")
        person.sees("处需要改")
        person.look()
        person.fill("新密码", OWN_PASSWORD)
        person.fill("再输一遍新密码", OWN_PASSWORD)
        person.press("保存新密码")
        person.sees("密码已设好，请登录")
        person.sign_in("zhangbei-c", OWN_PASSWORD)
        person.sees("件事等您办")

        late = visit()
        late.go(link)
        late.sees("这个链接已经用过或已过期。请按登录页上写的办法再要一个")
        late.look()

    def test_a_stopped_account_is_out_at_once(self, agent: Come) -> None:
        person, admin = agent("boye-b"), agent("admin")
        while not admin.main.get_by_role("link", name="华小军").count():
            admin.follow("下一页")
        admin.follow("华小军")
        admin.unfold("停用账号")
        admin.press("停用")
        admin.sees("请写明原因")
        admin.look()
        admin.fill("原因", "调离民政局，账号停用。")
        admin.press("停用")
        admin.sees("已停用 华小军 的账号")
        admin.look()
        person.go("/desk")
        expect(person.main.get_by_role("heading", level=1)).to_have_text("登录")


class TestAudit:
    def test_the_auditor_sees_what_happened_and_verifies_the_chain(self, agent: Come) -> None:
        curious = agent("organiser")
        curious.go("/audit")
        expect(curious.main.get_by_role("heading", level=1)).to_have_text("没有权限")
        curious.look()

        auditor = agent("auditor")
        auditor.sees("GET /audit")
        auditor.sees("于占军")
        auditor.look()
        auditor.fill("人、事项或编号", "130722-006")
        auditor.press("查看")
        auditor.sees("需要的都有了着落")
        auditor.sees("王建忠")
        auditor.look()
        auditor.main.get_by_role("rowheader").get_by_role("link").first.click()
        auditor.sees("内容与指纹相符")
        auditor.look()
        auditor.go("/audit")
        auditor.follow("核对整条链")
        auditor.sees("链完整")
        auditor.look()
