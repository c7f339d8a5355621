"""A need that a county writes: what is typed into the long form, and where."""

from datetime import date, timedelta

from playwright.sync_api import Locator, expect

from tests.journeys.person import Person

NAME = "鹁鸽岩小学锅炉房换一台不冒烟的炉子"
STOVE, FUEL, GUARD = "生物质颗粒炉", "一个采暖季的颗粒", "炉口防护栏"
SCOPE = (
    "鹁鸽岩小学住校生五十一人，锅炉是二〇〇三年的旧炉子，封火以后半夜就凉，孩子们穿着棉袄睡。"
    "今年入冬前想换一台生物质颗粒炉，炉口装上防护栏，再备足一个采暖季的颗粒，由学校两位后勤人员轮流值守，"
    "县教育局派人验收烟气和水温。旧炉子由村里拆走，烟道照原样留用，多出来的钱退回。"
)


def line(person: Person, number: int) -> Locator:
    """Return the fields of one line of the form."""
    return person.main.get_by_role("group", name=f"第 {number} 条")


def write(person: Person, name: str = NAME, *, days: int = 160) -> None:
    """Fill in everything but the lines; the help takes so many days."""
    person.fill("项目名称", name)
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
    for label, away in (("开始日", 40), ("结束日", 40 + days), ("认领截止日", 30)):
        person.fill(label, (date.today() + timedelta(days=away)).isoformat())


def write_line(person: Person, number: int, kind: str, **typed: str) -> None:
    """Fill in one line."""
    group = line(person, number)
    person.choose("种类", kind, within=group)
    for label, words in typed.items():
        person.fill(label, words, within=group)


def reads_lines(person: Person, *items: str) -> None:
    """Find these lines in this order, each numbered."""
    for number, item in enumerate(items, start=1):
        field = line(person, number).get_by_label("要什么", exact=True)
        expect(field).to_have_value(item)
    expect(line(person, len(items) + 1)).to_have_count(0)
