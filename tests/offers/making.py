"""Offers for the tests, made through the verbs and committed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from matchplatform.accounts.models import User
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.offers.details import OfferDetails
from matchplatform.offers.models import SupplyOffer
from matchplatform.offers.services import publish_offer
from matchplatform.organisations.models import Organisation
from matchplatform.projects.states import LineKind
from tests.factories import actor_for


def details(**more: Any) -> OfferDetails:
    """Return an offer of ten wheelchairs as it would be typed, with whatever else."""
    typed: dict[str, Any] = {
        "kind": LineKind.GOODS,
        "item": "轮椅",
        "quantity": Decimal(10),
        "unit": "辆",
        "unit_price": Decimal(800),
        "valid_until": clock.today() + timedelta(days=90),
    }
    return OfferDetails(**{**typed, **more})


def make_offer(organisation: Organisation, agent: User, **more: Any) -> SupplyOffer:
    """Publish an offer, whatever is out of the ordinary about it."""
    offer = publish_offer(
        actor=actor_for(agent),
        organisation=organisation,
        details=details(**more),
        confirmed=True,
    )
    db.session.commit()
    return offer
