"""Commands that set the site up and tell how it stands."""

import json
from collections.abc import Callable

import click
from sqlalchemy import func, select

from matchplatform.accounts.models import User
from matchplatform.audit.queries import current_seq
from matchplatform.catalogue.indexing import open_index, rebuild
from matchplatform.claims import rounds
from matchplatform.claims.models import Claim
from matchplatform.cli.database import migrate
from matchplatform.cli.opening import open_site
from matchplatform.cli.outbox import count_waiting, work_off_rebuilt
from matchplatform.config.settings import Settings, UnsafeSettings
from matchplatform.kernel.db import db, reading
from matchplatform.kernel.facts import find_fact
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project
from matchplatform.search import SearchIndex
from matchplatform.seeding.load import (
    DEMO_ACCOUNTS,
    DEMO_PASSWORD,
    is_empty,
    load_demo,
    read_old_notices,
)

COUNTED = (
    ("users", User),
    ("organisations", Organisation),
    ("projects", Project),
    ("claims", Claim),
)


@click.command()
@click.option("--demo", is_flag=True, help="Also load the demo data, where the site is empty.")
def init(demo: bool) -> None:
    """Set up an empty site: its folder, secret, database and search index.

    Doing it again brings the database to the newest schema and loses nothing.
    """
    with open_site() as settings:
        migrate(db.engine)
        if demo and is_empty():
            click.echo("Loading the demo data, some 20 seconds ...")
            _load(settings)
        index = open_index(settings)
        if not index.is_usable():
            _rebuild(index)
        click.echo(f"The site in {settings.instance_path} is set up.")
        _tell_counts()
        _tell_accounts()


@click.command("migrate")
@click.option("--to", "revision", default="head", show_default=True, help="Revision to go up to.")
def migrate_site(revision: str) -> None:
    """Bring the database to the newest schema."""
    with open_site():
        migrate(db.engine, revision)
        click.echo("The database has the newest schema.")


@click.command()
def seed() -> None:
    """Load the demo data (313 projects) into an empty site.

    Refuses when there are projects or accounts already, and in production. Every page of the site then says that its data are
    invented.
    """
    with open_site() as settings:
        _load(settings)
        _tell_counts()


@click.command()
def reindex() -> None:
    """Build the search index anew beside the old one, and swap them."""
    with open_site() as settings:
        click.echo(f"The search index holds {_rebuild(open_index(settings))} projects.")


@click.command()
def expire() -> None:
    """Let lapse what has run out, and give it to those who wait; the worker does so all the time."""
    with open_site():
        done = [_do_all(step) for step in rounds.STEPS]
        click.echo(f"{done[0]} reservations have expired.")
        click.echo(f"The shares of {done[1]} members went back to their projects.")
        click.echo(f"{done[2]} places on waitlists have ended, {done[3]} claims came of them.")


@click.command()
@click.option("--accounts", is_flag=True, help="Also list the demo accounts, where there are any.")
def status(accounts: bool) -> None:
    """Tell how many of everything there are, and what waits for the worker."""
    with open_site(), reading():
        _tell_counts()
        click.echo(f"audit links: {current_seq()}, waiting for the worker: {count_waiting()}")
        if accounts:
            _tell_accounts()


def _do_all(step: Callable[[], int]) -> int:
    total = 0
    while done := step():
        db.session.commit()
        total += done
    db.session.rollback()
    return total


def _load(settings: Settings) -> None:
    if settings.is_production:
        raise UnsafeSettings("in production there is no demo: everybody knows its password")
    load_demo()
    db.session.commit()
    _rebuild(open_index(settings))
    work_off_rebuilt()
    read_old_notices()
    db.session.commit()


def _rebuild(index: SearchIndex) -> int:
    with reading():
        count = rebuild(index)
        db.session.rollback()
    return count


def _tell_counts() -> None:
    counts = (
        f"{name}: {db.session.scalar(select(func.count()).select_from(table))}"
        for name, table in COUNTED
    )
    click.echo(", ".join(counts))


def _tell_accounts() -> None:
    for username, words in json.loads(find_fact(DEMO_ACCOUNTS) or "[]"):
        click.echo(f"  {username:<14}{words}")
    password = find_fact(DEMO_PASSWORD)
    if password:
        click.echo(f"  password of all of them: {password}")
