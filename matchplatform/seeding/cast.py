"""Who acts in the demo: people by user name as actors, organisations and projects by their keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from matchplatform.access.actor import SYSTEM, Actor, Role
from matchplatform.accounts.models import User
from matchplatform.accounts.services import add_user
from matchplatform.claims.models import Claim
from matchplatform.kernel.db import db
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project
from matchplatform.seeding.rows import PersonRow

ADMIN = "admin"


@dataclass(repr=False)
class Cast:
    """Everybody and everything that later events refer to."""

    password_hash: str
    actors: dict[str, Actor] = field(default_factory=dict)
    officers: dict[str, list[Actor]] = field(default_factory=dict)
    organisation_ids: dict[str, int] = field(default_factory=dict)
    project_ids: dict[str, int] = field(default_factory=dict)
    claim_ids: dict[tuple[str, str], int] = field(default_factory=dict)

    def add_person(self, row: PersonRow) -> None:
        """Open an account: the first admin's by the system, all others by that admin."""
        user = add_user(
            actor=self.actors.get(ADMIN, SYSTEM),
            username=row.username,
            display_name=row.name,
            role=row.role,
            password_hash=self.password_hash,
            region_prefix=row.region_prefix,
            unit=row.unit,
        )
        actor = Actor(user.id, user.display_name, row.role, row.region_prefix, unit=user.unit)
        self.actors[row.username] = actor
        if row.role is Role.OFFICER:
            self.officers.setdefault(row.region_prefix, []).append(actor)

    def add_agent(self, row_name: str, user: User, organisation: Organisation) -> None:
        """Note an organisation with its agent; verification is for the verbs to look at."""
        ids = frozenset({organisation.id})
        self.organisation_ids[row_name] = organisation.id
        self.actors[row_name] = Actor(
            user.id,
            user.display_name,
            Role.AGENT,
            organisation_ids=ids,
            verified_ids=ids,
            unit=organisation.name,
            signer_ids=ids,
        )

    def officer(self, prefix: str, serial: int) -> Actor:
        """Return one of a region's officers; neighbouring serials get different ones."""
        here = self.officers[prefix]
        return here[serial % len(here)]

    def nearest_officer(self, region_code: str, serial: int) -> Actor:
        """Return an officer of the smallest region with officers that covers this one."""
        for length in (6, 4, 2):
            if region_code[:length] in self.officers:
                return self.officer(region_code[:length], serial)
        raise LookupError(f"nobody is there for {region_code}")

    def organisation(self, row_name: str) -> Organisation:
        """Return an organisation by its agent's user name."""
        return db.session.get_one(Organisation, self.organisation_ids[row_name])

    def user(self, username: str) -> User:
        """Return an account by its name."""
        return db.session.get_one(User, self.actors[username].user_id)

    def claim(self, username: str, number: str) -> Claim:
        """Return the last claim of an organisation on a project, by agent and project number."""
        return db.session.get_one(Claim, self.claim_ids[username, number])

    def quantities(self, number: str, by_position: Mapping[int, Decimal]) -> dict[int, Decimal]:
        """Return quantities by the id of the line for quantities by its position."""
        ids = {line.position: line.id for line in self.project(number).lines}
        return {ids[position]: amount for position, amount in by_position.items()}

    def project(self, number: str) -> Project:
        """Return a project by its number."""
        return db.session.get_one(Project, self.project_ids[number])
