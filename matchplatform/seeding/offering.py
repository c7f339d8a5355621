"""What organisations of the demo offer, and whom officers invite to claim."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from matchplatform.invitations.models import ProjectInvitation
from matchplatform.invitations.services import (
    answer_invitation,
    invite_organisation,
    withdraw_invitation,
)
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.outbox import list_due
from matchplatform.matching.supply_news import tell_of_offer
from matchplatform.offers.details import OfferDetails
from matchplatform.offers.models import SupplyOffer
from matchplatform.offers.services import TOPIC, close_offer, publish_offer
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.offer_rows import InvitationRow, OfferRow
from matchplatform.seeding.timetable import Timetable, working_minute

MOST_TOLD = 1000
# Offers by agent and item: invitations name the offer that they answer to.
OfferIds = dict[tuple[str, str], int]


def plan_offers(
    timetable: Timetable, cast: Cast, rows: list[OfferRow], invitations: list[InvitationRow]
) -> None:
    """Put offers, and invitations with their answers, on the timetable."""
    offer_ids: OfferIds = {}
    for serial, row in enumerate(rows):
        minute = working_minute(serial)
        until = timetable.today + timedelta(days=row.valid_days)
        timetable.add(row.day, minute, partial(_publish, cast, row, until, offer_ids))
        if row.closed_day is not None:
            timetable.add(row.closed_day, minute, partial(_close, cast, row, offer_ids))
    for serial, invited in enumerate(invitations):
        made = _MadeInvitation(cast, invited, offer_ids)
        minute = working_minute(serial)
        timetable.add(invited.invited_day, minute, made.invite)
        if invited.answered_day is not None:
            timetable.add(invited.answered_day, minute, made.answer)
        if invited.withdrawn_day is not None:
            timetable.add(invited.withdrawn_day, minute, made.withdraw)


def tell_of_offers() -> None:
    """Tell the counties of the offers that stand, each on its day."""
    for entry in list_due([TOPIC], MOST_TOLD):
        with clock.set_clock(entry.created_at):
            tell_of_offer(entry.payload)
            entry.done_at = clock.now()


def _publish(cast: Cast, row: OfferRow, until: date, offer_ids: OfferIds) -> None:
    offer = publish_offer(
        actor=cast.actors[row.username],
        organisation=cast.organisation(row.username),
        details=OfferDetails(
            kind=row.kind,
            item=row.item,
            quantity=row.quantity,
            unit=row.unit,
            unit_price=row.unit_price,
            valid_until=until,
            sectors=row.sectors,
            regions=row.regions,
            note=row.note,
        ),
        confirmed=True,
    )
    offer_ids[row.username, row.item] = offer.id


def _close(cast: Cast, row: OfferRow, offer_ids: OfferIds) -> None:
    offer = db.session.get_one(SupplyOffer, offer_ids[row.username, row.item])
    if row.outcome is None:
        raise ValueError(f"{row.username} ended {row.item}, but how?")
    close_offer(
        actor=cast.actors[row.username],
        offer=offer,
        version=offer.version,
        outcome=row.outcome,
        reason=row.reason,
    )


@dataclass
class _MadeInvitation:
    """One invitation on its way."""

    cast: Cast
    row: InvitationRow
    offer_ids: OfferIds
    invitation_id: int = 0

    def invite(self) -> None:
        project, row = self.cast.project(self.row.number), self.row
        lines = [line for line in project.lines if line.position == row.position]
        offer_id = self.offer_ids[row.username, row.offer_item] if row.offer_item else None
        invitation = invite_organisation(
            actor=self.cast.actors[row.officer],
            project=project,
            organisation=self.cast.organisation(row.username),
            words=row.words,
            reasons=row.reasons,
            line=lines[0] if lines else None,
            offer=None if offer_id is None else db.session.get_one(SupplyOffer, offer_id),
        )
        self.invitation_id = invitation.id

    def answer(self) -> None:
        invitation = self._invitation()
        answer_invitation(
            actor=self.cast.actors[self.row.username],
            invitation=invitation,
            version=invitation.version,
            interested=self.row.interested,
            words=self.row.answer,
        )

    def withdraw(self) -> None:
        invitation = self._invitation()
        withdraw_invitation(
            actor=self.cast.actors[self.row.officer],
            invitation=invitation,
            version=invitation.version,
            reason=self.row.withdrawn_reason,
        )

    def _invitation(self) -> ProjectInvitation:
        return db.session.get_one(ProjectInvitation, self.invitation_id)
