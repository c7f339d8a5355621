"""A county proposes to change a published project; whoever publishes puts it in force or refuses.

What the public relies on has passed two pairs of eyes and the city or province; so does its change.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy.exc import IntegrityError

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.queries import list_officer_ids
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.reasons import clean_reason
from matchplatform.notifications.services import tell
from matchplatform.projects.changing import LineChange, rehearse_change
from matchplatform.projects.details import ProjectDetails
from matchplatform.projects.kept import strip_buttons
from matchplatform.projects.models import Project
from matchplatform.projects.posting_models import ChangeProposal
from matchplatform.projects.proposals import check_open, find_last_proposal, settle
from matchplatform.projects.services import check_has_no_part
from matchplatform.projects.states import WORKFLOW, ProjectAction, ProposalState
from matchplatform.projects.telling import check_version, record_project, tell_officers
from matchplatform.projects.versions import for_the_trail, name_fields


def propose_change(
    *,
    actor: Actor,
    project: Project,
    version: int,
    details: ProjectDetails,
    lines: Sequence[LineChange],
    reason: str,
    typed: Iterable[tuple[str, str]],
) -> ChangeProposal:
    """Write down a change of a public project for those who publish; nothing changes yet.

    Raises:
        InvalidInput, Conflict: what would be refused today, or one waits already.
    """
    check(actor, Permission.PROJECT_WRITE, project)
    check_version(project, version)
    WORKFLOW.after(project.status, ProjectAction.CHANGE)
    reason = clean_reason(reason)
    last = find_last_proposal(project)
    if last is not None and last.is_open:
        raise Conflict(_("这个项目已经有一份改动等着核准。要改，请先撤回那一份。"))
    before, after = rehearse_change(actor=actor, project=project, details=details, lines=lines)
    if last is not None:
        # What was refused has been mended, or left: its form has served.
        last.typed = []
    proposal = ChangeProposal(
        project_id=project.id,
        typed=strip_buttons(typed),
        reason=reason,
        before=before,
        after=after,
        by_id=actor.user_id,
        by_label=actor.label[:120],
        at=clock.now(),
        state=ProposalState.OPEN,
    )
    db.session.add(proposal)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("刚刚有人提了另一份改动，请先看那一份。")) from error
    city = list_officer_ids([project.region_code[:4]])
    tell_officers(
        set(city or list_officer_ids([project.region_code[:2]])) - {actor.user_id},
        mark("县里要改已发布的“%(name)s”（%(number)s）的%(what)s，等您核准。"),
        project,
        what=name_fields(after),
    )
    _record(actor, "project.propose", proposal, project, reason)
    return proposal


def withdraw_proposal(*, actor: Actor, project: Project, proposal: ChangeProposal) -> None:
    """Take a proposal back, while nobody has decided it: any officer of the county may."""
    check(actor, Permission.PROJECT_WRITE, project)
    check_open(proposal, project)
    settle(proposal, ProposalState.WITHDRAWN, actor.label)
    _record(actor, "project.withdraw_change", proposal, project)


def refuse_proposal(
    *, actor: Actor, project: Project, proposal: ChangeProposal, reason: str
) -> None:
    """Leave a project as it is and say why; the county may mend its form and propose again."""
    check(actor, Permission.PROJECT_PUBLISH, project)
    check_has_no_part(actor, project)
    check_open(proposal, project)
    reason = clean_reason(reason)
    settle(proposal, ProposalState.REFUSED, actor.label, reason)
    tell(
        {*project.author_ids, proposal.by_id} - {actor.user_id},
        mark("“%(name)s”（%(number)s）的改动没有核准：%(reason)s"),
        f"/desk/projects/{project.number}",
        name=project.name,
        number=project.number,
        reason=reason,
    )
    _record(actor, "project.refuse_change", proposal, project, reason)


def _record(
    actor: Actor, action: str, proposal: ChangeProposal, project: Project, reason: str = ""
) -> None:
    detail: dict[str, object] = {"proposal": proposal.id}
    if proposal.is_open:
        detail |= {
            "before": for_the_trail(proposal.before),
            "after": for_the_trail(proposal.after),
        }
    record_project(actor, action, project, reason, detail)
