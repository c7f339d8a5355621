"""Reads of offers: an organisation's own, and those that officers may reckon with."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check, permits
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.kernel.paging import Page, clamp_page
from matchplatform.kernel.text import fold
from matchplatform.offers.models import SupplyOffer
from matchplatform.offers.states import OfferState
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.queries import may_claim_today

PAGE_SIZE = 20


@dataclass(frozen=True)
class Wanted:
    """What an officer looks for among the offers; empty: anything. ``region``: a county or city."""

    words: str = ""
    kind: str = ""
    sector: str = ""
    region: str = ""

    @property
    def is_everything(self) -> bool:
        """Tell whether nothing narrows the list."""
        return not (self.words or self.kind or self.sector or self.region)


def get_own_offer(actor: Actor, offer_id: int) -> SupplyOffer:
    """Return an offer of the actor's own organisation.

    Raises:
        NotFound: no such offer.
        Hidden: another organisation's.
    """
    return _get(actor, offer_id, Permission.OFFER_HANDLE)


def get_offer(actor: Actor, offer_id: int) -> SupplyOffer:
    """Return an offer for an officer or auditor, whether or not it still stands.

    Raises:
        NotFound: no such offer.
        Hidden: not for the actor.
    """
    return _get(actor, offer_id, Permission.OFFER_READ)


def list_own(actor: Actor, organisation: Organisation, number: int) -> Page[SupplyOffer]:
    """List an organisation's offers: what stands first, by its last day, then what ended."""
    check(actor, Permission.OFFER_HANDLE, organisation)
    mine = SupplyOffer.organisation_id == organisation.id
    total = db.session.scalar(select(func.count()).select_from(SupplyOffer).where(mine)) or 0
    number = clamp_page(number, PAGE_SIZE, total)
    rows = db.session.scalars(_own(organisation).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page(rows.all(), number, PAGE_SIZE, total)


def list_all_own(actor: Actor, organisation: Organisation, most: int) -> list[SupplyOffer]:
    """List them all, for a file; no more than ``most``."""
    check(actor, Permission.OFFER_HANDLE, organisation)
    return list(db.session.scalars(_own(organisation).limit(most)))


def list_standing_of(organisation_id: int) -> list[SupplyOffer]:
    """List the offers of an organisation that stand today."""
    return list(
        db.session.scalars(
            select(SupplyOffer)
            .where(SupplyOffer.organisation_id == organisation_id, _stands())
            .order_by(SupplyOffer.valid_until, SupplyOffer.id)
        )
    )


def count_standing_of(organisation_id: int) -> int:
    """Count the offers of an organisation that stand today."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(SupplyOffer)
            .where(SupplyOffer.organisation_id == organisation_id, _stands())
        )
        or 0
    )


def count_usable(actor: Actor) -> int:
    """Count the offers with which officers may reckon today."""
    check(actor, Permission.OFFER_READ, None)
    statement = select(func.count(SupplyOffer.id)).join(SupplyOffer.organisation)
    return db.session.scalar(statement.where(_is_usable())) or 0


def list_usable(actor: Actor) -> list[SupplyOffer]:
    """List all offers with which officers may reckon today, the newest first."""
    return list_found(actor, Wanted())


def list_found(actor: Actor, wanted: Wanted) -> list[SupplyOffer]:
    """List the usable offers that an officer looks for, the newest first."""
    return _load(_find_ids(actor, wanted))


def page_found(actor: Actor, wanted: Wanted, number: int) -> Page[SupplyOffer]:
    """List a page of the usable offers that an officer looks for, the newest first."""
    ids = _find_ids(actor, wanted)
    number = clamp_page(number, PAGE_SIZE, len(ids))
    rows = _load(ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
    return Page(rows, number, PAGE_SIZE, len(ids))


def _get(actor: Actor, offer_id: int, permission: Permission) -> SupplyOffer:
    offer = db.session.get(SupplyOffer, offer_id)
    if offer is None:
        raise NotFound()
    if not permits(actor, permission, offer):
        raise Hidden()
    return offer


def _find_ids(actor: Actor, wanted: Wanted) -> list[int]:
    # Lists inside a column and folded words are compared here, alike on every database.
    check(actor, Permission.OFFER_READ, None)
    rows = db.session.execute(
        select(
            SupplyOffer.id,
            SupplyOffer.kind,
            SupplyOffer.item,
            SupplyOffer.note,
            SupplyOffer.sectors,
            SupplyOffer.regions,
            Organisation.name,
        )
        .join(SupplyOffer.organisation)
        .where(_is_usable())
        .order_by(SupplyOffer.created_at.desc(), SupplyOffer.id.desc())
    )
    words = fold(wanted.words).split()
    return [
        id_
        for id_, kind, item, note, sectors, regions, name in rows
        if wanted.kind in ("", str(kind))
        and _reaches(sectors, (wanted.sector,))
        and _reaches(regions, (wanted.region, wanted.region[:4] + "00"))
        and all(word in fold(f"{item} {note} {name}") for word in words)
    ]


def _own(organisation: Organisation) -> Select[SupplyOffer]:
    return (
        select(SupplyOffer)
        .where(SupplyOffer.organisation_id == organisation.id)
        .order_by(
            case((_stands(), 0), (SupplyOffer.status == OfferState.OPEN, 1), else_=2),
            SupplyOffer.valid_until,
            SupplyOffer.id,
        )
    )


def _reaches(named: Collection[str], asked: tuple[str, ...]) -> bool:
    """Tell whether a list says what was asked; an empty list says everything."""
    if not asked[0] or not named:
        return True
    # A city is served by whoever names one of its counties.
    inside = asked[0][:4] if asked[0].endswith("00") else "?"
    return any(code in asked or code.startswith(inside) for code in named)


def _load(ids: Collection[int]) -> list[SupplyOffer]:
    rows = db.session.scalars(
        select(SupplyOffer)
        .where(SupplyOffer.id.in_(ids))
        .order_by(SupplyOffer.created_at.desc(), SupplyOffer.id.desc())
    )
    return list(rows)


def _stands() -> ColumnElement[bool]:
    return and_(SupplyOffer.status == OfferState.OPEN, SupplyOffer.valid_until >= clock.today())


def _is_usable() -> ColumnElement[bool]:
    """Return the condition that officers may reckon with an offer, joined with its organisation."""
    return and_(_stands(), may_claim_today())
