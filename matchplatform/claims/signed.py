"""Reads of signed claims."""

from sqlalchemy import Select, func, select

from matchplatform.claims.models import Claim
from matchplatform.claims.queries import PAGE_SIZE, is_in
from matchplatform.claims.states import ClaimState
from matchplatform.kernel.db import db
from matchplatform.kernel.paging import Page, clamp_page

_LAST_SIGNED = (Claim.signed_at.desc(), Claim.id.desc())


def list_newest_signed(limit: int) -> list[Claim]:
    """List the claims that were signed last."""
    signed = select(Claim).where(Claim.status == ClaimState.SIGNED)
    return list(db.session.scalars(signed.order_by(*_LAST_SIGNED).limit(limit)))


def list_signed_of(organisation_id: int, number: int) -> Page[Claim]:
    """List what an organisation has signed, alone, as the lead or as a member, newest first."""
    signed = _signed_of(organisation_id)
    total = db.session.scalar(select(func.count()).select_from(signed.subquery())) or 0
    number = clamp_page(number, PAGE_SIZE, total)
    rows = db.session.scalars(
        signed.order_by(*_LAST_SIGNED).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows.all(), number, PAGE_SIZE, total)


def list_all_signed_of(organisation_id: int, most: int) -> list[Claim]:
    """List them all, for a file; no more than ``most``."""
    return list(db.session.scalars(_signed_of(organisation_id).order_by(*_LAST_SIGNED).limit(most)))


def _signed_of(organisation_id: int) -> Select[Claim]:
    return select(Claim).where(is_in(organisation_id), Claim.status == ClaimState.SIGNED)
