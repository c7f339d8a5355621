"""Reads of agreements and commitments."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, func, or_, select, true

from matchplatform.access.actor import Actor
from matchplatform.access.policy import POLICY, Permission, permits
from matchplatform.access.reach import anywhere
from matchplatform.claims.models import Claim, ClaimMember
from matchplatform.claims.signing import list_signing
from matchplatform.claims.states import ACTIVE_MEMBERS
from matchplatform.commitments.models import Agreement, Commitment
from matchplatform.commitments.states import (
    PENDING_STATES,
    SIGNED_STATES,
    AgreementState,
    CommitmentState,
)
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.kernel.paging import Page, clamp_page
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project

PAGE_SIZE = 20


def get_agreement(actor: Actor, agreement_id: int) -> Agreement:
    """Return an agreement that the actor may read.

    Raises:
        NotFound: no such agreement.
        Hidden: none of the actor's business.
    """
    agreement = db.session.get(Agreement, agreement_id)
    if agreement is None:
        raise NotFound()
    if not permits(actor, Permission.AGREEMENT_READ, agreement):
        raise Hidden()
    return agreement


def get_commitment(actor: Actor, commitment_id: int) -> Commitment:
    """Return a commitment that the actor may read.

    Raises:
        NotFound: no such commitment.
        Hidden: none of the actor's business.
    """
    commitment = db.session.get(Commitment, commitment_id)
    if commitment is None:
        raise NotFound()
    if not permits(actor, Permission.AGREEMENT_READ, commitment):
        raise Hidden()
    return commitment


def agreements_of(claim_ids: Iterable[int]) -> dict[int, Agreement]:
    """Return the agreement of each claim, void ones and supplementary ones left out."""
    rows = db.session.scalars(
        select(Agreement)
        .where(
            Agreement.claim_id.in_(sorted(set(claim_ids))),
            Agreement.version == 0,
            Agreement.status != AgreementState.VOID,
        )
        .order_by(Agreement.id)
    )
    return {row.claim_id: row for row in rows}


def commitments_of(claim_ids: Iterable[int]) -> dict[int, Commitment]:
    """Return the standing commitment of each claim that was signed."""
    rows = db.session.scalars(
        select(Commitment)
        .where(
            Commitment.claim_id.in_(sorted(set(claim_ids))),
            Commitment.status != CommitmentState.REVOKED,
        )
        .order_by(Commitment.id)
    )
    return {row.claim_id: row for row in rows}


def list_versions(claim_id: int) -> list[Agreement]:
    """List all agreements about a claim, void ones too, the newest first."""
    return list(
        db.session.scalars(
            select(Agreement)
            .where(Agreement.claim_id == claim_id)
            .order_by(Agreement.version.desc(), Agreement.id.desc())
        )
    )


def find_pending(claim_id: int) -> Agreement | None:
    """Return what is on its way to a signature, or None."""
    return db.session.scalar(
        select(Agreement)
        .where(Agreement.claim_id == claim_id, Agreement.status.in_(PENDING_STATES))
        .order_by(Agreement.version.desc())
        .limit(1)
    )


def find_base(agreement: Agreement) -> Agreement | None:
    """Return what a supplementary agreement changes: the signed version before it."""
    if not agreement.version:
        return None
    return db.session.scalar(
        select(Agreement)
        .where(
            Agreement.claim_id == agreement.claim_id,
            Agreement.version < agreement.version,
            Agreement.status.in_(SIGNED_STATES),
        )
        .order_by(Agreement.version.desc())
        .limit(1)
    )


def find_by_token(token: str) -> Agreement | None:
    """Return the frozen agreement that a QR code leads to, or None."""
    return db.session.scalar(
        select(Agreement).where(Agreement.token == token, Agreement.sha256 != "")
    )


def find_by_number(number: str, short_hash: str) -> Agreement | None:
    """Return the frozen agreement of that number whose hash begins so, or None."""
    return db.session.scalar(
        select(Agreement)
        .where(
            Agreement.number == number,
            Agreement.sha256 != "",
            Agreement.sha256.startswith(short_hash, autoescape=True),
        )
        .order_by(Agreement.id.desc())
        .limit(1)
    )


def get_party(claim: Claim, organisation_id: int) -> Organisation:
    """Return one of the organisations that sign for a claim.

    Raises:
        NotFound: it is none of them.
    """
    for organisation in list_signing(claim):
        if organisation.id == organisation_id:
            return organisation
    raise NotFound()


def list_commitments(actor: Actor, number: int, words: str = "") -> Page[Commitment]:
    """List the commitments that the actor may read, newest first."""
    wanted = _readable(actor, words)
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    number = clamp_page(number, PAGE_SIZE, total)
    rows = db.session.scalars(
        wanted.order_by(*_NEWEST).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows.all(), number, PAGE_SIZE, total)


def list_all_commitments(actor: Actor, most: int, words: str = "") -> list[Commitment]:
    """List them all, for a file; no more than ``most``."""
    return list(db.session.scalars(_readable(actor, words).order_by(*_NEWEST).limit(most)))


_NEWEST = (Commitment.signed_at.desc(), Commitment.id.desc())


def _readable(actor: Actor, words: str) -> Select[Commitment]:
    statement = (
        select(Commitment)
        .join(Claim, Claim.id == Commitment.claim_id)
        .join(Project, Project.id == Claim.project_id)
        .join(Organisation, Organisation.id == Claim.organisation_id)
        .join(Agreement, Agreement.id == Commitment.agreement_id)
        .where(_in_reach(actor))
    )
    if not words:
        return statement
    named = (Project.name, Project.number, Agreement.number, Organisation.name)
    return statement.where(or_(*(column.contains(words, autoescape=True) for column in named)))


def _in_reach(actor: Actor) -> ColumnElement[bool]:
    if POLICY[Permission.AGREEMENT_READ].get(actor.role) is anywhere:
        return true()
    if actor.region_prefix:
        return Project.region_code.startswith(actor.region_prefix, autoescape=True)
    own = sorted(actor.organisation_ids)
    joined = select(ClaimMember.claim_id).where(
        ClaimMember.organisation_id.in_(own), ClaimMember.status.in_(ACTIVE_MEMBERS)
    )
    return or_(Claim.organisation_id.in_(own), Claim.id.in_(joined))
