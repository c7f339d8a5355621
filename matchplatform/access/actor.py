"""Who acts: a plain value that verbs take, never a database row."""

from dataclasses import dataclass
from enum import StrEnum

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _


class Role(StrEnum):
    """What kind of user somebody is."""

    VISITOR = "visitor"
    AGENT = "agent"
    OFFICER = "officer"
    ORGANISER = "organiser"
    RECEIVER = "receiver"
    AUDITOR = "auditor"
    ADMIN = "admin"
    SYSTEM = "system"


ROLE_WORDS: dict[Role, Words] = {
    Role.VISITOR: _("公众"),
    Role.AGENT: _("经办人"),
    Role.OFFICER: _("民政工作人员"),
    Role.ORGANISER: _("签约活动组织者"),
    Role.RECEIVER: _("受益单位"),
    Role.AUDITOR: _("审计"),
    Role.ADMIN: _("系统管理员"),
    Role.SYSTEM: _("系统"),
}


@dataclass(frozen=True)
class Actor:
    """Who acts, as what, and how far their reach goes.

    ``region_prefix`` is 2, 4 or 6 digits for officers and empty for everyone else;
    ``organisation_ids`` are those with an approved membership that has not run out,
    ``verified_ids`` the verified among them, ``signer_ids`` those for which the actor also signs.
    """

    user_id: int | None
    label: str
    role: Role
    region_prefix: str = ""
    organisation_ids: frozenset[int] = frozenset()
    verified_ids: frozenset[int] = frozenset()
    unit: str = ""
    signer_ids: frozenset[int] = frozenset()

    @property
    def is_signed_in(self) -> bool:
        """Tell whether this is a person with an account."""
        return self.user_id is not None

    @property
    def is_county(self) -> bool:
        """Tell whether this is an officer of one county."""
        return self.role is Role.OFFICER and len(self.region_prefix) == 6


VISITOR = Actor(None, "访客", Role.VISITOR)
SYSTEM = Actor(None, "系统", Role.SYSTEM)
