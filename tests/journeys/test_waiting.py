"""A line that others hold: wait for it in turn, be told, take it in time, or lose the turn."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.person import Person

pytestmark = pytest.mark.journey

Come = Callable[..., Person]
PROJECT = "/projects/130727-006"
MACHINE = "裘皮缝纫机"
RUN_OUT = "UPDATE claims SET hold_until = '2020-01-01 00:00:00.000000' WHERE id = ?"


def join(person: Person, quantity: str) -> None:
    person.go(PROJECT)
    person.follow("占满的条目，排队候补")
    person.look()
    person.fill(MACHINE, quantity)
    person.press("排队")


def place_of(person: Person) -> str:
    person.go(f"{PROJECT}/waitlist")
    row = person.main.get_by_role("row").filter(
        has=person.page.get_by_role("rowheader", name=MACHINE)
    )
    return row.inner_text()


class TestWaitlist:
    def test_the_first_has_the_turn_and_the_second_when_its_days_have_passed(
        self, agent: Come
    ) -> None:
        holder, first, second = agent("agent030"), agent("agent054"), agent("agent053")
        first.go(f"{PROJECT}/waitlist")
        first.sees("贵会没有在这个项目排队")
        first.look()
        holder.go(PROJECT)
        holder.fill(MACHINE, "5")
        holder.press("认领这些条目")
        holder.sees("已为贵会预留")

        join(first, "9")
        first.sees("这一条总共只要 5 台")
        assert first.read_of(MACHINE) == "9"
        first.look()
        first.fill(MACHINE, "5")
        first.press("排队")
        first.sees("已排上队。轮到时会通知您")
        first.look()
        join(second, "2")
        second.sees("已排上队")
        assert "第 2 位" in place_of(second)
        second.look()

        holder.unfold("撤回认领")
        holder.press("撤回")
        holder.sees("已撤回")
        first.go("/notices")
        first.waits_for("轮到您了：“南关桥五个缝皮女工的五台机器”的裘皮缝纫机 5 台已为贵会预留")
        first.main.get_by_role("button", name="去看").first.click()
        first.sees("提交给县民政局")
        expect(first.main.get_by_role("button", name="延期 14 天（仅一次）")).to_have_count(0)
        first.look()
        # Who waits behind does not pass by whoever is in front.
        assert "第 1 位" in place_of(second)
        second.look()

        first.site.move_days(RUN_OUT, int(first.page.url.rsplit("/", 1)[1]))
        first.fill("给县民政局的话", "机器已经订好，下周发到南关桥。")
        first.press("提交给县民政局")
        first.sees("预留已到期")
        first.sees("机器已经订好，下周发到南关桥。")
        first.look()
        first.go("/notices")
        first.waits_for("已到期释放")

        second.go("/notices")
        second.waits_for("裘皮缝纫机 2 台已为贵会预留")
        second.main.get_by_role("button", name="去看").first.click()
        second.fill("给县民政局的话", "两台机器月底从北京发出。")
        second.press("提交给县民政局")
        second.sees("已提交给县民政局")
        second.look()
        second.go(f"{PROJECT}/waitlist")
        second.sees("贵会没有在这个项目排队")

    def test_a_place_is_given_up_and_what_is_free_needs_no_waiting(self, agent: Come) -> None:
        person = agent("agent069")
        person.go(f"{PROJECT}/waitlist")
        person.fill(MACHINE, "1")
        person.press("排队")
        person.sees("现在就可以直接认领")
        person.look()
