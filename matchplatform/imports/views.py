"""Imports in the browser: choose, upload, watch, look at, say yes."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer, done_once, said_by
from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, permits
from matchplatform.config.settings import Settings
from matchplatform.files.receiving import accepts_upload, current_storage
from matchplatform.imports import queries, services
from matchplatform.imports.forms import ApplyForm, SheetForm
from matchplatform.imports.kinds import adapter_of, kinds_for
from matchplatform.imports.marking import marked_copy
from matchplatform.imports.models import Import
from matchplatform.imports.packing import unpack_problem
from matchplatform.imports.spreadsheet import Spreadsheet, receive_spreadsheet
from matchplatform.imports.states import (
    KIND_WORDS,
    ROW_WORDS,
    STATE_WORDS,
    ImportAction,
    ImportKind,
    RowState,
)
from matchplatform.kernel.attachment import disposition
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import DomainError, Hidden, InvalidInput, KeyReused
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import page_number, read_version
from matchplatform.sheets import Layout, ReadLimits, write_template

bp = Blueprint("imports", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS = "<any(projects,organisations,poor_people,prices):kind>"
_WORDS: dict[str, Any] = {"kind_words": KIND_WORDS, "state_words": STATE_WORDS}


@bp.get("/desk/imports")
@requires(Permission.IMPORT_READ)
def index() -> Answer:
    """List what the office has imported, and what the actor may import."""
    actor = current_actor()
    return render_template(
        "imports/index.html",
        page=queries.list_imports(actor, page_number(request.args.get("page"))),
        kinds={kind: adapter_of(kind).layout() for kind in kinds_for(actor)},
        **_WORDS,
    )


@bp.get(f"/desk/imports/new/{_KINDS}")
@requires(Permission.IMPORT_MAKE)
def new(kind: str) -> Answer:
    """Show the rules of a kind, its template, and where to choose the file."""
    return _new_page(_own_kind(kind), SheetForm())


@bp.post(f"/desk/imports/new/{_KINDS}")
@requires(Permission.IMPORT_MAKE)
@accepts_upload()
def take_in(kind: str) -> Answer:
    """Take a file in; the very same one that is not yet decided leads to the first."""
    wanted, form = _own_kind(kind), SheetForm()
    if not form.validate():
        return _new_page(wanted, form), 400
    try:
        with _received(form, adapter_of(wanted).layout()) as sheet:
            taken = services.take_in(actor=current_actor(), kind=wanted, sheet=sheet)
            db.session.commit()
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return _new_page(wanted, form), 400
    return redirect(url_for("imports.show", import_id=taken.id), 303)


@bp.get(f"/desk/imports/template/{_KINDS}.xlsx")
@requires(Permission.IMPORT_MAKE)
def template(kind: str) -> Response:
    """Give the template of a kind."""
    wanted, stream = _own_kind(kind), io.BytesIO()
    write_template(adapter_of(wanted).layout(), stream)
    name = gettext("导入模板-%(kind)s", kind=KIND_WORDS[wanted])
    return _attachment(stream.getvalue(), f"{name}.xlsx", f"template-{wanted}.xlsx")


@bp.get("/desk/imports/<int:import_id>")
@requires(Permission.IMPORT_READ)
def show(import_id: int) -> Answer:
    """Show how far it is, then what it would do, then what it did."""
    return _page(current_actor(), import_id, ApplyForm(formdata=None))


@bp.get("/desk/imports/<int:import_id>/marked.xlsx")
@requires(Permission.IMPORT_READ)
def marked(import_id: int) -> Response:
    """Give the file back with what is wrong marked in its cells."""
    found = queries.get_import(current_actor(), import_id)
    label = found.label.rpartition(".")[0] or found.label
    copy = marked_copy(found, current_storage(), _limits())
    name = gettext("%(name)s-标出问题", name=label)
    return _attachment(copy, f"{name}.xlsx", f"marked-{found.id}.xlsx")


@bp.post("/desk/imports/<int:import_id>/apply")
@requires(Permission.IMPORT_MAKE)
def apply(import_id: int) -> Answer:
    """Say yes to what the preview showed."""
    actor, form = current_actor(), ApplyForm()

    def apply_it() -> str:
        services.apply_import(
            actor=actor,
            taken=queries.get_import(actor, import_id),
            version=read_version(form.version.data),
            leave_bad=bool(form.leave_bad.data),
        )
        return url_for("imports.show", import_id=import_id)

    return _decided(actor, import_id, form, apply_it)


@bp.post("/desk/imports/<int:import_id>/drop")
@requires(Permission.IMPORT_MAKE)
def drop(import_id: int) -> Answer:
    """Let go of an import."""
    actor, form = current_actor(), ApplyForm()

    def drop_it() -> str:
        services.drop_import(actor=actor, taken=queries.get_import(actor, import_id))
        return url_for("imports.index")

    return _decided(actor, import_id, form, drop_it, _("已放弃，什么也没有写入。"))


def read_shown(found: Import) -> RowState:
    """Read which rows are asked for; else the first kind of which there are any, what is bad first."""
    asked = request.args.get("rows", "")
    if asked in set(RowState):
        return RowState(asked)
    order = (RowState.REFUSED, RowState.BAD, *RowState)
    return next((state for state in order if found.count(state)), RowState.NEW)


def _decided(actor: Actor, import_id: int, form: ApplyForm, do: Any, said: Any = "") -> Answer:
    queries.get_import(actor, import_id)

    def again(error: DomainError) -> Answer:
        words, status = said_by(error)
        if isinstance(error, InvalidInput):
            show_wrongs(form, error)
        else:
            form.form_errors = [*form.form_errors, str(words)]
        earlier = error.answer if isinstance(error, KeyReused) else ""
        return _page(actor, import_id, form, earlier), status

    return done_once(actor, do, again, said)


def _own_kind(kind: str) -> ImportKind:
    wanted = ImportKind(kind)
    if wanted not in kinds_for(current_actor()):
        raise Hidden()
    return wanted


def _new_page(kind: ImportKind, form: SheetForm) -> str:
    layout = adapter_of(kind).layout()
    return render_template("imports/new.html", kind=kind, form=form, layout=layout, **_WORDS)


def _page(actor: Actor, import_id: int, form: ApplyForm, earlier: str = "") -> str:
    found = queries.get_import(actor, import_id)
    shown = read_shown(found)
    page = queries.list_rows(found, shown, page_number(request.args.get("page")))
    mine = permits(actor, Permission.IMPORT_MAKE, found)
    form.version.data = str(found.version)
    return render_template(
        "imports/show.html",
        found=found,
        form=form,
        earlier=earlier,
        shown=shown,
        page=page,
        problems={row.id: [unpack_problem(kept) for kept in row.problems] for row in page.items},
        file_problems=[unpack_problem(kept) for kept in found.problems],
        may_apply=mine and found.allows(ImportAction.APPLY) and found.to_do > 0,
        may_drop=mine and found.allows(ImportAction.DROP),
        row_words=ROW_WORDS,
        **_WORDS,
    )


@contextmanager
def _received(form: SheetForm, layout: Layout) -> Iterator[Spreadsheet]:
    # Nobody waits for the database while a file comes in.
    db.session.rollback()
    data = form.file.data
    sheet = receive_spreadsheet(
        current_storage(), data.stream, data.filename or "", layout, _limits()
    )
    try:
        yield sheet
    finally:
        sheet.discard()


def _limits() -> ReadLimits:
    settings = cast(Settings, current_app.extensions["settings"])
    return ReadLimits(megabytes=settings.upload_megabytes, rows=settings.import_rows)


def _attachment(data: bytes, name: str, plain: str) -> Response:
    answer = Response(data, content_type=XLSX)
    answer.headers["Content-Disposition"] = disposition(name, plain)
    answer.headers["Cache-Control"] = "no-store"
    return answer
