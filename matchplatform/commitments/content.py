"""The whole text of an agreement as plain values: what is hashed, printed and kept for ever."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from matchplatform.claims.models import Claim, ClaimMember
from matchplatform.commitments import wording
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.terms import BY_NAME, TERMS, kinds_of, read_day
from matchplatform.kernel.money import capital_numerals, format_number, line_value
from matchplatform.organisations.models import Organisation
from matchplatform.regions.divisions import full_name_of, name_of, unit_of_prefix

FORM = 1

_ARTICLES = (
    (wording.USE, ("use",)),
    (wording.DELIVERY, ("delivery",)),
    (wording.QUALITY, ("quality",)),
    (wording.DONEE, ("donee", "donee_account")),
    (wording.DUTIES, ("duties",)),
    (wording.RECEIPTS, ("receipts",)),
    (wording.PUBLICITY, ("publicity",)),
    (wording.REPORTING, ("reporting",)),
    (wording.AMENDMENT, ("amendment",)),
    (wording.BREACH, ("breach",)),
    (wording.DISPUTE, ("dispute",)),
    (wording.OTHER, ("other",)),
)


def build_content(agreement: Agreement, base: Agreement | None = None) -> dict[str, Any]:
    """Return the text as it stands now; ``base`` is what a supplementary agreement changes."""
    claim, terms = agreement.claim, agreement.terms
    parties = _parties(claim, terms)
    lines = [_line(part.line.item, part) for part in claim.lines]
    total = claim.value if any(part.unit_price is not None for part in claim.lines) else None
    capital = wording.YUAN + capital_numerals(total) if total is not None else ""
    region = full_name_of(claim.region_code)
    title = wording.title_of(kinds_of(claim))
    content: dict[str, Any] = {
        "form": FORM,
        "number": agreement.number,
        "version": agreement.version,
        "title": wording.heading_of(title, agreement.version),
        "claim": claim.number,
        "project": {
            "number": claim.project.number,
            "name": claim.project.name,
            "region_code": claim.region_code,
            "region": region,
        },
        "parties": parties,
        "lines": lines,
        "shares": _shares(claim),
        "total": str(total) if total is not None else None,
        "total_capital": capital,
        "terms": dict(sorted(terms.items())),
        "recitals": list(
            wording.recitals_of(
                region,
                wording.COMMA.join(each.name for each in _organisations(claim)),
                claim.project.name,
            )
        ),
    }
    content["changes"] = _changes(terms, base) if base is not None else []
    if base is not None:
        content["original"] = {"number": base.number, "sha256": base.sha256}
        content["articles"] = _short_articles(len(parties))
    else:
        content["articles"] = _articles(terms, total, capital, len(parties))
    return content


def hash_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON of a text."""
    said = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def _organisations(claim: Claim) -> list[Organisation]:
    found = {claim.organisation_id: claim.organisation}
    found |= {member.organisation_id: member.organisation for member in claim.members}
    return [found[key] for key in claim.active_ids]


def _parties(claim: Claim, terms: Mapping[str, str]) -> list[dict[str, str]]:
    code = claim.region_code
    organisations = _organisations(claim)
    county = _party(wording.ROLES[0], unit_of_prefix(code))
    county["contact"] = terms.get("county_contact", "")
    rural = _party(wording.ROLES[1], name_of(code) + wording.RURAL_OFFICE)
    parties = [county, rural]
    for place, one in enumerate(organisations):
        role = (
            wording.role_of_member(place) if len(organisations) > 1 else wording.ORGANISATION_ROLE
        )
        party = _party(role, one.name)
        party |= {"uscc": one.uscc, "representative": one.legal_rep, "organisation_id": str(one.id)}
        if place == 0:
            party["contact"] = terms.get("organisation_contact", "")
            party["role"] += wording.LEAD_NOTE if len(organisations) > 1 else ""
        parties.append(party)
    others = (claim.project.owner_unit, claim.project.supervising_unit, terms.get("donee", ""))
    roles = iter(wording.ROLES[3:])
    for name in dict.fromkeys(name for name in others if name):
        if name not in {party["name"] for party in parties}:
            parties.append(_party(next(roles), name))
    return parties


def _party(role: str, name: str) -> dict[str, str]:
    return {"role": role, "name": name, "uscc": "", "representative": "", "contact": ""}


def _line(item: str, part: Any) -> dict[str, Any]:
    priced = part.unit_price is not None
    return {
        "kind": str(part.line.kind),
        "item": item,
        "quantity": format(part.quantity.normalize(), "f"),
        "unit": part.line.unit,
        "unit_price": str(part.unit_price) if priced else None,
        "value": str(part.value) if priced else None,
        "note": part.line.note or ("" if priced else wording.NOT_PRICED),
    }


def _shares(claim: Claim) -> list[dict[str, Any]]:
    """Return who takes how much of a joint claim, the lead first."""
    members = {m.organisation_id: m for m in claim.members if m.is_active}
    return [_share(claim, members[key]) for key in claim.active_ids if key in members]


def _share(claim: Claim, member: ClaimMember) -> dict[str, Any]:
    prices = {part.line_id: part.unit_price for part in claim.lines}
    parts = []
    for share in member.shares:
        value = line_value(share.quantity, prices.get(share.line_id))
        parts.append(
            {
                "item": share.line.item,
                "quantity": format(share.quantity.normalize(), "f"),
                "unit": share.line.unit,
                "value": str(value) if prices.get(share.line_id) is not None else None,
            }
        )
    return {"organisation": member.organisation.name, "lines": parts, "value": str(member.value)}


def _articles(
    terms: Mapping[str, str], total: Decimal | None, capital: str, parties: int
) -> list[dict[str, Any]]:
    promised = format_number(total) if total is not None else ""
    articles = [_article(wording.CONTENT, [wording.content_text(promised, capital)])]
    for title, names in _ARTICLES:
        written = [_said(name, terms[name]) for name in names if terms.get(name)]
        if written:
            articles.append(_article(title, written))
    articles.append(_article(wording.EFFECT, [wording.effect_text(parties)]))
    return articles


def _short_articles(parties: int) -> list[dict[str, Any]]:
    return [
        _article(wording.CHANGES, [wording.CHANGES_TEXT]),
        _article(wording.UNCHANGED, [wording.UNCHANGED_TEXT]),
        _article(wording.EFFECT, [wording.effect_text(parties)]),
    ]


def _article(title: str, written: list[str]) -> dict[str, Any]:
    paragraphs = [line.strip() for text in written for line in text.split("\n") if line.strip()]
    return {"title": title, "paragraphs": paragraphs}


def _said(name: str, text: str) -> str:
    label = wording.ACCOUNT_LABELS.get(name)
    return wording.labelled(label, text) if label else text


def _changes(terms: Mapping[str, str], base: Agreement) -> list[dict[str, str]]:
    return [
        {
            "name": term.name,
            "label": wording.TERM_LABELS[term.name],
            "before": _shown(term.name, base.terms.get(term.name, "")),
            "after": _shown(term.name, terms.get(term.name, "")),
        }
        for term in TERMS
        if base.terms.get(term.name, "") != terms.get(term.name, "")
    ]


def _shown(name: str, text: str) -> str:
    return wording.day_text(read_day(text)) if BY_NAME[name].is_date else text
