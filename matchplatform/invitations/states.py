"""States of an invitation to claim."""

from enum import StrEnum

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.workflow import Workflow


class InvitationState(StrEnum):
    """Where an invitation stands.

    One without an answer lapses by itself; ``lapsed`` is written down only when a new one takes
    its place.
    """

    SENT = "sent"
    INTERESTED = "interested"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class InvitationAction(StrEnum):
    """What can be done with an invitation; ``lapse`` is the clock's."""

    SHOW_INTEREST = "show_interest"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


_S, _A = InvitationState, InvitationAction

WORKFLOW = Workflow(
    {
        (_S.SENT, _A.SHOW_INTEREST): _S.INTERESTED,
        (_S.SENT, _A.DECLINE): _S.DECLINED,
        (_S.SENT, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.SENT, _A.LAPSE): _S.LAPSED,
        (_S.INTERESTED, _A.WITHDRAW): _S.WITHDRAWN,
    }
)


class Shown(StrEnum):
    """Which invitations a list of officers shows; ``claimed`` cuts across the others."""

    WAITING = "waiting"
    INTERESTED = "interested"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    CLAIMED = "claimed"


SHOWN_WORDS: dict[Shown, Words] = {
    Shown.WAITING: _("等答复"),
    Shown.INTERESTED: _("有意向"),
    Shown.DECLINED: _("已谢绝"),
    Shown.LAPSED: _("到期未答复"),
    Shown.WITHDRAWN: _("已收回"),
    Shown.CLAIMED: _("其中已认领"),
}
STATE_WORDS: dict[InvitationState, Words] = {
    _S.SENT: SHOWN_WORDS[Shown.WAITING],
    _S.INTERESTED: SHOWN_WORDS[Shown.INTERESTED],
    _S.DECLINED: SHOWN_WORDS[Shown.DECLINED],
    _S.LAPSED: SHOWN_WORDS[Shown.LAPSED],
    _S.WITHDRAWN: SHOWN_WORDS[Shown.WITHDRAWN],
}
