"""The command that recomputes every invariant and names each breach."""

from collections.abc import Iterator
from datetime import timedelta

import click
from sqlalchemy import func, select

from matchplatform.audit.queries import current_seq
from matchplatform.audit.queries import find_breaches as audit_breaches
from matchplatform.catalogue.indexing import list_public_ids, open_index
from matchplatform.ceremonies.checks import find_breaches as ceremony_breaches
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import find_breaches as claim_breaches
from matchplatform.cli.opening import open_site
from matchplatform.cli.outbox import count_waiting
from matchplatform.commitments.breaches import find_breaches as commitment_breaches
from matchplatform.files.queries import find_breaches as file_breaches
from matchplatform.files.storage import Storage
from matchplatform.imports.queries import find_breaches as import_breaches
from matchplatform.invitations.queries import find_breaches as invitation_breaches
from matchplatform.kernel import clock
from matchplatform.kernel.db import db, reading
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.states import OrganisationState
from matchplatform.organisations.uscc import clean_uscc
from matchplatform.projects.models import Project
from matchplatform.projects.queries import find_breaches as project_breaches
from matchplatform.projects.services import INDEX_TOPIC
from matchplatform.regions.queries import find_breaches as region_breaches
from matchplatform.search import IndexUnavailable, SearchIndex

STUCK_AFTER = timedelta(hours=1)


@click.command()
@click.pass_context
def check(ctx: click.Context) -> None:
    """Recompute every invariant and verify the audit chain.

    Prints a line for each breach and exits with 1 where there is any.
    """
    with open_site() as settings, reading():
        breaches = list(find_breaches(open_index(settings)))
        breaches += file_breaches(Storage(settings.files_path))
        breaches += import_breaches(Storage(settings.files_path))
        breaches += commitment_breaches(Storage(settings.files_path))
        for line in breaches:
            click.echo(line)
        projects, claims = (
            db.session.scalar(select(func.count()).select_from(table)) for table in (Project, Claim)
        )
        links = current_seq()
    if breaches:
        click.echo(f"{len(breaches)} breaches", err=True)
        ctx.exit(1)
    click.echo(f"OK: {projects} projects, {claims} claims, {links} links")


def find_breaches(index: SearchIndex) -> Iterator[str]:
    """Yield a line for everything that is not as it must be."""
    yield from project_breaches()
    yield from claim_breaches()
    yield from organisation_breaches()
    yield from invitation_breaches()
    yield from ceremony_breaches()
    yield from region_breaches()
    yield from outbox_breaches()
    yield from index_breaches(index)
    yield from audit_breaches()


def organisation_breaches() -> Iterator[str]:
    """Yield a line for each organisation whose code or standing cannot be right."""
    for organisation in db.session.scalars(select(Organisation).order_by(Organisation.id)):
        here = f"organisation {organisation.id}"
        try:
            if clean_uscc(organisation.uscc, organisation.org_type) != organisation.uscc:
                yield f"{here}: its code is not written as the register writes it"
        except InvalidInput:
            yield f"{here}: its code {organisation.uscc} is not valid"
        if organisation.is_verified and organisation.verified_at is None:
            yield f"{here}: verified, nobody knows when"
        # Whoever acted for a record that was merged acts for the other one now.
        is_merged = organisation.status is OrganisationState.MERGED
        signs = any(row.is_live and row.is_signer for row in organisation.memberships)
        # What an officer entered has nobody until its authority names somebody.
        if not (is_merged or signs or organisation.entered_by_id is not None):
            yield f"{here}: has no signer"


def outbox_breaches() -> Iterator[str]:
    """Yield a line for each piece of work that has waited for more than an hour."""
    late = select(OutboxEntry).where(
        OutboxEntry.done_at.is_(None), OutboxEntry.created_at < clock.now() - STUCK_AFTER
    )
    for entry in db.session.scalars(late.order_by(OutboxEntry.id)):
        yield (
            f"outbox {entry.id} ({entry.topic}): waits since {entry.created_at:%Y-%m-%d %H:%M} UTC, "
            f"{entry.attempts} attempts: {entry.last_error or 'is the worker running?'}"
        )


def index_breaches(index: SearchIndex) -> Iterator[str]:
    """Yield a line where the index differs from the database and no work waits that explains it."""
    if count_waiting(INDEX_TOPIC):
        return
    try:
        held, public = index.ids(), list_public_ids()
    except IndexUnavailable as error:
        yield f"search index: cannot be read ({error}); run matchplatform reindex"
        return
    if held != public:
        missing, surplus = len(public - held), len(held - public)
        yield f"search index: lacks {missing} projects and holds {surplus} that are not public"
