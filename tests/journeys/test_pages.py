"""Every kind of page: clean for axe at two widths by day and night, and worked by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.person import Person

pytestmark = pytest.mark.journey

Come = Callable[..., Person]

PUBLIC = (
    "/",
    "/projects",
    "/projects?q=被褥+阜平&sector=education&state=open&sort=gap",
    "/projects?q=火星探测&county=130722",
    "/projects?county=130722&county=130826&page=2",
    "/projects/130722-002",
    "/projects/130722-005",
    "/projects/130722-006",
    "/counties",
    "/help",
    "/sign-in",
    "/register",
    "/no-such-page",
)
PRIVATE = {
    "agent008": (
        "/my",
        "/my/organisation",
        "/matches",
        "/matches?page=2",
        "/projects/130722-002",
        "/projects/130722-002/claim",
        "/notices",
        "/account",
        "/admin/accounts",
        "/desk/projects/130722-015",
    ),
    "agent016": ("/my", "/my/organisation", "/matches", "/projects/130722-002"),
    "agent015": ("/my", "/my/organisation"),
    "fengning-a": (
        "/desk",
        "/desk?queue=claims",
        "/desk?queue=publish",
        "/desk/projects",
        "/desk/projects/new",
        "/desk/projects/130826-015",
        "/desk/projects/130826-017",
        "/desk/projects/130826-017/edit",
        "/desk/organisations",
        "/projects/130826-001",
    ),
    "chengde": (
        "/desk",
        "/desk/projects",
        "/desk/projects/130826-018",
        "/desk/projects/130826-001",
    ),
    "hebei": ("/desk", "/desk/projects?state=suspended", "/desk/organisations"),
    "tianjin": ("/desk", "/desk/organisations"),
    "auditor": (
        "/audit",
        "/audit?words=没有这样的事",
        "/audit/1000",
        "/audit/verify",
        "/desk/projects",
    ),
    "admin": ("/admin/accounts", "/admin/accounts/new", "/admin/accounts/7"),
    "receiver": ("/notices", "/account"),
}


def look_at(person: Person, paths: tuple[str, ...]) -> None:
    for path in paths:
        person.go(path)
        expect(person.main.get_by_role("heading", level=1)).to_have_count(1)
        person.look()


class TestLooks:
    def test_the_public_pages_are_clean(self, visit: Come) -> None:
        person = visit()
        look_at(person, PUBLIC)
        person.go("/projects?state=taken")
        person.main.locator("#results h3").first.get_by_role("link").click()
        person.sees("各条目都已有社会组织认领")
        person.look()

    @pytest.mark.parametrize("username", PRIVATE)
    def test_the_pages_behind_the_sign_in_are_clean(self, agent: Come, username: str) -> None:
        look_at(agent(username), PRIVATE[username])

    def test_a_registration_with_everything_wrong_is_clean(self, visit: Come) -> None:
        person = visit()
        person.go("/register")
        person.press("提交登记")
        person.sees("处需要改")
        person.look()

    def test_a_project_prints_without_what_can_only_be_pressed(self, visit: Come) -> None:
        person = visit()
        person.go("/projects/130722-002")
        person.page.emulate_media(media="print")
        expect(person.main.locator(".lines")).to_be_visible()
        for hidden in ("nav.nav", ".claim", ".me"):
            expect(person.page.locator(hidden).first).to_be_hidden()


class TestKeyboard:
    def press_until(self, person: Person, most: int, words: str) -> None:
        for _ in range(most):
            person.page.keyboard.press("Tab")
            focused = person.page.locator(":focus")
            if focused.count() and words in (focused.inner_text() or focused.input_value()):
                width = focused.evaluate(
                    "element => parseFloat(getComputedStyle(element).outlineWidth)"
                )
                assert width >= 2, "the focus cannot be seen"
                return
        pytest.fail(f"{most} tabs do not lead to {words}")

    @pytest.mark.parametrize(
        ("path", "words", "most"),
        [
            ("/", "查找", 12),
            ("/projects", "查找", 14),
            ("/sign-in", "登录", 14),
            ("/projects/130722-002", "登录后认领", 24),
        ],
    )
    def test_tabs_lead_to_the_next_step(
        self, visit: Come, path: str, words: str, most: int
    ) -> None:
        person = visit()
        person.go(path)
        person.page.keyboard.press("Tab")
        assert person.page.locator(":focus").inner_text() == "跳到正文"
        person.page.keyboard.press("Enter")
        self.press_until(person, most, words)

    def test_a_claim_needs_no_mouse(self, agent: Come) -> None:
        person = agent("agent008")
        person.go("/projects/130722-002")
        expect(person.main.get_by_role("form", name="认领")).to_be_visible()
        person.page.keyboard.press("Tab")
        person.page.keyboard.press("Enter")
        self.press_until(person, 30, "认领这些条目")
        person.page.keyboard.press("Enter")
        person.sees("请至少在一个条目里填上数量")
        expect(person.main.locator(".errors")).to_be_focused()
