"""Verbs of claims: reserve, extend, submit, accept, decline, withdraw."""

from collections.abc import Mapping
from decimal import Decimal

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.queries import list_officer_ids
from matchplatform.claims.holds import HOLD, expire_lapsed, free, hold, record_claim
from matchplatform.claims.models import Claim, ClaimLine
from matchplatform.claims.queries import find_undecided
from matchplatform.claims.states import WORKFLOW, ClaimAction, ClaimState
from matchplatform.claims.unusual import ask_for_wan, find_questions
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import AskAgain, Conflict, InvalidInput, StaleVersion
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number, format_wan
from matchplatform.kernel.reasons import clean_reason
from matchplatform.kernel.text import tidy
from matchplatform.notifications.services import tell
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.queries import list_member_ids
from matchplatform.projects.details import fits_unit
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import ProjectState
from matchplatform.regions.divisions import unit_of_prefix

LONGEST_MESSAGE = 500


def reserve_claim(
    *,
    actor: Actor,
    organisation: Organisation,
    project: Project,
    version: int,
    quantities: Mapping[int, Decimal],
    confirmed: bool = False,
) -> Claim:
    """Reserve quantities of a project's lines for fourteen days.

    ``quantities`` are by line id, in the line's unit; ``confirmed`` is the second yes to what is
    out of the ordinary.

    Raises:
        InvalidInput: a quantity does not fit its line.
        AskAgain: out of the ordinary and not yet confirmed.
        NothingLeft: another organisation was quicker.
        Conflict: the organisation or the project may not be claimed by or from just now.
    """
    check(actor, Permission.CLAIM_RESERVE, organisation)
    # What has lapsed is free for whoever comes next, even while the worker is down.
    expire_lapsed(line_ids=[line.id for line in project.lines])
    _check_may_claim(organisation, project)
    if project.version != version:
        raise StaleVersion()
    lines = {line.id: line for line in project.lines}
    _check_quantities(lines, quantities)
    value = sum((lines[key].value_of(amount) for key, amount in quantities.items()), Decimal(0))
    questions = [] if confirmed else find_questions(project, quantities, value)
    if questions:
        raise AskAgain(questions)
    hold(project.lines, quantities)
    at = clock.now()
    claim = Claim(
        project=project,
        organisation=organisation,
        status=ClaimState.RESERVED,
        reserved_at=at,
        hold_until=clock.end_of_day(clock.today() + HOLD),
        lines=[
            ClaimLine(line=lines[key], quantity=amount, unit_price=lines[key].unit_price)
            for key, amount in sorted(quantities.items())
        ],
    )
    db.session.add(claim)
    record_claim(actor, "claim.reserve", claim)
    return claim


def extend_claim(*, actor: Actor, claim: Claim, version: int) -> Claim:
    """Hold a reservation for fourteen days more, once."""
    check(actor, Permission.CLAIM_HANDLE, claim)
    _check_current(claim, version)
    claim.status = WORKFLOW.after(claim.status, ClaimAction.EXTEND)
    if claim.extended:
        raise Conflict(_("预留只能延期一次。"))
    claim.extended = True
    claim.hold_until = clock.end_of_day(claim.last_day + HOLD)
    record_claim(actor, "claim.extend", claim)
    return claim


def submit_claim(*, actor: Actor, claim: Claim, version: int, message: str) -> Claim:
    """Hand a reserved claim to the county, with a message."""
    check(actor, Permission.CLAIM_HANDLE, claim)
    _check_current(claim, version)
    status = WORKFLOW.after(claim.status, ClaimAction.SUBMIT)
    # A suspended project takes no new claims, but the days of a reservation run on.
    if claim.project.status is ProjectState.CLOSED:
        raise Conflict(_("这个项目已关闭，现在不能提交；预留可以撤回。"))
    message = tidy(message)
    if len(message) > LONGEST_MESSAGE:
        raise InvalidInput(fields={"message": _("留言最多 500 个字。")})
    claim.status = status
    claim.message = message
    claim.submitted_at = clock.now()
    tell(
        _list_deciders(claim),
        mark("%(organisation)s认领“%(name)s”（%(value)s 万元），等您受理。"),
        f"/claims/{claim.id}",
        organisation=claim.organisation.name,
        name=claim.project.name,
        value=format_wan(claim.value),
    )
    record_claim(actor, "claim.submit", claim)
    return claim


def accept_claim(*, actor: Actor, claim: Claim, version: int) -> Claim:
    """Accept a submitted claim for the county."""
    check(actor, Permission.CLAIM_DECIDE, claim)
    _check_current(claim, version)
    claim.status = WORKFLOW.after(claim.status, ClaimAction.ACCEPT)
    claim.decided_at = clock.now()
    _tell_members(claim, mark("%(unit)s已受理贵会对“%(name)s”的认领，接下来签约。"), actor)
    record_claim(actor, "claim.accept", claim)
    return claim


def decline_claim(*, actor: Actor, claim: Claim, version: int, reason: str) -> Claim:
    """Decline a submitted claim with a reason and free what it held."""
    check(actor, Permission.CLAIM_DECIDE, claim)
    _check_current(claim, version)
    status = WORKFLOW.after(claim.status, ClaimAction.DECLINE)
    claim.reason = clean_reason(reason)
    claim.status = status
    claim.decided_at = claim.ended_at = clock.now()
    free(claim)
    _tell_members(claim, mark("%(unit)s没有受理贵会对“%(name)s”的认领：%(reason)s"), actor)
    record_claim(actor, "claim.decline", claim, claim.reason)
    return claim


def withdraw_claim(*, actor: Actor, claim: Claim, version: int, reason: str) -> Claim:
    """Withdraw a claim before signing and free what it held; once submitted, a reason is due."""
    check(actor, Permission.CLAIM_HANDLE, claim)
    _check_current(claim, version)
    status = WORKFLOW.after(claim.status, ClaimAction.WITHDRAW)
    was_submitted = claim.status is not ClaimState.RESERVED
    claim.reason = clean_reason(reason, needed=was_submitted)
    claim.status = status
    claim.ended_at = clock.now()
    free(claim)
    if was_submitted:
        tell(
            _list_deciders(claim),
            mark("%(organisation)s撤回了对“%(name)s”的认领：%(reason)s"),
            f"/claims/{claim.id}",
            organisation=claim.organisation.name,
            name=claim.project.name,
            reason=claim.reason,
        )
    record_claim(actor, "claim.withdraw", claim, claim.reason)
    return claim


def _check_may_claim(organisation: Organisation, project: Project) -> None:
    if not organisation.is_verified:
        raise Conflict(_("贵会还没有通过核验，通过后才能认领。"))
    if project.status is not ProjectState.PUBLISHED:
        raise Conflict(_("这个项目现在不接受认领。"))
    if project.claim_deadline is not None and project.claim_deadline < clock.today():
        raise Conflict(_("这个项目的认领已经截止。"))
    already = find_undecided(organisation.id, project.id)
    if already is not None:
        raise Conflict(
            _("贵会已有一笔认领在办（%(number)s），办结后才能再认领。", number=already.number)
        )


def _check_quantities(lines: Mapping[int, ProjectLine], quantities: Mapping[int, Decimal]) -> None:
    wrong: dict[str, Words] = {}
    if not quantities:
        raise InvalidInput(_("请至少在一个条目里填上数量。"))
    for key, amount in quantities.items():
        line = lines.get(key)
        if line is None:
            raise InvalidInput(_("有个条目不属于这个项目，请刷新页面后重填。"))
        problem = _quantity_problem(line, amount)
        if problem is not None:
            wrong[f"line-{key}"] = problem
    if wrong:
        raise InvalidInput(fields=wrong)


def _quantity_problem(line: ProjectLine, amount: Decimal) -> Words | None:
    if amount <= 0:
        return _("请填大于 0 的数量，不认领就留空。")
    if not fits_unit(amount, line.unit):
        return _("按“%(unit)s”计的数量，小数位太多。", unit=line.unit)
    if amount > line.quantity + line.extra:
        return _(
            "这一条总共只要 %(all)s %(unit)s。", all=format_number(line.quantity), unit=line.unit
        )
    if amount < line.min_lot and amount != line.left:
        return ask_for_wan(line, amount) or _(
            "这一条 %(lot)s %(unit)s 起领；剩余不足时可以一次领完。",
            lot=format_number(line.min_lot),
            unit=line.unit,
        )
    return None


def _check_current(claim: Claim, version: int) -> None:
    if claim.has_lapsed:
        raise Conflict(_("这笔预留已经到期，需要的话请重新认领。"))
    if claim.version != version:
        raise StaleVersion()


def _list_deciders(claim: Claim) -> list[int]:
    # A county without anybody who could act is stood in for by its city.
    return list_officer_ids([claim.region_code]) or list_officer_ids([claim.region_code[:4]])


def _tell_members(claim: Claim, template: str, actor: Actor) -> None:
    tell(
        list_member_ids(claim.organisation_id),
        template,
        f"/claims/{claim.id}",
        name=claim.project.name,
        reason=claim.reason,
        unit=unit_of_prefix(actor.region_prefix),
    )
