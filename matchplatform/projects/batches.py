"""Batches (批次) in which the province publishes: begin one, and how many projects each has."""

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.audit.services import record
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.text import tidy
from matchplatform.projects.models import Batch, Project

SHORTEST, LONGEST = 2, 60


def begin_batch(*, actor: Actor, name: str) -> Batch:
    """Begin a batch, into which counties may write from now on.

    Raises:
        InvalidInput: it has no name, or there is one of that name.
    """
    check(actor, Permission.BATCH_BEGIN, None)
    name = tidy(name)
    if not SHORTEST <= len(name) <= LONGEST:
        raise InvalidInput(fields={"name": _("请写批次的名称，2 到 60 个字。")})
    if db.session.scalar(select(Batch.id).where(Batch.name == name)) is not None:
        raise InvalidInput(fields={"name": _("已经有叫这个名称的批次。")})
    batch = Batch(name=name)
    db.session.add(batch)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise InvalidInput(fields={"name": _("已经有叫这个名称的批次。")}) from error
    record(
        actor=actor,
        action="batch.begin",
        subject_type="batch",
        subject_id=batch.id,
        subject_label=name,
        region_code=actor.region_prefix,
    )
    return batch


def count_by_batch() -> dict[int, int]:
    """Count the projects of each batch, whatever their state."""
    rows = db.session.execute(
        select(Project.batch_id, func.count())
        .where(Project.batch_id.is_not(None))
        .group_by(Project.batch_id)
    )
    return {int(batch_id): count for batch_id, count in rows if batch_id is not None}
