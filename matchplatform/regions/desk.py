"""What officers see of a quarter: every county's true figures, and what may be published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.kernel import clock
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.regions.columns import TYPED
from matchplatform.regions.models import PoorFigures
from matchplatform.regions.quarters import find_quarter, list_recent
from matchplatform.regions.queries import (
    Place,
    list_counties,
    list_latest,
    list_quarters,
    list_typed_quarters,
)

RECENT = 4


@dataclass(frozen=True)
class CountyLine:
    """One county of the list; ``figures`` is None where nothing was typed."""

    code: str
    figures: PoorFigures | None

    @property
    def state(self) -> Words:
        """Say how far it got."""
        if self.figures is None:
            return _("还没填")
        if self.figures.is_public:
            return _("已公布")
        return _("待公布") if self.figures.revision == 1 else _("有改动，待公布")

    @property
    def is_fresh(self) -> bool:
        """Tell whether it waits to be published."""
        return self.figures is not None and not self.figures.is_public


@dataclass(frozen=True)
class RevisionLine:
    """One revision of a county's quarter; ``changes``: (column, before, now) against the one before."""

    figures: PoorFigures
    changes: Sequence[tuple[Words, int, int]]


@dataclass(frozen=True)
class CityLines:
    """The counties of one city; ``may_publish`` where the reader is the one who does that."""

    code: str
    counties: list[CountyLine]
    may_publish: bool

    @property
    def missing(self) -> int:
        """Count the counties that have not typed anything."""
        return sum(1 for county in self.counties if county.figures is None)

    @property
    def fresh(self) -> list[CountyLine]:
        """List what waits to be published."""
        return [county for county in self.counties if county.is_fresh]


def choose_quarter(actor: Actor, typed: str | None) -> tuple[str, list[str]]:
    """Return the quarter to show, and those to choose from, the newest first."""
    recent = list_recent(clock.today(), RECENT)
    typed_before = list_typed_quarters(list_counties(actor))
    choices = sorted({*recent, *typed_before, *list_quarters()}, reverse=True)
    asked = find_quarter(typed or "")
    if asked:
        return asked, sorted({asked, *choices}, reverse=True)
    return (typed_before[0] if typed_before else recent[0]), choices


def list_cities(actor: Actor, quarter: str) -> list[CityLines]:
    """List the actor's counties by city with the latest figures of a quarter."""
    latest = list_latest(actor, quarter)
    return [
        CityLines(
            city,
            [CountyLine(code, latest.get(code)) for code in codes],
            permits(actor, Permission.POOR_PEOPLE_PUBLISH, Place(city)),
        )
        for city, codes in _by_city(actor)
    ]


def list_lines(revisions: Sequence[PoorFigures]) -> list[RevisionLine]:
    """List revisions with what each one changed; they come the newest first."""
    return [
        RevisionLine(
            now,
            [
                (words, before.counts[name], now.counts[name])
                for name, words in TYPED.items()
                if before.counts[name] != now.counts[name]
            ],
        )
        for now, before in zip(revisions, [*revisions[1:], *revisions[-1:]], strict=True)
    ]


def _by_city(actor: Actor) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for code in list_counties(actor):
        found.setdefault(code[:4] + "00", []).append(code)
    yield from found.items()
