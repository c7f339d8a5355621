"""Agreements: what stands on which page, in both formats."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from matchplatform.documents import (
    AgreementText,
    ArticleText,
    ChangeText,
    ItemText,
    SignatureText,
    render_agreement_docx,
    render_agreement_pdf,
)
from tests.documents.samples import SHA256, make_agreement, pages_of, words_of

LONG = make_agreement(60)
SUPPLEMENT = make_agreement(
    0,
    title="社会组织帮扶项目认领协议补充协议（一）",
    number="冀社帮〔2020〕张北-0001-补1",
    version=1,
    items=(),
    total=None,
    articles=(),
    changes=(ChangeText("交付期限", "十月三十一日前", "十二月十五日前"),),
    stamp="草稿",
    sha256="",
    verify_url="",
)


@pytest.fixture(scope="module")
def long_pages() -> list[str]:
    return pages_of(render_agreement_pdf(LONG))


class TestPages:
    def test_the_paper_says_all_that_it_was_given(self) -> None:
        paper = "".join(pages_of(render_agreement_pdf(make_agreement())))
        for words in (
            "社会组织帮扶项目认领协议",
            "编号：冀社帮〔2020〕张北-0001",
            "甲方：张北县民政局",
            "统一社会信用代码：53130000DQEGJAM0E0",
            "一、项目概况",
            "小二台镇中心小学",
            "二、认领内容",
            "物品003",
            "805.50",
            "人民币壹仟陆佰壹拾壹元整（小写：¥1,611.00）",
            "三、协议条款",
            "第十条约定事项之10",
            "乙方（盖章）：燕山公益基金会",
            "代表（签字）：",
            "日期：年月日",
            "01234567",
            "https://example.org/verify/abcdefghijklmnopqrstuv",
        ):
            assert words in paper, words

    def test_every_page_names_the_agreement_and_its_place_in_it(
        self, long_pages: list[str]
    ) -> None:
        count = len(long_pages)
        assert count >= 5
        for place, page in enumerate(long_pages, 1):
            assert f"第{place}页共{count}页" in page
            assert "冀社帮〔2020〕张北-0001" in page

    def test_page_numbers_are_written_with_spaces(self) -> None:
        first = PdfReader(io.BytesIO(render_agreement_pdf(SUPPLEMENT))).pages[0]
        assert "第 1 页 共 1 页" in first.extract_text()

    def test_the_head_of_a_long_table_is_repeated_and_no_row_is_lost_or_cut(
        self, long_pages: list[str]
    ) -> None:
        with_items = [page for page in long_pages if "物品" in page]
        assert len(with_items) >= 2
        for page in with_items:
            assert "序号内容数量单位单价（元）金额（元）备注" in page
        for item in LONG.items:
            pages = [page for page in long_pages if item.item in page]
            assert len(pages) == 1
            assert f"{item.value:,.2f}" in pages[0]

    # With these counts the page ends between the two.
    @pytest.mark.parametrize("count", [38, 39])
    def test_the_total_is_not_parted_from_the_last_row(self, count: int) -> None:
        text = make_agreement(count, articles=(), signatures=())
        page = next(page for page in pages_of(render_agreement_pdf(text)) if "小写：" in page)
        assert f"物品{count:03}" in page

    @pytest.mark.parametrize("count", range(22, 42, 4))
    def test_signatures_never_stand_alone(self, count: int) -> None:
        pages = pages_of(render_agreement_pdf(make_agreement(count)))
        page = next(page for page in pages if "代表（签字）" in page)
        assert "验收并签收" in page
        assert page.count("（盖章）") == 2
        assert "01234567" in page

    def test_signatures_go_with_the_last_row_where_there_are_no_articles(self) -> None:
        changes = tuple(ChangeText(f"事项{n:02}", "原" * 60, "新" * 60) for n in range(9))
        pages = pages_of(render_agreement_pdf(replace(SUPPLEMENT, changes=changes)))
        page = next(page for page in pages if "代表（签字）" in page)
        assert "事项08" in page

    def test_a_supplement_shows_before_and_after_and_counts_only_its_own_parts(self) -> None:
        (page,) = pages_of(render_agreement_pdf(SUPPLEMENT))
        assert "二、变更内容" in page
        assert "交付期限十月三十一日前十二月十五日前" in page
        assert "认领内容" not in page
        assert "协议条款" not in page

    def test_a_draft_says_so_and_has_no_code_to_check(self) -> None:
        (page,) = pages_of(render_agreement_pdf(SUPPLEMENT))
        assert "草" in page
        assert "校验码" not in page

    def test_a_demo_says_on_every_page_that_it_has_no_effect(self) -> None:
        shown = pages_of(render_agreement_pdf(make_agreement(demo=True)))
        assert all("演示数据，无法律效力" in page for page in shown)
        assert "演示" not in "".join(pages_of(render_agreement_pdf(make_agreement())))

    def test_what_has_no_price_has_none(self) -> None:
        items = (ItemText("教师培训", Decimal("12.500"), "人·天", None, None),)
        paper = "".join(pages_of(render_agreement_pdf(make_agreement(items=items, total=None))))
        assert "教师培训12.5人·天" in paper
        assert "小写" not in paper

    def test_articles_without_titles_carry_their_number_themselves(self) -> None:
        articles = (ArticleText("", ("甲方负责。", "乙方配合。")), ArticleText("", ("完。",)))
        paper = "".join(pages_of(render_agreement_pdf(make_agreement(articles=articles))))
        assert "第一条甲方负责。乙方配合。" in paper
        assert "第二条完。" in paper

    def test_the_bare_minimum_is_a_paper(self) -> None:
        assert len(pages_of(render_agreement_pdf(AgreementText("协议", "1")))) == 1

    def test_the_same_text_makes_the_same_file(self) -> None:
        assert render_agreement_pdf(make_agreement()) == render_agreement_pdf(make_agreement())

    def test_the_file_names_the_title_and_the_day_given(self) -> None:
        told = PdfReader(io.BytesIO(render_agreement_pdf(make_agreement()))).metadata
        assert told is not None
        assert told.title == "社会组织帮扶项目认领协议"
        assert str(told["/CreationDate"]).startswith("D:20200822")


class TestDocx:
    def test_it_says_what_the_pages_say(self) -> None:
        paper = words_of(render_agreement_docx(make_agreement(demo=True)))
        for words in (
            "社会组织帮扶项目认领协议",
            "编号：冀社帮〔2020〕张北-0001",
            "甲方：张北县民政局",
            "53130000DQEGJAM0E0",
            "一、项目概况",
            "二、认领内容",
            "805.50",
            "人民币壹仟陆佰壹拾壹元整",
            "第十条　约定事项之10",
            "乙方（盖章）：",
            "01234567",
            "演示数据，无法律效力",
        ):
            assert words in paper, words

    def test_heads_are_repeated_and_rows_are_not_cut(self) -> None:
        document = docx.Document(io.BytesIO(render_agreement_docx(LONG)))
        items = next(table for table in document.tables if len(table.rows) > 60)
        assert items.cell(0, 1).text == "内容"
        assert items.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
        assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in items.rows)
        assert items.cell(60, 1).text == "物品060"

    def test_the_word_processor_counts_the_pages(self) -> None:
        with zipfile.ZipFile(io.BytesIO(render_agreement_docx(LONG))) as members:
            feet = "".join(
                members.read(name).decode() for name in members.namelist() if "footer" in name
            )
        assert " PAGE " in feet
        assert " NUMPAGES " in feet

    def test_the_last_article_and_the_signatures_are_kept_together(self) -> None:
        document = docx.Document(io.BytesIO(render_agreement_docx(LONG)))
        last = [line for line in document.paragraphs if "验收并签收" in line.text][-1]
        assert last.style is not None
        assert last.style.paragraph_format.keep_with_next
        signs = next(table for table in document.tables if "盖章" in table.cell(0, 0).text)
        kept = [line.style for cell in signs.row_cells(0) for line in cell.paragraphs]
        assert all(style is not None and style.paragraph_format.keep_with_next for style in kept)

    def test_an_odd_number_of_signatures_leaves_one_place_empty(self) -> None:
        signatures = tuple(SignatureText(role, role) for role in ("甲方", "乙方", "丙方"))
        document = docx.Document(
            io.BytesIO(render_agreement_docx(make_agreement(signatures=signatures)))
        )
        signs = next(table for table in document.tables if "盖章" in table.cell(0, 0).text)
        assert "丙方" in signs.cell(1, 0).text
        assert signs.cell(1, 2).text == ""

    def test_the_code_to_check_is_a_picture(self) -> None:
        assert len(docx.Document(io.BytesIO(render_agreement_docx(LONG))).inline_shapes) == 1
        drafted = docx.Document(io.BytesIO(render_agreement_docx(SUPPLEMENT)))
        assert len(drafted.inline_shapes) == 0
        assert SHA256[:8] not in words_of(render_agreement_docx(SUPPLEMENT))

    def test_a_draft_carries_its_stamp_in_the_header(self) -> None:
        made = docx.Document(io.BytesIO(render_agreement_docx(SUPPLEMENT)))
        assert 'string="草稿"' in made.sections[0].header._element.xml
        clean = docx.Document(io.BytesIO(render_agreement_docx(LONG)))
        assert "textpath" not in clean.sections[0].header._element.xml

    def test_the_same_text_makes_the_same_file(self) -> None:
        assert render_agreement_docx(LONG) == render_agreement_docx(LONG)

    def test_the_file_names_the_title_and_the_day_given(self) -> None:
        core = docx.Document(io.BytesIO(render_agreement_docx(LONG))).core_properties
        assert core.title == "社会组织帮扶项目认领协议"
        assert core.created == datetime(2020, 8, 22, tzinfo=UTC)
