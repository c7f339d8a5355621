"""The officers' desk: what waits for this officer, the longest first."""

from collections.abc import Container, Iterable, Mapping
from datetime import datetime

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.access.reach import HEBEI
from matchplatform.claims.asked import HOLDER_DAYS, ReleaseRequest
from matchplatform.claims.capacity import list_open_asks
from matchplatform.claims.models import ANSWER_DAYS, SIGN_DAYS, Claim
from matchplatform.claims.queries import list_waiting as list_waiting_claims
from matchplatform.claims.requests import list_long_unsigned, list_open_requests
from matchplatform.claims.threads import list_unanswered_ids
from matchplatform.home.tasks import QUEUE_PERMISSIONS, QUEUES, Desk, Task
from matchplatform.home.watching import when_returned
from matchplatform.kernel import clock
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number, format_wan
from matchplatform.organisations.certificates import list_waiting_certificates
from matchplatform.organisations.models import Certificate, Organisation
from matchplatform.organisations.names import list_waiting_changes
from matchplatform.organisations.queries import list_waiting as list_waiting_organisations
from matchplatform.organisations.states import TYPE_WORDS
from matchplatform.projects.gate_models import FindingState
from matchplatform.projects.gate_page import count_kept
from matchplatform.projects.kept import Blank
from matchplatform.projects.models import Project
from matchplatform.projects.proposals import list_open_proposals
from matchplatform.projects.queries import list_waiting as list_waiting_projects
from matchplatform.projects.services import may_publish, may_verify
from matchplatform.projects.states import ProjectState
from matchplatform.projects.versions import name_fields
from matchplatform.regions.divisions import name_of

LINES_SHOWN = 2


def read_desk(actor: Actor) -> Desk:
    """Gather what waits for an officer, the longest waiting first."""
    unanswered = list_unanswered_ids(actor)
    tasks = [
        *_claims(actor, unanswered),
        *_silent(actor, unanswered),
        *_asks(actor),
        *_projects(actor),
        *_changes(actor),
        *_organisations(actor),
    ]
    return Desk(sorted(tasks, key=lambda task: (task.since, task.url)))


def list_queues(actor: Actor) -> dict[str, Words]:
    """Return the queues in which something can ever wait for this officer, with their names."""
    here = Blank(actor.region_prefix)
    posts = actor.region_prefix.startswith(HEBEI)
    return {
        key: words
        for key, words in QUEUES.items()
        if key not in QUEUE_PERMISSIONS or (posts and permits(actor, QUEUE_PERMISSIONS[key], here))
    }


def _claims(actor: Actor, unanswered: Container[int]) -> Iterable[Task]:
    for claim in list_waiting_claims(actor):
        # The county answers; the city above sees what the county leaves lying.
        mine = permits(actor, Permission.CLAIM_DECIDE, claim)
        if mine and (actor.is_county or _days(claim.submitted_at) > ANSWER_DAYS):
            yield _claim_task(claim, actor, claim.id in unanswered)


def _claim_task(claim: Claim, actor: Actor, has_news: bool) -> Task:
    what = "、".join(
        f"{part.line.item} {format_number(part.quantity)} {part.line.unit}"
        for part in claim.lines[:LINES_SHOWN]
    )
    if len(claim.lines) > LINES_SHOWN:
        what += str(_("等 %(n)s 项", n=len(claim.lines)))
    return Task(
        queue="claims",
        since=claim.submitted_at or claim.reserved_at,
        title=str(_("%(who)s认领“%(what)s”", who=claim.organisation.name, what=claim.project.name)),
        url=f"/claims/{claim.id}",
        meta=str(_("合 %(value)s 万元 · %(what)s", value=format_wan(claim.value), what=what)),
        by="" if actor.is_county else name_of(claim.region_code),
        days=_days(claim.submitted_at),
        flag=claim.organisation.trouble or "",
        news=_("有新留言") if has_news else "",
    )


def _silent(actor: Actor, unanswered: Container[int]) -> Iterable[Task]:
    requests = {request.claim_id: request for request in list_open_requests(actor)}
    claims = {claim.id: claim for claim in list_long_unsigned(actor)}
    claims |= {key: request.claim for key, request in requests.items()}
    for key, claim in claims.items():
        task = _silent_task(claim, requests.get(key), actor, key in unanswered)
        # The county decides; the city above sees what the county leaves lying.
        if permits(actor, Permission.CLAIM_DECIDE, claim) and (
            actor.is_county or task.days > task.limit + ANSWER_DAYS
        ):
            yield task


def _silent_task(
    claim: Claim, request: ReleaseRequest | None, actor: Actor, has_news: bool
) -> Task:
    since = (request.asked_at if request else claim.silent_since) or claim.reserved_at
    return Task(
        queue="release",
        since=since,
        title=str(_("%(who)s认领“%(what)s”", who=claim.organisation.name, what=claim.project.name)),
        url=f"/claims/{claim.id}",
        meta=str(
            _(
                "合 %(value)s 万元 · %(days)s 天没有动静",
                value=format_wan(claim.value),
                days=claim.silent_days,
            )
        ),
        by="" if actor.is_county else name_of(claim.region_code),
        days=_days(since),
        limit=HOLDER_DAYS if request else SIGN_DAYS,
        flag=_("有社会组织请求放回") if request else "",
        news=_("有新留言") if has_news else "",
    )


def _asks(actor: Actor) -> Iterable[Task]:
    for grant in list_open_asks(actor):
        mine = permits(actor, Permission.CLAIM_DECIDE, grant)
        if mine and (actor.is_county or _days(grant.asked_at) > ANSWER_DAYS):
            yield Task(
                queue="capacity",
                since=grant.asked_at,
                title=str(
                    _(
                        "%(who)s申请超预算认领“%(what)s”",
                        who=grant.organisation.name,
                        what=grant.project.name,
                    )
                ),
                url=f"/capacity/{grant.id}",
                meta=str(_("想认领到 %(value)s 万元", value=format_wan(grant.value))),
                by="" if actor.is_county else name_of(grant.region_code),
                days=_days(grant.asked_at),
            )


def _projects(actor: Actor) -> Iterable[Task]:
    returned = [
        project
        for project in list_waiting_projects(actor, ProjectState.RETURNED)
        if actor.user_id in project.author_ids
    ]
    times = when_returned([project.number for project in returned]) if returned else {}
    for project in returned:
        yield _project_task("returned", project, times.get(project.number))
    sent = list_waiting_projects(actor, ProjectState.SUBMITTED)
    to_verify = [project for project in sent if may_verify(actor, project)]
    verified = list_waiting_projects(actor, ProjectState.VERIFIED)
    to_publish = [project for project in verified if may_publish(actor, project)]
    waiting = [*to_verify, *to_publish]
    found = count_kept(project.id for project in waiting) if waiting else {}
    for project in to_verify:
        yield _project_task("verify", project, project.submitted_at, _noticed(found, project))
    for project in to_publish:
        yield _project_task("publish", project, project.verified_at, _noticed(found, project))


def _noticed(found: Mapping[int, Mapping[FindingState, int]], project: Project) -> Words:
    explained = found.get(project.id, {}).get(FindingState.EXPLAINED, 0)
    return _("质量检查有 %(n)s 处疑问，县里作了说明", n=explained) if explained else ""


def _changes(actor: Actor) -> Iterable[Task]:
    for proposal in list_open_proposals(actor):
        project = proposal.project
        if may_publish(actor, project):
            yield Task(
                queue="changes",
                since=proposal.at,
                title=project.name,
                url=f"/desk/projects/{project.number}",
                meta=str(_("要改：%(what)s", what=name_fields(proposal.after))),
                by=f"{name_of(project.region_code)}{project.place}",
                days=_days(proposal.at),
            )


def _project_task(queue: str, project: Project, since: datetime | None, flag: Words = "") -> Task:
    return Task(
        queue=queue,
        since=since or project.created_at,
        title=project.name,
        url=f"/desk/projects/{project.number}",
        meta=str(
            _(
                "申报 %(value)s 万元 · %(people)s",
                value=format_wan(project.value_needed),
                people=_people(project),
            )
        ),
        by=f"{name_of(project.region_code)}{project.place}",
        days=_days(since),
        flag=flag,
    )


def _people(project: Project) -> str:
    counted = (
        (project.direct_people, _("直接受益 %(n)s 人", n=format_number(project.direct_people))),
        (project.households, _("涉及 %(n)s 户", n=format_number(project.households))),
        (project.person_times, _("服务 %(n)s 人次", n=format_number(project.person_times))),
    )
    return "、".join(str(words) for number, words in counted if number)


def _organisations(actor: Actor) -> Iterable[Task]:
    for organisation in list_waiting_organisations(actor):
        yield _organisation_task(organisation)
    for certificate in list_waiting_certificates(actor):
        yield _certificate_task(certificate)
    for change in list_waiting_changes(actor):
        yield Task(
            queue="organisations",
            since=change.asked_at,
            title=str(_("%(name)s名称变更", name=change.old_name)),
            url=f"/desk/organisations/{change.organisation_id}",
            meta=str(_("改名为 %(name)s", name=change.new_name)),
            by="",
            days=_days(change.asked_at),
        )


def _certificate_task(certificate: Certificate) -> Task:
    organisation = certificate.organisation
    return Task(
        queue="organisations",
        since=certificate.handed_in_at,
        title=str(_("%(name)s登记证书", name=organisation.name)),
        url=f"/desk/organisations/{organisation.id}",
        meta=str(_("有效期到 %(day)s", day=f"{certificate.expires_on:%Y-%m-%d}")),
        by="",
        days=_days(certificate.handed_in_at),
        flag=organisation.trouble or "",
    )


def _organisation_task(organisation: Organisation) -> Task:
    return Task(
        queue="organisations",
        since=organisation.submitted_at,
        title=str(_("%(name)s登记资料", name=organisation.name)),
        url=f"/desk/organisations/{organisation.id}",
        meta=str(
            _(
                "%(kind)s · %(authority)s登记",
                kind=TYPE_WORDS[organisation.org_type],
                authority=organisation.registration_authority,
            )
        ),
        by=str(_("曾退回过一次")) if organisation.return_reason else "",
        days=_days(organisation.submitted_at),
    )


def _days(since: datetime | None) -> int:
    if since is None:
        return 0
    return (clock.today() - since.astimezone(clock.SHANGHAI).date()).days
