"""States of a claim."""

from enum import StrEnum

from matchplatform.kernel.workflow import Workflow


class ClaimState(StrEnum):
    """Where a claim stands."""

    RESERVED = "reserved"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class ClaimAction(StrEnum):
    """What can be done with a claim."""

    EXTEND = "extend"
    SUBMIT = "submit"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


_S, _A = ClaimState, ClaimAction

WORKFLOW = Workflow(
    {
        (_S.RESERVED, _A.EXTEND): _S.RESERVED,
        (_S.RESERVED, _A.SUBMIT): _S.SUBMITTED,
        (_S.RESERVED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.RESERVED, _A.EXPIRE): _S.EXPIRED,
        (_S.SUBMITTED, _A.ACCEPT): _S.ACCEPTED,
        (_S.SUBMITTED, _A.DECLINE): _S.DECLINED,
        (_S.SUBMITTED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.ACCEPTED, _A.WITHDRAW): _S.WITHDRAWN,
    }
)

OPEN_STATES = (ClaimState.RESERVED, ClaimState.SUBMITTED, ClaimState.ACCEPTED)
UNDECIDED_STATES = (ClaimState.RESERVED, ClaimState.SUBMITTED)
