"""What an adapter takes and gives: the rows of one thing, and what is thought of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from matchplatform.access.actor import Actor
from matchplatform.confined.troubles import Trouble
from matchplatform.imports.models import ImportRow
from matchplatform.imports.states import ImportKind, RowState
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.sheets import Layout, Problem, ReadRow, Severity, Table


@dataclass(frozen=True)
class Head:
    """The layout of a file, and in which column of it what stands."""

    layout: Layout
    letters: Mapping[str, str]

    def problem(self, row: int, key: str, words: Words) -> Problem:
        """Return what is wrong with a cell; a column that the file lacks leaves its row to name."""
        kind = Trouble.NOT_CHOICE
        if key not in self.letters:
            return Problem(kind, words, Severity.SPOILS, row=row)
        heading = self.layout.column(key).words
        return Problem(kind, words, Severity.SPOILS, row, key, heading, self.letters[key])


@dataclass(frozen=True)
class Bundle:
    """The rows of a file that tell of one thing, in their order."""

    rows: Sequence[ReadRow]

    @property
    def first(self) -> ReadRow:
        """Return its first row."""
        return self.rows[0]

    @property
    def problems(self) -> list[Problem]:
        """List what could not be read in it."""
        return [problem for row in self.rows for problem in row.problems]


@dataclass(frozen=True)
class Judged:
    """A thing as looked at beside what is there: fields as in `ImportRow`."""

    bundle: Bundle
    status: RowState
    title: str
    problems: Sequence[Problem] = ()
    changes: Sequence[tuple[str, str, str]] = ()
    content: Mapping[str, Any] = field(default_factory=dict)
    target: str = ""
    target_version: int | None = None


class Adapter(Protocol):
    """What a kind of import knows.

    ``alone``: a second row about the same thing is a mistake; ``waiting``: what colleagues are
    told of the new things that wait for a second pair of eyes at once, or nothing.
    """

    kind: ImportKind
    alone: bool
    waiting: str

    def may(self, actor: Actor) -> bool:
        """Tell whether this officer imports such files at all."""

    def layout(self) -> Layout:
        """Return the table as it is filled in."""

    def key_of(self, row: ReadRow) -> str:
        """Return what its rows have in common, or nothing for a row by itself."""

    def judge(self, actor: Actor, head: Head, bundles: Sequence[Bundle]) -> list[Judged]:
        """Look at a few things beside what is there; read only."""

    def apply(self, actor: Actor, row: ImportRow) -> str:
        """Write one thing through its own verb; return the address of its page."""


def bundle_rows(table: Table, key_of: Callable[[ReadRow], str]) -> list[Bundle]:
    """Put the rows of each thing together, in the order of their first ones."""
    found: dict[str, list[ReadRow]] = {}
    for row in table.read():
        found.setdefault(key_of(row) or f"\n{row.number}", []).append(row)
    return [Bundle(rows) for rows in found.values()]


def repeats(head: Head, bundle: Bundle, key: str) -> list[Problem]:
    """Say of each row but the first that it repeats that one."""
    words = _("和第 %(row)s 行说的是同一个，请只留一行", row=bundle.first.number)
    return [head.problem(row.number, key, words) for row in bundle.rows[1:]]


def choices(words: Mapping[Any, Words]) -> dict[str, Words]:
    """Return the choices of a column from the words of an enumeration."""
    return {str(key): said for key, said in words.items()}


def bad(bundle: Bundle, title: str, problems: Sequence[Problem]) -> Judged:
    """Return a thing that cannot be taken, with why."""
    return Judged(bundle, RowState.BAD, title, problems)
