"""Move offers to the record into which an organisation is merged."""

from sqlalchemy import select

from matchplatform.access.actor import SYSTEM
from matchplatform.audit.services import record
from matchplatform.kernel.db import db
from matchplatform.offers.models import SupplyOffer
from matchplatform.organisations.models import Organisation


def move_offers(source: Organisation, target: Organisation, reason: str) -> None:
    """Move every offer, standing or not; part of merging."""
    moved = db.session.scalars(
        select(SupplyOffer)
        .where(SupplyOffer.organisation_id == source.id)
        .order_by(SupplyOffer.id)
        .with_for_update(of=SupplyOffer)
        .execution_options(populate_existing=True)
    ).all()
    for offer in moved:
        offer.organisation = target
    for offer in moved:
        record(
            actor=SYSTEM,
            action="offer.move",
            subject_type="offer",
            subject_id=offer.id,
            subject_label=f"{target.name} · {offer.item}",
            reason=reason,
        )
