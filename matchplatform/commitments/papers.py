"""Put the text of an agreement onto paper."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from matchplatform.commitments import wording
from matchplatform.commitments.content import build_content
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.queries import find_base
from matchplatform.commitments.states import AgreementState
from matchplatform.commitments.terms import read_day
from matchplatform.documents import (
    AgreementText,
    ArticleText,
    ChangeText,
    ItemText,
    PartyText,
    SignatureText,
)
from matchplatform.kernel import clock
from matchplatform.kernel.money import format_number


def content_of(agreement: Agreement) -> Mapping[str, Any]:
    """Return the text as it was frozen, or as it stands while it is being written."""
    return agreement.content or build_content(agreement, find_base(agreement))


def verify_address(agreement: Agreement, base_url: str) -> str:
    """Return where everybody can ask whether a paper is genuine; empty before it is frozen."""
    return f"{base_url.rstrip('/')}/verify/{agreement.token}" if agreement.sha256 else ""


def text_of(agreement: Agreement, *, base_url: str, demo: bool) -> AgreementText:
    """Return what stands on the paper of an agreement.

    ``base_url``: the site's address, for the QR code; ``demo``: it says that it has no effect.
    """
    content = content_of(agreement)
    total = content["total"]
    return AgreementText(
        title=content["title"],
        number=content["number"],
        version=content["version"],
        parties=tuple(_party(party) for party in content["parties"]),
        recitals=tuple(content["recitals"]),
        facts=tuple(_facts(content)),
        items=tuple(_item(line) for line in content["lines"]) if not content["version"] else (),
        total=Decimal(total) if total is not None and not content["version"] else None,
        total_capital=_capital(content),
        articles=tuple(
            ArticleText(article["title"], tuple(article["paragraphs"]))
            for article in _with_shares(content)
        ),
        changes=tuple(
            ChangeText(change["label"], change["before"], change["after"])
            for change in content["changes"]
        ),
        signatures=tuple(SignatureText(one["role"], one["name"]) for one in content["parties"]),
        sha256=agreement.sha256,
        verify_url=verify_address(agreement, base_url),
        stamp=_stamp(agreement),
        demo=demo,
        dated=(agreement.frozen_at or agreement.created_at).astimezone(clock.SHANGHAI).date(),
    )


def file_name(agreement: Agreement) -> str:
    """Return what the file of an agreement is called, without its ending."""
    name = f"{agreement.number} {agreement.claim.organisation.name}"
    return "".join(sign for sign in name if sign not in '/\\:*?"<>|')


def _capital(content: Mapping[str, Any]) -> str:
    # The paper itself prints the currency before it.
    said: str = content["total_capital"]
    return "" if content["version"] else said.removeprefix(wording.YUAN)


def _party(party: Mapping[str, str]) -> PartyText:
    return PartyText(
        role=party["role"],
        name=party["name"],
        uscc=party["uscc"],
        representative=party["representative"],
        contact=party["contact"],
    )


def _facts(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    project, terms, labels = content["project"], content["terms"], wording.LABELS
    period = wording.period_text(
        read_day(terms.get("starts_on", "")), read_day(terms.get("ends_on", ""))
    )
    facts = [
        (labels["project"], project["name"]),
        (labels["number"], project["number"]),
        (labels["claim"], content["claim"]),
    ]
    if content["version"]:
        facts.append((labels["original"], content["original"]["number"]))
        return facts
    facts += [
        (labels["place"], terms.get("place", "")),
        (labels["period"], period),
        (labels["donee"], terms.get("donee", "")),
        (labels["receipt_issuer"], terms.get("receipt_issuer", "")),
    ]
    return [(label, text) for label, text in facts if text]


def _item(line: Mapping[str, Any]) -> ItemText:
    return ItemText(
        item=line["item"],
        quantity=Decimal(line["quantity"]),
        unit=line["unit"],
        unit_price=Decimal(line["unit_price"]) if line["unit_price"] is not None else None,
        value=Decimal(line["value"]) if line["value"] is not None else None,
        note=line["note"],
    )


def _with_shares(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the articles, the first of which also says who of a joint claim takes how much."""
    articles = [dict(article) for article in content["articles"]]
    if content["shares"] and not content["version"]:
        said = [_share(share) for share in content["shares"]]
        articles[0]["paragraphs"] = [*articles[0]["paragraphs"], *said]
    return articles


def _share(share: Mapping[str, Any]) -> str:
    parts = [
        f"{part['item']} {format_number(Decimal(part['quantity']))} {part['unit']}"
        for part in share["lines"]
    ]
    who: str = share["organisation"]
    return who + wording.SHARE_OF + wording.COMMA.join(parts) + wording.STOP


def _stamp(agreement: Agreement) -> str:
    if agreement.status is AgreementState.VOID:
        return wording.VOID_STAMP
    return wording.DRAFT_STAMP if agreement.is_open else ""
