"""What a route declares, and whom it lets in."""

import pytest

from matchplatform.access.actor import VISITOR, Actor, Role
from matchplatform.access.guards import Audience, Guard, guard_of, public, requires, signed_in
from matchplatform.access.homes import home_of
from matchplatform.access.policy import Permission
from matchplatform.kernel.errors import Forbidden, SignInNeeded


def _view() -> str:
    return "page"


def _actor(role: Role) -> Actor:
    return Actor(1, "某人", role)


class TestDeclaring:
    def test_each_decorator_leaves_its_guard_and_the_view_as_it_is(self) -> None:
        for declare, guard in (
            (public, Guard(Audience.PUBLIC)),
            (signed_in, Guard(Audience.SIGNED_IN)),
            (requires(Permission.AUDIT_READ), Guard(Audience.PERMISSION, Permission.AUDIT_READ)),
        ):

            def view() -> str:
                return "page"

            assert declare(view) is view
            assert guard_of(view) == guard

    def test_a_view_that_says_nothing_has_no_guard(self) -> None:
        assert guard_of(_view) is None


class TestAdmit:
    def test_the_public_is_let_in_everywhere_public(self) -> None:
        Guard(Audience.PUBLIC).admit(VISITOR)

    def test_a_visitor_is_asked_to_sign_in_before_anything_else(self) -> None:
        for guard in (
            Guard(Audience.SIGNED_IN),
            Guard(Audience.PERMISSION, Permission.AUDIT_READ),
        ):
            with pytest.raises(SignInNeeded):
                guard.admit(VISITOR)

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.VISITOR])
    def test_anybody_with_an_account_passes_signed_in(self, role: Role) -> None:
        Guard(Audience.SIGNED_IN).admit(_actor(role))

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
    def test_the_wrong_role_is_refused(self, role: Role) -> None:
        with pytest.raises(Forbidden):
            Guard(Audience.PERMISSION, Permission.AUDIT_READ).admit(_actor(role))

    def test_the_right_role_passes(self) -> None:
        Guard(Audience.PERMISSION, Permission.AUDIT_READ).admit(_actor(Role.AUDITOR))


class TestHomes:
    @pytest.mark.parametrize(
        ("role", "endpoint"),
        [
            (Role.OFFICER, "home.desk"),
            (Role.AGENT, "home.my_page"),
            (Role.AUDITOR, "audit.index"),
            (Role.ADMIN, "accounts.index"),
            (Role.ORGANISER, "ceremonies.desk_list"),
            (Role.RECEIVER, "notifications.index"),
        ],
    )
    def test_each_role_has_a_first_page(self, role: Role, endpoint: str) -> None:
        assert home_of(_actor(role))[0] == endpoint
