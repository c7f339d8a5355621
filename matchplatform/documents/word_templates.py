"""Build the templates of DOCX papers: `python -m matchplatform.documents.word_templates`."""

import io
from pathlib import Path
from typing import Any

import docx
from docx.shared import Mm

from matchplatform.documents.packing import pack
from matchplatform.documents.pages import FOLDER
from matchplatform.documents.word_agreement import agreement_body
from matchplatform.documents.word_papers import cards_body, paper_body
from matchplatform.documents.word_parts import (
    FANG,
    HEI,
    KAI,
    SONG,
    TITLE,
    element,
    field,
    font,
    para,
    run,
    style,
    tag,
    twips,
    watermark,
)

TEXT_WIDTH = 156.0
_FIXED = '<w:spacing w:before="{0}" w:after="{1}" w:line="{2}" w:lineRule="exact"/>'


def _spacing(line: float, before: float = 0, after: float = 0) -> str:
    return _FIXED.format(round(before * 20), round(after * 20), round(line * 20))


_AT_LEAST = '<w:spacing w:before="{0}" w:after="{0}" w:line="{1}" w:lineRule="atLeast"/>'
_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="600"/>'
_CENTER, _RIGHT = '<w:jc w:val="center"/>', '<w:jc w:val="right"/>'
_KEEP = "<w:keepNext/><w:keepLines/>"
_TAB = '<w:tabs><w:tab w:val="left" w:pos="{0}"/></w:tabs>'
_HANG = '<w:ind w:left="{0}" w:hanging="{1}"/>'


def _styles() -> list[Any]:
    cell = _AT_LEAST.format(30, 310)
    looks = {
        "PaperTitle": (font(TITLE, 22), _KEEP + _spacing(34, 6, 6) + _CENTER),
        "PaperUnder": (font(KAI, 12), _spacing(20, 0, 12) + _CENTER),
        "PaperText": (font(FANG, 15), "<w:widowControl/>" + _spacing(27) + _INDENT),
        "PaperFlat": (font(FANG, 15), _spacing(27)),
        "PaperCenter": (font(FANG, 15), _spacing(27) + _CENTER),
        "PaperRight": (font(FANG, 15), _spacing(27) + _RIGHT),
        "PaperClose": (font(FANG, 15), _KEEP + _spacing(27) + _INDENT),
        "PaperParty": (
            font(FANG, 15, bold=True),
            _KEEP + _spacing(27, 4) + _HANG.format(twips(17), twips(17)),
        ),
        "PaperParticular": (
            font(FANG, 12),
            _TAB.format(twips(67)) + _spacing(19) + _HANG.format(twips(67), twips(50)),
        ),
        "PaperHeading": (
            font(HEI, 15),
            _KEEP + _spacing(27, 8, 4) + '<w:outlineLvl w:val="0"/>',
        ),
        "PaperSecond": (
            font(KAI, 15, bold=True),
            _KEEP + _spacing(27, 4, 2) + '<w:outlineLvl w:val="1"/>',
        ),
        "PaperArticle": (
            font(FANG, 15, bold=True),
            _KEEP + _spacing(27) + _INDENT + '<w:outlineLvl w:val="1"/>',
        ),
        "PaperCaption": (font(FANG, 12, bold=True), _KEEP + _spacing(20, 4, 2) + _CENTER),
        "PaperCell": (font(SONG, 10.5), cell),
        "PaperCellCenter": (font(SONG, 10.5), cell + _CENTER),
        "PaperCellRight": (font(SONG, 10.5), cell + _RIGHT),
        "PaperCellHead": (font(HEI, 10.5), "<w:keepNext/>" + cell + _CENTER),
        "PaperSign": (font(FANG, 14), _KEEP + _spacing(24)),
        "PaperSignRole": (font(HEI, 14), _KEEP + _spacing(24, 8)),
        "PaperSmall": (font(SONG, 9), _spacing(14)),
        "PaperHead": (font(SONG, 9), _spacing(12)),
        "PaperFoot": (font(SONG, 10), _spacing(14) + _CENTER),
        "PaperGap": (font(SONG, 5), _spacing(8)),
        "CardLine": (font(SONG, 12), _spacing(15) + _CENTER),
        "CardSeat": (font(SONG, 10), _spacing(14) + '<w:ind w:right="400"/>' + _RIGHT),
    }
    return [style(name, look, layout) for name, (look, layout) in looks.items()]


def build_templates() -> dict[str, bytes]:
    """Return every template by its file name; each time the same bytes."""
    return {
        "agreement.docx": _build(
            agreement_body(),
            "text.title",
            "编号：{{ text.number | shortened }}",
            "text",
        ),
        "paper.docx": _build(
            paper_body(),
            "paper.title",
            "{{ paper.number | shortened }}",
            "paper",
            numbered="paper.numbered",
        ),
        "cards.docx": _build_cards(),
    }


def _empty() -> Any:
    document = docx.Document()
    for inherited in list(document.styles.element.findall(_w("style"))):
        if inherited.get(_w("styleId")) not in {"Normal", "DefaultParagraphFont", "TableNormal"}:
            document.styles.element.remove(inherited)
    for ours in _styles():
        document.styles.element.append(ours)
    document.styles["Normal"].element.append(element(font(FANG, 15)))
    return document


def _build(body: list[str], head: str, number: str, name: str, numbered: str = "") -> bytes:
    document = _empty()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.top_margin, section.bottom_margin = Mm(31), Mm(28)
    section.header_distance, section.footer_distance = Mm(20), Mm(15)
    right = twips(TEXT_WIDTH)
    ruled = (
        '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="3" w:color="000000"/></w:pBdr>'
        f'<w:tabs><w:tab w:val="right" w:pos="{right}"/></w:tabs>'
    )
    _fill(
        section.header,
        [
            *_unless(
                numbered,
                para("PaperHead", run(f"{{{{ {head} | shortened }}}}\t{number}"), extra=ruled),
            ),
            *watermark(f"{name}.stamp", f"{{{{ {name}.stamp | shortened }}}}"),
        ],
    )
    look = font(SONG, 10)
    pages = para(
        "PaperFoot",
        run("第 ", look),
        field("PAGE", look),
        run(" 页 共 ", look),
        field("NUMPAGES", look),
        run(" 页", look),
    )
    _fill(
        section.footer,
        [
            *_unless(numbered, pages),
            tag(f"if {name}.demo"),
            para("PaperFoot", run("演示数据，无法律效力", font(HEI, 9))),
            tag("endif"),
            para("PaperGap"),
        ],
    )
    _replace_body(document, body)
    return _saved(document)


def _unless(condition: str, piece: str) -> list[str]:
    """Return a piece that stands only under a condition, if there is one."""
    return [tag(f"if {condition}"), piece, tag("endif")] if condition else [piece]


def _build_cards() -> bytes:
    document = _empty()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(0)
    section.top_margin = section.bottom_margin = Mm(0)
    section.header_distance = section.footer_distance = Mm(0)
    _replace_body(document, cards_body())
    return _saved(document)


def _fill(part: Any, paragraphs: list[str]) -> None:
    part.is_linked_to_previous = False
    for old in list(part._element):
        part._element.remove(old)
    for paragraph in paragraphs:
        part._element.append(element(paragraph))


def _replace_body(document: Any, body: list[str]) -> None:
    last = document.element.body.sectPr
    for old in list(document.element.body):
        if old is not last:
            document.element.body.remove(old)
    for piece in body:
        last.addprevious(element(piece))


def _saved(document: Any) -> bytes:
    core = document.core_properties
    core.author = core.title = core.comments = core.keywords = ""
    core.language = "zh-CN"
    stream = io.BytesIO()
    document.save(stream)
    return pack(stream.getvalue())


def _w(name: str) -> str:
    return "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}" + name


def main(folder: Path = FOLDER) -> None:
    """Write the templates."""
    for name, made in build_templates().items():
        (folder / name).write_bytes(made)


if __name__ == "__main__":
    main()
