"""Changes that counties propose: reads, and how one comes to its end."""

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from matchplatform.access.actor import Actor
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, NotFound
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.models import Project
from matchplatform.projects.posting_models import ChangeProposal
from matchplatform.projects.states import ProposalState


def find_open_proposal(project: Project) -> ChangeProposal | None:
    """Return the change of a project that waits to be decided, or None."""
    return db.session.scalar(
        select(ChangeProposal).where(
            ChangeProposal.project_id == project.id, ChangeProposal.state == ProposalState.OPEN
        )
    )


def find_last_proposal(project: Project) -> ChangeProposal | None:
    """Return the change of a project that was proposed last, whatever became of it, or None."""
    return db.session.scalar(
        select(ChangeProposal)
        .where(ChangeProposal.project_id == project.id)
        .order_by(ChangeProposal.id.desc())
        .limit(1)
    )


def get_proposal(project: Project, proposal_id: int) -> ChangeProposal:
    """Return a change that was proposed for a project.

    Raises:
        NotFound: there is none of this project.
    """
    proposal = db.session.get(ChangeProposal, proposal_id)
    if proposal is None or proposal.project_id != project.id:
        raise NotFound()
    return proposal


def list_open_proposals(actor: Actor) -> list[ChangeProposal]:
    """List the changes of the officer's region that wait to be decided, longest waiting first."""
    return list(
        db.session.scalars(
            select(ChangeProposal)
            .join(Project, Project.id == ChangeProposal.project_id)
            .where(
                Project.region_code.startswith(actor.region_prefix, autoescape=True),
                ChangeProposal.state == ProposalState.OPEN,
            )
            .order_by(ChangeProposal.at, ChangeProposal.id)
            .options(contains_eager(ChangeProposal.project))
        )
    )


def check_open(proposal: ChangeProposal, project: Project) -> None:
    """Read a proposal anew, keep it from others, and refuse what is decided already.

    Raises:
        Conflict: somebody decided it meanwhile, or it is of another project.
    """
    db.session.flush()
    db.session.refresh(proposal, with_for_update={"of": ChangeProposal})
    if proposal.project_id != project.id or not proposal.is_open:
        raise Conflict(_("这份改动已经有了结果，或者县里撤回了。请看现在的内容。"))


def settle(proposal: ChangeProposal, state: ProposalState, label: str, answer: str = "") -> None:
    """Note what became of a proposal; only what was refused is worth mending, so its form stays."""
    proposal.state, proposal.answer = state, answer
    proposal.decided_at, proposal.decided_label = clock.now(), label[:120]
    if state is not ProposalState.REFUSED:
        proposal.typed = []


def lapse_proposal(project: Project) -> None:
    """End what waits to be decided of a project that is closed: there is nothing left to change."""
    proposal = find_open_proposal(project)
    if proposal is not None:
        settle(proposal, ProposalState.WITHDRAWN, "", str(_("项目已经关闭。")))
