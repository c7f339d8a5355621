"""A county posts a need: written, sent back, checked by another, published, found, changed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.needs import (
    FUEL,
    GUARD,
    NAME,
    SCOPE,
    STOVE,
    line,
    reads_lines,
    write,
    write_line,
)
from tests.journeys.person import Person

pytestmark = pytest.mark.journey

Come = Callable[..., Person]
FAST = "炉子在国庆假期里换，学生都不在校，厂家答应七天装好，第八天验收。"


def half_write_and_leave(person: Person) -> None:
    """Fill in a part, some of it wrong; it is kept by itself, by closing and by going elsewhere."""
    person.page.clock.install()
    person.follow("写一个需求")
    person.fill("项目名称", NAME)
    person.fill("实施内容", SCOPE[:60])
    person.fill("直接受益", "五十来人")
    person.page.clock.fast_forward("00:20")
    person.sees("已替您留着，还没有存成草稿")
    person.fill("地点", "鹁鸽岩小学")
    person.close_and_come_back()
    person.waits_at("/desk/projects/new", "鹁鸽岩小学", in_field="地点")
    person.sees("接着上次写")
    assert person.read_of("项目名称") == NAME
    assert person.read_of("实施内容") == SCOPE[:60]
    assert person.read_of("直接受益") == "五十来人"
    person.look()
    person.fill("责任单位", "张北县教育局")
    person.follow("工作台")
    person.sees("件事等您办")
    person.waits_at("/desk/projects/new", "张北县教育局", in_field="责任单位")


def write_lines(person: Person) -> None:
    """Write three lines, a fourth by mistake; one is moved up, and the sum is always there."""
    write_line(person, 1, "物资", 要什么=STOVE, 数量="1", 单位="台", 单价="3.8")
    person.sees("3.80 元")
    person.press("再加一条")
    write_line(person, 2, "资金", 要什么=FUEL, 数量="26,000", 起领="100")
    person.press("再加一条")
    write_line(person, 3, "物资", 要什么=GUARD, 数量="2", 单位="副", 单价="450")
    person.press("再加一条")
    write_line(person, 4, "物资", 要什么="写错的", 数量="9", 单位="个", 单价="1000")
    person.sees("35,903.80 元")
    person.press("删除 这一条", within=line(person, 4))
    person.sees("26,903.80 元")
    person.press("上移 这一条", within=line(person, 3))
    reads_lines(person, STOVE, GUARD, FUEL)
    person.sees("26,903.80 元")
    person.look()


def pass_the_gate(person: Person) -> None:
    """Mend what must be mended, say why of what is out of the ordinary, and submit."""
    person.press("保存并提交")
    person.sees("草稿已保存，还没有提交")
    wrong = line(person, 1).locator(".fld.bad")
    expect(wrong).to_contain_text("“生物质颗粒炉”每台 3.8 元，不像这类东西的价钱")
    reads_lines(person, STOVE, GUARD, FUEL)
    person.look()
    person.fill("单价", "38,000", within=line(person, 1))
    person.sees("64,900 元")
    person.press("保存并提交")
    expect(person.main.get_by_role("heading", level=1)).to_have_text("检查一遍")
    person.sees("从开始到结束只有 8 天，来不及交付")
    person.look()
    person.fill("为什么是这样", "快")
    person.press("保存说明，提交核验")
    person.sees("没有办成")
    assert person.read_of("为什么是这样") == "快"
    person.look()
    person.fill("为什么是这样", FAST)
    person.press("保存说明，提交核验")
    person.sees("已提交，已通知能核验的工作人员")
    person.sees("陆万肆仟玖佰元整")
    person.sees("自己写的需求不能自己核验")
    expect(person.main.get_by_role("button", name="核验通过")).to_have_count(0)
    person.look()


def return_at_a_field(person: Person) -> None:
    person.go("/desk")
    person.follow(NAME, within=person.main)
    person.sees(FAST)
    person.follow("逐项写意见退回")
    person.look()
    person.press("退回修改")
    person.sees("总的意见：请写明原因，至少五个字")
    person.look()
    person.fill("第 2 条", "请附报价，或者改成一百八十元。")
    person.press("退回修改")
    person.sees("已退回，意见写在各处，已通知写的人")
    person.look()


def mend_what_was_said(person: Person) -> None:
    person.go("/desk?queue=returned")
    person.look()
    person.follow(NAME, within=person.main)
    person.sees(f"条目：{GUARD}：请附报价，或者改成一百八十元。")
    person.follow("修改", within=person.main)
    expect(line(person, 2)).to_contain_text("退回时的意见 请附报价，或者改成一百八十元。")
    person.look()
    person.fill("单价", "180", within=line(person, 2))
    person.sees("64,360 元")
    person.press("保存并提交")
    person.sees("已提交，已通知能核验的工作人员")


def verify_by_keys(person: Person) -> None:
    """Go through the list by keys, verify what is there, and come to the next by a key."""
    person.go("/desk?queue=verify")
    row = person.main.get_by_role("heading", level=3).get_by_role("link", name=NAME)
    for _ in range(6):
        person.page.keyboard.press("n")
        if row.evaluate("link => link === document.activeElement"):
            break
    person.page.keyboard.press("Enter")
    expect(person.main.get_by_role("heading", level=1)).to_have_text(NAME)
    person.sees(FAST)
    person.press("核验通过")
    person.sees("已核验，已通知市里或省里发布")
    person.page.keyboard.press("n")
    expect(person.main.get_by_role("heading", level=1)).not_to_have_text(NAME)
    person.misses(NAME)


def find(person: Person) -> None:
    """Find the need in public as soon as the index has it."""
    found = person.main.get_by_role("link", name=NAME)
    for _ in range(60):
        person.go("/projects?q=鹁鸽岩")
        if found.count():
            break
        person.page.wait_for_timeout(250)
    found.click()
    person.sees("可认领")


class TestPostToPublish:
    def test_a_need_goes_from_blank_to_published_with_a_return_on_the_way_and_is_changed_in_public(
        self, visit: Come, agent: Come
    ) -> None:
        writer, checker = agent("zhangbei-a"), agent("zhangbei-b")
        writer.look()
        half_write_and_leave(writer)
        write(writer, days=8)
        write_lines(writer)
        pass_the_gate(writer)
        return_at_a_field(checker)
        mend_what_was_said(writer)
        verify_by_keys(checker)

        city = agent("zhangjiakou")
        city.follow(NAME, within=city.main)
        city.sees(FAST)
        city.look()
        city.press("发布")
        city.sees("已发布。社会组织现在可以认领")
        city.look()

        visitor = visit()
        find(visitor)
        visitor.misses("改动记录")
        public = visitor.page.url.removeprefix(visitor.site.url)
        holder = agent("agent007")
        holder.go(public)
        holder.fill(FUEL, "500")
        holder.press("认领这些条目")
        holder.sees("确定是 500 元吗？")
        expect(holder.main.get_by_role("checkbox", name="核对过了")).not_to_be_checked()
        holder.tick("核对过了，就是这个数")
        holder.press("认领这些条目")
        holder.sees("已为贵会预留")

        city.follow("改动已公开的内容")
        city.sees(f"{FUEL}：已占 500 元")
        city.look()
        city.fill("数量", "3", within=line(city, 2))
        city.sees("64,540 元")
        city.press("改动并公开")
        city.sees("请写明原因，至少五个字")
        expect(line(city, 2).get_by_label("数量", exact=True)).to_have_value("3")
        city.look()
        city.fill("为什么改", "后门也要装一副，学校补报。")
        city.press("改动并公开")
        city.sees("已改，公开页面上写明改了什么")

        visitor.go(public)
        visitor.sees("发布以后改过 1 次")
        changed = visitor.main.locator("details.changed")
        expect(changed).to_contain_text("原因：后门也要装一副，学校补报。")
        expect(changed.locator("del")).to_contain_text("2 副")
        expect(changed.locator("ins")).to_contain_text("3 副")
        visitor.look()
        holder.go("/notices")
        holder.waits_for(NAME)
        holder.waits_for("后门也要装一副")


class TestWithoutAScript:
    def test_a_need_is_written_line_by_line_and_the_list_is_gone_through(self, agent: Come) -> None:
        writer = agent("fengning-a", script=False)
        writer.go("/desk/projects/new")
        write(writer, "五道营乡中心校换一台炉子")
        write_line(writer, 1, "物资", 要什么=GUARD, 数量="2", 单位="副", 单价="180")
        writer.press("再加一条")
        write_line(writer, 2, "物资", 要什么=STOVE, 数量="1", 单位="台", 单价="38000")
        writer.press("再加一条")
        writer.press("上移 这一条", within=line(writer, 2))
        reads_lines(writer, STOVE, GUARD, "")
        writer.press("删除 这一条", within=line(writer, 3))
        reads_lines(writer, STOVE, GUARD)
        assert writer.read_of("实施内容") == SCOPE
        writer.press("保存草稿")
        writer.sees("草稿已保存")
        writer.sees("叁万捌仟叁佰陆拾元整")

        writer.go("/desk?queue=unclaimed")
        first, second = writer.main.locator(".q h3 a").all_inner_texts()[:2]
        writer.follow(first, within=writer.main)
        writer.follow("下一件")
        expect(writer.main.get_by_role("heading", level=1)).to_have_text(second)
        writer.follow("上一件")
        expect(writer.main.get_by_role("heading", level=1)).to_have_text(first)

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
