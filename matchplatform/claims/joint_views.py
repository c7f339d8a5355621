"""Joint claims in the browser: choose partners and shares, answer, take over, give back."""

from flask import render_template, request, url_for

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer, done_once
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.claims import joint
from matchplatform.claims.answers import own_organisation
from matchplatform.claims.blueprint import bp
from matchplatform.claims.holding import read_holding
from matchplatform.claims.models import Claim
from matchplatform.claims.page import claim_page_again
from matchplatform.claims.partners import (
    JointForm,
    find_own_member,
    find_partners,
    get_member,
    list_partners,
    read_shares,
)
from matchplatform.claims.queries import get_claim
from matchplatform.claims.side import read_side
from matchplatform.kernel.errors import AskAgain, DomainError, InvalidInput, KeyReused, NotFound
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import read_version
from matchplatform.projects.queries import get_project

LONGEST_QUERY = 40


@bp.get("/projects/<number>/joint")
@requires(Permission.CLAIM_RESERVE)
def start_joint(number: str) -> Answer:
    """Choose partners and give everybody a share."""
    actor = current_actor()
    return _page(actor, number, request.args.getlist("member"), request.args.get("find", ""))


@bp.post("/projects/<number>/joint")
@requires(Permission.CLAIM_RESERVE)
def reserve_joint(number: str) -> Answer:
    """Reserve for all together, or show the table again with what is wrong."""
    actor = current_actor()
    project = get_project(actor, number)
    lead = own_organisation(actor)
    chosen = request.form.getlist("member")
    partners = list_partners(chosen, lead)
    form = read_shares(project, [lead, *partners], request.form)

    def claim_together() -> str:
        form.check_readable()
        claim = joint.reserve_jointly(
            actor=actor,
            organisation=lead,
            partners=partners,
            project=project,
            version=form.version,
            shares=form.shares,
            confirmed=form.confirmed,
        )
        return url_for("claims.show", claim_id=claim.id)

    def again(error: DomainError) -> Answer:
        status = _show(form, error)
        return _page(actor, number, chosen, form=form), status

    said = _("已预留 14 天，已通知各成员。都确认以后就可以提交给县民政局。")
    return done_once(actor, claim_together, again, said)


@bp.post("/claims/<int:claim_id>/joint/<any(confirm,decline,leave):step>")
@requires(Permission.CLAIM_HANDLE)
def answer_joint(claim_id: int, step: str) -> Answer:
    """Confirm, decline or leave for one's own organisation."""
    return _act(claim_id, step)


@bp.post("/claims/<int:claim_id>/joint/<int:member_id>/<any(take,give):step>")
@requires(Permission.CLAIM_HANDLE)
def settle_joint(claim_id: int, member_id: int, step: str) -> Answer:
    """Take over what a member left, or give it back to the project."""
    return _act(claim_id, step, member_id)


def _act(claim_id: int, step: str, member_id: int = 0) -> Answer:
    actor = current_actor()
    claim = get_claim(actor, claim_id)
    words = request.form.get("words", "")

    def act() -> str:
        _do(actor, claim, step, member_id, words)
        return url_for("claims.show", claim_id=claim_id)

    again = claim_page_again(actor, claim_id, step, words)
    return done_once(actor, act, again, _("已记下，已通知有关各方。"))


def _do(actor: Actor, claim: Claim, step: str, member_id: int, words: str) -> None:
    version = read_version(request.form.get("version"))
    member = find_own_member(claim, actor.organisation_ids)
    if member is None:
        raise NotFound()
    if step == "confirm":
        joint.confirm_share(actor=actor, member=member, version=version)
    elif step == "decline":
        joint.decline_share(actor=actor, member=member, version=version, reason=words)
    elif step == "leave":
        joint.leave_jointly(actor=actor, member=member, version=version, reason=words)
    elif step == "take":
        gone = get_member(claim, member_id)
        joint.take_over(actor=actor, member=member, gone=gone, version=version)
    else:
        joint.give_back(actor=actor, gone=get_member(claim, member_id), version=version)


def _show(form: JointForm, error: DomainError) -> int:
    if isinstance(error, InvalidInput):
        form.show(error)
        return 400
    if isinstance(error, KeyReused):
        form.earlier = error.answer
        return 422
    if isinstance(error, AskAgain):
        form.questions = error.questions
    else:
        form.over_the_form.append(error.words)
    return 409


def _page(
    actor: Actor, number: str, chosen: list[str], find: str = "", form: JointForm | None = None
) -> str:
    project = get_project(actor, number)
    lead = own_organisation(actor)
    partners = list_partners(chosen, lead)
    find = find[:LONGEST_QUERY]
    holding = read_holding(project)
    if form is not None:
        form.version = project.version
    return render_template(
        "claims/joint.html",
        project=project,
        lead=lead,
        partners=partners,
        ids=[each.id for each in partners],
        find=find,
        found=find_partners(find, {lead.id, *(each.id for each in partners)}),
        form=form or JointForm(version=project.version),
        left=holding.left,
        side=read_side(lead, project, holding),
    )
