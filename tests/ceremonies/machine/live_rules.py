"""The day of a ceremony step by step, and what is signed late."""

from collections.abc import Callable, Sequence

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from matchplatform.ceremonies import running, signing
from matchplatform.ceremonies.models import Ceremony
from tests.ceremonies.machine.base import PICK, RASH, REASON, Steps
from tests.ceremonies.machine.model import LATE, CeremonyModel, EntryModel, StageModel
from tests.ceremonies.machine.planning_rules import STALE


class LiveRules(Steps):
    """Begin, call, sign, pass over, pause, take back, close; sign late."""

    @precondition(lambda self: self.has("locked"))
    @rule(pick=PICK)
    def begin_day(self, pick: int) -> None:
        """Begin the day."""
        ceremony = self.ceremony_in(pick, "locked")
        assert ceremony is not None

        def after(_key: object) -> None:
            ceremony.status = "live"
            ceremony.seq += 1
            ceremony.stage, ceremony.done = StageModel(), []

        self.attempt(
            "begin",
            lambda: running.begin_ceremony(actor=self.organiser, ceremony=self.row(ceremony)),
            ceremony.status == "locked",
            after,
        )

    @precondition(lambda self: self.has("live"))
    @rule(pick=PICK, which=PICK, stale=STALE)
    def call(self, pick: int, which: int, stale: bool) -> None:
        """Call a round."""
        ceremony, entries = self._choose(pick, which, 3)

        def after(_key: object) -> None:
            keys = tuple(entry.id for entry in entries)
            left = tuple(key for key in ceremony.stage.passed if key not in keys)
            ceremony.step("call", StageModel(stage=keys, passed=left))

        fits = 0 < len(entries) <= ceremony.slots and not ceremony.on_stage()
        self.attempt(
            "call",
            lambda: running.call_round(
                actor=self.organiser, ceremony=self.row(ceremony),
                entries=[self.entry(entry) for entry in entries], seen=ceremony.seq - stale,
            ),
            ceremony.runs and not stale and fits and all(map(self.model.can_be_signed, entries)),
            after,
        )  # fmt: skip

    @precondition(lambda self: self.has("live"))
    @rule(pick=PICK, which=PICK, stage=st.booleans())
    def sign(self, pick: int, which: int, stage: bool) -> None:
        """Sign one entry, or all that stand on the stage at once."""
        ceremony, entries = self._choose(pick, which, 1)
        on_stage = [ceremony.entries[key] for key in ceremony.on_stage()]
        if stage and on_stage:
            entries = on_stage
        if not entries:
            return

        def after(_key: object) -> None:
            for entry in entries:
                self.model.sign(entry)
                left = tuple(key for key in ceremony.stage.passed if key != entry.id)
                ceremony.step("sign", StageModel(ceremony.stage.stage, left), entry.id)

        self.attempt(
            "sign" if len(entries) == 1 else "sign_round",
            lambda: self._sign(self.row(ceremony), entries),
            ceremony.runs and all(map(self.model.can_be_signed, entries)),
            after,
        )

    @precondition(lambda self: self.has("live"))
    @rule(pick=PICK, which=PICK, words=st.booleans())
    def pass_over(self, pick: int, which: int, words: bool) -> None:
        """Pass over one who waits."""
        ceremony, entries = self._choose(pick, which, 2)

        def after(_key: object) -> None:
            for entry in entries:
                stage = tuple(key for key in ceremony.stage.stage if key != entry.id)
                left = tuple(key for key in ceremony.stage.passed if key != entry.id)
                ceremony.step("pass", StageModel(stage, (*left, entry.id)))

        self.attempt(
            "pass_over",
            lambda: running.pass_over(
                actor=self.organiser, ceremony=self.row(ceremony),
                entries=[self.entry(entry) for entry in entries], reason=REASON if words else "",
            ),
            ceremony.runs and bool(entries) and all(each.status == "listed" for each in entries),
            after,
        )  # fmt: skip

    @precondition(lambda self: self.has("live"))
    @rule(pick=PICK, which=PICK)
    def begin_item(self, pick: int, which: int) -> None:
        """Begin an item of the agenda."""
        ceremony = self._live(pick)
        rows = self.at[1]["ceremony_agenda"]
        items = [row.id for row in rows if row.ceremony_id == ceremony.id]
        item_id = items[which % len(items)]

        def after(_key: object) -> None:
            ceremony.step("item", StageModel(passed=ceremony.stage.passed))

        self.attempt(
            "begin_item",
            lambda: running.begin_item(
                actor=self.organiser, ceremony=self.row(ceremony), item_id=item_id,
                seen=ceremony.seq,
            ),
            ceremony.runs and not ceremony.on_stage(),
            after,
        )  # fmt: skip

    @precondition(lambda self: self.has("live"))
    @rule(pick=PICK)
    def pause_or_resume(self, pick: int) -> None:
        """Stop for a while, or go on."""
        ceremony = self._live(pick)
        paused = ceremony.stage.paused
        goes_on = paused if pick % 8 < RASH else not paused

        def after(_key: object) -> None:
            here = ceremony.stage
            ceremony.step("switch", StageModel(here.stage, here.passed, not goes_on))

        verb: Callable[..., object] = running.resume_ceremony if goes_on else running.pause_ceremony
        self.attempt(
            "resume" if goes_on else "pause",
            lambda: verb(actor=self.organiser, ceremony=self.row(ceremony)),
            ceremony.status == "live" and paused is goes_on,
            after,
        )

    @precondition(lambda self: any(each.done for each in self.model.ceremonies.values()))
    @rule(pick=PICK, stale=STALE)
    def undo(self, pick: int, stale: bool) -> None:
        """Take the last step back."""
        ceremony = self._live(pick)
        seq, _kind, signed, before = ceremony.done[-1] if ceremony.done else (0, "", 0, None)

        def after(_key: object) -> None:
            assert before is not None
            if signed:
                self.model.unsign(ceremony.entries[signed])
            ceremony.done.pop()
            ceremony.stage = before
            ceremony.seq += 1

        self.attempt(
            "undo",
            lambda: running.undo_last(
                actor=self.organiser, ceremony=self.row(ceremony), seq=seq - stale, reason=REASON
            ),
            ceremony.status == "live" and bool(ceremony.done) and not stale,
            after,
        )

    @precondition(lambda self: self.has("live"))
    @rule(pick=PICK, stale=STALE)
    def close(self, pick: int, stale: bool) -> None:
        """End the day, more rarely before all is signed."""
        ceremony = self._live(pick)
        if ceremony.listed() and pick % 4:
            return

        def after(_key: object) -> None:
            ceremony.status = "closed"
            ceremony.seq += 1
            for entry in ceremony.listed():
                entry.status = "unsigned"

        self.attempt(
            "close",
            lambda: running.close_ceremony(
                actor=self.organiser, ceremony=self.row(ceremony), seen=ceremony.seq - stale
            ),
            ceremony.status == "live" and not stale,
            after,
        )

    @precondition(lambda self: self.has(*LATE))
    @rule(pick=PICK, which=PICK, back=st.booleans())
    def sign_late(self, pick: int, which: int, back: bool) -> None:
        """Sign what stands on an addendum, or take such a signature back."""
        ceremony = self.ceremony_in(pick, *LATE)
        assert ceremony is not None
        every = list(ceremony.entries.values())
        wanted = "signed" if back else "listed"
        likely = [entry for entry in every if entry.addendum and entry.status == wanted]
        entry = self.choose(which, likely, every)
        if entry is None:
            return
        on_the_day = any(
            row.kind == "sign" and row.entry_id == entry.id for row in self.at[1]["ceremony_steps"]
        )

        def after(_key: object) -> None:
            (self.model.unsign if back else self.model.sign)(entry)

        may = entry.status == "signed" if back else self.model.can_be_signed(entry)
        self.attempt(
            "undo_late" if back else "sign_late",
            lambda: self._sign_late(entry, back),
            ceremony.status in LATE and entry.addendum > 0 and may and not (back and on_the_day),
            after,
        )

    def _sign_late(self, entry: EntryModel, back: bool) -> object:
        row = self.entry(entry)
        if back:
            return signing.undo_late(actor=self.organiser, entry=row, reason=REASON)
        return signing.sign_late(actor=self.organiser, entry=row)

    def _sign(self, row: Ceremony, entries: Sequence[EntryModel]) -> object:
        rows = [self.entry(entry) for entry in entries]
        if len(rows) == 1:
            return signing.sign_entry(actor=self.organiser, entry=rows[0])
        return signing.sign_round(actor=self.organiser, ceremony=row, entries=rows)

    def _live(self, pick: int) -> CeremonyModel:
        ceremony = self.ceremony_in(pick, "live")
        assert ceremony is not None
        return ceremony

    def _choose(
        self, pick: int, which: int, most: int
    ) -> tuple[CeremonyModel, Sequence[EntryModel]]:
        ceremony = self._live(pick)
        every = list(ceremony.entries.values())
        able = [entry for entry in every if self.model.can_be_signed(entry)]
        entries = self.some(which, able if which % 8 < RASH and able else every, most)
        return ceremony, entries
