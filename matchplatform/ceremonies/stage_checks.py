"""What must hold between the steps of a day, the list and the state of a ceremony, recomputed."""

from collections.abc import Iterable, Iterator

from matchplatform.ceremonies.models import Ceremony, CeremonyEntry, CeremonyStep
from matchplatform.ceremonies.stage import fold
from matchplatform.ceremonies.states import PAST_STATES, CeremonyState, EntryState


def find_stage_breaches(
    ceremony: Ceremony, steps: Iterable[CeremonyStep], entries: Iterable[CeremonyEntry]
) -> Iterator[str]:
    """Yield a line for each thing that the steps of a ceremony tell and its rows do not."""
    here = f"ceremony {ceremony.id}"
    steps = list(steps)
    if [step.seq for step in steps] != list(range(1, ceremony.seq + 1)):
        yield f"{here}: its steps do not count 1 to {ceremony.seq}"
    stage = fold(steps)
    if ceremony.status is CeremonyState.LIVE and (stage.begun_at is None or stage.closed_at):
        yield f"{here}: live, and its steps say that it is not"
    if ceremony.status in PAST_STATES and stage.closed_at is None:
        yield f"{here}: over, and its steps do not say when it closed"
    if len(set(stage.signed)) != len(stage.signed):
        yield f"{here}: something was signed twice"
    signed = {entry.id: entry for entry in entries if entry.status is EntryState.SIGNED}
    for entry_id in sorted(set(stage.signed) - set(signed)):
        yield f"{here}: its steps signed entry {entry_id}, which is not signed"
    for entry_id in sorted(set(signed) - set(stage.signed)):
        if signed[entry_id].addendum == 0:
            yield f"{here}: entry {entry_id} of its list was signed without a step"
