"""Extra: help beyond need, which exists only as the county approved it."""

from decimal import Decimal
from typing import Any, cast

from sqlalchemy import CursorResult, update

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.audit.services import record
from matchplatform.claims.checks import accepts_claims
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, StaleVersion
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.kernel.reasons import clean_reason
from matchplatform.projects.details import fits_unit
from matchplatform.projects.models import ProjectLine


def approve_extra(
    *, actor: Actor, line: ProjectLine, seen: Decimal, extra: Decimal, reason: str
) -> ProjectLine:
    """Approve for the county that a line may take ``extra`` beyond what it needs; 0 takes it back.

    At most as much again as is needed, and no less than is held already. ``seen`` is what stood on
    the page that was sent.

    Raises:
        InvalidInput: out of bounds, or without a reason.
        StaleVersion: somebody changed it meanwhile.
    """
    check(actor, Permission.EXTRA_APPROVE, line.project)
    if not accepts_claims(line.project):
        raise Conflict(_("这个项目现在不接受认领，不能增加超额。"))
    problem = _problem(line, extra)
    if problem is not None:
        raise InvalidInput(fields={"extra": problem})
    reason = clean_reason(reason)
    result = db.session.execute(
        update(ProjectLine)
        .where(
            ProjectLine.id == line.id,
            ProjectLine.extra == seen,
            ProjectLine.held <= ProjectLine.quantity + extra,
        )
        .values(extra=extra),
        execution_options={"synchronize_session": False},
    )
    db.session.refresh(line)
    if cast("CursorResult[Any]", result).rowcount != 1:
        raise StaleVersion()
    project = line.project
    record(
        actor=actor,
        action="project.extra",
        subject_type="project",
        subject_id=project.number,
        subject_label=f"{project.name} · {line.item}",
        region_code=project.region_code,
        reason=reason,
        detail={"line": line.id, "from": str(seen), "to": str(extra)},
    )
    return line


def _problem(line: ProjectLine, extra: Decimal) -> Words | None:
    if extra < 0 or not fits_unit(extra, line.unit):
        return _("请填不小于 0、合这个单位的数量。")
    if extra > line.quantity:
        return _(
            "超额最多与需要的一样多：%(most)s %(unit)s。",
            most=format_number(line.quantity),
            unit=line.unit,
        )
    over = line.held - line.quantity
    if extra < over:
        return _(
            "已有 %(over)s %(unit)s 超额被认领，不能少于这个数。",
            over=format_number(over),
            unit=line.unit,
        )
    return None
