"""A day of signing for the tests: a locked list, its guests, an operator."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from matchplatform.access.actor import Actor, Role
from matchplatform.accounts.models import User
from matchplatform.ceremonies import running
from matchplatform.ceremonies.models import (
    AgendaItem,
    Ceremony,
    CeremonyAttendee,
    CeremonyEntry,
    CeremonyGuest,
)
from matchplatform.ceremonies.stage import StageState
from matchplatform.ceremonies.states import (
    AgendaKind,
    CeremonyState,
    EntryState,
    GuestKind,
    GuestState,
)
from matchplatform.ceremonies.steps import read_stage
from matchplatform.claims.models import Claim
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.organisations.models import Organisation
from matchplatform.projects.details import LineDetails
from matchplatform.projects.states import LineKind, Sector
from tests.beginnings import made_once
from tests.commitments.making import make_frozen
from tests.factories import (
    DETAILS,
    MONEY,
    ZHANGBEI,
    actor_for,
    make_claim,
    make_organisation,
    make_project,
    make_user,
)

WHY = "签约人拿错了文本"
JOBS = LineDetails(LineKind.JOBS, "护工岗位", Decimal(20), "个", None, Decimal(1))
KANGBAO = "130723"


@dataclass
class Day:
    """A ceremony whose list is locked; organisations in the order in which they sign."""

    ceremony: Ceremony
    operator: Actor
    user: User
    organisations: list[Organisation]
    agents: list[User]

    @property
    def entries(self) -> list[CeremonyEntry]:
        """Return the list in its order, read anew."""
        db.session.expire_all()
        return list(
            db.session.scalars(
                select(CeremonyEntry)
                .where(CeremonyEntry.ceremony_id == self.ceremony.id)
                .order_by(CeremonyEntry.addendum, CeremonyEntry.position)
            )
        )

    @property
    def stage(self) -> StageState:
        """Return where the stage stands."""
        return read_stage(self.ceremony.id)

    def begin(self) -> "Day":
        """Begin the day and commit."""
        running.begin_ceremony(actor=self.operator, ceremony=self.ceremony)
        db.session.commit()
        return self

    def url(self, rest: str = "console") -> str:
        """Return an address of its desk."""
        return f"/desk/ceremonies/{self.ceremony.id}/{rest}"


def make_day(count: int = 3, *, slots: int = 2, guests: bool = True) -> Day:
    """Make a ceremony whose list of so many claims is locked, and commit."""
    asked = (count, slots, guests)
    ceremony = made_once(Ceremony, ("day", *asked), lambda: _make_ceremony(*asked))
    user = db.session.get_one(User, ceremony.created_by_id)
    day = Day(ceremony, actor_for(user), user, [], [])
    day.organisations += [entry.claim.organisation for entry in day.entries]
    day.agents += [one.memberships[0].user for one in day.organisations]
    return day


def _make_ceremony(count: int, slots: int, guests: bool) -> Ceremony:
    user = make_user(Role.ORGANISER)
    ceremony = Ceremony(
        title="京津冀社会组织帮扶签约大会",
        place="张北县文化中心",
        region_code=ZHANGBEI,
        host="张北县民政局",
        contact="0313-0001000",
        starts_at=clock.now() + timedelta(hours=1),
        answer_by=clock.today(),
        capacity=200,
        stage_slots=slots,
        status=CeremonyState.LOCKED,
        hall_token=secrets.token_urlsafe(24),
        created_by_id=user.id,
        created_at=clock.now(),
        agenda=[
            AgendaItem(position=1, kind=AgendaKind.SPEECH, title="领导讲话", minutes=10),
            AgendaItem(position=2, kind=AgendaKind.SIGNING, title="签约仪式", minutes=0),
        ],
    )
    db.session.add(ceremony)
    db.session.commit()
    projects = [
        make_project(lines=(MONEY, JOBS)),
        make_project(
            region=KANGBAO,
            lines=(MONEY,),
            details=replace(DETAILS, name="独居老人探访", sector=Sector.CARE),
        ),
    ]
    for place in range(count):
        organisation, agent = make_organisation(name=f"测试公益基金会第{place + 1}")
        project = projects[place % 2]
        quantities = {project.lines[0].id: Decimal(5000 + place)}
        if place == 0:
            quantities[project.lines[1].id] = Decimal(3)
        claim = make_claim(project, organisation, agent, quantities, accepted=True)
        list_claim(ceremony, claim, place + 1)
        if guests:
            invite(ceremony, organisation, f"签署人{place + 1}")
    return ceremony


def list_claim(
    ceremony: Ceremony,
    claim: Claim,
    position: int,
    addendum: int = 0,
    agreement_id: int | None = None,
) -> CeremonyEntry:
    """List a claim with its frozen agreement."""
    entry = CeremonyEntry(
        ceremony_id=ceremony.id,
        claim_id=claim.id,
        position=position,
        addendum=addendum,
        status=EntryState.LISTED,
        agreement_id=agreement_id or make_frozen(claim).id,
        listed_at=clock.now(),
    )
    db.session.add(entry)
    db.session.commit()
    return entry


def add_entry_again(day: Day, claim: Claim) -> None:
    """Put a claim on an addendum with the agreement that it has."""
    before = next(entry for entry in day.entries if entry.claim_id == claim.id)
    list_claim(day.ceremony, claim, 1, addendum=1, agreement_id=before.agreement_id)


def invite(ceremony: Ceremony, organisation: Organisation, *names: str) -> CeremonyGuest:
    """Invite an organisation that has said yes; the first of its people signs."""
    guest = CeremonyGuest(
        ceremony_id=ceremony.id,
        kind=GuestKind.ORGANISATION,
        organisation_id=organisation.id,
        unit=organisation.name,
        token=f"guest-token-{ceremony.id}-{organisation.id}",
        status=GuestState.ACCEPTED,
        invited_at=clock.now(),
        answered_at=clock.now(),
        attendees=[
            CeremonyAttendee(name=name, post="秘书长", is_signer=place == 0, seat=f"A{place + 1}")
            for place, name in enumerate(names)
        ],
    )
    db.session.add(guest)
    db.session.commit()
    return guest
