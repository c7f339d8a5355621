"""Registering an organisation, and keeping its papers right."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchplatform.access import once
from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import public, requires
from matchplatform.access.policy import Permission
from matchplatform.accounts.services import prepare_password
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, KeyReused, NotFound
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.paging import read_version
from matchplatform.organisations import joining, members, naming, papers, services
from matchplatform.organisations.checks import verifying_unit
from matchplatform.organisations.forms import OrganisationForm, RegistrationForm, filled_form
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.queries import find_own_organisation
from matchplatform.organisations.review import FACTS, bp
from matchplatform.organisations.states import WORKFLOW, OrganisationAction

# The pages of these modules hang on the same blueprint.
__all__ = ["bp", "joining", "members", "naming", "papers"]

Answer = str | Response | tuple[str, int]


@bp.route("/register", methods=["GET", "POST"])
@public
def register() -> Answer:
    """Register an organisation with its agent's account."""
    form = RegistrationForm()
    if not form.is_submitted():
        return render_template("organisations/register.html", form=form)
    if not form.validate():
        return render_template("organisations/register.html", form=form), 400
    # Hashing takes long; nobody waits for our transaction meanwhile.
    db.session.rollback()
    try:
        password_hash = prepare_password(form.password.data, form.username.data)
        # A second click waits for the first here, so it is asked after the long part.
        earlier = once.earlier_answer(current_actor())
        if earlier:
            flash(gettext("登记已经提交过了。现在可以登录查看进度。"), "ok")
            return redirect(earlier, 303)
        organisation, _user = services.register_organisation(
            uscc=form.uscc.data,
            details=form.details(),
            username=form.username.data,
            display_name=form.display_name.data,
            password_hash=password_hash,
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return render_template("organisations/register.html", form=form), 400
    except KeyReused as error:
        db.session.rollback()
        form.form_errors = [str(error.words)]
        return render_template("organisations/register.html", form=form), 422
    unit = verifying_unit(organisation)
    url = url_for("accounts.sign_in")
    once.remember_answer(current_actor(), url)
    db.session.commit()
    flash(gettext("登记已提交，等待%(unit)s核验。现在可以登录查看进度。", unit=unit), "ok")
    return redirect(url, 303)


@bp.get("/my/organisation")
@requires(Permission.ORGANISATION_EDIT)
def mine() -> Answer:
    """Show what we told of ourselves, how it stands, and the form while it may be corrected."""
    organisation = _own()
    return _own_page(organisation, filled_form(organisation))


@bp.post("/my/organisation")
@requires(Permission.ORGANISATION_EDIT)
def resubmit() -> Answer:
    """Correct what was returned and send it again."""
    form = OrganisationForm()
    if not form.validate():
        return _own_page(_own(), form), 400
    organisation = _own()
    try:
        services.resubmit_organisation(
            actor=current_actor(),
            organisation=organisation,
            version=read_version(form.version.data),
            details=form.details(),
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return _own_page(_own(), form), 400
    except Conflict as error:
        db.session.rollback()
        form.form_errors = [str(error.words)]
        organisation = _own()
        form.version.data = str(organisation.version)
        return _own_page(organisation, form), 409
    unit = verifying_unit(organisation)
    db.session.commit()
    flash(gettext("已重新提交，等待%(unit)s核验。", unit=unit), "ok")
    return redirect(url_for("organisations.mine"), 303)


def _own() -> Organisation:
    organisation = find_own_organisation(current_actor())
    if organisation is None:
        raise NotFound()
    return organisation


def _own_page(organisation: Organisation, form: OrganisationForm) -> str:
    editable = WORKFLOW.allows(organisation.status, OrganisationAction.RESUBMIT)
    return render_template(
        "organisations/mine.html",
        organisation=organisation,
        form=form,
        editable=editable,
        unit=verifying_unit(organisation),
        **FACTS,
    )
