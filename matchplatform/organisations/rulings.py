"""What the registering officer rules: restrict, suspend, deregister, and let go on again."""

from collections.abc import Callable

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.errors import Forbidden, StaleVersion
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.reasons import clean_reason
from matchplatform.notifications.services import tell
from matchplatform.organisations.certificates import lock_organisation
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.queries import list_member_ids
from matchplatform.organisations.states import WORKFLOW, OrganisationAction

# The button of each ruling, and what it does.
RULING_WORDS: dict[OrganisationAction, tuple[Words, Words]] = {
    OrganisationAction.LIFT: (_("恢复办理"), _("移出名录或解除暂停，可以重新认领。")),
    OrganisationAction.RESTRICT: (
        _("列入活动异常名录"),
        _("已认领的可以办完，不能再认领。对方和有关的县会看到原因。"),
    ),
    OrganisationAction.SUSPEND: (
        _("暂停办理"),
        _("预留立即放回项目，提交过的由县里决定。对方和有关的县会看到原因。"),
    ),
    OrganisationAction.DEREGISTER: (
        _("注销"),
        _("没有签约的认领全部撤回，不能恢复。对方和有关的县会看到原因。"),
    ),
}
_TOLD = {
    OrganisationAction.LIFT: mark("%(name)s 已恢复办理，可以认领项目：%(reason)s"),
    OrganisationAction.RESTRICT: mark(
        "%(name)s 被列入活动异常名录，已认领的可以办完，不能再认领：%(reason)s"
    ),
    OrganisationAction.SUSPEND: mark("%(name)s 已被暂停办理，预留已放回项目：%(reason)s"),
    OrganisationAction.DEREGISTER: mark("%(name)s 已注销，没有签约的认领已撤回：%(reason)s"),
}

Follower = Callable[[Organisation, OrganisationAction, str], None]

_followers: list[Follower] = []


def configure(*followers: Follower) -> None:
    """Name the floors above that keep things of organisations and follow a ruling.

    Each is called with the organisation, the ruling and its reason, inside the ruling's own
    transaction: there is no moment at which a suspended organisation still holds a reservation.
    """
    _followers[:] = followers


def rule_on_organisation(
    *,
    actor: Actor,
    organisation: Organisation,
    version: int,
    action: OrganisationAction,
    reason: str,
) -> Organisation:
    """Restrict, suspend, deregister or let go on, with a reason; what it holds follows at once."""
    check(actor, Permission.ORGANISATION_VERIFY, organisation)
    if action not in RULING_WORDS:
        raise Forbidden()
    lock_organisation(organisation)
    if organisation.version != version:
        raise StaleVersion()
    status = WORKFLOW.after(organisation.status, action)
    reason = clean_reason(reason)
    organisation.status = status
    organisation.standing_reason = reason
    organisation.standing_since = clock.now()
    tell(
        list_member_ids(organisation.id),
        _TOLD[action],
        "/my/organisation",
        name=organisation.name,
        reason=reason,
    )
    # What follows keeps claims and lines from others; the trail's head comes after those.
    for follow in _followers:
        follow(organisation, action, reason)
    record(
        actor=actor,
        action=f"organisation.{action}",
        subject_type="organisation",
        subject_id=organisation.id,
        subject_label=organisation.name,
        region_code=organisation.registration_region,
        reason=reason,
        detail={"status": str(status), "version": version + 1},
    )
    return organisation
