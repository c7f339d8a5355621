"""Every route says who may come: the public, anyone signed in, or holders of a permission."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, role_holds
from matchplatform.kernel.errors import Forbidden, SignInNeeded

View = TypeVar("View", bound=Callable[..., Any])


class Audience(StrEnum):
    """For whom a route is."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    PERMISSION = "permission"


@dataclass(frozen=True)
class Guard:
    """What a route declares: its audience, and the permission where it asks for one."""

    audience: Audience
    permission: Permission | None = None

    def admit(self, actor: Actor) -> None:
        """Let the actor in, or refuse.

        Raises:
            SignInNeeded: nobody is signed in.
            Forbidden: the role lacks the permission.
        """
        if self.audience is Audience.PUBLIC:
            return
        if not actor.is_signed_in:
            raise SignInNeeded()
        if self.permission is not None and not role_holds(actor, self.permission):
            raise Forbidden()


def public(view: View) -> View:
    """Declare a route open to everybody."""
    return _declare(view, Guard(Audience.PUBLIC))


def signed_in(view: View) -> View:
    """Declare a route for anybody with an account."""
    return _declare(view, Guard(Audience.SIGNED_IN))


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare a route for holders of a permission; the verb checks the thing."""

    def declare(view: View) -> View:
        return _declare(view, Guard(Audience.PERMISSION, permission))

    return declare


def guard_of(view: Callable[..., Any]) -> Guard | None:
    """Return what a view declared, or None."""
    return getattr(view, "declared_guard", None)


def _declare(view: View, guard: Guard) -> View:
    view.declared_guard = guard  # type: ignore[attr-defined]
    return view
