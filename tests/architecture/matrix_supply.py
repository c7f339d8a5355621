"""What the claimant of the matrix offers, and what officers ask of it."""

from datetime import timedelta
from decimal import Decimal

from matchplatform.invitations.services import invite_organisation
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.offers.details import OfferDetails
from matchplatform.offers.services import publish_offer
from matchplatform.projects.states import LineKind
from tests.architecture.matrix_people import REASON, People
from tests.architecture.matrix_things import Thing, Things
from tests.factories import QUILTS, actor_for, make_project


def make_supply(people: People) -> Things:
    """Make an offer of the claimant's that fits a line of Zhangbei, and an invitation to claim."""
    fitting, asked = make_project(), make_project()
    until = clock.today() + timedelta(days=100)
    offer = publish_offer(
        actor=actor_for(people["agt"]), organisation=people.claimant,
        details=OfferDetails(
            kind=LineKind.GOODS, item=QUILTS.item, quantity=Decimal(240), unit=QUILTS.unit,
            unit_price=None, valid_until=until,
        ),
        confirmed=True,
    )  # fmt: skip
    invitation = invite_organisation(
        actor=actor_for(people["cty"]), project=asked, organisation=people.claimant, words=REASON
    )
    db.session.commit()
    form = {
        "version": str(offer.version), "kind": "goods", "item": QUILTS.item, "quantity": "200",
        "unit": QUILTS.unit, "valid_until": f"{until}", "confirmed": "yes",
        "outcome": "withdrawn", "reason": REASON,
        "line_id": str(fitting.lines[1].id), "words": REASON,
    }  # fmt: skip
    return {
        "an offer": Thing({"offer_id": offer.id}, form),
        "a call": Thing(
            {"invitation_id": invitation.id}, {"version": str(invitation.version), "words": REASON}
        ),
    }
