"""What is known around a need, as the gate asks for it: people, prices, names, needs like it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.projects.gate_corpus import Corpus, current_corpus, need_of
from matchplatform.projects.gate_models import ProjectPair, Verdict
from matchplatform.projects.models import Project
from matchplatform.projects.prices import list_usual_prices
from matchplatform.quality.likeness import likely_duplicates
from matchplatform.quality.needs import Likeness, NeedText, Surroundings
from matchplatform.regions.divisions import find_division, poverty_counties

MOST_ALIKE = 5
# So many hundredths more alike than when somebody called two needs different, they are asked again.
MUCH_MORE = 10
WHOLE_LIST = 1000


def read_around(project: Project) -> tuple[NeedText, Surroundings]:
    """Return a project as the gate reads it, and what is known around it."""
    need, corpus = need_of(project), current_corpus(project.id)
    county = poverty_counties().get(project.region_code)
    around = Surroundings(
        # Source: the census of 2020, in seeds/counties.csv; of other counties nothing is known.
        population=county.population if county else None,
        names=names_around(project.region_code),
        prices=corpus.book,
        price_table=list_usual_prices(),
        duplicates=tuple(_alike(need, project, corpus)),
        today=clock.today(),
    )
    return need, around


def list_pairs(project: Project) -> Sequence[ProjectPair]:
    """List what was answered of a project and needs like it, latest first."""
    return db.session.scalars(
        select(ProjectPair)
        .where(or_(ProjectPair.low_id == project.id, ProjectPair.high_id == project.id))
        .order_by(ProjectPair.at.desc(), ProjectPair.id.desc())
    ).all()


def read_others(actor: Actor, ids: Iterable[int]) -> dict[int, Project]:
    """Return those of these projects that the actor may read, by id."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = db.session.scalars(
        select(Project)
        .where(Project.id.in_(wanted))
        .order_by(Project.id)
        .options(selectinload(Project.lines))
    )
    return {
        other.id: other
        for other in rows
        if other.is_public or permits(actor, Permission.PROJECT_READ_UNPUBLISHED, other)
    }


def _alike(need: NeedText, project: Project, corpus: Corpus) -> Iterable[Likeness]:
    """Yield the needs like this one that nobody has answered for, or that it must give way to."""
    answered = {pair.other_than(project.id): pair for pair in list_pairs(project)}
    found = likely_duplicates(need, corpus.index, MOST_ALIKE + len(answered), project.id)
    yield from [like for like in found if not _still_holds(answered.get(like.id), like)][
        :MOST_ALIKE
    ]
    for key, pair in answered.items():
        if pair.verdict is Verdict.SAME and pair.yields_id == project.id:
            named = next((like for like in found if like.id == key), Likeness(key, 1.0))
            # Whatever the words say by now: somebody looked, and it is the same.
            yield replace(named, score=1.0, same_place=True, same_lines=True, is_open=True)


def how_alike(project: Project, other_id: int) -> int:
    """Return how alike two needs are as they read now, 0..100; 0 where it is not worth a look."""
    index = current_corpus(project.id).index
    found = likely_duplicates(need_of(project), index, WHOLE_LIST, project.id)
    return next((_hundredths(like) for like in found if like.id == other_id), 0)


def _still_holds(pair: ProjectPair | None, like: Likeness) -> bool:
    if pair is None:
        return False
    return pair.verdict is Verdict.SAME or _hundredths(like) < pair.alike + MUCH_MORE


def _hundredths(like: Likeness) -> int:
    return round(like.score * 100)


def names_around(region_code: str) -> frozenset[str]:
    """Return the names of a county and its city, which are nobody's own."""
    division = find_division(region_code)
    if division is None:
        return frozenset()
    return frozenset({division.name, division.short, division.plain, division.city})
