"""The county's, city's or province's pages: verify registrations, help members to a password."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, permits, role_holds
from matchplatform.accounts.links import issue_password_link
from matchplatform.audit.actions import tell_history
from matchplatform.audit.queries import list_history
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Hidden, InvalidInput
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.paging import read_version
from matchplatform.kernel.sectors import SECTOR_WORDS
from matchplatform.organisations import certificates, memberships, names, services
from matchplatform.organisations.checks import read_code, region_name, type_words
from matchplatform.organisations.forms import ReturnForm
from matchplatform.organisations.membership_queries import get_membership, list_signer_ids
from matchplatform.organisations.paper_forms import MergeForm, WhyForm
from matchplatform.organisations.paper_states import PAPER_WORDS, PaperState
from matchplatform.organisations.queries import (
    get_organisation,
    has_written_on,
    list_members,
    list_namesakes,
    list_registered_here,
    list_waiting,
)
from matchplatform.organisations.rulings import RULING_WORDS
from matchplatform.organisations.states import WORKFLOW, OrganisationAction

bp = Blueprint("organisations", __name__)

Answer = str | Response | tuple[str, int]

# What the table of an organisation's facts needs beside the organisation.
FACTS: dict[str, Any] = {
    "sector_words": SECTOR_WORDS,
    "region_name": region_name,
    "type_words": type_words,
}


@bp.get("/desk/organisations")
@requires(Permission.ORGANISATION_REVIEW)
def desk_list() -> str:
    """List the organisations registered here, those that wait first."""
    actor = current_actor()
    words = request.args.get("q", "").strip()[:80]
    return render_template(
        "organisations/desk_list.html",
        waiting=list_waiting(actor) if role_holds(actor, Permission.ORGANISATION_VERIFY) else [],
        organisations=list_registered_here(actor, words),
        words=words,
        **FACTS,
    )


@bp.get("/desk/organisations/<int:organisation_id>")
@requires(Permission.ORGANISATION_REVIEW)
def review(organisation_id: int) -> str:
    """Show a registration beside what its code says, its history and its members."""
    return review_page(organisation_id)


@bp.post("/desk/organisations/<int:organisation_id>/verify")
@requires(Permission.ORGANISATION_VERIFY)
def verify(organisation_id: int) -> Answer:
    """Verify a registration."""
    actor = current_actor()
    organisation = get_organisation(actor, organisation_id)
    try:
        services.verify_organisation(actor=actor, organisation=organisation, version=_version())
    except Conflict as error:
        return _overtaken(organisation_id, ReturnForm(formdata=None), error)
    name = organisation.name
    db.session.commit()
    flash(gettext("%(name)s 已通过核验，现在可以认领项目，已通知对方。", name=name), "ok")
    return redirect(url_for("organisations.review", organisation_id=organisation_id), 303)


@bp.post("/desk/organisations/<int:organisation_id>/return")
@requires(Permission.ORGANISATION_VERIFY)
def send_back(organisation_id: int) -> Answer:
    """Return a registration with what is to be corrected."""
    form = ReturnForm()
    if not form.validate():
        return review_page(organisation_id, form), 400
    actor = current_actor()
    organisation = get_organisation(actor, organisation_id)
    try:
        services.return_organisation(
            actor=actor,
            organisation=organisation,
            version=_version(),
            reason=form.reason.data or "",
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return review_page(organisation_id, form), 400
    except Conflict as error:
        return _overtaken(organisation_id, form, error)
    name = organisation.name
    db.session.commit()
    flash(gettext("已退回给 %(name)s，对方更正后会再次提交。", name=name), "ok")
    return redirect(url_for("organisations.review", organisation_id=organisation_id), 303)


@bp.post("/desk/organisations/<int:organisation_id>/members/<int:user_id>/password-link")
@requires(Permission.PASSWORD_LINK_ISSUE)
def member_link(organisation_id: int, user_id: int) -> str:
    """Issue a one-time link to a member and show it, this once."""
    actor = current_actor()
    organisation = get_organisation(actor, organisation_id)
    member = next((user for user in list_members(organisation) if user.id == user_id), None)
    if member is None:
        raise Hidden()
    token = issue_password_link(actor=actor, user=member, within=organisation)
    db.session.commit()
    url = url_for("accounts.password_link", token=token, _external=True)
    return render_template(
        "organisations/link_issued.html", organisation=organisation, user=member, url=url
    )


@bp.post("/desk/organisations/<int:organisation_id>/members/<int:user_id>/signer")
@requires(Permission.ORGANISATION_VERIFY)
def appoint_signer(organisation_id: int, user_id: int) -> Answer:
    """Name a signer where the organisation has none left."""
    form = ReturnForm()
    organisation = get_organisation(current_actor(), organisation_id)
    membership = get_membership(organisation.id, user_id)
    memberships.appoint_signer(
        actor=current_actor(), membership=membership, reason=form.reason.data or ""
    )
    name = membership.user.display_name
    db.session.commit()
    flash(gettext("已指定 %(name)s 为签署人，已通知本人。", name=name), "ok")
    return redirect(url_for("organisations.review", organisation_id=organisation_id), 303)


def _version() -> int:
    return read_version(request.form.get("version"))


def _overtaken(organisation_id: int, form: ReturnForm, error: Conflict) -> Answer:
    db.session.rollback()
    form.form_errors = [str(error.words)]
    return review_page(organisation_id, form), 409


def review_page(
    organisation_id: int,
    form: ReturnForm | None = None,
    *,
    why: WhyForm | None = None,
    tried: str = "",
) -> str:
    """Show a registration; ``why`` is the form of what was ``tried`` and went wrong."""
    actor = current_actor()
    organisation = get_organisation(actor, organisation_id)
    theirs = permits(actor, Permission.ORGANISATION_VERIFY, organisation)
    return render_template(
        "organisations/review.html",
        organisation=organisation,
        form=form or ReturnForm(formdata=None),
        why=why or WhyForm(formdata=None),
        tried=tried,
        merge_form=why if isinstance(why, MergeForm) else MergeForm(formdata=None),
        may_merge=theirs and WORKFLOW.allows(organisation.status, OrganisationAction.MERGE),
        certificates=certificates.list_certificates(organisation),
        waiting_paper=certificates.find_certificate(organisation.id, PaperState.PENDING)
        if theirs
        else None,
        waiting_name=names.find_waiting_change(organisation.id) if theirs else None,
        paper_words=PAPER_WORDS,
        rulings=[
            (str(action), *words)
            for action, words in RULING_WORDS.items()
            if theirs and WORKFLOW.allows(organisation.status, action)
        ],
        code=read_code(organisation),
        namesakes=list_namesakes(organisation),
        members=list_members(organisation),
        lacks_signer=not list_signer_ids(organisation.id),
        history=tell_history(list_history("organisation", organisation.id)),
        may_verify=theirs
        and not has_written_on(actor, organisation)
        and WORKFLOW.allows(organisation.status, OrganisationAction.VERIFY),
        may_return=theirs and WORKFLOW.allows(organisation.status, OrganisationAction.RETURN),
        **FACTS,
    )
