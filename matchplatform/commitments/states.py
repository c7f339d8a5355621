"""States of an agreement, of the commitment that its signature makes, and of a bundle of papers."""

from enum import StrEnum

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.workflow import Workflow


class AgreementState(StrEnum):
    """Where the text of an agreement stands.

    ``confirmed``: every organisation agrees to this very text; ``frozen``: it cannot be changed any
    more and waits for its signature; ``ended``: a supplementary agreement took its place; ``void``:
    thrown away before it was signed.
    """

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    FROZEN = "frozen"
    IN_FORCE = "in_force"
    ENDED = "ended"
    VOID = "void"


class AgreementAction(StrEnum):
    """What can be done with an agreement; ``confirm`` is the last organisation's yes."""

    EDIT = "edit"
    CONFIRM = "confirm"
    FREEZE = "freeze"
    SIGN = "sign"
    UNSIGN = "unsign"
    END = "end"
    DISCARD = "discard"


_S, _A = AgreementState, AgreementAction

WORKFLOW = Workflow(
    {
        (_S.DRAFT, _A.EDIT): _S.DRAFT,
        (_S.DRAFT, _A.CONFIRM): _S.CONFIRMED,
        (_S.DRAFT, _A.DISCARD): _S.VOID,
        (_S.CONFIRMED, _A.EDIT): _S.DRAFT,
        (_S.CONFIRMED, _A.CONFIRM): _S.CONFIRMED,
        (_S.CONFIRMED, _A.FREEZE): _S.FROZEN,
        (_S.CONFIRMED, _A.DISCARD): _S.VOID,
        (_S.FROZEN, _A.SIGN): _S.IN_FORCE,
        (_S.FROZEN, _A.DISCARD): _S.VOID,
        (_S.IN_FORCE, _A.UNSIGN): _S.FROZEN,
        (_S.IN_FORCE, _A.END): _S.ENDED,
    }
)

# Its terms may still be written.
OPEN_STATES = (AgreementState.DRAFT, AgreementState.CONFIRMED)
# Its text is what it is, with a hash.
FIXED_STATES = (AgreementState.FROZEN, AgreementState.IN_FORCE, AgreementState.ENDED)
SIGNED_STATES = (AgreementState.IN_FORCE, AgreementState.ENDED)
# On the way to its signature.
PENDING_STATES = (*OPEN_STATES, AgreementState.FROZEN)

STATE_WORDS: dict[AgreementState, Words] = {
    _S.DRAFT: _("起草中"),
    _S.CONFIRMED: _("各方已确认"),
    _S.FROZEN: _("已定稿，待签"),
    _S.IN_FORCE: _("已签署，有效"),
    _S.ENDED: _("已由补充协议更新"),
    _S.VOID: _("已作废"),
}


class CommitmentState(StrEnum):
    """Where a commitment stands; ``revoked``: its signature was undone."""

    IN_DELIVERY = "in_delivery"
    REVOKED = "revoked"


class CommitmentAction(StrEnum):
    """What can be done with a commitment."""

    REVOKE = "revoke"


COMMITMENT_WORKFLOW = Workflow(
    {(CommitmentState.IN_DELIVERY, CommitmentAction.REVOKE): CommitmentState.REVOKED}
)

COMMITMENT_WORDS: dict[CommitmentState, Words] = {
    CommitmentState.IN_DELIVERY: _("履约中"),
    CommitmentState.REVOKED: _("签署已撤销"),
}


class BundleState(StrEnum):
    """Where a bundle of papers stands."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


class BundleAction(StrEnum):
    """What the worker does with a bundle."""

    BEGIN = "begin"
    FINISH = "finish"
    FAIL = "fail"


BUNDLE_WORKFLOW = Workflow(
    {
        (BundleState.WAITING, BundleAction.BEGIN): BundleState.MAKING,
        (BundleState.WAITING, BundleAction.FAIL): BundleState.FAILED,
        (BundleState.MAKING, BundleAction.FINISH): BundleState.READY,
        (BundleState.MAKING, BundleAction.FAIL): BundleState.FAILED,
    }
)
BUNDLES_AT_WORK = (BundleState.WAITING, BundleState.MAKING)
