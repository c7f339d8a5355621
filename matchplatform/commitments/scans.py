"""Who may see and add the scans of an agreement."""

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.signing import OWNER
from matchplatform.files.kinds import Place
from matchplatform.files.owners import register_owner
from matchplatform.kernel.db import db


def answer_for_files() -> None:
    """Say who may see and add the scans of agreements; when the site is put together."""
    register_owner(
        OWNER,
        may_read=lambda actor, place: _permits(actor, Permission.AGREEMENT_READ, place),
        may_change=lambda actor, place: _permits(actor, Permission.CLAIM_SIGN, place),
    )


def _permits(actor: Actor, permission: Permission, place: Place) -> bool:
    agreement = db.session.get(Agreement, place.owner_id)
    return agreement is not None and permits(actor, permission, agreement)
