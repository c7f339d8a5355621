"""A project is suspended, resumed or closed: what that means for its open claims."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from matchplatform.accounts.queries import list_officer_ids
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import list_on_project, list_party_user_ids
from matchplatform.claims.states import UNDECIDED_STATES, ClaimState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.notifications.services import tell
from matchplatform.projects.models import Project
from matchplatform.projects.states import ProjectAction

_TO_MEMBERS: dict[ProjectAction, str] = {
    ProjectAction.SUSPEND: mark(
        "“%(name)s”暂停认领。贵会的认领（%(number)s）照常办理；还在预留的照常计时，可以照常提交。原因：%(reason)s"
    ),
    ProjectAction.RESUME: mark("“%(name)s”恢复认领。贵会的认领（%(number)s）照常办理。"),
    ProjectAction.CLOSE: mark(
        "“%(name)s”已关闭，不再接受认领。贵会的认领（%(number)s）照常办理。原因：%(reason)s"
    ),
}
_TO_COUNTY: dict[ProjectAction, str] = {
    ProjectAction.SUSPEND: mark(
        "“%(name)s”（%(number)s）已暂停认领，在办的认领 %(count)s 笔照常办理。原因：%(reason)s"
    ),
    ProjectAction.RESUME: mark("“%(name)s”（%(number)s）已恢复认领，在办的认领 %(count)s 笔。"),
    ProjectAction.CLOSE: mark(
        "“%(name)s”（%(number)s）已关闭，已受理的认领 %(count)s 笔照常办理。原因：%(reason)s"
    ),
}


def tell_of_halt(payload: Mapping[str, Any]) -> None:
    """Tell whoever has an open claim on the project, and its county, what was done to it."""
    project = db.session.get_one(Project, int(payload["project_id"]))
    action = ProjectAction(payload["action"])
    reason = str(payload["reason"])
    claims = [claim for claim in list_on_project(project.id) if not claim.has_lapsed]
    for claim in claims:
        tell(
            list_party_user_ids(claim),
            _TO_MEMBERS[action],
            f"/claims/{claim.id}",
            name=project.name,
            number=claim.number,
            reason=reason,
        )
    # Its authors were told by the verb.
    officers = set(list_officer_ids([project.region_code])) - set(project.author_ids)
    tell(
        officers,
        _TO_COUNTY[action],
        f"/projects/{project.number}",
        name=project.name,
        number=project.number,
        count=str(len(claims)),
        reason=reason,
    )


def why_not_close(project: Project) -> Words | None:
    """Say that claims wait to be decided, where they do; what has lapsed waits no more."""
    waiting = db.session.scalar(
        select(func.count())
        .select_from(Claim)
        .where(
            Claim.project_id == project.id,
            Claim.status.in_(UNDECIDED_STATES),
            (Claim.status != ClaimState.RESERVED) | (Claim.hold_until > clock.now()),
        )
    )
    if not waiting:
        return None
    return _(
        "还有 %(count)s 笔认领在预留或等受理。先暂停认领，等这些认领办结，再关闭。", count=waiting
    )
