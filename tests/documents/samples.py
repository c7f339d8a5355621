"""Agreements and papers to render, all invented, and how to read what was rendered."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import docx
from pypdf import PdfReader

from matchplatform.documents import (
    AgreementText,
    ArticleText,
    ItemText,
    PartyText,
    SignatureText,
)
from matchplatform.kernel.money import capital_numerals

SHA256 = "0123456789abcdef" * 4
PARTIES = (
    PartyText("甲方", "张北县民政局", "", "王某某", "张某某　0313-0000000", "张北县张北镇"),
    PartyText("乙方", "燕山公益基金会", "53130000DQEGJAM0E0", "刘某某"),
)
ARTICLES = tuple(
    ArticleText(
        f"约定事项之{place}",
        ("乙方应当按期把物资运到受益单位，费用由乙方承担。", "受益单位应当当场清点、验收并签收。"),
    )
    for place in range(1, 11)
)


def make_items(count: int) -> tuple[ItemText, ...]:
    return tuple(
        ItemText(
            f"物品{place:03}", Decimal(place), "套", Decimal("268.5"), place * Decimal("268.5")
        )
        for place in range(1, count + 1)
    )


def make_agreement(count: int = 3, **changes: Any) -> AgreementText:
    items = make_items(count)
    total = sum((item.value for item in items if isinstance(item.value, Decimal)), Decimal(0))
    text = AgreementText(
        title="社会组织帮扶项目认领协议",
        number="冀社帮〔2020〕张北-0001",
        parties=PARTIES,
        recitals=("为引导社会组织参与帮扶，各方协商一致，订立本协议。",),
        facts=(("项目名称", "寄宿生被褥项目"), ("实施地点", "小二台镇中心小学")),
        items=items,
        total=total,
        total_capital=capital_numerals(total),
        articles=ARTICLES,
        signatures=tuple(SignatureText(party.role, party.name) for party in PARTIES),
        sha256=SHA256,
        verify_url="https://example.org/verify/abcdefghijklmnopqrstuv",
        dated=date(2020, 8, 22),
    )
    return replace(text, **changes)


def pages_of(made: bytes) -> list[str]:
    """Return the text of each page without white space, which justified lines may hold or not."""
    reader = PdfReader(io.BytesIO(made))
    return ["".join(page.extract_text().split()) for page in reader.pages]


def words_of(made: bytes) -> str:
    """Return all words of a DOCX: body with its tables, headers and footers."""
    document = docx.Document(io.BytesIO(made))
    section = document.sections[0]
    parts = (document.element.body, section.header._element, section.footer._element)
    texts = (node for part in parts for node in part.iter() if node.tag.endswith("}t"))
    return "".join(node.text or "" for node in texts)
