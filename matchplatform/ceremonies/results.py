"""What came of a ceremony: signed, signed late, not signed and why; by county, sector and type."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from matchplatform.ceremonies.models import Ceremony
from matchplatform.ceremonies.rows import Row, Totals, add_up, read_rows
from matchplatform.ceremonies.states import EntryState
from matchplatform.ceremonies.steps import read_stage
from matchplatform.kernel.i18n import Words
from matchplatform.organisations.states import TYPE_WORDS
from matchplatform.projects.states import SECTOR_WORDS
from matchplatform.regions.divisions import full_name_of

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Part:
    """One county, sector or type: what was signed there, and how many entries were not."""

    words: Words
    signed: Totals
    unsigned: int


@dataclass(frozen=True)
class Results:
    """The results of a ceremony; money and what has no price never in one figure.

    ``on_the_day`` and ``late`` make up ``signed``; ``unsigned``: what left the day without its
    signature and has not got it since; ``pending``: on an addendum, and not signed yet; ``later``:
    what was signed late of those who were not on the day, by claim.
    """

    on_the_day: tuple[Row, ...]
    late: tuple[Row, ...]
    unsigned: tuple[Row, ...]
    pending: tuple[Row, ...]
    later: Mapping[int, Row]
    total: Totals
    total_on_the_day: Totals
    total_late: Totals
    counties: Sequence[Part]
    sectors: Sequence[Part]
    types: Sequence[Part]

    @property
    def signed(self) -> tuple[Row, ...]:
        """Return everything that was signed, the day first."""
        return (*self.on_the_day, *self.late)


def read_results(ceremony: Ceremony) -> Results:
    """Return the results of a ceremony as they stand now."""
    rows = read_rows(ceremony.id)
    on_stage = set(read_stage(ceremony.id).signed)
    signed = [row for row in rows if row.is_signed]
    late = tuple(row for row in signed if row.entry_id not in on_stage)
    on_the_day = tuple(row for row in signed if row.entry_id in on_stage)
    pending = tuple(row for row in rows if row.status is EntryState.LISTED)
    again = {row.claim_id: row for row in (*late, *pending)}
    missed = [row for row in rows if row.status is EntryState.UNSIGNED]
    unsigned = tuple(row for row in missed if row.claim_id not in again)
    everything = (*signed, *unsigned, *pending)
    return Results(
        on_the_day=on_the_day,
        late=late,
        unsigned=unsigned,
        pending=pending,
        later={row.claim_id: again[row.claim_id] for row in missed if row.claim_id in again},
        total=add_up(signed),
        total_on_the_day=add_up(on_the_day),
        total_late=add_up(late),
        counties=_part(everything, lambda row: row.region_code, full_name_of),
        sectors=_part(everything, lambda row: row.sector, SECTOR_WORDS.__getitem__),
        types=_part(everything, lambda row: row.org_type, TYPE_WORDS.__getitem__),
    )


def _part(
    rows: Sequence[Row], key_of: Callable[[Row], Key], words_of: Callable[[Key], Words]
) -> list[Part]:
    parts: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        parts[key_of(row)].append(row)
    found = [(str(key), _sum(words_of(key), own)) for key, own in parts.items()]
    found.sort(key=lambda one: (-one[1].signed.value, -one[1].signed.claims, one[0]))
    return [part for _key, part in found]


def _sum(words: Words, rows: Sequence[Row]) -> Part:
    signed = [row for row in rows if row.is_signed]
    return Part(words, add_up(signed), len(rows) - len(signed))
