"""States of a membership."""

from enum import StrEnum

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.workflow import Workflow


class MembershipState(StrEnum):
    """Where a membership stands. EXPIRED is never stored: the date decides."""

    PENDING = "pending"
    APPROVED = "approved"
    EXPIRED = "expired"
    REVOKED = "revoked"


class MembershipAction(StrEnum):
    """What can be done with a membership."""

    APPROVE = "approve"
    DECLINE = "decline"
    CHANGE = "change"
    REVOKE = "revoke"
    LEAVE = "leave"
    ASK_AGAIN = "ask_again"


_S, _A = MembershipState, MembershipAction

MEMBERSHIP_WORKFLOW = Workflow(
    {
        (_S.PENDING, _A.APPROVE): _S.APPROVED,
        (_S.PENDING, _A.DECLINE): _S.REVOKED,
        (_S.PENDING, _A.LEAVE): _S.REVOKED,
        (_S.APPROVED, _A.CHANGE): _S.APPROVED,
        (_S.APPROVED, _A.REVOKE): _S.REVOKED,
        (_S.APPROVED, _A.LEAVE): _S.REVOKED,
        (_S.EXPIRED, _A.CHANGE): _S.APPROVED,
        (_S.EXPIRED, _A.REVOKE): _S.REVOKED,
        (_S.EXPIRED, _A.ASK_AGAIN): _S.PENDING,
        (_S.REVOKED, _A.ASK_AGAIN): _S.PENDING,
    }
)

MEMBERSHIP_WORDS: dict[MembershipState, Words] = {
    MembershipState.PENDING: _("等待批准"),
    MembershipState.APPROVED: _("在任"),
    MembershipState.EXPIRED: _("已到期"),
    MembershipState.REVOKED: _("已退出"),
}
