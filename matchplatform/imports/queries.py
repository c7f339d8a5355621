"""Reads of imports."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import selectinload

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.files.storage import Storage
from matchplatform.imports.models import Import, ImportKey, ImportRow
from matchplatform.imports.states import AT_WORK, ENDED, TO_DO, ImportKind, ImportState, RowState
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound
from matchplatform.kernel.paging import Page, clamp_page
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project

PAGE_SIZE = 20
ROWS_SHOWN = 50


def get_import(actor: Actor, import_id: int) -> Import:
    """Return an import that the actor may read.

    Raises:
        NotFound: no such import.
        Hidden: one of another office.
    """
    found = db.session.get(Import, import_id)
    if found is None:
        raise NotFound()
    if not permits(actor, Permission.IMPORT_READ, found):
        raise Hidden()
    return found


def list_imports(actor: Actor, number: int) -> Page[Import]:
    """List the imports that the actor may read, newest first."""
    total = db.session.scalar(select(func.count(Import.id)).where(_readable(actor))) or 0
    number = clamp_page(number, PAGE_SIZE, total)
    rows = db.session.scalars(
        select(Import)
        .where(_readable(actor))
        .order_by(Import.created_at.desc(), Import.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows.all(), number, PAGE_SIZE, total)


def list_all_imports(actor: Actor, most: int) -> list[Import]:
    """List the imports that the actor may read, newest first, for a file."""
    return list(
        db.session.scalars(
            select(Import)
            .where(_readable(actor))
            .order_by(Import.created_at.desc(), Import.id.desc())
            .limit(most)
        )
    )


def list_rows(done: Import, state: RowState, number: int) -> Page[ImportRow]:
    """List the things of an import that are in one state, in the order of the file."""
    wanted = (ImportRow.import_id == done.id, ImportRow.status == state)
    total = db.session.scalar(select(func.count(ImportRow.id)).where(*wanted)) or 0
    number = clamp_page(number, ROWS_SHOWN, total)
    rows = db.session.scalars(
        select(ImportRow)
        .where(*wanted)
        .order_by(ImportRow.number)
        .limit(ROWS_SHOWN)
        .offset((number - 1) * ROWS_SHOWN)
    )
    return Page(rows.all(), number, ROWS_SHOWN, total)


def list_all_rows(done: Import, state: RowState, most: int) -> list[ImportRow]:
    """List them all, for a file; no more than ``most``."""
    return list(
        db.session.scalars(
            select(ImportRow)
            .where(ImportRow.import_id == done.id, ImportRow.status == state)
            .order_by(ImportRow.number)
            .limit(most)
        )
    )


def list_unfit(done: Import) -> list[ImportRow]:
    """List the things that were bad, or were refused in the end, in the order of the file."""
    return list(
        db.session.scalars(
            select(ImportRow)
            .where(
                ImportRow.import_id == done.id,
                ImportRow.status.in_([RowState.BAD, RowState.REFUSED]),
            )
            .order_by(ImportRow.number)
        )
    )


def list_to_do(import_id: int, most: int) -> list[ImportRow]:
    """List the next things to be written, in the order of the file."""
    return list(
        db.session.scalars(
            select(ImportRow)
            .where(ImportRow.import_id == import_id, ImportRow.status.in_(TO_DO))
            .order_by(ImportRow.number)
            .limit(most)
        )
    )


def find_same(actor: Actor, kind: ImportKind, sha256: str) -> Import | None:
    """Return the actor's import of the very same file that has not come to an end, or None."""
    return db.session.scalar(
        select(Import)
        .where(
            Import.user_id == actor.user_id,
            Import.kind == kind,
            Import.sha256 == sha256,
            Import.status.not_in(ENDED),
        )
        .order_by(Import.id)
        .limit(1)
    )


def find_next_id(stuck: Iterable[int] = ()) -> int | None:
    """Return the import that has waited longest for the worker, or None."""
    return db.session.scalar(
        select(Import.id)
        .where(Import.status.in_(AT_WORK), Import.id.not_in(list(stuck)))
        # What somebody has said yes to comes before what is only looked through.
        .order_by(Import.status != ImportState.APPLYING, Import.id)
        .limit(1)
    )


def find_targets(kind: ImportKind, office: str, keys: Sequence[str]) -> Mapping[str, str]:
    """Return what an office's own keys stand for, as far as they are known."""
    rows = db.session.execute(
        select(ImportKey.key, ImportKey.target).where(
            ImportKey.kind == kind, ImportKey.office == office, ImportKey.key.in_(keys)
        )
    )
    return dict(rows.all())


def find_projects(numbers: Iterable[str]) -> dict[str, Project]:
    """Return projects with their lines by number."""
    rows = db.session.scalars(
        select(Project)
        .where(Project.number.in_(sorted(set(numbers))))
        .options(selectinload(Project.lines))
    )
    return {project.number: project for project in rows}


def find_organisations(codes: Iterable[str]) -> dict[str, Organisation]:
    """Return organisations with their memberships by code."""
    rows = db.session.scalars(
        select(Organisation)
        .where(Organisation.uscc.in_(sorted(set(codes))))
        .options(selectinload(Organisation.memberships))
    )
    return {organisation.uscc: organisation for organisation in rows}


def stored_names(prefix: str) -> set[str]:
    """Return the names of kept bytes that imports want, for whoever sweeps the rest."""
    return set(
        db.session.scalars(
            select(Import.stored_name).where(Import.stored_name.startswith(prefix, autoescape=True))
        )
    )


def find_breaches(storage: Storage) -> Iterator[str]:
    """Yield a line for each import whose file is missing or whose counts do not add up."""
    rows = db.session.execute(
        select(ImportRow.import_id, func.count(ImportRow.id)).group_by(ImportRow.import_id)
    )
    tallied: dict[int, int] = dict(rows.all())
    for found in db.session.scalars(select(Import).order_by(Import.id)):
        path: Path = storage.path_of(found.stored_name)
        if not path.is_file():
            yield f"import {found.id}: its bytes are missing ({path})"
        if tallied.get(found.id, 0) != found.looked:
            yield f"import {found.id}: looked at {found.looked}, has {tallied.get(found.id, 0)} rows"
        if sum(found.counts.values()) != found.looked:
            yield f"import {found.id}: its counts do not add up to {found.looked}"


def _readable(actor: Actor) -> ColumnElement[bool]:
    # Whoever may read any import is not bound to an office.
    return (
        true()
        if permits(actor, Permission.IMPORT_READ, None)
        else (Import.office == actor.region_prefix)
    )
