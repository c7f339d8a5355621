"""States of an offer, and how it ends."""

from enum import StrEnum

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.workflow import Workflow


class OfferState(StrEnum):
    """Where an offer stands; that its day has passed is computed, not kept."""

    OPEN = "open"
    CLOSED = "closed"


class OfferAction(StrEnum):
    """What its organisation can do with an offer."""

    EDIT = "edit"
    CLOSE = "close"


WORKFLOW = Workflow(
    {
        (OfferState.OPEN, OfferAction.EDIT): OfferState.OPEN,
        (OfferState.OPEN, OfferAction.CLOSE): OfferState.CLOSED,
    }
)


class OfferOutcome(StrEnum):
    """Why an organisation ended its offer."""

    ELSEWHERE = "elsewhere"
    WITHDRAWN = "withdrawn"


OUTCOME_WORDS: dict[OfferOutcome, Words] = {
    OfferOutcome.ELSEWHERE: _("已经用在别处"),
    OfferOutcome.WITHDRAWN: _("不再提供"),
}
