"""Several organisations claim together: shares, answers, a share that is left and offered again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.person import Person

pytestmark = pytest.mark.journey

Come = Callable[..., Person]
TABLES = "/projects/130728-005"
TABLE = "室外乒乓球台"
LEAD = "北京橡阶乡村体育促进会"
RIDERS = "天津市北辰区长风骑行健身协会"
YOUTH = "北京蓟风青年志愿服务协会"


def share_of(person: Person, name: str) -> Locator:
    return person.main.get_by_role("group", name=name)


def row_of(person: Person, name: str) -> Locator:
    return person.main.get_by_role("row").filter(
        has=person.page.get_by_role("rowheader", name=name)
    )


def invite(person: Person) -> str:
    """Reserve for three, one of whom is found by a part of its name; return the claim's address."""
    person.go(TABLES)
    person.follow("和别的社会组织联合认领")
    person.sees("还没有选")
    person.look()
    person.fill("按名称或统一社会信用代码找", "没有这一家")
    person.press("查找")
    person.sees("没有找到通过核验的社会组织")
    for part, name in (("长风骑行", RIDERS), ("蓟风青年", YOUTH)):
        person.fill("按名称或统一社会信用代码找", part)
        person.press("查找")
        person.look()
        person.main.get_by_role("link", name=re.compile(f"加入.*{name}")).click()
    person.fill(TABLE, "2", within=share_of(person, LEAD))
    person.fill(TABLE, "3", within=share_of(person, RIDERS))
    person.fill(TABLE, "1", within=share_of(person, YOUTH))
    person.press("预留并邀请各家确认")
    person.sees("“室外乒乓球台，钢网”：这一条总共只要 5 张")
    person.look()
    assert person.main.get_by_label(TABLE).nth(1).input_value() == "3"
    person.fill(TABLE, "2", within=share_of(person, RIDERS))
    person.press("预留并邀请各家确认")
    person.sees("已预留 14 天，已通知各成员")
    return person.page.url.removeprefix(person.site.url)


class TestJointClaim:
    def test_it_is_accepted_when_all_have_said_yes_and_a_refused_share_has_been_taken_over(
        self, agent: Come
    ) -> None:
        lead = agent("agent113")
        claim = invite(lead)
        lead.look()
        lead.fill("给县民政局的话", "三家各认几张，十一月底前运到学校。")
        lead.press("提交给县民政局")
        lead.sees("还没有确认")
        lead.look()
        assert "十一月底前运到学校" in lead.read_of("给县民政局的话")

        riders = agent("agent085")
        riders.go("/notices")
        riders.waits_for(f"{LEAD} 邀请贵会联合认领")
        riders.main.get_by_role("button", name="去看").first.click()
        riders.sees("贵会的份额合 5,600 元")
        riders.look()
        riders.press("确认贵会的份额")
        riders.sees("已记下，已通知有关各方")
        expect(row_of(riders, RIDERS)).to_contain_text("已确认")
        riders.look()

        youth = agent("agent056")
        youth.go(claim)
        youth.unfold("不参加")
        youth.press("不参加")
        youth.sees("请写明原因")
        youth.look()
        youth.fill("原因", "今年的物流已经排满，明年再一起来。")
        youth.press("不参加")
        youth.sees("已记下")
        expect(row_of(youth, YOUTH)).to_contain_text("不参加")
        youth.look()

        lead.go(claim)
        expect(row_of(lead, YOUTH)).to_contain_text("份额等人接")
        lead.look()
        riders.go(claim)
        riders.press("由贵会接下", within=row_of(riders, YOUTH))
        riders.sees("已记下")
        expect(row_of(riders, RIDERS)).to_contain_text("3 张")
        riders.look()

        lead.go(claim)
        lead.fill("给县民政局的话", "两家认五张，十一月底前运到学校。")
        lead.press("提交给县民政局")
        lead.sees("已提交给县民政局")
        lead.look()

        county = agent("huaian-a")
        county.go(claim)
        county.sees("两家认五张")
        expect(row_of(county, RIDERS)).to_contain_text("8,400")
        county.look()
        county.press("受理")
        county.sees("已受理，已通知对方")
        riders.go("/notices")
        riders.waits_for("已受理")

    def test_nobody_else_sees_who_was_asked(self, agent: Come) -> None:
        lead, stranger = agent("agent113"), agent("agent120")
        lead.go("/my")
        lead.main.get_by_role("link", name="五张放在操场上的室外乒乓球台").first.click()
        claim = lead.page.url.removeprefix(lead.site.url)
        stranger.go(claim)
        expect(stranger.main.get_by_role("heading", level=1)).to_have_text("没有找到")
