"""An organisation's papers: handed in by its people, looked at by the verifier."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.files.receiving import accepts_upload, received_upload
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, NotFound
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.paging import read_version
from matchplatform.organisations import certificates, merging, rulings
from matchplatform.organisations.checks import verifying_unit
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.paper_forms import CertificateForm, MergeForm, WhyForm
from matchplatform.organisations.paper_states import PAPER_WORDS
from matchplatform.organisations.queries import find_own_organisation, get_organisation
from matchplatform.organisations.review import bp, review_page
from matchplatform.organisations.states import WORKFLOW, OrganisationAction

Answer = str | Response | tuple[str, int]


@bp.get("/my/organisation/papers")
@requires(Permission.ORGANISATION_EDIT)
def papers() -> str:
    """Show the certificates that were handed in, and the form for a new one."""
    return _papers_page(CertificateForm(formdata=None))


@bp.post("/my/organisation/papers")
@requires(Permission.ORGANISATION_EDIT)
@accepts_upload()
def hand_in() -> Answer:
    """Hand in a certificate."""
    form = CertificateForm()
    if not form.validate():
        return _papers_page(form), 400
    try:
        with received_upload(form.paper) as upload:
            certificates.hand_in_certificate(
                actor=current_actor(),
                organisation=own_organisation(),
                upload=upload,
                expires_on=form.expires_on.data,
            )
            db.session.commit()
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return _papers_page(form), 400
    flash(
        gettext("证书已传上，%(unit)s核对后生效。", unit=verifying_unit(own_organisation())), "ok"
    )
    return redirect(url_for("organisations.papers"), 303)


@bp.post("/desk/certificates/<int:certificate_id>/accept")
@requires(Permission.ORGANISATION_VERIFY)
def accept_certificate(certificate_id: int) -> Answer:
    """Accept a certificate."""
    actor, form = current_actor(), WhyForm()
    certificate = certificates.get_certificate(actor, certificate_id)
    organisation_id = certificate.organisation_id
    try:
        certificates.accept_certificate(
            actor=actor, certificate=certificate, version=read_version(form.version.data)
        )
    except Conflict as error:
        db.session.rollback()
        form.form_errors = [str(error.words)]
        return review_page(organisation_id, why=form), 409
    db.session.commit()
    flash(gettext("证书已核对，到期日已记下，已通知对方。"), "ok")
    return redirect(url_for("organisations.review", organisation_id=organisation_id), 303)


@bp.post("/desk/certificates/<int:certificate_id>/refuse")
@requires(Permission.ORGANISATION_VERIFY)
def refuse_certificate(certificate_id: int) -> Answer:
    """Refuse a certificate with a reason."""
    actor, form = current_actor(), WhyForm()
    certificate = certificates.get_certificate(actor, certificate_id)
    organisation_id = certificate.organisation_id
    if not form.validate():
        return review_page(organisation_id, why=form, tried="certificate"), 400
    try:
        certificates.refuse_certificate(
            actor=actor,
            certificate=certificate,
            version=read_version(form.version.data),
            reason=form.reason.data or "",
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return review_page(organisation_id, why=form, tried="certificate"), 400
    except Conflict as error:
        db.session.rollback()
        form.form_errors = [str(error.words)]
        return review_page(organisation_id, why=form, tried="certificate"), 409
    db.session.commit()
    flash(gettext("证书已退回，对方会看到原因。"), "ok")
    return redirect(url_for("organisations.review", organisation_id=organisation_id), 303)


@bp.post("/desk/organisations/<int:organisation_id>/<any(restrict,suspend,lift,deregister):action>")
@requires(Permission.ORGANISATION_VERIFY)
def rule(organisation_id: int, action: str) -> Answer:
    """Restrict, suspend or deregister an organisation, or let it go on."""
    form = WhyForm()
    if not form.validate():
        return review_page(organisation_id, why=form, tried=action), 400
    actor = current_actor()
    try:
        rulings.rule_on_organisation(
            actor=actor,
            organisation=get_organisation(actor, organisation_id),
            version=read_version(form.version.data),
            action=OrganisationAction(action),
            reason=form.reason.data or "",
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return review_page(organisation_id, why=form, tried=action), 400
    except Conflict as error:
        db.session.rollback()
        form.form_errors = [str(error.words)]
        return review_page(organisation_id, why=form, tried=action), 409
    db.session.commit()
    flash(gettext("已办理，已通知对方和有关的县。"), "ok")
    return redirect(url_for("organisations.review", organisation_id=organisation_id), 303)


@bp.post("/desk/organisations/<int:organisation_id>/merge")
@requires(Permission.ORGANISATION_VERIFY)
def merge(organisation_id: int) -> Answer:
    """Merge a duplicate into the record that stays."""
    form = MergeForm()
    if not form.validate():
        return review_page(organisation_id, why=form, tried="merge"), 400
    actor = current_actor()
    try:
        target = merging.get_target(actor, form.uscc.data or "")
        merging.merge_organisation(
            actor=actor,
            source=get_organisation(actor, organisation_id),
            target=target,
            version=read_version(form.version.data),
            reason=form.reason.data or "",
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return review_page(organisation_id, why=form, tried="merge"), 400
    except Conflict as error:
        db.session.rollback()
        form.form_errors = [str(error.words)]
        return review_page(organisation_id, why=form, tried="merge"), 409
    db.session.commit()
    flash(gettext("已并入，经办人和认领都已移过来，已通知对方。"), "ok")
    return redirect(url_for("organisations.review", organisation_id=target.id), 303)


def own_organisation() -> Organisation:
    """Return the organisation that the actor acts for.

    Raises:
        NotFound: there is none.
    """
    organisation = find_own_organisation(current_actor())
    if organisation is None:
        raise NotFound()
    return organisation


def _papers_page(form: CertificateForm) -> str:
    organisation = own_organisation()
    return render_template(
        "organisations/papers.html",
        organisation=organisation,
        form=form,
        certificates=certificates.list_certificates(organisation),
        paper_words=PAPER_WORDS,
        may_hand_in=WORKFLOW.allows(organisation.status, OrganisationAction.HAND_IN),
        unit=verifying_unit(organisation),
    )
