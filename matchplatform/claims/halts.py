"""A project is suspended, resumed or closed: what that means for its claims."""

from collections.abc import Mapping
from typing import Any

from matchplatform.accounts.queries import list_deciding_officer_ids
from matchplatform.claims.queries import list_on_project, list_party_user_ids
from matchplatform.claims.states import UNDECIDED_STATES, ClaimState
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.notifications.services import tell
from matchplatform.projects.models import Project
from matchplatform.projects.states import CloseOutcome, ProjectAction

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
    """Tell whoever holds something of the project, and its county, what was done to it."""
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
    officers = set(list_deciding_officer_ids(project.region_code)) - set(project.author_ids)
    tell(
        officers,
        _TO_COUNTY[action],
        f"/projects/{project.number}",
        name=project.name,
        number=project.number,
        count=str(sum(1 for claim in claims if claim.is_open)),
        reason=reason,
    )


def why_not_close(project: Project, outcome: CloseOutcome) -> Words | None:
    """Say that claims wait to be decided, still hold something of what was not met, or are signed.

    What has lapsed neither waits nor holds any more, whether or not the worker freed it. What is
    signed will be delivered: its project may run out, with the rest unclaimed, but not be undone.
    """
    claims = [claim for claim in list_on_project(project.id) if not claim.has_lapsed]
    waiting = sum(1 for claim in claims if claim.status in UNDECIDED_STATES)
    if waiting:
        return _(
            "还有 %(count)s 笔认领在预留或等受理。先暂停认领，等这些认领办结，再关闭。",
            count=waiting,
        )
    signed = sum(1 for claim in claims if claim.status is ClaimState.SIGNED)
    if signed and outcome is CloseOutcome.CANCELLED:
        return _("这个项目已经签约 %(count)s 笔，签了就要兑现，不能按取消关闭。", count=signed)
    if len(claims) > signed and outcome is not CloseOutcome.MET:
        return _("还有社会组织占着这个项目的条目，先由县里办结这些认领，才能这样关闭。")
    return None
