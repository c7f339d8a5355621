"""Where each kind of user goes on from: the first page that they may see in this list."""

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, role_holds
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _

HOMES: tuple[tuple[Permission, str, Words], ...] = (
    (Permission.DESK_VIEW, "home.desk", _("工作台")),
    (Permission.MATCHES_VIEW, "home.my_page", _("我的组织")),
    (Permission.CEREMONY_PLAN, "ceremonies.desk_list", _("签约活动")),
    (Permission.AUDIT_READ, "audit.index", _("审计")),
    (Permission.ACCOUNT_MANAGE, "accounts.index", _("账号管理")),
)


def home_of(actor: Actor) -> tuple[str, Words]:
    """Return the endpoint of the actor's own first page, and what it is called."""
    for permission, endpoint, label in HOMES:
        if actor.is_signed_in and role_holds(actor, permission):
            return endpoint, label
    return "notifications.index", _("通知")
