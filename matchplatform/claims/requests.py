"""Reads of silent claims and of the requests to release them."""

from collections.abc import Collection, Iterator
from datetime import timedelta

from sqlalchemy import ColumnElement, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.claims.asked import ReleaseRequest
from matchplatform.claims.models import SIGN_DAYS, Claim
from matchplatform.claims.states import AskState, ClaimState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.projects.models import Project


def get_silent_claim(claim_id: int) -> Claim:
    """Return a claim about which others may ask; who holds it stays with the county.

    Raises:
        NotFound: no such claim.
        Hidden: it has not stood long enough, and nobody need know of it.
    """
    claim = db.session.get(Claim, claim_id)
    if claim is None:
        raise NotFound()
    if not claim.is_silent:
        raise Hidden()
    return claim


def list_long_unsigned(actor: Actor) -> list[Claim]:
    """List the claims of the officer's region accepted over sixty days ago and not signed."""
    before = clock.end_of_day(clock.today() - timedelta(days=SIGN_DAYS + 1))
    return list(
        db.session.scalars(
            select(Claim)
            .join(Project, Project.id == Claim.project_id)
            .where(Claim.status == ClaimState.ACCEPTED, Claim.decided_at < before, _below(actor))
            .order_by(Claim.decided_at, Claim.id)
        )
    )


def list_open_requests(actor: Actor) -> list[ReleaseRequest]:
    """List the requests of the officer's region that wait, longest waiting first."""
    return list(
        db.session.scalars(
            select(ReleaseRequest)
            .join(Claim, Claim.id == ReleaseRequest.claim_id)
            .join(Project, Project.id == Claim.project_id)
            .where(ReleaseRequest.status == AskState.OPEN, _below(actor))
            .order_by(ReleaseRequest.asked_at, ReleaseRequest.id)
        )
    )


def get_request(actor: Actor, request_id: int) -> ReleaseRequest:
    """Return a request about a claim that the actor may read.

    Raises:
        NotFound: no such request.
        Hidden: none of the actor's business.
    """
    request = db.session.get(ReleaseRequest, request_id)
    if request is None:
        raise NotFound()
    if not permits(actor, Permission.CLAIM_READ, request.claim):
        raise Hidden()
    return request


def find_open_request(claim_id: int) -> ReleaseRequest | None:
    """Return the request that waits about a claim, or None."""
    return db.session.scalar(
        select(ReleaseRequest).where(
            ReleaseRequest.claim_id == claim_id, ReleaseRequest.status == AskState.OPEN
        )
    )


def list_asked_ids(claim_ids: Collection[int]) -> set[int]:
    """List the claims among these about which a request waits."""
    if not claim_ids:
        return set()
    return set(
        db.session.scalars(
            select(ReleaseRequest.claim_id).where(
                ReleaseRequest.claim_id.in_(claim_ids), ReleaseRequest.status == AskState.OPEN
            )
        )
    )


def has_asked(organisation_id: int, claim_id: int) -> bool:
    """Tell whether an organisation has asked about a claim before."""
    found = select(ReleaseRequest.id).where(
        ReleaseRequest.claim_id == claim_id, ReleaseRequest.organisation_id == organisation_id
    )
    return db.session.scalar(found.limit(1)) is not None


def find_request_breaches() -> Iterator[str]:
    """Yield a line for each request that breaks a rule."""
    for request in db.session.scalars(select(ReleaseRequest).order_by(ReleaseRequest.id)):
        here = f"release request {request.id}"
        if request.status is AskState.OPEN and not request.claim.is_open:
            yield f"{here}: is open about a claim that holds nothing"
        if request.status is AskState.GRANTED and request.claim.status is not ClaimState.RELEASED:
            yield f"{here}: was granted, yet its claim was not released"
        # What was decided before the two records became one stays as it was asked.
        is_open = request.status is AskState.OPEN
        if is_open and request.organisation_id == request.claim.organisation_id:
            yield f"{here}: is asked by the holder"


def _below(actor: Actor) -> ColumnElement[bool]:
    return Project.region_code.startswith(actor.region_prefix, autoescape=True)
