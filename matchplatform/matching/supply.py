"""Reads of what offers and open lines have for each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from threading import Lock

from sqlalchemy import ColumnElement, or_, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check, permits
from matchplatform.audit.models import AuditHead
from matchplatform.claims.availability import gap_of, left_of
from matchplatform.claims.queries import lapsed_by_line, list_held_of
from matchplatform.invitations.models import ProjectInvitation
from matchplatform.invitations.queries import is_open, list_claims_on
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import Words
from matchplatform.matching.fits import Fit, LineText, OfferText
from matchplatform.matching.supply_engine import SupplyMatcher
from matchplatform.matching.supply_weights import FitGrade, grade_of
from matchplatform.matching.supply_words import cautions_of, reasons_of
from matchplatform.offers.models import SupplyOffer
from matchplatform.offers.queries import list_usable
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import ProjectState

MOST_SHOWN = 20
FOR_PROJECT_SHOWN = 5


@dataclass(frozen=True)
class SupplyRow:
    """An offer and a line that fit, with why; ``invited``: it was asked and need not be again."""

    offer: SupplyOffer
    text: OfferText
    fit: Fit
    invited: bool = False

    @property
    def grade(self) -> FitGrade:
        """Return the fit in a word."""
        return grade_of(self.fit.score)

    @property
    def reasons(self) -> list[Words]:
        """List what speaks for it."""
        return reasons_of(self.text, self.fit)

    @property
    def cautions(self) -> list[Words]:
        """List what speaks against it."""
        return cautions_of(self.text, self.fit)


@dataclass(frozen=True)
class _Snapshot:
    """A model, and what the data looked like when it was made: the trail's last hash, the day."""

    fingerprint: tuple[str, date]
    texts: tuple[tuple[int, str, str, str], ...]
    matcher: SupplyMatcher


_lock = Lock()
_kept: list[_Snapshot] = []


def list_own_fits(actor: Actor, offer: SupplyOffer, limit: int = MOST_SHOWN) -> list[SupplyRow]:
    """List the open lines that fit an organisation's own offer, best first."""
    check(actor, Permission.OFFER_HANDLE, offer)
    return _rows_of(offer, _fits_of(offer), limit)


def list_fits_here(actor: Actor, offer: SupplyOffer, limit: int = MOST_SHOWN) -> list[SupplyRow]:
    """List the open lines of an officer's region that fit an offer, best first."""
    check(actor, Permission.OFFER_READ, offer)
    here = (
        fit
        for fit in _fits_of(offer)
        if permits(actor, Permission.PROJECT_READ_UNPUBLISHED, fit.line)
    )
    return _rows_of(offer, here, limit)


def list_offers_for(
    actor: Actor, project: Project, limit: int = FOR_PROJECT_SHOWN
) -> list[SupplyRow]:
    """List the offers that fit a project's open lines, each with the line it fits best."""
    check(actor, Permission.PROJECT_READ_UNPUBLISHED, project)
    matcher = current_matcher()
    holders = {key for claim in list_claims_on(project.id) for key in claim.active_ids}
    asked = _open_invitations(ProjectInvitation.project_id == project.id)
    rows = []
    for offer in list_usable(actor):
        if offer.organisation_id in holders:
            continue
        text = text_of(offer)
        fits = matcher.fits_of(text, clock.today(), project.id)
        if fits:
            invited = (project.id, offer.organisation_id) in asked
            rows.append(SupplyRow(offer, text, fits[0], invited))
    return sorted(rows, key=lambda row: (-row.fit.score, row.offer.id))[:limit]


def find_fit(offer: SupplyOffer, line_id: int) -> SupplyRow | None:
    """Return what speaks for one line and an offer, or None where they do not fit today."""
    return next(
        (row for row in _rows_of(offer, _fits_of(offer), None) if row.fit.line.id == line_id), None
    )


def list_all_fits(offer: SupplyOffer) -> list[Fit]:
    """List every open line that fits an offer, best first: for the worker, who tells the counties."""
    return current_matcher().fits_of(text_of(offer), clock.today())


def text_of(offer: SupplyOffer) -> OfferText:
    """Return what the engine may know of an offer."""
    return OfferText(
        id=offer.id,
        kind=str(offer.kind),
        item=offer.item,
        quantity=offer.quantity,
        unit=offer.unit,
        valid_until=offer.valid_until,
        note=offer.note,
        unit_price=offer.unit_price,
        sectors=frozenset(offer.sectors),
        regions=frozenset(offer.regions),
    )


def current_matcher() -> SupplyMatcher:
    """Return the model of the lines that are open now.

    The trail's hash tells whether anything changed; only where a text did the model is built anew.
    """
    head = db.session.scalar(select(AuditHead.hash)) or ""
    fingerprint = (head, clock.today())
    with _lock:
        kept = _kept[0] if _kept else None
        if kept is None or kept.fingerprint != fingerprint:
            kept = _refreshed(kept, fingerprint)
            _kept[:] = [kept]
        return kept.matcher


def _fits_of(offer: SupplyOffer) -> Iterable[Fit]:
    """Yield the lines that fit, but for projects of which the organisation holds something."""
    if not offer.is_usable:
        return
    held = {claim.project_id for claim in list_held_of(offer.organisation_id)}
    yield from (fit for fit in list_all_fits(offer) if fit.line.project_id not in held)


def _rows_of(offer: SupplyOffer, fits: Iterable[Fit], limit: int | None) -> list[SupplyRow]:
    text = text_of(offer)
    shown = list(fits)[:limit]
    asked = _open_invitations(ProjectInvitation.organisation_id == offer.organisation_id)
    return [
        SupplyRow(offer, text, fit, (fit.line.project_id, offer.organisation_id) in asked)
        for fit in shown
    ]


def _open_invitations(condition: ColumnElement[bool]) -> set[tuple[int, int]]:
    rows = db.session.execute(
        select(ProjectInvitation.project_id, ProjectInvitation.organisation_id).where(
            condition,
            is_open(),
        )
    )
    return {(project_id, organisation_id) for project_id, organisation_id in rows}


def _refreshed(kept: _Snapshot | None, fingerprint: tuple[str, date]) -> _Snapshot:
    lines = _open_lines(fingerprint[1])
    texts = tuple((line.id, line.kind, line.item, line.title) for line in lines)
    if kept is not None and kept.texts == texts:
        return _Snapshot(fingerprint, texts, kept.matcher.with_lines(lines))
    return _Snapshot(fingerprint, texts, SupplyMatcher(lines))


def _open_lines(today: date) -> list[LineText]:
    """List the lines with a gap of what can be claimed today; what has lapsed is free."""
    lapsed = lapsed_by_line()
    rows = db.session.execute(
        select(
            ProjectLine,
            Project.number,
            Project.name,
            Project.sector,
            Project.region_code,
            Project.claim_deadline,
        )
        .join(Project, Project.id == ProjectLine.project_id)
        .where(
            Project.status == ProjectState.PUBLISHED,
            or_(Project.claim_deadline.is_(None), Project.claim_deadline >= today),
        )
        .order_by(Project.number, ProjectLine.position, ProjectLine.id)
    )
    return [
        LineText(
            id=line.id,
            project_id=line.project_id,
            number=number,
            title=name,
            kind=str(line.kind),
            item=line.item,
            unit=line.unit,
            gap=gap_of(line, lapsed),
            # What remains below the smallest lot may be taken whole.
            least=min(line.min_lot, left_of(line, lapsed)),
            sector=str(sector),
            region_code=region_code,
            unit_price=line.unit_price,
            deadline=deadline,
        )
        for line, number, name, sector, region_code, deadline in rows
        if gap_of(line, lapsed)
    ]
