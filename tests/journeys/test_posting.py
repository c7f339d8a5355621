"""A county posts a need: written, checked by another, published by the city, found at once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.person import Person

pytestmark = pytest.mark.journey

Come = Callable[..., Person]
NAME = "鹁鸽岩小学锅炉房换一台不冒烟的炉子"
SCOPE = (
    "鹁鸽岩小学住校生五十一人，锅炉是二〇〇三年的旧炉子，封火以后半夜就凉，孩子们穿着棉袄睡。"
    "今年入冬前想换一台生物质颗粒炉，炉口装上防护栏，再备足一个采暖季的颗粒，由学校两位后勤人员轮流值守，"
    "县教育局派人验收烟气和水温。旧炉子由村里拆走，烟道照原样留用，多出来的钱退回。"
)


def line(person: Person, number: int) -> Locator:
    return person.main.get_by_role("group", name=f"第 {number} 条")


def write(person: Person) -> None:
    person.fill("项目名称", NAME)
    person.choose("类型", "需求")
    person.choose("类别", "教育")
    person.fill("地点", "鹁鸽岩小学")
    person.fill("责任单位", "张北县教育和体育局")
    person.fill("监督单位", "张北县民政局")
    person.fill("联系人", "邢大有")
    person.fill("联系电话", "0313-0009911")
    person.fill("实施内容", SCOPE)
    person.fill("绩效目标", "采暖季宿舍夜里不低于十六度，验收合格。")
    person.fill("直接受益", "51")
    for label, days in (("开始日", 40), ("结束日", 200), ("认领截止日", 30)):
        person.fill(label, (date.today() + timedelta(days=days)).isoformat())


def write_line(person: Person, number: int, kind: str, **typed: str) -> None:
    group = line(person, number)
    person.choose("种类", kind, within=group)
    for label, words in typed.items():
        person.fill(label, words, within=group)


class TestPostToPublish:
    def test_a_need_is_written_returned_corrected_verified_published_and_found(
        self, visit: Come, agent: Come
    ) -> None:
        writer, checker = agent("zhangbei-a"), agent("zhangbei-b")
        writer.look()
        writer.follow("写一个需求")
        write(writer)
        write_line(writer, 1, "物资", 要什么="生物质颗粒炉", 数量="1", 单位="台", 单价="38,000")
        writer.press("再加一条")
        write_line(writer, 2, "资金", 要什么="一个采暖季的颗粒", 数量="26000")
        writer.press("再加一条")
        write_line(writer, 3, "物资", 要什么="炉口防护栏", 数量="2", 单位="副", 单价="450")
        writer.sees("64,900 元")
        writer.look()
        writer.press("保存草稿")
        writer.sees("草稿已保存")
        writer.sees("陆万肆仟玖佰元整")
        writer.look()
        writer.press("提交核验")
        writer.sees("已提交，已通知能核验的工作人员")
        writer.sees("自己写的需求不能自己核验")
        expect(writer.main.get_by_role("button", name="核验通过")).to_have_count(0)
        writer.look()

        checker.go("/desk")
        checker.follow(NAME, within=checker.main)
        checker.unfold("退回修改")
        checker.press("退回修改")
        checker.sees("请写明原因")
        checker.look()
        checker.fill("原因", "防护栏的单价请附报价，或者改成一百八十元。")
        checker.press("退回修改")
        checker.sees("已退回，原因已通知写的人")

        writer.go("/desk/projects?state=returned")
        writer.look()
        writer.follow(NAME, within=writer.main)
        writer.sees("防护栏的单价请附报价")
        writer.follow("修改", within=writer.main)
        writer.look()
        writer.fill("单价", "180", within=line(writer, 3))
        writer.sees("64,360 元")
        writer.press("保存并提交")
        writer.sees("已提交，已通知能核验的工作人员")

        checker.go("/desk?queue=verify")
        checker.follow(NAME, within=checker.main)
        checker.press("核验通过")
        checker.sees("已核验，已通知市里或省里发布")

        city = agent("zhangjiakou")
        city.follow(NAME, within=city.main)
        city.look()
        city.press("发布")
        city.sees("已发布。社会组织现在可以认领")
        city.look()

        visitor = visit()
        found = visitor.main.get_by_role("link", name=NAME)
        for _ in range(40):
            visitor.go("/projects?q=鹁鸽岩")
            if found.count():
                break
            visitor.page.wait_for_timeout(250)
        found.click()
        visitor.sees("可认领")

        person = agent("agent007")
        person.go(visitor.page.url.removeprefix(person.site.url))
        person.fill("一个采暖季的颗粒", "5")
        person.press("认领这些条目")
        person.sees("确定是 5 元吗？")
        expect(person.main.get_by_role("checkbox", name="核对过了")).not_to_be_checked()

    def test_what_is_not_whole_is_kept_as_a_draft_and_not_submitted(self, agent: Come) -> None:
        writer = agent("kangbao-a")
        writer.go("/desk/projects/new")
        writer.press("保存并提交")
        writer.sees("请先给项目起个名字")
        writer.look()
        writer.fill("项目名称", "张纪镇卫生院的半句话")
        writer.choose("类别", "健康")
        writer.press("保存并提交")
        writer.sees("草稿已保存，还没有提交")
        writer.sees("提交前要填这一项")
        writer.look()
        assert writer.read_of("项目名称") == "张纪镇卫生院的半句话"
