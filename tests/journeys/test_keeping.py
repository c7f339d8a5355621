"""What one keeps and takes along: favourites, saved searches with their news, a file, a page."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.journeys.person import Person

pytestmark = pytest.mark.journey

Come = Callable[..., Person]


class TestKeeping:
    def test_a_project_is_watched_and_no_longer(self, agent: Come) -> None:
        person = agent("agent115")
        person.go("/my/favourites")
        person.sees("还没有关注的项目")
        person.look()
        person.go("/projects?q=乒乓球台")
        person.look()
        person.main.get_by_role("button", name=re.compile("^关注.*室外乒乓球台")).click()
        expect(person.main.get_by_role("button", name=re.compile("已关注"))).to_be_visible()
        person.look()
        person.go("/my/favourites")
        person.sees("关注了 1 个项目")
        person.look()
        person.main.get_by_role("button", name=re.compile("已关注")).click()
        person.sees("还没有关注的项目")

    def test_a_saved_search_tells_of_what_is_published_later(self, agent: Come) -> None:
        person, city = agent("agent115"), agent("chengde")
        person.go("/my/searches")
        person.look()
        person.go("/projects?county=130826")
        person.follow("保存这次查找")
        person.look()
        person.fill("名称", "")
        person.press("保存")
        person.sees("请填一个名称")
        person.look()
        person.fill("名称", "丰宁的新项目")
        person.press("保存")
        person.sees("丰宁的新项目")
        person.look()

        city.go("/desk?queue=publish")
        city.main.locator("li.q").filter(has_text="丰宁").first.get_by_role("heading").get_by_role(
            "link"
        ).click()
        city.press("发布")
        city.sees("已发布")
        person.go("/notices")
        person.waits_for("1 个新项目符合您保存的“丰宁的新项目”")
        person.look()
        person.main.get_by_role("button", name="去看").first.click()
        expect(person.page).to_have_url(re.compile("county=130826"))


class TestTakingAlong:
    def test_what_is_seen_is_what_is_in_the_file_and_on_paper(self, visit: Come) -> None:
        person = visit()
        person.go("/projects?q=制氧机&city=1308&sector=health")
        shown = person.main.locator("#results h3").all_inner_texts()
        with person.page.expect_download() as download:
            person.main.get_by_role("link", name="XLSX").click()
        book = load_workbook(BytesIO(Path(download.value.path()).read_bytes()), read_only=True)
        rows = [[str(cell or "") for cell in row] for row in book.worksheets[0].values]
        told = " ".join(rows[number][0] for number in range(4))
        assert "条件：" in told
        assert "制氧机" in told
        assert "健康" in told
        names = [name for row in rows for name in shown if name in row]
        assert len(names) == len(shown) > 0

        person.follow("打印", within=person.main)
        person.sees("条件：")
        person.sees(f"共 {len(shown)} 项")
        person.look()
        person.page.emulate_media(media="print")
        expect(person.page.locator("nav.nav")).to_be_hidden()
        expect(person.main.locator("table.tbl")).to_be_visible()
        person.page.emulate_media(media="screen")
        person.go("/projects/print?q=没有这样的东西西西")
        person.look()

    def test_a_near_miss_is_asked_about_and_letters_will_do(self, visit: Come) -> None:
        person = visit()
        person.go("/")
        box = person.main.get_by_label("查找项目", exact=True)
        box.press_sequentially("zhangbei")
        expect(person.page.get_by_role("option").first).to_be_visible()
        person.look()
        person.go("/projects?q=乒乓求台")
        person.look()
        person.follow("乒乓球台", within=person.main.get_by_text("您要找的是不是"))
        person.sees("五张放在操场上的室外乒乓球台")
