"""The price table in the browser: every officer reads it, the province keeps it."""

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access import once
from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, check
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, KeyReused
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import page_number
from matchplatform.projects import prices
from matchplatform.projects.prices_forms import PriceForm, RemovePriceForm
from matchplatform.projects.prices_models import PriceTableRow

bp = Blueprint("prices", __name__)

Answer = str | Response | tuple[str, int]
LONGEST_QUERY = 40


@bp.get("/desk/prices")
@requires(Permission.PRICE_READ)
def index() -> Answer:
    """List the price table."""
    words = read_words(request.args)
    page = prices.list_prices(words, page_number(request.args.get("page")))
    return render_template("projects/prices.html", page=page, words=words)


@bp.route("/desk/prices/new", methods=["GET", "POST"])
@requires(Permission.PRICE_KEEP)
def new() -> Answer:
    """Add a row."""
    actor = current_actor()
    check(actor, Permission.PRICE_KEEP, None)
    form = PriceForm()
    if request.method == "GET":
        return _page(form, None)
    if not form.validate():
        return _page(form, None), 400
    return _do(
        form,
        None,
        lambda: prices.add_price(actor=actor, details=form.details()),
        _("已加进价格表。"),
    )


@bp.route("/desk/prices/<int:row_id>", methods=["GET", "POST"])
@requires(Permission.PRICE_KEEP)
def edit(row_id: int) -> Answer:
    """Change a row."""
    actor = current_actor()
    row = prices.get_price(row_id)
    check(actor, Permission.PRICE_KEEP, row)
    if request.method == "GET":
        return _page(PriceForm(obj=row), row)
    form = PriceForm()
    if not form.validate():
        return _page(form, row), 400
    return _do(
        form,
        row_id,
        lambda: prices.edit_price(
            actor=actor, row=row, version=form.version.number, details=form.details()
        ),
        _("已改价格表。"),
    )


@bp.post("/desk/prices/<int:row_id>/remove")
@requires(Permission.PRICE_KEEP)
def remove(row_id: int) -> Answer:
    """Take a row away, saying why."""
    actor = current_actor()
    row = prices.get_price(row_id)
    form = RemovePriceForm()
    return _do(
        form,
        row_id,
        lambda: prices.remove_price(
            actor=actor, row=row, version=form.version.number, reason=form.reason.data or ""
        ),
        _("已从价格表删去，原因留在记录里。"),
    )


def read_words(asked: Mapping[str, str]) -> str:
    """Read for which things the list is asked."""
    return asked.get("q", "")[:LONGEST_QUERY]


def _do(
    form: PriceForm | RemovePriceForm,
    row_id: int | None,
    verb: Callable[[], PriceTableRow],
    said: Words,
) -> Answer:
    actor = current_actor()
    there = url_for(".index")
    try:
        if once.earlier_answer(actor):
            return redirect(there, 303)
        verb()
        once.remember_answer(actor, there)
        db.session.commit()
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return _again(form, row_id), 400
    except (Conflict, KeyReused) as error:
        db.session.rollback()
        form.form_errors = [str(error.words)]
        return _again(form, row_id), 409
    flash(str(said), "ok")
    return redirect(there, 303)


def _again(form: PriceForm | RemovePriceForm, row_id: int | None) -> str:
    row = prices.get_price(row_id) if row_id else None
    if isinstance(form, PriceForm):
        if row is not None:
            form.version.data = str(row.version)
        return _page(form, row)
    return _page(PriceForm(formdata=None, obj=row), row, form)


def _page(
    form: PriceForm, row: PriceTableRow | None, removing: RemovePriceForm | None = None
) -> str:
    blank = RemovePriceForm(formdata=None)
    return render_template("projects/price.html", form=form, row=row, removing=removing or blank)
