"""Keep the text index in step with the database. Only the worker and the command line write it."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from matchplatform.config.paths import SEEDS
from matchplatform.config.settings import Settings
from matchplatform.kernel.db import db
from matchplatform.projects.models import Project
from matchplatform.projects.states import KIND_WORDS, LINE_WORDS, PUBLIC_STATES, SECTOR_WORDS
from matchplatform.regions.divisions import find_division
from matchplatform.search import SearchDoc, SearchIndex

# Thousands of projects with their lines need not be in memory all at once.
BATCH = 500


@cache
def domain_words() -> frozenset[str]:
    """Return the words of the field, for cutting Chinese text."""
    lines = (SEEDS / "words" / "domain_terms.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(
        line.split("\t")[0].strip() for line in lines if line.strip() and not line.startswith("#")
    )


@cache
def _index_in(folder: Path) -> SearchIndex:
    return SearchIndex(folder, domain_words())


def open_index(settings: Settings) -> SearchIndex:
    """Return this process's index of the site; one object a folder, shared by its threads."""
    return _index_in(settings.index_path)


def document_of(project: Project) -> SearchDoc:
    """Return what the index may know of a public project: nothing private, no contact."""
    division = find_division(project.region_code)
    region = f"{division.city} {division.name} {division.plain}" if division else ""
    said = [SECTOR_WORDS[project.sector], KIND_WORDS[project.kind], project.owner_unit]
    said += [word for line in project.lines for word in (LINE_WORDS[line.kind], line.item)]
    return SearchDoc(
        id=project.id,
        number=project.number,
        title=project.name,
        place=project.place,
        region=region,
        text=project.scope_text,
        extra=" ".join(str(word) for word in said),
    )


def index_project(index: SearchIndex, project_id: int) -> None:
    """Bring one project's entry up to date: put it while it is public, else drop it."""
    project = db.session.get(Project, project_id)
    if project is not None and project.is_public:
        index.put(document_of(project))
    else:
        index.drop(project_id)


def rebuild(index: SearchIndex) -> int:
    """Build the index anew beside the old one and swap; return how many projects it holds."""
    index.rebuild(documents())
    return index.count()


def list_public_ids() -> set[int]:
    """Return the ids that the index should hold."""
    return set(db.session.scalars(select(Project.id).where(Project.status.in_(PUBLIC_STATES))))


def documents() -> Iterator[SearchDoc]:
    """Yield what the index should hold of every public project."""
    for project in db.session.scalars(
        select(Project)
        .where(Project.status.in_(PUBLIC_STATES))
        .order_by(Project.id)
        .options(selectinload(Project.lines))
        .execution_options(yield_per=BATCH)
    ):
        yield document_of(project)
