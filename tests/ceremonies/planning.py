"""Ceremonies in planning for the tests: opened, announced, with claims that could be signed."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from matchplatform.access.actor import Actor, Role
from matchplatform.ceremonies.details import CeremonyDetails
from matchplatform.ceremonies.guests import NewGuest, add_guests
from matchplatform.ceremonies.intake import add_claims
from matchplatform.ceremonies.inviting import send_invitations
from matchplatform.ceremonies.models import Ceremony, CeremonyGuest
from matchplatform.ceremonies.queries import list_main_entries
from matchplatform.ceremonies.services import open_ceremony, open_intake
from matchplatform.ceremonies.states import GuestKind
from matchplatform.claims.models import Claim
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.organisations.models import Organisation
from tests.commitments.making import make_confirmed
from tests.factories import (
    ZHANGBEI,
    actor_for,
    make_claim,
    make_organisation,
    make_project,
    make_user,
)

WHY = "会场停电，改期再办"


def make_organiser() -> Actor:
    """Make an organiser and return the actor."""
    return actor_for(make_user(Role.ORGANISER, unit="签约活动办公室"))


def details(**changes: object) -> CeremonyDetails:
    """Return the particulars of a ceremony in thirty days at nine in the morning."""
    day = clock.today() + timedelta(days=30)
    whole = CeremonyDetails(
        title="京津冀社会组织帮扶张北签约大会",
        place="县会议中心二层",
        region_code=ZHANGBEI,
        starts_at=datetime.combine(day, time(9), tzinfo=clock.SHANGHAI),
        answer_by=day - timedelta(days=7),
        capacity=200,
        host="河北省民政厅",
        contact="张北县民政局社会组织科",
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def make_ceremony(actor: Actor, *, announced: bool = True, **changes: object) -> Ceremony:
    """Open a ceremony, and announce it unless told otherwise."""
    ceremony = open_ceremony(actor=actor, details=details(**changes))
    if announced:
        open_intake(actor=actor, ceremony=ceremony, version=ceremony.version)
    db.session.commit()
    return ceremony


def make_accepted(region: str = ZHANGBEI) -> Claim:
    """Make an accepted claim of an organisation of its own, without an agreement."""
    organisation, agent = make_organisation()
    return make_claim(make_project(region=region), organisation, agent, accepted=True)


def make_ready(region: str = ZHANGBEI) -> Claim:
    """Make an accepted claim whose agreement everybody has confirmed."""
    claim = make_accepted(region)
    make_confirmed(claim)
    return claim


def make_list(actor: Actor, ceremony: Ceremony, count: int = 3) -> list[int]:
    """Put so many claims onto the list that could be signed; return the entries' ids in order."""
    claims = [make_ready() for _ in range(count)]
    add_claims(actor=actor, ceremony=ceremony, claim_ids=[claim.id for claim in claims])
    db.session.commit()
    return [entry.id for entry in list_main_entries(ceremony.id)]


def make_guest(
    actor: Actor, ceremony: Ceremony, organisation: Organisation | None = None, unit: str = ""
) -> CeremonyGuest:
    """Put a unit onto the guest list and invite it."""
    kind = GuestKind.ORGANISATION if organisation else GuestKind.RECEIVER
    name = organisation.name if organisation else unit or "东水泉村寄宿小学"
    new = NewGuest(kind, name, organisation=organisation)
    [guest] = add_guests(actor=actor, ceremony=ceremony, guests=[new])
    send_invitations(actor=actor, ceremony=ceremony, guest_ids=[guest.id])
    db.session.commit()
    return guest
