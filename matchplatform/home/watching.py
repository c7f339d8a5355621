"""What an officer keeps an eye on: what runs out, what nobody looked at, what nobody claims.

Nobody counts who opened a page (docs/decisions/0009): looking shows by what people leave behind.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import selectinload

from matchplatform.access.actor import Actor
from matchplatform.audit.models import AuditEntry
from matchplatform.claims.asked import WaitlistEntry
from matchplatform.claims.models import Claim
from matchplatform.home.tasks import Watched
from matchplatform.interests.models import Favourite
from matchplatform.invitations.models import ProjectInvitation
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_wan
from matchplatform.kernel.paging import Page, clamp_page
from matchplatform.projects.models import ZERO, Project, ProjectLine
from matchplatform.projects.states import ProjectState
from matchplatform.regions.divisions import name_of

SOON = timedelta(days=14)
UNSEEN = timedelta(days=14)
UNCLAIMED = timedelta(days=30)
PAGE_SIZE = 30


def count_watched(actor: Actor) -> dict[str, int]:
    """Count what is on each list of the officer's region."""
    return {
        key: db.session.scalar(_below(actor, select(func.count(Project.id)), which())) or 0
        for key, which in _WHICH.items()
    }


def list_watched(actor: Actor, key: str, number: int) -> Page[Watched]:
    """List a page of one list, the most pressing first."""
    total = count_watched(actor)[key]
    number = clamp_page(number, PAGE_SIZE, total)
    rows = _rows(actor, key, PAGE_SIZE, (number - 1) * PAGE_SIZE)
    return Page([_watched(key, project) for project in rows], number, PAGE_SIZE, total)


def list_all_watched(actor: Actor, key: str, limit: int) -> list[Watched]:
    """List one list whole, for a file and for going from one to the next."""
    return [_watched(key, project) for project in _rows(actor, key, limit, 0)]


def when_returned(numbers: Sequence[str]) -> dict[str, datetime]:
    """Return when these projects were returned last, by number, as the trail has it."""
    rows = db.session.execute(
        select(AuditEntry.subject_id, func.max(AuditEntry.at).label("at"))
        .where(
            AuditEntry.subject_type == "project",
            AuditEntry.action == "project.return",
            AuditEntry.subject_id.in_(numbers),
        )
        .group_by(AuditEntry.subject_id)
    )
    return dict(rows.all())


def _rows(actor: Actor, key: str, limit: int, offset: int) -> Sequence[Project]:
    order = Project.claim_deadline if key == "deadline" else Project.published_at
    return db.session.scalars(
        _below(actor, select(Project), _WHICH[key]())
        .order_by(order, Project.id)
        .limit(limit)
        .offset(offset)
        .options(selectinload(Project.lines))
    ).all()


def _below(actor: Actor, statement: Select[Project], which: ColumnElement[bool]) -> Select[Project]:
    return statement.where(
        Project.region_code.startswith(actor.region_prefix, autoescape=True),
        Project.status == ProjectState.PUBLISHED,
        Project.claim_deadline >= clock.today(),
        which,
    )


def _runs_out() -> ColumnElement[bool]:
    missing = exists().where(
        ProjectLine.project_id == Project.id, ProjectLine.held < ProjectLine.quantity
    )
    return and_(Project.claim_deadline <= clock.today() + SOON, missing)


def _unseen() -> ColumnElement[bool]:
    waits = (
        select(WaitlistEntry.id)
        .join(ProjectLine, ProjectLine.id == WaitlistEntry.line_id)
        .where(ProjectLine.project_id == Project.id)
        .exists()
    )
    answered = exists().where(
        ProjectInvitation.project_id == Project.id, ProjectInvitation.answered_at.is_not(None)
    )
    return and_(
        Project.published_at <= clock.now() - UNSEEN,
        ~exists().where(Favourite.project_id == Project.id),
        ~exists().where(Claim.project_id == Project.id),
        ~waits,
        ~answered,
    )


def _unclaimed() -> ColumnElement[bool]:
    return and_(
        Project.published_at <= clock.now() - UNCLAIMED,
        ~exists().where(ProjectLine.project_id == Project.id, ProjectLine.held > ZERO),
    )


_WHICH: dict[str, Callable[[], ColumnElement[bool]]] = {
    "deadline": _runs_out,
    "unseen": _unseen,
    "unclaimed": _unclaimed,
}


def _watched(key: str, project: Project) -> Watched:
    published = project.published_at or project.created_at
    since = (clock.today() - published.astimezone(clock.SHANGHAI).date()).days
    left = (project.claim_deadline - clock.today()).days if project.claim_deadline else 0
    until: Words = _("还有 %(days)s 天截止", days=left) if left else _("今天截止认领")
    return Watched(
        queue=key,
        since=published,
        title=project.name,
        url=f"/desk/projects/{project.number}",
        meta=str(
            _(
                "尚缺 %(gap)s 万元，共需 %(all)s 万元",
                gap=format_wan(project.value_gap),
                all=format_wan(project.value_needed),
            )
        ),
        by=f"{name_of(project.region_code)}{project.place}",
        days=since,
        limit=0,
        says=until,
    )
