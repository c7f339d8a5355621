"""States of a ceremony, of who is invited to it, and of what will be signed at it."""

from enum import StrEnum

from matchplatform.kernel.workflow import Workflow


class CeremonyState(StrEnum):
    """Where a ceremony stands."""

    PLANNING = "planning"
    INTAKE = "intake"
    LOCKED = "locked"
    LIVE = "live"
    CLOSED = "closed"
    TRACKING = "tracking"
    ARCHIVED = "archived"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class CeremonyAction(StrEnum):
    """What can be done with a ceremony; ``change`` is an edit of its particulars."""

    CHANGE = "change"
    OPEN_INTAKE = "open_intake"
    LOCK = "lock"
    BEGIN = "begin"
    CLOSE = "close"
    TRACK = "track"
    ARCHIVE = "archive"
    POSTPONE = "postpone"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"


_S, _A = CeremonyState, CeremonyAction

# A ceremony that has begun can be postponed or cancelled too; the verb refuses it once
# something was signed, for then there is a result, and it is closed instead.
WORKFLOW = Workflow(
    {
        (_S.PLANNING, _A.CHANGE): _S.PLANNING,
        (_S.INTAKE, _A.CHANGE): _S.INTAKE,
        (_S.PLANNING, _A.OPEN_INTAKE): _S.INTAKE,
        (_S.INTAKE, _A.LOCK): _S.LOCKED,
        (_S.LOCKED, _A.BEGIN): _S.LIVE,
        (_S.LIVE, _A.CLOSE): _S.CLOSED,
        (_S.CLOSED, _A.TRACK): _S.TRACKING,
        (_S.TRACKING, _A.ARCHIVE): _S.ARCHIVED,
        **{
            (state, action): after
            for state in (_S.PLANNING, _S.INTAKE, _S.LOCKED, _S.LIVE)
            for action, after in ((_A.POSTPONE, _S.POSTPONED), (_A.CANCEL, _S.CANCELLED))
        },
        (_S.POSTPONED, _A.RESCHEDULE): _S.INTAKE,
        (_S.POSTPONED, _A.CANCEL): _S.CANCELLED,
    }
)

# Who signs what may still be changed; guests and seats may be until the day is over.
OPEN_STATES = (CeremonyState.PLANNING, CeremonyState.INTAKE)
UPCOMING_STATES = (*OPEN_STATES, CeremonyState.LOCKED, CeremonyState.LIVE)
PAST_STATES = (CeremonyState.CLOSED, CeremonyState.TRACKING, CeremonyState.ARCHIVED)
# People may be checked in; the seats are known, and the day is not over.
CHECK_IN_STATES = (CeremonyState.LOCKED, CeremonyState.LIVE)
# What stands on an addendum may still be signed.
LATE_STATES = (CeremonyState.CLOSED, CeremonyState.TRACKING)
# What the public sees: an announced day, or its results.
PUBLIC_STATES = (
    CeremonyState.INTAKE,
    CeremonyState.LOCKED,
    CeremonyState.LIVE,
    *PAST_STATES,
    CeremonyState.POSTPONED,
    CeremonyState.CANCELLED,
)


class GuestKind(StrEnum):
    """What kind of unit is invited."""

    ORGANISATION = "organisation"
    OFFICE = "office"
    RECEIVER = "receiver"
    PRESS = "press"
    OTHER = "other"


class GuestState(StrEnum):
    """Where an invitation to a ceremony stands; ``listed`` is not sent yet."""

    LISTED = "listed"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REMOVED = "removed"


class GuestAction(StrEnum):
    """What can be done with an invited unit; an answer may be changed until the day."""

    INVITE = "invite"
    ACCEPT = "accept"
    DECLINE = "decline"
    REMOVE = "remove"


_G, _D = GuestState, GuestAction

GUEST_WORKFLOW = Workflow(
    {
        (_G.LISTED, _D.INVITE): _G.INVITED,
        (_G.INVITED, _D.INVITE): _G.INVITED,
        (_G.INVITED, _D.ACCEPT): _G.ACCEPTED,
        (_G.INVITED, _D.DECLINE): _G.DECLINED,
        (_G.ACCEPTED, _D.ACCEPT): _G.ACCEPTED,
        (_G.ACCEPTED, _D.DECLINE): _G.DECLINED,
        (_G.DECLINED, _D.ACCEPT): _G.ACCEPTED,
        (_G.DECLINED, _D.INVITE): _G.INVITED,
        **{
            (state, _D.REMOVE): _G.REMOVED
            for state in (_G.LISTED, _G.INVITED, _G.ACCEPTED, _G.DECLINED)
        },
        (_G.REMOVED, _D.INVITE): _G.INVITED,
    }
)


class EntryState(StrEnum):
    """Where a claim stands that is to be signed at a ceremony.

    ``dropped``: taken off the list before it was locked; ``freed``: the ceremony was postponed or
    cancelled; ``unsigned``: the ceremony closed without its signature.
    """

    LISTED = "listed"
    SIGNED = "signed"
    DROPPED = "dropped"
    FREED = "freed"
    UNSIGNED = "unsigned"


class EntryAction(StrEnum):
    """What can happen to an entry."""

    SIGN = "sign"
    UNDO = "undo"
    DROP = "drop"
    FREE = "free"
    LEAVE = "leave"


_E, _B = EntryState, EntryAction

ENTRY_WORKFLOW = Workflow(
    {
        (_E.LISTED, _B.SIGN): _E.SIGNED,
        (_E.SIGNED, _B.UNDO): _E.LISTED,
        (_E.LISTED, _B.DROP): _E.DROPPED,
        (_E.LISTED, _B.FREE): _E.FREED,
        (_E.LISTED, _B.LEAVE): _E.UNSIGNED,
    }
)


class StepKind(StrEnum):
    """What was done on the stage; the steps of a day in their order are its whole truth.

    ``call``: a round comes on the stage; ``pass``: an entry is passed over for now; ``item``: an
    item of the agenda begins; ``undo``: the last step that counts no longer does.
    """

    BEGIN = "begin"
    ITEM = "item"
    CALL = "call"
    SIGN = "sign"
    PASS = "pass"
    PAUSE = "pause"
    RESUME = "resume"
    UNDO = "undo"
    CLOSE = "close"


class AgendaKind(StrEnum):
    """What an item of the agenda is; the signing takes as long as its rounds."""

    SPEECH = "speech"
    SIGNING = "signing"
    BREAK = "break"
    OTHER = "other"


class Grouping(StrEnum):
    """By what the order of signing is grouped; a round never mixes two groups."""

    NONE = "none"
    SECTOR = "sector"
    CITY = "city"
    TYPE = "type"
