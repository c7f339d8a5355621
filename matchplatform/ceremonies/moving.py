"""Move invitations to ceremonies to the record into which an organisation is merged."""

from sqlalchemy import Select, select

from matchplatform.access.actor import SYSTEM
from matchplatform.ceremonies.models import CeremonyGuest
from matchplatform.ceremonies.states import GUEST_WORKFLOW, GuestAction, GuestState
from matchplatform.ceremonies.steps import record_on
from matchplatform.kernel.db import db
from matchplatform.organisations.models import Organisation


def move_guests(source: Organisation, target: Organisation, reason: str) -> None:
    """Move every invitation; where both are invited, the people of the source join the target's."""
    theirs = {guest.ceremony_id: guest for guest in db.session.scalars(_of(target.id)).unique()}
    for guest in list(db.session.scalars(_of(source.id)).unique()):
        other = theirs.get(guest.ceremony_id)
        if other is None:
            guest.organisation = target
            guest.unit = target.name
        else:
            for person in list(guest.attendees):
                guest.attendees.remove(person)
                other.attendees.append(person)
            if other.attendees and other.status is GuestState.DECLINED:
                other.status = GUEST_WORKFLOW.after(other.status, GuestAction.ACCEPT)
            if guest.status is not GuestState.REMOVED:
                guest.status = GUEST_WORKFLOW.after(guest.status, GuestAction.REMOVE)
        record_on(
            SYSTEM, "ceremony.move_guest", guest.ceremony, reason=reason, detail={"guest": guest.id}
        )


def _of(organisation_id: int) -> Select[CeremonyGuest]:
    return (
        select(CeremonyGuest)
        .where(CeremonyGuest.organisation_id == organisation_id)
        .order_by(CeremonyGuest.id)
        .with_for_update(of=CeremonyGuest)
        .execution_options(populate_existing=True)
    )
