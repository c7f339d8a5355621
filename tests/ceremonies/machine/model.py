"""What must happen, said once more in plain Python: what may be done, and what comes of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from matchplatform.kernel import clock

OPEN = ("planning", "intake")
LATE = ("closed", "tracking")
BREAKABLE = (*OPEN, "locked", "live")


@dataclass
class ClaimModel:
    """A claim; ``text``: which of its agreements counts, ``texts``: how many there were."""

    id: int
    organisation: int
    status: str
    since: datetime
    agreement: str = ""
    text: int = 0
    texts: int = 0

    @property
    def is_ready(self) -> bool:
        """Tell whether its agreement is confirmed, or frozen already."""
        return self.agreement in ("confirmed", "frozen")


@dataclass
class EntryModel:
    """A claim on a list; ``text``: the agreement that was frozen with it."""

    id: int
    claim: ClaimModel
    addendum: int = 0
    status: str = "listed"
    text: int = 0


@dataclass(frozen=True)
class StageModel:
    """Who stands on the stage, who was passed over, whether the signing stands still."""

    stage: tuple[int, ...] = ()
    passed: tuple[int, ...] = ()
    paused: bool = False


@dataclass
class CeremonyModel:
    """A ceremony; ``order``: the list as it is to be signed; ``done``: what an undo takes back."""

    id: int
    status: str = "planning"
    slots: int = 1
    entries: dict[int, EntryModel] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    seq: int = 0
    numbers: int = 0
    stage: StageModel = StageModel()
    # By step: its number, what it was, the entry that it signed, and the stage before it.
    done: list[tuple[int, str, int, StageModel]] = field(default_factory=list)

    def listed(self) -> list[EntryModel]:
        """List what waits for its signature."""
        return [entry for entry in self.entries.values() if entry.status == "listed"]

    def main(self) -> list[EntryModel]:
        """List what waits for its signature on the list itself, in its order."""
        found = (self.entries[key] for key in self.order)
        return [entry for entry in found if entry.status == "listed"]

    def signed(self) -> list[EntryModel]:
        """List what was signed."""
        return [entry for entry in self.entries.values() if entry.status == "signed"]

    def on_stage(self) -> list[int]:
        """List who stands on the stage and can still sign or be passed over."""
        return [key for key in self.stage.stage if self.entries[key].status == "listed"]

    @property
    def runs(self) -> bool:
        """Tell whether something may be signed now."""
        return self.status == "live" and not self.stage.paused

    def step(self, kind: str, after: StageModel, signs: int = 0) -> None:
        """Add a step that an undo would take back."""
        self.seq += 1
        self.done.append((self.seq, kind, signs, self.stage))
        self.stage = after


@dataclass
class Model:
    """Everything, as it must be."""

    claims: dict[int, ClaimModel] = field(default_factory=dict)
    ceremonies: dict[int, CeremonyModel] = field(default_factory=dict)
    suspended: set[int] = field(default_factory=set)

    def can_be_listed(self, ceremony: CeremonyModel, claim: ClaimModel) -> bool:
        """Tell whether a claim can come onto a list."""
        here = any(
            entry.claim is claim and entry.status in ("listed", "signed")
            for entry in ceremony.entries.values()
        )
        elsewhere = any(
            entry.claim is claim for other in self.ceremonies.values() for entry in other.listed()
        )
        return claim.status == "accepted" and not here and not elsewhere

    def may_sign(self, claim: ClaimModel) -> bool:
        """Tell whether nothing stands against a signature but its paper."""
        return claim.status == "accepted" and claim.organisation not in self.suspended

    def can_be_frozen(self, claims: Iterable[ClaimModel]) -> bool:
        """Tell whether a list of these can be locked."""
        return all(self.may_sign(claim) and claim.is_ready for claim in claims)

    def can_be_signed(self, entry: EntryModel) -> bool:
        """Tell whether an entry can be signed, if its ceremony lets it."""
        claim = entry.claim
        has_paper = claim.agreement == "frozen" and claim.text == entry.text
        return entry.status == "listed" and self.may_sign(claim) and has_paper

    def sign(self, entry: EntryModel) -> None:
        """Sign an entry."""
        entry.status, entry.claim.status, entry.claim.agreement = "signed", "signed", "in_force"

    def unsign(self, entry: EntryModel) -> None:
        """Take the signature of an entry back."""
        entry.status, entry.claim.status, entry.claim.agreement = "listed", "accepted", "frozen"

    def freeze(self, entries: Iterable[EntryModel]) -> None:
        """Freeze the agreements of entries."""
        for entry in entries:
            entry.claim.agreement = "frozen"
            entry.text = entry.claim.text


def is_silent(claim: ClaimModel, now: datetime) -> bool:
    """Tell whether the county may free it: ten days submitted, or sixty accepted."""
    most = {"submitted": 10, "accepted": 60}.get(claim.status)
    if most is None:
        return False
    here, then = (at.astimezone(clock.SHANGHAI).date() for at in (now, claim.since))
    return here - then > timedelta(days=most)
