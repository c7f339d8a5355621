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
    "/projects/130722-001",
    "/projects/130722-001/pictures/2",
    "/projects/130722-002",
    "/projects/130722-005",
    "/projects/130722-006",
    "/counties",
    "/counties/130722",
    "/poor-people",
    "/poor-people?quarter=2020Q1",
    "/ceremonies",
    "/ceremonies/1",
    "/ceremonies/1/results",
    "/ceremonies/2",
    "/verify",
    "/help",
    "/sign-in",
    "/register",
    "/no-such-page",
)
COUNTY = {
    "fengning-a": (
        "/desk",
        "/desk?queue=claims",
        "/desk?queue=publish",
        "/desk?queue=returned",
        "/desk?queue=deadline",
        "/desk?queue=unclaimed",
        "/desk/projects",
        "/desk/projects/new",
        "/desk/projects/130826-015",
        "/desk/projects/130826-017",
        "/desk/projects/130826-017/edit",
        "/desk/projects/130826-017/gate",
        "/desk/projects/130826-017/like/130826-015",
        "/desk/projects/130826-001/gate",
        "/desk/projects/130826-001/propose",
        "/desk/projects/130826-012",
        "/desk/imports",
        "/desk/imports/new/projects",
        "/desk/imports/new/poor_people",
        "/desk/prices",
        "/desk/poor-people",
        "/desk/poor-people/130826/2020Q3",
        "/desk/poor-people/130826/2020Q4",
        "/desk/projects/130826-017/pictures",
        "/desk/projects/130826-001/pictures",
        "/desk/organisations",
        "/projects/130826-001",
    ),
    "fengning-b": (
        "/desk?queue=verify",
        "/desk/projects/130826-016?queue=verify",
        "/desk/projects/130826-016/remarks",
        "/desk/projects/130826-017?queue=returned",
    ),
}
ABOVE = {
    "chengde": (
        "/desk",
        "/desk/projects",
        "/desk/projects/130826-018",
        "/desk/projects/130826-018/gate",
        "/desk/projects/130826-001",
        "/desk/projects/130826-001/change",
        "/desk/projects/130826-001/merge",
        "/desk/projects/130826-001/merge?into=130826-002",
        "/desk?queue=unseen",
        "/desk?queue=changes",
        "/desk/projects/130826-012/change",
        "/desk/poor-people",
    ),
    "hebei": (
        "/desk",
        "/desk/projects?state=suspended",
        "/desk/organisations",
        "/desk/prices",
        "/desk/prices/new",
        "/desk/imports/new/prices",
        "/desk/imports/new/organisations",
        "/desk/poor-people?quarter=2020Q3",
    ),
    "tianjin": ("/desk", "/desk/organisations"),
}
OTHERS = {
    "agent008": (
        "/my",
        "/my/organisation",
        "/matches",
        "/matches?page=2",
        "/my/ceremonies",
        "/my/commitments",
        "/projects/130722-002",
        "/projects/130722-002/claim",
        "/notices",
        "/account",
        "/admin/accounts",
        "/desk/projects/130722-015",
    ),
    "agent001": ("/my/ceremonies", "/my/ceremonies/2", "/claims/68/agreement"),
    "agent006": ("/my/commitments", "/commitments/3", "/bundles"),
    "organiser": (
        "/desk/ceremonies",
        "/desk/ceremonies?state=closed",
        "/desk/ceremonies/new",
        "/desk/ceremonies/1",
        "/desk/ceremonies/1/console",
        "/desk/ceremonies/1/report",
        "/desk/ceremonies/1/intake",
        "/desk/ceremonies/2",
        "/desk/ceremonies/2/edit",
        "/desk/ceremonies/2/agenda",
        "/desk/ceremonies/2/list",
        "/desk/ceremonies/2/intake",
        "/desk/ceremonies/2/lock",
        "/desk/ceremonies/2/guests",
        "/desk/ceremonies/2/standing",
        "/desk/commitments",
    ),
    "agent016": ("/my", "/my/organisation", "/matches", "/projects/130722-002"),
    "agent015": ("/my", "/my/organisation"),
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

SAID = "element => element.innerText || element.value || ''"


def look_at(person: Person, paths: tuple[str, ...]) -> None:
    for path in paths:
        person.go(path)
        expect(person.main.get_by_role("heading", level=1)).to_have_count(1)
        person.look()


class TestPublic:
    def test_the_public_pages_are_clean(self, visit: Come) -> None:
        person = visit()
        look_at(person, PUBLIC)
        person.go("/projects?state=taken")
        person.main.locator("#results h3").first.get_by_role("link").click()
        person.sees("各条目都已有社会组织认领")
        person.look()

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


class TestCounty:
    @pytest.mark.parametrize("username", COUNTY)
    def test_the_pages_of_a_county_are_clean(self, agent: Come, username: str) -> None:
        look_at(agent(username), COUNTY[username])

    def test_figures_that_do_not_add_up_are_shown_again_clean(self, agent: Come) -> None:
        county = agent("fengning-b")
        county.go("/desk/poor-people/130826/2020Q4")
        county.fill("未脱贫人口", "120")
        county.press("记下")
        county.sees("处需要改")
        assert county.read_of("未脱贫人口") == "120"
        county.look()


class TestAbove:
    @pytest.mark.parametrize("username", ABOVE)
    def test_the_pages_of_a_city_and_a_province_are_clean(self, agent: Come, username: str) -> None:
        look_at(agent(username), ABOVE[username])

    def test_what_several_projects_became_at_once_is_clean(self, agent: Come) -> None:
        city = agent("zhangjiakou")
        city.go("/desk/projects?state=verified")
        city.look()
        city.press("发布打勾的项目")
        city.sees("请先在要发布的项目前打勾")
        city.look()
        city.tick("选中发布：单晶河乡冷凉蔬菜净菜车间首批订单")
        city.press("发布打勾的项目")
        city.sees("发布了 1 个")
        city.look()

    def test_a_price_goes_into_the_table_of_the_province(self, agent: Come) -> None:
        province = agent("hebei")
        province.go("/desk/prices/new")
        province.press("保存")
        province.sees("处需要改")
        province.look()
        for label, words in (("物品", "铁皮书柜"), ("单位", "组"), ("最低价", "180")):
            province.fill(label, words)
        for label, words in (
            ("最高价", "420"),
            ("哪一天的价格", "2020-05-30"),
            ("价格来源", "三县询价"),
        ):
            province.fill(label, words)
        province.press("保存")
        province.follow("铁皮书柜", within=province.main)
        province.look()


class TestOthers:
    @pytest.mark.parametrize("username", OTHERS)
    def test_the_pages_of_everybody_else_are_clean(self, agent: Come, username: str) -> None:
        look_at(agent(username), OTHERS[username])


class TestKeyboard:
    def press_until(self, person: Person, most: int, words: str) -> None:
        for _ in range(most):
            person.page.keyboard.press("Tab")
            focused = person.page.locator(":focus")
            if focused.count() and words in str(focused.evaluate(SAID)):
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
