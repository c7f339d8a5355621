"""Verbs of capacity: an organisation asks to promise more, the county grants or refuses."""

from decimal import Decimal

from matchplatform.access.actor import SYSTEM, Actor
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.queries import list_deciding_officer_ids
from matchplatform.audit.services import record
from matchplatform.claims.asked import CapacityGrant
from matchplatform.claims.capacity import MOST_TIMES_BUDGET, find_open_ask, read_capacity
from matchplatform.claims.checks import check_accepts
from matchplatform.claims.states import ASK_WORKFLOW, AskAction, AskState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.money import FEN, format_wan
from matchplatform.kernel.reasons import clean_reason
from matchplatform.notifications.services import tell
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.queries import list_member_ids
from matchplatform.projects.models import Project


def ask_capacity(
    *, actor: Actor, organisation: Organisation, project: Project, value: Decimal, message: str
) -> CapacityGrant:
    """Ask the county to let an organisation have ``value`` yuan open on a project in all.

    Raises:
        InvalidInput: no amount, or more than three times the budget with what else is open.
        Conflict: not needed, or asked already.
    """
    check(actor, Permission.CLAIM_RESERVE, organisation)
    check_accepts(organisation, project)
    if find_open_ask(organisation, project) is not None:
        raise Conflict(_("贵会已经申请过，等县里答复。"))
    if value <= 0 or value != value.quantize(FEN):
        raise InvalidInput(fields={"value": _("请填大于 0 的金额，最多两位小数。")})
    capacity = read_capacity(organisation, project)
    if capacity.fits(value - capacity.here):
        raise Conflict(_("这个金额没有超出贵会的预算，现在就可以认领。"))
    if capacity.promised - capacity.here + value > capacity.most:
        raise InvalidInput(
            fields={
                "value": _(
                    "连同别处在办和已签约的，不能超过年度预算的 %(times)s 倍（%(most)s 万元）。",
                    times=MOST_TIMES_BUDGET,
                    most=format_wan(capacity.most),
                )
            }
        )
    grant = CapacityGrant(
        project=project,
        organisation=organisation,
        status=AskState.OPEN,
        value=value,
        message=clean_reason(message, field="message"),
        asked_at=clock.now(),
    )
    db.session.add(grant)
    db.session.flush()
    tell(
        list_deciding_officer_ids(project.region_code),
        mark("%(organisation)s 申请在“%(name)s”超出年度预算认领 %(value)s 万元。"),
        f"/capacity/{grant.id}",
        organisation=organisation.name,
        name=project.name,
        value=format_wan(value),
    )
    _record(actor, "capacity.ask", grant, grant.message)
    return grant


def grant_capacity(
    *, actor: Actor, grant: CapacityGrant, version: int, reason: str
) -> CapacityGrant:
    """Let the organisation promise what it asked for, for a reason."""
    return _decide(
        actor,
        grant,
        version,
        AskAction.GRANT,
        reason,
        mark("县里同意贵会在“%(name)s”认领到 %(value)s 万元：%(reason)s"),
    )


def refuse_capacity(
    *, actor: Actor, grant: CapacityGrant, version: int, reason: str
) -> CapacityGrant:
    """Keep the organisation to its budget, for a reason."""
    return _decide(
        actor,
        grant,
        version,
        AskAction.REFUSE,
        reason,
        mark("县里没有同意贵会在“%(name)s”超出年度预算认领：%(reason)s"),
    )


def settle_grant(grant: CapacityGrant) -> CapacityGrant:
    """End what was asked by an organisation that is no more; part of a verb."""
    check(SYSTEM, Permission.CLAIM_EXPIRE, grant)
    grant.status = ASK_WORKFLOW.after(grant.status, AskAction.SETTLE)
    grant.decided_at = clock.now()
    _record(SYSTEM, "capacity.settle", grant, "")
    return grant


def _decide(
    actor: Actor,
    grant: CapacityGrant,
    version: int,
    action: AskAction,
    reason: str,
    template: str,
) -> CapacityGrant:
    check(actor, Permission.CLAIM_DECIDE, grant)
    if grant.version != version:
        raise StaleVersion()
    status = ASK_WORKFLOW.after(grant.status, action)
    grant.reason = clean_reason(reason)
    grant.status = status
    grant.decided_at = clock.now()
    tell(
        list_member_ids(grant.organisation_id),
        template,
        f"/projects/{grant.project.number}",
        name=grant.project.name,
        value=format_wan(grant.value),
        reason=grant.reason,
    )
    _record(actor, f"capacity.{action}", grant, grant.reason)
    return grant


def _record(actor: Actor, action: str, grant: CapacityGrant, reason: str) -> None:
    record(
        actor=actor,
        action=action,
        subject_type="capacity",
        subject_id=grant.id,
        subject_label=f"{grant.organisation.name} · {grant.project.name}",
        region_code=grant.region_code,
        reason=reason,
        detail={"project": grant.project.number, "value": str(grant.value)},
    )
