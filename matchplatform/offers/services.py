"""Verbs of offers: publish, edit, close."""

from typing import Any

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import AskAgain, Conflict, Forbidden, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.outbox import enqueue
from matchplatform.kernel.reasons import clean_reason
from matchplatform.offers.details import OfferDetails, checked
from matchplatform.offers.models import SupplyOffer
from matchplatform.offers.queries import list_standing_of
from matchplatform.offers.states import WORKFLOW, OfferAction, OfferOutcome, OfferState
from matchplatform.offers.unusual import find_questions
from matchplatform.organisations.certificates import lock_organisation
from matchplatform.organisations.models import Organisation

# The worker looks which counties need what was offered, and tells them.
TOPIC = "offer"
MOST_STANDING = 50


def publish_offer(
    *, actor: Actor, organisation: Organisation, details: OfferDetails, confirmed: bool = False
) -> SupplyOffer:
    """Say what an organisation would give; nothing is held and nothing promised by it.

    ``confirmed`` is the second yes to what is out of the ordinary.

    Raises:
        InvalidInput: something written cannot be used.
        AskAgain: out of the ordinary and not yet confirmed.
        Conflict: the organisation may not claim today, or has too many offers standing.
    """
    check(actor, Permission.OFFER_HANDLE, organisation)
    if actor.user_id is None:
        raise Forbidden()
    columns = checked(details)
    _check_may_offer(organisation)
    standing = list_standing_of(organisation.id)
    if len(standing) >= MOST_STANDING:
        raise Conflict(
            _("贵会已有 %(count)s 份意向在有效期内，先结束不用的再写新的。", count=MOST_STANDING)
        )
    _ask(organisation, columns, standing, confirmed=confirmed)
    offer = SupplyOffer(
        organisation=organisation,
        status=OfferState.OPEN,
        created_at=clock.now(),
        created_by_id=actor.user_id,
        **columns,
    )
    db.session.add(offer)
    db.session.flush()
    enqueue(TOPIC, {"offer_id": offer.id})
    _record(actor, "offer.publish", offer)
    return offer


def edit_offer(
    *,
    actor: Actor,
    offer: SupplyOffer,
    version: int,
    details: OfferDetails,
    confirmed: bool = False,
) -> SupplyOffer:
    """Write an offer anew, or let it stand longer; one that has run out stands again.

    Raises:
        InvalidInput: something written cannot be used.
        AskAgain: out of the ordinary and not yet confirmed.
        Conflict: it was ended, the page was overtaken, or the organisation may not claim today.
    """
    check(actor, Permission.OFFER_HANDLE, offer)
    _check_version(offer, version)
    status = WORKFLOW.after(offer.status, OfferAction.EDIT)
    columns = checked(details)
    _check_may_offer(offer.organisation)
    others = [row for row in list_standing_of(offer.organisation_id) if row.id != offer.id]
    _ask(offer.organisation, columns, others, confirmed=confirmed)
    offer.status = status
    for name, value in columns.items():
        setattr(offer, name, value)
    _record(actor, "offer.edit", offer)
    return offer


def close_offer(
    *, actor: Actor, offer: SupplyOffer, version: int, outcome: OfferOutcome, reason: str
) -> SupplyOffer:
    """End an offer for good, with how and why; this may be done whatever befell the organisation.

    Raises:
        InvalidInput: no reason.
        Conflict: it was ended already, or the page was overtaken.
    """
    check(actor, Permission.OFFER_HANDLE, offer)
    _check_version(offer, version)
    status = WORKFLOW.after(offer.status, OfferAction.CLOSE)
    offer.reason = clean_reason(reason)
    offer.status = status
    offer.outcome = outcome
    offer.closed_at = clock.now()
    _record(actor, "offer.close", offer, offer.reason)
    return offer


def _check_may_offer(organisation: Organisation) -> None:
    # Whoever else writes for this organisation waits, so that what stands is counted rightly.
    lock_organisation(organisation)
    if organisation.hindrance is not None:
        raise Conflict(organisation.hindrance)


def _ask(
    organisation: Organisation,
    columns: dict[str, Any],
    others: list[SupplyOffer],
    *,
    confirmed: bool,
) -> None:
    questions = [] if confirmed else find_questions(organisation, columns, others)
    if questions:
        raise AskAgain(questions)


def _check_version(offer: SupplyOffer, version: int) -> None:
    if offer.version != version:
        raise StaleVersion()


def _record(actor: Actor, action: str, offer: SupplyOffer, reason: str = "") -> None:
    db.session.flush()
    record(
        actor=actor,
        action=action,
        subject_type="offer",
        subject_id=offer.id,
        subject_label=f"{offer.organisation.name} · {offer.item}",
        reason=reason,
    )
