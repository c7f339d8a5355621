"""How much more an organisation may promise: its budget, what it has open, what a county granted."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.claims.asked import CapacityGrant
from matchplatform.claims.promises import sum_promises_of
from matchplatform.claims.states import AskState
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Hidden, NotFound
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_wan
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project

MOST_TIMES_BUDGET = 3
ZERO = Decimal(0)


class OverCapacity(Conflict):
    """An organisation would promise more than it can be expected to keep."""


@dataclass(frozen=True)
class Capacity:
    """All in yuan: ``promised`` is open anywhere, ``here`` on this project, ``granted`` for it.

    A budget of zero means that none was stated; then nothing can be judged.
    """

    budget: Decimal
    promised: Decimal
    here: Decimal
    granted: Decimal
    is_asked: bool = False

    @property
    def is_known(self) -> bool:
        """Tell whether there is a budget to judge by."""
        return self.budget > 0

    @property
    def most(self) -> Decimal:
        """Return what may be open in all even with a county's grant."""
        return MOST_TIMES_BUDGET * self.budget

    @property
    def left(self) -> Decimal:
        """Return what may still be claimed here; below zero the budget is overdrawn."""
        by_budget = self.budget - self.promised
        if not self.granted:
            return by_budget
        by_grant = min(self.granted - self.here, self.most - self.promised)
        return max(by_budget, by_grant)

    def fits(self, value: Decimal) -> bool:
        """Tell whether a claim of this value may be made here."""
        return not self.is_known or value == 0 or value <= self.left

    def words(self, value: Decimal) -> Words:
        """Say why a claim of this value does not fit."""
        if self.granted:
            return _(
                "贵会年度预算 %(budget)s 万元，在办和已签约 %(promised)s 万元；县里同意在这个项目认领 %(granted)s 万元，已占 %(here)s 万元。这次 %(value)s 万元超出了。",
                budget=format_wan(self.budget),
                promised=format_wan(self.promised),
                granted=format_wan(self.granted),
                here=format_wan(self.here),
                value=format_wan(value),
            )
        return _(
            "贵会年度预算 %(budget)s 万元，在办和已签约 %(promised)s 万元，加上这次 %(value)s 万元超出了。确有把握的，可以申请县里同意。",
            budget=format_wan(self.budget),
            promised=format_wan(self.promised),
            value=format_wan(value),
        )


def read_capacity(organisation: Organisation, project: Project) -> Capacity:
    """Return how much more an organisation may promise on a project."""
    promises = sum_promises_of(organisation.id)
    grants = db.session.execute(
        select(CapacityGrant.status, func.max(CapacityGrant.value))
        .where(
            _of(organisation, project),
            CapacityGrant.status.in_((AskState.OPEN, AskState.GRANTED)),
        )
        .group_by(CapacityGrant.status)
    )
    asked: dict[AskState, Decimal] = dict(grants.all())
    return Capacity(
        budget=organisation.annual_budget,
        promised=sum(promises.values(), ZERO),
        here=promises.get(project.id, ZERO),
        granted=asked.get(AskState.GRANTED, ZERO),
        is_asked=AskState.OPEN in asked,
    )


def check_capacity(organisation: Organisation, project: Project, value: Decimal) -> None:
    """Refuse to promise more than the budget bears, unless the county granted it.

    Raises:
        OverCapacity: with the numbers.
    """
    capacity = read_capacity(organisation, project)
    if not capacity.fits(value):
        raise OverCapacity(capacity.words(value))


def find_open_ask(organisation: Organisation, project: Project) -> CapacityGrant | None:
    """Return what an organisation has asked about a project and nobody decided, or None."""
    return db.session.scalar(
        select(CapacityGrant).where(
            _of(organisation, project), CapacityGrant.status == AskState.OPEN
        )
    )


def get_grant(actor: Actor, grant_id: int) -> CapacityGrant:
    """Return a grant, asked or decided, that the actor may read.

    Raises:
        NotFound: no such grant.
        Hidden: none of the actor's business.
    """
    grant = db.session.get(CapacityGrant, grant_id)
    if grant is None:
        raise NotFound()
    if not permits(actor, Permission.CAPACITY_READ, grant):
        raise Hidden()
    return grant


def list_open_asks(actor: Actor) -> list[CapacityGrant]:
    """List what waits for a decision in the officer's region, longest waiting first."""
    return list(
        db.session.scalars(
            select(CapacityGrant)
            .join(Project, Project.id == CapacityGrant.project_id)
            .where(
                CapacityGrant.status == AskState.OPEN,
                Project.region_code.startswith(actor.region_prefix, autoescape=True),
            )
            .order_by(CapacityGrant.asked_at, CapacityGrant.id)
        )
    )


def _of(organisation: Organisation, project: Project) -> ColumnElement[bool]:
    return (CapacityGrant.organisation_id == organisation.id) & (
        CapacityGrant.project_id == project.id
    )
