"""States of a claim, and of what gathers around it: the waitlist, requests, grants."""

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
    RELEASED = "released"
    SIGNED = "signed"


class ClaimAction(StrEnum):
    """What can be done with a claim."""

    EXTEND = "extend"
    SUBMIT = "submit"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    RELEASE = "release"
    SIGN = "sign"
    UNSIGN = "unsign"


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
        (_S.SUBMITTED, _A.RELEASE): _S.RELEASED,
        (_S.ACCEPTED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.ACCEPTED, _A.RELEASE): _S.RELEASED,
        (_S.ACCEPTED, _A.SIGN): _S.SIGNED,
        (_S.SIGNED, _A.UNSIGN): _S.ACCEPTED,
    }
)

# What is intended, and what takes something of its lines away from others.
OPEN_STATES = (ClaimState.RESERVED, ClaimState.SUBMITTED, ClaimState.ACCEPTED)
HOLDING_STATES = (*OPEN_STATES, ClaimState.SIGNED)
UNDECIDED_STATES = (ClaimState.RESERVED, ClaimState.SUBMITTED)


class WaitState(StrEnum):
    """Where a place on the waitlist stands."""

    WAITING = "waiting"
    PROMOTED = "promoted"
    LEFT = "left"
    DROPPED = "dropped"


class WaitAction(StrEnum):
    """What can be done with a place on the waitlist."""

    PROMOTE = "promote"
    LEAVE = "leave"
    DROP = "drop"


WAIT_WORKFLOW = Workflow(
    {
        (WaitState.WAITING, WaitAction.PROMOTE): WaitState.PROMOTED,
        (WaitState.WAITING, WaitAction.LEAVE): WaitState.LEFT,
        (WaitState.WAITING, WaitAction.DROP): WaitState.DROPPED,
    }
)


class AskState(StrEnum):
    """Where something that was asked of the county stands."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    MOOT = "moot"


class AskAction(StrEnum):
    """What can be done with something that was asked; ``answer`` is the holder's."""

    ANSWER = "answer"
    GRANT = "grant"
    REFUSE = "refuse"
    SETTLE = "settle"


ASK_WORKFLOW = Workflow(
    {
        (AskState.OPEN, AskAction.ANSWER): AskState.OPEN,
        (AskState.OPEN, AskAction.GRANT): AskState.GRANTED,
        (AskState.OPEN, AskAction.REFUSE): AskState.REFUSED,
        (AskState.OPEN, AskAction.SETTLE): AskState.MOOT,
    }
)


class MemberState(StrEnum):
    """Where an organisation stands in a joint claim; the lead is confirmed from the start."""

    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    LEFT = "left"


class MemberAction(StrEnum):
    """What a member of a joint claim can do about its own part."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    LEAVE = "leave"


MEMBER_WORKFLOW = Workflow(
    {
        (MemberState.INVITED, MemberAction.CONFIRM): MemberState.CONFIRMED,
        (MemberState.INVITED, MemberAction.DECLINE): MemberState.DECLINED,
        (MemberState.CONFIRMED, MemberAction.LEAVE): MemberState.LEFT,
    }
)

ACTIVE_MEMBERS = (MemberState.INVITED, MemberState.CONFIRMED)
