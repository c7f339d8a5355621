"""States of a project, and the words it is sorted by."""

from enum import StrEnum

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.sectors import SECTOR_WORDS, Sector
from matchplatform.kernel.workflow import Workflow

__all__ = [
    "KIND_WORDS",
    "LINE_WORDS",
    "OUTCOME_WORDS",
    "PUBLIC_STATES",
    "SECTOR_WORDS",
    "WORKFLOW",
    "CloseOutcome",
    "LineKind",
    "ProjectAction",
    "ProjectKind",
    "ProjectState",
    "ProposalState",
    "Sector",
]


class ProjectState(StrEnum):
    """Where a project stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VERIFIED = "verified"
    PUBLISHED = "published"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class ProjectAction(StrEnum):
    """What can be done with a project."""

    EDIT = "edit"
    SUBMIT = "submit"
    VERIFY = "verify"
    RETURN = "return"
    PUBLISH = "publish"
    SUSPEND = "suspend"
    RESUME = "resume"
    CLOSE = "close"
    CHANGE = "change"
    MERGE = "merge"


_S, _A = ProjectState, ProjectAction

WORKFLOW = Workflow(
    {
        (_S.DRAFT, _A.EDIT): _S.DRAFT,
        (_S.DRAFT, _A.SUBMIT): _S.SUBMITTED,
        (_S.RETURNED, _A.EDIT): _S.RETURNED,
        (_S.RETURNED, _A.SUBMIT): _S.SUBMITTED,
        (_S.SUBMITTED, _A.VERIFY): _S.VERIFIED,
        (_S.SUBMITTED, _A.RETURN): _S.RETURNED,
        (_S.VERIFIED, _A.PUBLISH): _S.PUBLISHED,
        (_S.VERIFIED, _A.RETURN): _S.RETURNED,
        (_S.PUBLISHED, _A.SUSPEND): _S.SUSPENDED,
        (_S.PUBLISHED, _A.CLOSE): _S.CLOSED,
        (_S.PUBLISHED, _A.CHANGE): _S.PUBLISHED,
        (_S.PUBLISHED, _A.MERGE): _S.CLOSED,
        (_S.SUSPENDED, _A.RESUME): _S.PUBLISHED,
        (_S.SUSPENDED, _A.CLOSE): _S.CLOSED,
        (_S.SUSPENDED, _A.CHANGE): _S.SUSPENDED,
        (_S.SUSPENDED, _A.MERGE): _S.CLOSED,
    }
)


class ProposalState(StrEnum):
    """What became of a change that a county proposed."""

    OPEN = "open"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


PUBLIC_STATES = (ProjectState.PUBLISHED, ProjectState.SUSPENDED, ProjectState.CLOSED)


class CloseOutcome(StrEnum):
    """Why a project was closed."""

    MET = "met"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    MERGED = "merged"


OUTCOME_WORDS: dict[CloseOutcome, Words] = {
    CloseOutcome.MET: _("需求已满足"),
    CloseOutcome.EXPIRED: _("到期关闭"),
    CloseOutcome.CANCELLED: _("取消"),
    CloseOutcome.MERGED: _("并入另一个项目"),
}


class ProjectKind(StrEnum):
    """The three kinds of posting."""

    PROJECT = "project"
    NEED = "need"
    PRODUCE = "produce"


KIND_WORDS: dict[ProjectKind, Words] = {
    ProjectKind.PROJECT: _("项目"),
    ProjectKind.NEED: _("需求"),
    ProjectKind.PRODUCE: _("产销"),
}


class LineKind(StrEnum):
    """What a line asks for."""

    MONEY = "money"
    GOODS = "goods"
    SERVICE = "service"
    PURCHASE = "purchase"
    JOBS = "jobs"


LINE_WORDS: dict[LineKind, Words] = {
    LineKind.MONEY: _("资金"),
    LineKind.GOODS: _("物资"),
    LineKind.SERVICE: _("人员服务"),
    LineKind.PURCHASE: _("采购农产品"),
    LineKind.JOBS: _("岗位"),
}
