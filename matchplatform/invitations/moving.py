"""Move invitations to the record into which an organisation is merged."""

from sqlalchemy import select

from matchplatform.access.actor import SYSTEM
from matchplatform.audit.services import record
from matchplatform.invitations.models import ProjectInvitation
from matchplatform.invitations.states import WORKFLOW, InvitationAction, InvitationState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.organisations.models import Organisation


def move_invitations(source: Organisation, target: Organisation, reason: str) -> None:
    """Move every invitation; of two that wait for one project the source's is taken back."""
    taken = set(
        db.session.scalars(
            select(ProjectInvitation.project_id).where(
                ProjectInvitation.organisation_id == target.id,
                ProjectInvitation.status == InvitationState.SENT,
            )
        )
    )
    moved = db.session.scalars(
        select(ProjectInvitation)
        .where(ProjectInvitation.organisation_id == source.id)
        .order_by(ProjectInvitation.id)
        .with_for_update(of=ProjectInvitation)
        .execution_options(populate_existing=True)
    ).all()
    for invitation in moved:
        if invitation.status is InvitationState.SENT and invitation.project_id in taken:
            invitation.status = WORKFLOW.after(invitation.status, InvitationAction.WITHDRAW)
            invitation.ended_reason = reason
            invitation.ended_at = clock.now()
        invitation.organisation = target
    for invitation in moved:
        record(
            actor=SYSTEM,
            action="invitation.move",
            subject_type="invitation",
            subject_id=invitation.id,
            subject_label=f"{target.name} · {invitation.project.name}",
            region_code=invitation.region_code,
            reason=reason,
        )
