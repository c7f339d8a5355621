"""Batches in the browser: who posts reads them, the province begins one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField

from matchplatform.access import once
from matchplatform.access.current import current_actor
from matchplatform.access.fields import PlainForm, at_most, needed
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, check
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.batches import LONGEST, begin_batch, count_by_batch
from matchplatform.projects.queries import list_batches

bp = Blueprint("batches", __name__)

Answer = str | Response | tuple[str, int]


class BatchForm(PlainForm):
    """What a batch is called."""

    name = StringField(_("新批次的名称"), validators=[needed(), at_most(LONGEST)])


@bp.get("/desk/batches")
@requires(Permission.PROJECT_READ_UNPUBLISHED)
def index() -> Answer:
    """List the batches, the newest first."""
    return _page(BatchForm(formdata=None))


@bp.post("/desk/batches")
@requires(Permission.BATCH_BEGIN)
def begin() -> Answer:
    """Begin a batch."""
    actor = current_actor()
    check(actor, Permission.BATCH_BEGIN, None)
    there = url_for(".index")
    if once.earlier_answer(actor):
        return redirect(there, 303)
    form = BatchForm()
    if not form.validate():
        return _page(form), 400
    try:
        begin_batch(actor=actor, name=request.form.get("name", ""))
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return _page(form), 400
    once.remember_answer(actor, there)
    db.session.commit()
    flash(str(_("批次已建立，各县现在可以把需求放进来。")), "ok")
    return redirect(there, 303)


def _page(form: BatchForm) -> str:
    return render_template(
        "projects/batches.html", form=form, batches=list_batches(), counts=count_by_batch()
    )
