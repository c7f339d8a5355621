"""An organisation finds a project and claims it, or is refused and told why."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.person import Person

pytestmark = pytest.mark.journey

CELLARS = "上石柱村半地下马铃薯窖八座"
NURSES = "失能老人护理区三十张床"
GAS = "安置楼的头一个冬天与洗雪具的活儿"
LAB = "七号地初中理化生实验室补齐器材"
WALNUTS = "上老峪村核桃脱皮机和烘干房"


def find_project(person: Person, words: str, name: str) -> None:
    person.go("/")
    person.main.get_by_label("查找项目", exact=True).fill(words)
    person.press("查找")
    person.main.get_by_role("link", name=name).first.click()
    expect(person.main.get_by_role("heading", level=1)).to_have_text(name)


class TestFindAndClaim:
    def test_a_visitor_finds_a_project_signs_in_claims_and_submits(
        self, visit: Callable[..., Person]
    ) -> None:
        person = visit()
        person.go("/")
        person.sees("313 个帮扶项目")
        person.look()
        person.main.get_by_label("查找项目", exact=True).fill("马铃薯窖")
        person.press("查找")
        person.tick("可认领")
        expect(person.page).to_have_url(re.compile("state=open"))
        person.tick("张北县")
        expect(person.page).to_have_url(re.compile("county=130722"))
        expect(person.main.locator("#results").get_by_role("link", name="张北县")).to_be_visible()
        person.look()
        person.follow(CELLARS, within=person.main)
        person.look()
        person.follow("登录后认领")
        person.look()
        person.sign_in("agent001")
        expect(person.main.get_by_role("heading", level=1)).to_have_text(CELLARS)
        person.fill("半地下式马铃薯贮藏窖", "1")
        panel = person.main.get_by_role("form", name="认领")
        expect(panel).to_contain_text("75,000 元")
        expect(panel).to_contain_text("柒万伍仟元整（7.50 万元）")
        person.look()
        person.press("认领这些条目")
        person.sees("已为贵会预留到 14 天后的 24:00")
        person.look()
        person.fill("给县民政局的话", "我们请窖工带料来，立冬前砌好一座，接洽人孟小棠。")
        person.press("提交给县民政局")
        person.sees("已提交给县民政局")
        person.sees("待受理")
        person.look()
        person.follow("我的组织")
        person.sees(CELLARS)
        person.look()

    def test_who_comes_second_is_told_what_is_left_and_keeps_what_was_typed(
        self, agent: Callable[..., Person]
    ) -> None:
        slow, quick = agent("agent002"), agent("agent003")
        for person in (slow, quick):
            find_project(person, "移位机 康保", NURSES)
            person.fill("移位机", "1")
        slow.fill("多功能护理床", "2")
        quick.press("认领这些条目")
        quick.sees("已为贵会预留")

        slow.press("认领这些条目")
        slow.sees("“移位机”刚被别的社会组织先认领了，现在还剩 0 台")
        assert slow.read_of("移位机") == "1"
        assert slow.read_of("多功能护理床") == "2"
        slow.look()

        slow.press("认领这些条目")
        slow.sees("已为贵会预留")
        slow.sees("多功能护理床")
        slow.misses("移位机")

    def test_too_few_yuan_are_refused_and_what_looks_like_wan_is_asked_once_more(
        self, agent: Callable[..., Person]
    ) -> None:
        person = agent("agent004")
        find_project(person, "洗雪具", GAS)
        person.fill("用气卡、报警器与楼道活动", "2")
        person.press("认领这些条目")
        person.sees("您是不是想填 2 万元（20,000 元）？")
        assert person.read_of("用气卡、报警器与楼道活动") == "2"
        person.look()

        person.fill("用气卡、报警器与楼道活动", "500")
        person.press("认领这些条目")
        person.sees("确定是 500 元吗？")
        assert person.read_of("用气卡、报警器与楼道活动") == "500"
        person.look()
        person.press("认领这些条目")
        person.sees("请再看一眼")

        person.tick("核对过了，就是这个数")
        person.press("认领这些条目")
        person.sees("已为贵会预留")
        person.sees("伍佰元整")


class TestWithoutAScript:
    def test_a_claim_goes_all_the_way(self, visit: Callable[..., Person]) -> None:
        person = visit(script=False)
        find_project(person, "理化生 实验室", LAB)
        person.follow("登录后认领")
        person.sign_in("agent005")
        person.fill("排风药品柜", "９")
        person.press("认领这些条目")
        person.sees("这一条总共只要 2 个")
        assert person.read_of("排风药品柜") == "９"
        person.fill("排风药品柜", "1")
        person.press("认领这些条目")
        person.sees("肆仟玖佰元整")
        person.unfold("撤回认领")
        person.fill("给县民政局的话", "药品柜从天津发货，两周内送到。")
        person.press("提交给县民政局")
        person.sees("待受理")
        person.sees("药品柜从天津发货")


class TestOnAPhone:
    def test_a_claim_goes_all_the_way_by_touch(self, visit: Callable[..., Person]) -> None:
        person = visit(phone=True)
        person.go("/")
        person.main.get_by_label("查找项目", exact=True).fill("核桃 脱皮机 上老峪")
        person.main.get_by_role("button", name="查找").tap()
        person.main.get_by_role("link", name=WALNUTS).tap()
        person.main.get_by_role("link", name="登录后认领").tap()
        person.sign_in("agent006")
        person.fill("核桃脱青皮清洗机", "1")
        expect(person.main.get_by_role("form", name="认领")).to_contain_text("壹万陆仟元整")
        person.main.get_by_role("button", name="认领这些条目").tap()
        person.sees("已为贵会预留")
        person.main.get_by_role("button", name="延期 14 天（仅一次）").tap()
        person.sees("预留只能延期这一次")
        person.main.get_by_text("撤回认领").tap()
        person.main.get_by_role("button", name="撤回", exact=True).tap()
        person.sees("已撤回，占用的数量已放回项目")
        person.look()
