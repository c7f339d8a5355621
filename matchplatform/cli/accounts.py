"""The commands that open the first account of a real site, and let a locked-out one in again."""

import re
from collections.abc import Callable

import click

from matchplatform.access.actor import SYSTEM, Actor, Role
from matchplatform.accounts import totp
from matchplatform.accounts.forms import USERNAME
from matchplatform.accounts.links import issue_password_link
from matchplatform.accounts.queries import find_user
from matchplatform.accounts.services import add_user, prepare_password
from matchplatform.cli.opening import open_site
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput, NotFound
from matchplatform.kernel.text import fold


def _fits(length: int) -> Callable[[click.Context, click.Parameter, str], str]:
    """Return the rule that a text fits into its column."""

    def judge(_ctx: click.Context, _option: click.Parameter, typed: str) -> str:
        if len(typed) > length:
            raise click.BadParameter(f"at most {length} characters")
        return typed

    return judge


def _signs_in(_ctx: click.Context, _option: click.Parameter, typed: str) -> str:
    """Fold a new user name as signing in does, and refuse what nobody could sign in with."""
    name = fold(typed)
    if not re.fullmatch(USERNAME, name):
        raise click.BadParameter("3 to 32 letters, digits or . _ -, a letter or digit first")
    return name


@click.command("create-admin")
@click.option(
    "--username", prompt="User name", callback=_signs_in, help="The name to sign in with."
)
@click.option(
    "--name",
    prompt="The person's name",
    callback=_fits(60),
    help="The name that others see.",
)
@click.option("--unit", default="", callback=_fits(80), help="Where the person works.")
@click.option(
    "--ask-password",
    is_flag=True,
    help="Ask for a password here, instead of printing a one-time link to set one.",
)
def create_admin(username: str, name: str, unit: str, ask_password: bool) -> None:
    """Open an account for an administrator.

    Prints a link that works once, within thirty minutes, to set the password in a browser.
    """
    with open_site() as settings:
        hashed = _ask(username) if ask_password else ""
        user = add_user(
            actor=SYSTEM,
            username=username,
            display_name=name,
            role=Role.ADMIN,
            password_hash=hashed,
            unit=unit,
        )
        if ask_password:
            db.session.commit()
            click.echo(f"{user.username} can sign in now.")
            return
        actor = Actor(user.id, user.display_name, Role.ADMIN)
        token = issue_password_link(actor=actor, user=user, within=None)
        db.session.commit()
        click.echo(f"Within thirty minutes, {user.username} opens this once to set a password:")
        click.echo(f"{settings.base_url.rstrip('/')}/password/{token}")


@click.command("reset-second-step")
@click.option("--username", prompt="User name", help="Whose authenticator is lost.")
@click.option("--reason", prompt="Why", help="What the trail will say.")
def reset_second_step(username: str, reason: str) -> None:
    """Take a lost authenticator off an account, where no other administrator can.

    Ends the account's sessions; the next sign-in asks for the password only.
    """
    with open_site():
        user = find_user(fold(username))
        if user is None:
            raise NotFound()
        actor = Actor(None, "命令行", Role.ADMIN)
        totp.reset_second_step(actor=actor, user=user, reason=reason)
        db.session.commit()
        click.echo(f"{user.username} signs in by password now.")


def _ask(username: str) -> str:
    while True:
        typed = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        try:
            return prepare_password(typed, username)
        except InvalidInput as error:
            for words in error.fields.values():
                click.echo(str(words), err=True)
