"""A county answers claims: accepts, or declines with a reason, which frees what was held."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.person import Person

pytestmark = pytest.mark.journey

Come = Callable[..., Person]


class TestDecide:
    def test_a_claim_is_accepted_and_the_organisation_is_told(self, agent: Come) -> None:
        officer = agent("zhangbei-a")
        officer.sees("件事等您办")
        officer.look()
        officer.follow("天津代步车辆零部件行业商会认领", within=officer.main)
        officer.look()
        officer.press("受理")
        officer.sees("已受理，已通知对方")
        officer.look()

        person = agent("agent109")
        person.follow("通知")
        told = person.main.get_by_text("张北县民政局已受理贵会").first
        for _ in range(40):
            if told.count():
                break
            person.page.wait_for_timeout(250)
            person.page.reload()
        person.look()
        person.main.get_by_role("button", name="去看").first.click()
        person.sees("已受理")
        person.look()

    def test_it_is_declined_only_with_a_reason_and_then_frees_what_was_held(
        self, agent: Come
    ) -> None:
        officer = agent("fuping-a")
        officer.go("/desk?queue=claims")
        officer.main.locator("li.q").first.get_by_role("heading").get_by_role("link").click()
        project = officer.main.locator(".pj-h .m a").get_attribute("href") or ""
        claimed = officer.page.url.removeprefix(officer.site.url)

        officer.go(project)
        gap = officer.main.locator(".strip .gap dd").inner_text()
        officer.go(claimed)
        officer.unfold("不予受理")
        officer.press("答复不予受理")
        officer.sees("请写明原因，至少五个字")
        officer.look()
        officer.fill("原因", "供货时间晚于封冻期，请明年春天再来。")
        officer.press("答复不予受理")
        officer.sees("已答复不予受理，占用的数量已放回项目")
        officer.look()

        officer.go(project)
        expect(officer.main.locator(".strip .gap dd")).not_to_have_text(gap)

    def test_another_county_cannot_even_see_it(self, agent: Come) -> None:
        officer = agent("fengning-a")
        officer.go("/claims/146")
        expect(officer.main.get_by_role("heading", level=1)).to_have_text("没有找到")
