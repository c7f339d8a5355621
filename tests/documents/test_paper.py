"""Programmes, lists, reports and invitations: every block in both formats."""

import io
from dataclasses import replace

import docx
import pytest
from docx.enum.section import WD_ORIENT
from pypdf import PdfReader

from matchplatform.documents import (
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Qr,
    SheetOfPaper,
    SignatureText,
    SignRow,
    Table,
    render_paper_docx,
    render_paper_pdf,
)
from tests.documents.samples import pages_of, words_of

PAPER = SheetOfPaper(
    "签约大会议程",
    "2020 年 8 月 22 日",
    (
        Facts((("地点", "会议中心"), ("主持", "县民政局"))),
        Heading("一、签约顺序"),
        Heading("（一）教育类", 2),
        Table(
            ("序号", "社会组织", "金额（元）"),
            tuple((str(place), f"组织{place:03}", f"{place}.00") for place in range(1, 81)),
            (1, 6, 3),
            ("center", "left", "right"),
            caption="表 1",
            total=("", "合计", "3,240.00"),
        ),
        Paragraph("以大屏幕为准。\n不另行通知。"),
        Paragraph("张北县民政局", align="right", strong=True),
        SignRow((SignatureText("承办单位", "县民政局"),)),
        PageBreak(),
        Heading("邀请函", 0),
        Paragraph("某某基金会：", indent=False),
        Qr("https://example.org/invited/abc", "扫描回复。"),
    ),
    number="冀社帮会〔2020〕1 号",
)


class TestPages:
    def test_it_says_all_blocks_in_their_order(self) -> None:
        paper = "".join(pages_of(render_paper_pdf(PAPER)))
        places = [
            paper.index(words)
            for words in (
                "签约大会议程",
                "2020年8月22日",
                "地点会议中心",
                "一、签约顺序",
                "（一）教育类",
                "表1",
                "组织001",
                "合计3,240.00",
                "以大屏幕为准。不另行通知。",
                "承办单位（盖章）：县民政局",
                "某某基金会：",
                "扫描回复。",
            )
        ]
        assert places == sorted(places)

    def test_every_page_with_rows_has_the_heads(self) -> None:
        pages = [page for page in pages_of(render_paper_pdf(PAPER)) if "组织" in page]
        rows = [page for page in pages if "组织0" in page]
        assert len(rows) >= 3
        assert all("序号社会组织金额（元）" in page for page in rows)
        assert all("冀社帮会〔2020〕1号" in page for page in pages)

    def test_a_page_break_begins_a_page_and_leaves_none_empty(self) -> None:
        pages = pages_of(render_paper_pdf(PAPER))
        assert "邀请函" in pages[-1]
        assert "承办单位" not in pages[-1]
        assert all(len(page) > 30 for page in pages)

    def test_columns_are_as_wide_as_they_were_said_to_be(self) -> None:
        rows = tuple((str(place), "一" * 40) for place in range(20))
        wide, narrow = (
            SheetOfPaper("表", blocks=(Table(("甲", "乙"), rows, widths),))
            for widths in ((1, 9), (9, 1))
        )
        assert len(pages_of(render_paper_pdf(wide))) < len(pages_of(render_paper_pdf(narrow)))

    def test_an_invitation_has_no_page_numbers_and_no_head(self) -> None:
        paper = replace(PAPER, numbered=False, number="", blocks=PAPER.blocks[-3:])
        (page,) = pages_of(render_paper_pdf(paper))
        assert "第1页" not in page
        assert page.count("签约大会议程") == 1

    def test_a_wide_paper_lies_across(self) -> None:
        box = (
            PdfReader(io.BytesIO(render_paper_pdf(replace(PAPER, landscape=True))))
            .pages[0]
            .mediabox
        )
        assert box.width > box.height

    def test_a_table_with_no_rows_and_a_paper_with_nothing_are_papers(self) -> None:
        empty = SheetOfPaper("名单", blocks=(Table(("姓名", "单位"), ()),))
        assert "姓名单位" in pages_of(render_paper_pdf(empty))[0]
        assert "姓名" in words_of(render_paper_docx(empty))
        assert len(pages_of(render_paper_pdf(SheetOfPaper("名单")))) == 1

    def test_a_short_row_is_filled_and_a_long_one_cut(self) -> None:
        table = Table(("甲", "乙"), (("一",), ("二", "三", "四")), total=("共",))
        paper = SheetOfPaper("表", blocks=(table,))
        assert "四" not in "".join(pages_of(render_paper_pdf(paper)))
        assert "四" not in words_of(render_paper_docx(paper))

    def test_a_demo_and_a_draft_say_so(self) -> None:
        page = pages_of(render_paper_pdf(SheetOfPaper("报告", demo=True, stamp="草稿")))[0]
        assert "演示数据，无法律效力" in page
        assert "草" in page

    @pytest.mark.parametrize("render", [render_paper_pdf, render_paper_docx])
    def test_the_same_paper_makes_the_same_file(self, render: object) -> None:
        assert callable(render)
        assert render(PAPER) == render(PAPER)


class TestDocx:
    def test_it_says_all_blocks(self) -> None:
        paper = words_of(render_paper_docx(PAPER))
        for words in (
            "签约大会议程",
            "会议中心",
            "（一）教育类",
            "组织080",
            "3,240.00",
            "不另行通知。",
            "承办单位（盖章）：",
            "邀请函",
            "扫描回复。",
            "冀社帮会〔2020〕1 号",
        ):
            assert words in paper, words

    def test_tables_keep_columns_alignment_and_their_head(self) -> None:
        document = docx.Document(io.BytesIO(render_paper_docx(PAPER)))
        table = next(table for table in document.tables if len(table.rows) > 80)
        assert [cell.text for cell in table.rows[0].cells] == ["序号", "社会组织", "金额（元）"]
        assert "tblHeader" in table.rows[0]._tr.xml
        widths = [column.width or 0 for column in table.columns]
        assert widths[1] > widths[2] > widths[0]
        assert 'w:jc w:val="right"' in table.cell(3, 2)._tc.xml

    def test_an_invitation_has_no_page_numbers_and_no_head(self) -> None:
        made = render_paper_docx(replace(PAPER, numbered=False, blocks=()))
        assert words_of(made).count("签约大会议程") == 1
        assert "PAGE" not in docx.Document(io.BytesIO(made)).sections[0].footer._element.xml

    def test_a_wide_paper_lies_across_with_its_head_as_wide(self) -> None:
        document = docx.Document(io.BytesIO(render_paper_docx(replace(PAPER, landscape=True))))
        section = document.sections[0]
        assert section.orientation == WD_ORIENT.LANDSCAPE
        assert (section.page_width or 0) > (section.page_height or 0)
        table = next(table for table in document.tables if len(table.rows) > 80)
        room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
        assert abs(sum(column.width or 0 for column in table.columns) - room) < 20_000
