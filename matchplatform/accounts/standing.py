"""Stop an account and let it go on; what an officer leaves open goes to somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from matchplatform.access.actor import Actor, Role
from matchplatform.access.policy import Permission, check
from matchplatform.accounts.models import User
from matchplatform.accounts.queries import list_officers
from matchplatform.accounts.services import close_sessions_of
from matchplatform.audit.services import record
from matchplatform.kernel.errors import Conflict, InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.text import tidy


@dataclass(frozen=True)
class OpenWork:
    """One thing that somebody leaves open; ``says`` tells what they had to do with it."""

    number: str
    title: str
    url: str
    says: Words


class OfficersWork(Protocol):
    """What a floor above knows of an officer's open work, and how it changes hands."""

    def list_open(self, user: User) -> list[OpenWork]:
        """List what the officer has open."""

    def hand_over(self, *, actor: Actor, user: User, successor: User | None) -> None:
        """Give it to the successor and tell; without one, tell those who remain."""


_works: list[OfficersWork] = []


def configure(*works: OfficersWork) -> None:
    """Name the floors above that keep work of officers."""
    _works[:] = works


def list_open_work(user: User) -> list[OpenWork]:
    """List everything that an officer has open."""
    if user.role is not Role.OFFICER:
        return []
    return [item for work in _works for item in work.list_open(user)]


def list_successors(user: User) -> Sequence[User]:
    """List who may take over from an officer: the active ones of exactly the same region."""
    if user.role is not Role.OFFICER:
        return []
    return [other for other in list_officers(user.region_prefix) if other.id != user.id]


def set_active(
    *, actor: Actor, user: User, active: bool, reason: str, successor_id: int | None = None
) -> User:
    """Disable or enable an account; disabling ends its sessions and hands over what is open."""
    check(actor, Permission.ACCOUNT_MANAGE, user)
    if user.id == actor.user_id:
        raise Conflict(_("不能停用自己的账号。"))
    if not tidy(reason):
        raise InvalidInput(fields={"reason": _("请写明原因。")})
    if user.is_active == active:
        raise Conflict(_("账号已经是这个状态了，可能刚被别人处理过。"))
    successor = None if active else _pick_successor(user, successor_id)
    user.is_active = active
    if not active:
        close_sessions_of(user)
        for work in _works if user.role is Role.OFFICER else []:
            work.hand_over(actor=actor, user=user, successor=successor)
    record(
        actor=actor,
        action="account.enable" if active else "account.disable",
        subject_type="user",
        subject_id=user.id,
        subject_label=user.display_name,
        reason=tidy(reason),
        detail={"successor": successor.id} if successor else None,
    )
    return user


def _pick_successor(user: User, successor_id: int | None) -> User | None:
    candidates = list_successors(user)
    chosen = next((other for other in candidates if other.id == successor_id), None)
    if chosen is None and successor_id is not None:
        raise InvalidInput(fields={"successor": _("请选同一地区在用的账号。")})
    if chosen is None and candidates and list_open_work(user):
        raise InvalidInput(fields={"successor": _("还有没办完的事，请选由谁接手。")})
    return chosen
