"""A county brings in a spreadsheet: three rows are wrong, are told cell by cell, and are mended."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Locator, expect

from tests.journeys.person import Person

pytestmark = pytest.mark.journey

Come = Callable[..., Person]
HEADING, EXAMPLE, FIRST = 1, 2, 3
COMMON = {"项目类型": "需求", "类别": "教育", "责任单位": "张北县教育和体育局", "条目种类": "物资"}
# One row a line of help; two rows with one key are one need.
ROWS: list[dict[str, Any]] = [
    {"自编序号": "R-1", "项目名称": "西顺沟小学的十张双层床", "要什么": "双层床", "数量": 10},
    {"自编序号": "R-1", "要什么": "床垫", "数量": "20"},
    {"自编序号": "R-2", "项目名称": "战海乡中心校的饮水机", "要什么": "饮水机", "数量": "若干"},
    {"自编序号": "R-3", "项目名称": "油篓沟小学的一面塑胶场地", "要什么": "塑胶", "数量": "1.2万"},
    {"自编序号": "R-4", "项目名称": "大囫囵镇小学的图书角", "要什么": "书架", "数量": 6},
    {"自编序号": "R-5", "项目名称": "满井小学的防滑楼梯垫", "要什么": "楼梯垫", "数量": 240},
]
WRONG = {
    (5, "数量"): ("若干", 4, "看不懂“若干”，请填数字"),
    (7, "开始日期"): ("2026年13月", "2026年12月", "没有“2026年13月”这一天"),
    (8, "县（市、区）"): ("康保县", "张北县", "不是您的辖区，您只能导入张北县的项目"),
}


def letters_of(page: Worksheet) -> dict[str, str]:
    """Return the letter of each column by its heading."""
    cells = page[HEADING]
    return {str(cell.value).rstrip("*"): cell.column_letter for cell in cells if cell.value}


def fill_in(template: bytes) -> bytes:
    """Fill in the template as it came, with three mistakes."""
    book = openpyxl.load_workbook(BytesIO(template))
    page = book.worksheets[0]
    letters = letters_of(page)
    for number, row in enumerate(ROWS, start=FIRST):
        for heading, value in (
            {**COMMON, "单位": "件", "单价（元）": 280, "起领数量": 1} | row
        ).items():
            page[f"{letters[heading]}{number}"] = value
    for (number, heading), (wrong, _right, _why) in WRONG.items():
        page[f"{letters[heading]}{number}"] = wrong
    return bytes_of(book)


def bytes_of(book: openpyxl.Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def send(person: Person, content: bytes) -> None:
    person.go("/desk/imports/new/projects")
    person.main.get_by_label("表格").set_input_files(
        {"name": "张北2026.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    person.press("上传并核对")


def row_at(person: Person, number: int) -> Locator:
    """Return the row of the preview that tells of a row of the sheet."""
    told = person.page.get_by_role("cell", name=re.compile(rf"^{number}(–\d+)?$"))
    return person.main.get_by_role("row").filter(has=told)


class TestImporting:
    def test_three_bad_rows_are_told_mended_and_written_once(self, agent: Come) -> None:
        person, colleague = agent("zhangbei-a"), agent("zhangbei-b", script=False)
        person.follow("表格导入", within=person.main)
        person.sees("还没有导入过表格")
        person.look()
        person.follow("项目和条目", within=person.main)
        person.look()
        person.press("上传并核对")
        person.sees("请选")
        person.look()
        template = person.download("下载模板")
        filled = fill_in(template)

        with person.site.worker_held():
            send(person, filled)
            expect(person.main.get_by_role("progressbar")).to_be_visible()
            person.sees("等着核对")
            person.look()
            address = person.page.url.removeprefix(person.site.url)
            colleague.go(address)
            colleague.sees("等着核对")
            colleague.go("/desk")
        # The page of the one goes on by itself; the other one comes back to it.
        person.sees("已核对，等您决定")
        colleague.go(address)
        colleague.waits_for("已核对，等您决定")
        expect(person.main.get_by_role("link", name="有错 3")).to_be_visible()
        expect(person.main.get_by_role("link", name="新增 2")).to_be_visible()
        letters = letters_of(openpyxl.load_workbook(BytesIO(filled)).worksheets[0])
        for (number, heading), (_wrong, _right, why) in WRONG.items():
            expect(row_at(person, number)).to_contain_text(f"{letters[heading]}{number}")
            expect(row_at(person, number)).to_contain_text(why)
        person.look()
        person.press("写入")
        person.sees("有错的 3 项不会写入：请勾选确认，或改好后重新上传")
        person.look()
        person.go("/desk/projects?state=draft")
        person.misses("大囫囵镇小学的图书角")

        person.go(address)
        marked = openpyxl.load_workbook(BytesIO(person.download("下载标出问题的表格")))
        page = marked.worksheets[0]
        reasons = letters_of(page)["问题"]
        for (number, heading), (wrong, right, why) in WRONG.items():
            cell = page[f"{letters[heading]}{number}"]
            assert cell.value == wrong
            assert why in cell.comment.text
            assert why in page[f"{reasons}{number}"].value
            cell.value = right
        person.press("放弃这份导入")
        person.sees("已放弃，什么也没有写入")
        mended = bytes_of(marked)

        send(person, mended)
        person.sees("新增 5 项，改动 0 项")
        person.look()
        expect(row_at(person, FIRST)).to_contain_text("床垫")
        with person.site.worker_held():
            person.press("写入")
            person.sees("正在写入")
            expect(person.main.get_by_role("progressbar")).to_be_visible()
            person.look()
        expect(person.main.get_by_role("link", name="已新增 5")).to_be_visible()
        person.look()
        person.follow("大囫囵镇小学的图书角", within=person.main)
        person.sees("还是草稿")

        send(person, mended)
        person.sees("没有要写入的内容")
        expect(person.main.get_by_role("link", name="没有变化 5")).to_be_visible()
        expect(person.main.get_by_role("button", name="写入")).to_have_count(0)
        person.look()
        person.go("/desk/projects?state=draft")
        expect(person.main.get_by_role("link", name="大囫囵镇小学的图书角")).to_have_count(1)
        person.go("/desk/imports")
        person.look()
