"""The pages of a new name: asked for by the organisation, confirmed by the verifier."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.paging import read_version
from matchplatform.organisations import names
from matchplatform.organisations.checks import verifying_unit
from matchplatform.organisations.paper_forms import NameForm, WhyForm
from matchplatform.organisations.paper_states import PAPER_WORDS
from matchplatform.organisations.papers import own_organisation
from matchplatform.organisations.review import bp, review_page

Answer = str | Response | tuple[str, int]


@bp.get("/my/organisation/name")
@requires(Permission.ORGANISATION_EDIT)
def own_name() -> str:
    """Show the names that the organisation had and asked for, and the form for a new one."""
    return _name_page(NameForm(formdata=None))


@bp.post("/my/organisation/name")
@requires(Permission.ORGANISATION_EDIT)
def ask_name() -> Answer:
    """Ask for a new name."""
    form = NameForm()
    if not form.validate():
        return _name_page(form), 400
    try:
        names.ask_name_change(
            actor=current_actor(),
            organisation=own_organisation(),
            new_name=form.new_name.data or "",
            changed_on=form.changed_on.data,
            reason=form.reason.data or "",
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return _name_page(form), 400
    except Conflict as error:
        db.session.rollback()
        form.form_errors = [str(error.words)]
        return _name_page(form), 409
    db.session.commit()
    unit = verifying_unit(own_organisation())
    flash(gettext("名称变更已提交，%(unit)s确认后改用新名称。", unit=unit), "ok")
    return redirect(url_for("organisations.own_name"), 303)


@bp.post("/desk/names/<int:change_id>/accept")
@requires(Permission.ORGANISATION_VERIFY)
def accept_name(change_id: int) -> Answer:
    """Confirm a new name."""
    actor, form = current_actor(), WhyForm()
    change = names.get_name_change(actor, change_id)
    organisation_id = change.organisation_id
    try:
        names.accept_name_change(
            actor=actor, change=change, version=read_version(form.version.data)
        )
    except Conflict as error:
        db.session.rollback()
        form.form_errors = [str(error.words)]
        return review_page(organisation_id, why=form), 409
    db.session.commit()
    flash(gettext("已改用新名称，旧名称留作曾用名，已通知对方。"), "ok")
    return redirect(url_for("organisations.review", organisation_id=organisation_id), 303)


@bp.post("/desk/names/<int:change_id>/refuse")
@requires(Permission.ORGANISATION_VERIFY)
def refuse_name(change_id: int) -> Answer:
    """Refuse a new name with a reason."""
    actor, form = current_actor(), WhyForm()
    change = names.get_name_change(actor, change_id)
    organisation_id = change.organisation_id
    if not form.validate():
        return review_page(organisation_id, why=form, tried="name"), 400
    try:
        names.refuse_name_change(
            actor=actor,
            change=change,
            version=read_version(form.version.data),
            reason=form.reason.data or "",
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return review_page(organisation_id, why=form, tried="name"), 400
    except Conflict as error:
        db.session.rollback()
        form.form_errors = [str(error.words)]
        return review_page(organisation_id, why=form, tried="name"), 409
    db.session.commit()
    flash(gettext("名称变更已退回，对方会看到原因。"), "ok")
    return redirect(url_for("organisations.review", organisation_id=organisation_id), 303)


def _name_page(form: NameForm) -> str:
    organisation = own_organisation()
    return render_template(
        "organisations/name.html",
        organisation=organisation,
        form=form,
        changes=names.list_name_changes(organisation),
        paper_words=PAPER_WORDS,
        unit=verifying_unit(organisation),
    )
