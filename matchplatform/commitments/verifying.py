"""Whether a paper is genuine and in force: what anybody may know who holds it, and no more."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from matchplatform.commitments.content import hash_of
from matchplatform.commitments.models import Agreement, Commitment
from matchplatform.commitments.states import SIGNED_STATES, AgreementState, CommitmentState
from matchplatform.kernel.db import db

_BRACKETS = str.maketrans(dict.fromkeys("([{【〖", "〔") | dict.fromkeys(")]}】〗", "〕"))
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_HASH = re.compile("[0-9a-f]{8,64}")
_TOKEN = re.compile("[A-Za-z0-9_-]{16,43}")
LONGEST_NUMBER = 60


class Standing(StrEnum):
    """What a genuine paper is worth today.

    ``undone``: it was signed, and the signature was taken back; ``broken``: what the site keeps is
    not what its hash was made of.
    """

    IN_FORCE = "in_force"
    AMENDED = "amended"
    WAITING = "waiting"
    UNDONE = "undone"
    VOID = "void"
    BROKEN = "broken"


@dataclass(frozen=True)
class Supplement:
    """A supplementary agreement that was signed later."""

    number: str
    signed_on: date | None
    short_hash: str


@dataclass(frozen=True)
class Paper:
    """What is told of a paper; ``parties``: role and name; ``original``: what it supplements."""

    standing: Standing
    title: str
    number: str
    parties: tuple[tuple[str, str], ...]
    project: str
    project_number: str
    region: str
    frozen_at: datetime | None
    signed_on: date | None
    ended_at: datetime | None
    hash_groups: tuple[str, ...]
    supplements: tuple[Supplement, ...]
    original: str


def describe_paper(agreement: Agreement) -> Paper:
    """Return what anybody may know of a frozen agreement."""
    content = agreement.content or {}
    project = content.get("project", {})
    digest = agreement.sha256
    return Paper(
        standing=_standing_of(agreement),
        title=content.get("title", ""),
        number=agreement.number,
        parties=tuple((each["role"], each["name"]) for each in content.get("parties", ())),
        project=project.get("name", ""),
        project_number=project.get("number", ""),
        region=project.get("region", ""),
        frozen_at=agreement.frozen_at,
        signed_on=agreement.signed_on,
        ended_at=agreement.ended_at,
        hash_groups=tuple(digest[at : at + 4] for at in range(0, len(digest), 4)),
        supplements=tuple(_supplements_to(agreement)),
        original=content.get("original", {}).get("number", ""),
    )


def clean_number(text: str) -> str:
    """Read an agreement's number as people type it: any brackets, any dash, spaces or none."""
    plain = "".join(unicodedata.normalize("NFKC", text[: 2 * LONGEST_NUMBER]).split())
    return _DASHES.sub("-", plain.translate(_BRACKETS)).replace("\0", "")[:LONGEST_NUMBER]


def clean_hash(text: str) -> str:
    """Read the first digits of a hash, spaces between them or none; empty where it is none."""
    plain = "".join(unicodedata.normalize("NFKC", text[:200]).split()).casefold()
    return plain if _HASH.fullmatch(plain) else ""


def is_token(text: str) -> bool:
    """Tell whether a text can be the token of an agreement."""
    return _TOKEN.fullmatch(text) is not None


def _standing_of(agreement: Agreement) -> Standing:
    if agreement.content is None or hash_of(agreement.content) != agreement.sha256:
        return Standing.BROKEN
    if agreement.status is AgreementState.IN_FORCE:
        return Standing.IN_FORCE
    if agreement.status is AgreementState.ENDED:
        return Standing.AMENDED
    if agreement.status is AgreementState.VOID:
        return Standing.VOID
    return Standing.UNDONE if _was_undone(agreement) else Standing.WAITING


def _was_undone(agreement: Agreement) -> bool:
    revoked = select(Commitment.id).where(
        Commitment.agreement_id == agreement.id, Commitment.status == CommitmentState.REVOKED
    )
    return db.session.scalar(revoked.limit(1)) is not None


def _supplements_to(agreement: Agreement) -> list[Supplement]:
    rows = db.session.scalars(
        select(Agreement)
        .where(
            Agreement.claim_id == agreement.claim_id,
            Agreement.version > agreement.version,
            Agreement.status.in_(SIGNED_STATES),
        )
        .order_by(Agreement.version, Agreement.id)
    )
    if agreement.status not in SIGNED_STATES:
        return []
    return [Supplement(row.number, row.signed_on, row.short_hash) for row in rows]
