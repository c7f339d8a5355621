"""A ceremony from the plan to the report, two screens open; and what it refuses on the way.

MATCHPLATFORM_REHEARSAL=whole rehearses one of 60 organisations and 90 claims, alone:
``MATCHPLATFORM_REHEARSAL=whole python -m pytest tests/journeys/test_ceremony.py -s``.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.journeys.agreeing import make_ready
from tests.journeys.person import Person
from tests.journeys.rehearsing import Rehearsal
from tests.journeys.site import Site

pytestmark = pytest.mark.journey

Come = Callable[..., Person]
WHOLE = os.environ.get("MATCHPLATFORM_REHEARSAL") == "whole"
CLAIMS, UNITS, SLOTS = (90, 60, 6) if WHOLE else (8, 6, 3)
# Claims of these are needed as they are by other journeys of the same site; a whole rehearsal is alone.
OTHERS = frozenset(
    () if WHOLE else {"agent001", "agent005", "agent006", "agent008", "agent100", "agent107"}
)
LEAST_PDF = 5_000


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Tell how long a part of the whole rehearsal took."""
    begun = time.monotonic()
    yield
    if WHOLE:
        print(f"{what}: {time.monotonic() - begun:.1f} s")


class TestCeremony:
    def test_it_goes_from_the_plan_to_the_report_with_two_screens_open(
        self, site: Site, visit: Come, agent: Come
    ) -> None:
        with timed("agreements drafted, written, confirmed"):
            claims = make_ready(site, CLAIMS, UNITS, leave=OTHERS)
        phone, hall = visit(phone=True), visit()
        day = Rehearsal(agent("organiser"), "社会组织帮扶签约大会（彩排）", claims, SLOTS)
        for step in (day.plan, day.list_claims, day.invite):
            with timed(step.__name__):
                step()
        with timed("answer"):
            day.answer(phone)
        with timed("order"):
            day.order()
        with timed("lock"):
            day.lock()
        with timed("check in"):
            day.check_in(agent("zhangbei-a", phone=True))
        self.hold(day, hall)
        self.read_results(day, hall)

    def hold(self, day: Rehearsal, hall: Person) -> None:
        day.open_screens(hall)
        day.begin()
        with timed("sign"):
            day.call()
            day.sign_one()
            day.follow()
            for screen in day.screens:
                expect(screen.locator("#hall li.done").first).to_be_visible()
            day.undo()
            assert day.signed() == 0
            day.follow()
            day.sign_rest()
            day.close_and_open(hall)
            while day.signed() < CLAIMS:
                on_stage = day.call()
                day.sign_rest(last=day.signed() + on_stage >= CLAIMS)
                day.follow()
        expect(day.screens[0].locator("#hall")).to_contain_text(str(CLAIMS))
        day.organiser.look()
        day.close()
        for screen in day.screens:
            expect(screen.locator("#hall")).to_contain_text("签约结束")

    def read_results(self, day: Rehearsal, visitor: Person) -> None:
        person = day.organiser
        person.follow("看签约情况", within=person.main)
        person.sees("名单上的都签了")
        person.look()
        with timed("report as a paper"):
            assert len(person.download("PDF")) > LEAST_PDF
        with timed("report as a workbook"):
            book = load_workbook(BytesIO(person.download("XLSX")), read_only=True)
        assert len(book.sheetnames) > 1
        visitor.go(day.path.removeprefix("/desk") + "/results")
        visitor.sees(day.claims[0].organisation)
        day.verify(visitor)
        visitor.go("/")
        visitor.sees(day.claims[-1].project)


class TestRefused:
    def test_a_list_that_is_not_ready_is_not_locked_and_a_claim_withdrawn_is_not_signed(
        self, site: Site, visit: Come, agent: Come
    ) -> None:
        one, other = make_ready(site, 2, 2, leave=OTHERS)
        person, holder = agent("organiser"), agent(other.agent)
        day = Rehearsal(person, "社会组织帮扶签约大会（拒签）", [one, other], 2)
        day.plan()
        day.list_claims()
        # One more, about which nobody has written an agreement.
        person.go(f"{day.path}/intake?q=启听")
        person.main.locator("input[name=claim]:enabled").first.check()
        person.press("列入勾选的")
        person.sees("已列入")
        person.go(f"{day.path}/lock")
        person.sees("还不能签的 1 项")
        person.sees("还没有起草协议")
        expect(person.main.get_by_role("button", name="锁定名单")).to_be_disabled()
        person.look()
        person.go(f"{day.path}/list")
        row = person.main.locator("ol.order > li").filter(has_text="启听")
        row.locator("summary").click()
        person.press("移出", within=row)
        person.sees("没有办成")
        row.get_by_label("原因").fill("协议还没有起草，另约时间签")
        person.press("移出", within=row)
        person.sees("已移出名单")
        day.lock()

        day.open_screens(visit())
        day.begin()
        day.call()
        holder.go(f"/claims/{other.claim_id}")
        holder.unfold("撤回认领")
        holder.fill("原因", "理事会没有通过这笔支出")
        holder.press("撤回")
        holder.sees("已撤回")
        place = person.main.locator(".onstage li[data-row]").filter(has_text=other.organisation)
        place.locator(".do-sign").click()
        person.sees("社会组织已撤回认领")
        person.look()
        assert day.signed() == 0
        place.locator(".do-skip").click()
        expect(place).to_have_count(0)
        day.sign_rest(last=True)
        assert day.signed() == 1
        day.close()
        person.follow("看签约情况", within=person.main)
        person.sees("社会组织已撤回认领")
