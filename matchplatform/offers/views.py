"""An organisation's offers in the browser: list, write, edit, close."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access import once
from matchplatform.access.actor import Actor
from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    AskAgain,
    Conflict,
    DomainError,
    InvalidInput,
    KeyReused,
    NotFound,
)
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import page_number
from matchplatform.offers import desk, services
from matchplatform.offers.blueprint import bp
from matchplatform.offers.details import region_choices
from matchplatform.offers.forms import CloseForm, OfferForm, filled_form
from matchplatform.offers.models import SupplyOffer
from matchplatform.offers.queries import get_own_offer, list_own
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.queries import find_own_organisation

# The routes beside this file register themselves with the same blueprint.
__all__ = ["bp", "desk"]

Answer = str | Response | tuple[str, int]


@bp.get("/my/offers")
@requires(Permission.OFFER_HANDLE)
def own_list() -> Answer:
    """List the organisation's own offers."""
    actor = current_actor()
    organisation = _own_organisation(actor)
    return render_template(
        "offers/own_list.html",
        organisation=organisation,
        page=list_own(actor, organisation, page_number(request.args.get("page"))),
        address=lambda number: url_for(".own_list", page=number if number > 1 else None),
    )


@bp.route("/my/offers/new", methods=["GET", "POST"])
@requires(Permission.OFFER_HANDLE)
def new() -> Answer:
    """Write a new offer."""
    actor = current_actor()
    organisation = _own_organisation(actor)
    form = OfferForm()
    if request.method == "GET":
        return _form_page(form, organisation)
    try:
        earlier = once.earlier_answer(actor)
    except KeyReused as error:
        return _form_page(form, organisation, earlier=error.answer), 422
    if earlier:
        return redirect(earlier, 303)
    if not form.validate():
        return _form_page(form, organisation), 400
    try:
        offer = services.publish_offer(
            actor=actor,
            organisation=organisation,
            details=form.details(),
            confirmed=_is_confirmed(),
        )
    except (InvalidInput, AskAgain, Conflict) as error:
        status = _show_error(form, error)
        return _form_page(form, _own_organisation(actor)), status
    url = url_for("supply.own_offer", offer_id=offer.id)
    return _done(actor, url, _("已发布。各县的民政工作人员能看到，对得上的会请贵会认领。"))


@bp.route("/my/offers/<int:offer_id>/edit", methods=["GET", "POST"])
@requires(Permission.OFFER_HANDLE)
def edit(offer_id: int) -> Answer:
    """Write an offer anew, or end it."""
    offer = get_own_offer(current_actor(), offer_id)
    if request.method == "GET":
        return _edit_page(offer, filled_form(offer))
    form = OfferForm()
    if not form.validate():
        return _edit_page(offer, form), 400

    def write(actor: Actor) -> None:
        services.edit_offer(
            actor=actor,
            offer=offer,
            version=form.version.number,
            details=form.details(),
            confirmed=_is_confirmed(),
        )

    return _change(offer, form, write, _("已改好。"))


@bp.post("/my/offers/<int:offer_id>/close")
@requires(Permission.OFFER_HANDLE)
def close(offer_id: int) -> Answer:
    """End an offer, with how and why."""
    offer = get_own_offer(current_actor(), offer_id)
    form = CloseForm()
    if not form.validate():
        return _edit_page(offer, filled_form(offer), form), 400

    def end(actor: Actor) -> None:
        services.close_offer(
            actor=actor,
            offer=offer,
            version=form.version.number,
            outcome=form.chosen_outcome,
            reason=form.reason.data or "",
        )

    return _change(offer, form, end, _("已结束，各县不再看到这份意向。"))


def _change(
    offer: SupplyOffer,
    form: OfferForm | CloseForm,
    verb: Callable[[Actor], None],
    done: Words,
) -> Answer:
    actor, offer_id = current_actor(), offer.id
    url = url_for("supply.own_offer", offer_id=offer_id)
    try:
        earlier = once.earlier_answer(actor)
        if earlier:
            return redirect(earlier, 303)
        verb(actor)
    except (InvalidInput, AskAgain, Conflict, KeyReused) as error:
        status = _show_error(form, error)
        offer = get_own_offer(actor, offer_id)
        form.version.data = str(offer.version)
        overtaken = status == 409 and not isinstance(error, AskAgain)
        if isinstance(form, CloseForm):
            return _edit_page(offer, filled_form(offer), form), status
        return _edit_page(offer, form, present=overtaken), status
    return _done(actor, url, done)


def _done(actor: Actor, url: str, words: Words) -> Response:
    once.remember_answer(actor, url)
    db.session.commit()
    flash(str(words), "ok")
    return redirect(url, 303)


def _own_organisation(actor: Actor) -> Organisation:
    organisation = find_own_organisation(actor)
    if organisation is None:
        raise NotFound(_("您的账号还没有加入社会组织。"))
    return organisation


def _is_confirmed() -> bool:
    return request.form.get("confirmed") == "yes"


def _show_error(form: OfferForm | CloseForm, error: DomainError) -> int:
    db.session.rollback()
    if isinstance(error, InvalidInput):
        show_wrongs(form, error)
        return 400
    if isinstance(error, AskAgain) and isinstance(form, OfferForm):
        form.questions = error.questions
        return 409
    form.form_errors = [str(error.words)]
    return 422 if isinstance(error, KeyReused) else 409


def _form_page(form: OfferForm, organisation: Organisation, earlier: str = "") -> str:
    return render_template(
        "offers/new.html",
        form=form,
        organisation=organisation,
        groups=region_choices(),
        earlier=earlier,
    )


def _edit_page(
    offer: SupplyOffer,
    form: OfferForm,
    close_form: CloseForm | None = None,
    *,
    present: bool = False,
) -> str:
    if close_form is None:
        close_form = CloseForm(formdata=None, data={"version": str(offer.version)})
        tried = False
    else:
        tried = True
    return render_template(
        "offers/edit.html",
        offer=offer,
        form=form,
        close_form=close_form,
        tried=tried,
        present=present,
        groups=region_choices(),
    )
