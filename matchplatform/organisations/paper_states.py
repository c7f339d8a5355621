"""States of a paper that an organisation hands in: a certificate, a change of its name."""

from enum import StrEnum

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.workflow import Workflow


class PaperState(StrEnum):
    """Where a paper stands with the verifier."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REPLACED = "replaced"


class PaperAction(StrEnum):
    """What can be done about a paper; ``replace`` is what a newer one does to it."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    REPLACE = "replace"


PAPER_WORKFLOW = Workflow(
    {
        (PaperState.PENDING, PaperAction.ACCEPT): PaperState.ACCEPTED,
        (PaperState.PENDING, PaperAction.REFUSE): PaperState.REFUSED,
        (PaperState.PENDING, PaperAction.REPLACE): PaperState.REPLACED,
        (PaperState.ACCEPTED, PaperAction.REPLACE): PaperState.REPLACED,
    }
)

PAPER_WORDS: dict[PaperState, Words] = {
    PaperState.PENDING: _("等待核对"),
    PaperState.ACCEPTED: _("已核对"),
    PaperState.REFUSED: _("没有通过"),
    PaperState.REPLACED: _("已被新的代替"),
}
