"""The officers' desk: what waits for this officer, the longest first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.claims.models import ANSWER_DAYS, Claim
from matchplatform.claims.queries import list_waiting as list_waiting_claims
from matchplatform.kernel import clock
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number, format_wan
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.queries import list_waiting as list_waiting_organisations
from matchplatform.organisations.states import TYPE_WORDS
from matchplatform.projects.models import Project
from matchplatform.projects.queries import list_waiting as list_waiting_projects
from matchplatform.projects.services import may_publish, may_verify
from matchplatform.projects.states import ProjectState
from matchplatform.regions.divisions import name_of

LINES_SHOWN = 2
QUEUES: dict[str, Words] = {
    "claims": _("认领受理"),
    "verify": _("需求核验"),
    "publish": _("需求发布"),
    "organisations": _("组织核验"),
}


@dataclass(frozen=True)
class Task:
    """One thing that waits: ``days`` waited of ``limit``; ``due`` days are left (below 0: late)."""

    queue: str
    since: datetime
    title: str
    url: str
    meta: str
    by: str
    days: int
    limit: int = ANSWER_DAYS
    flag: Words = ""

    @property
    def kind(self) -> Words:
        """Return the name of the queue."""
        return QUEUES[self.queue]

    @property
    def due(self) -> int:
        """Return the days left; below zero it is overdue."""
        return self.limit - self.days

    @property
    def late(self) -> bool:
        """Tell whether it is overdue."""
        return self.due < 0

    @property
    def today(self) -> bool:
        """Tell whether it is due today."""
        return self.due == 0

    @property
    def action(self) -> Words:
        """Return the words of the link."""
        return _("办理")

    @property
    def due_text(self) -> Words:
        """Say how much time is left."""
        if self.late:
            return _("超期 %(days)s 天", days=-self.due)
        return _("今天到期") if self.today else _("还有 %(days)s 天", days=self.due)


@dataclass
class Desk:
    """All that waits, and the same by queue."""

    tasks: list[Task] = field(default_factory=list)

    def of(self, queue: str) -> list[Task]:
        """List the tasks of one queue, or all for an empty name."""
        return [task for task in self.tasks if queue in ("", task.queue)]

    @property
    def late(self) -> int:
        """Count what is overdue."""
        return sum(1 for task in self.tasks if task.late)

    @property
    def pressing(self) -> int:
        """Count what is overdue or due today."""
        return sum(1 for task in self.tasks if task.late or task.today)

    @property
    def oldest(self) -> int:
        """Return the days that the oldest has waited."""
        return max((task.days for task in self.tasks), default=0)


def read_desk(actor: Actor) -> Desk:
    """Gather what waits for an officer, the longest waiting first."""
    tasks = [*_claims(actor), *_projects(actor), *_organisations(actor)]
    return Desk(sorted(tasks, key=lambda task: (task.since, task.url)))


def _claims(actor: Actor) -> Iterable[Task]:
    for claim in list_waiting_claims(actor):
        # The county answers; the city above sees what the county leaves lying.
        mine = permits(actor, Permission.CLAIM_DECIDE, claim)
        if mine and (actor.is_county or _days(claim.submitted_at) > ANSWER_DAYS):
            yield _claim_task(claim, actor)


def _claim_task(claim: Claim, actor: Actor) -> Task:
    what = "、".join(
        f"{part.line.item} {format_number(part.quantity)} {part.line.unit}"
        for part in claim.lines[:LINES_SHOWN]
    )
    if len(claim.lines) > LINES_SHOWN:
        what += _text(_("等 %(n)s 项", n=len(claim.lines)))
    return Task(
        queue="claims",
        since=claim.submitted_at or claim.reserved_at,
        title=_text(
            _("%(who)s认领“%(what)s”", who=claim.organisation.name, what=claim.project.name)
        ),
        url=f"/claims/{claim.id}",
        meta=_text(_("合 %(value)s 万元 · %(what)s", value=format_wan(claim.value), what=what)),
        by="" if actor.is_county else name_of(claim.region_code),
        days=_days(claim.submitted_at),
    )


def _projects(actor: Actor) -> Iterable[Task]:
    for project in list_waiting_projects(actor, ProjectState.SUBMITTED):
        if may_verify(actor, project):
            yield _project_task("verify", project, project.submitted_at)
    for project in list_waiting_projects(actor, ProjectState.VERIFIED):
        if may_publish(actor, project):
            yield _project_task("publish", project, project.verified_at)


def _project_task(queue: str, project: Project, since: datetime | None) -> Task:
    return Task(
        queue=queue,
        since=since or project.created_at,
        title=project.name,
        url=f"/desk/projects/{project.number}",
        meta=_text(
            _(
                "申报 %(value)s 万元 · %(people)s",
                value=format_wan(project.value_needed),
                people=_people(project),
            )
        ),
        by=f"{name_of(project.region_code)}{project.place}",
        days=_days(since),
    )


def _people(project: Project) -> str:
    counted = (
        (project.direct_people, _("直接受益 %(n)s 人", n=format_number(project.direct_people))),
        (project.households, _("涉及 %(n)s 户", n=format_number(project.households))),
        (project.person_times, _("服务 %(n)s 人次", n=format_number(project.person_times))),
    )
    return "、".join(_text(words) for number, words in counted if number)


def _organisations(actor: Actor) -> Iterable[Task]:
    for organisation in list_waiting_organisations(actor):
        yield _organisation_task(organisation)


def _organisation_task(organisation: Organisation) -> Task:
    return Task(
        queue="organisations",
        since=organisation.submitted_at,
        title=_text(_("%(name)s登记资料", name=organisation.name)),
        url=f"/desk/organisations/{organisation.id}",
        meta=_text(
            _(
                "%(kind)s · %(authority)s登记",
                kind=TYPE_WORDS[organisation.org_type],
                authority=organisation.registration_authority,
            )
        ),
        by=_text(_("曾退回过一次")) if organisation.return_reason else "",
        days=_days(organisation.submitted_at),
    )


def _text(words: Words) -> str:
    return str(words)


def _days(since: datetime | None) -> int:
    if since is None:
        return 0
    return (clock.today() - since.astimezone(clock.SHANGHAI).date()).days
