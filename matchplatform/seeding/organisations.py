"""Organisations of the demo: registered, then verified or returned."""

from functools import partial

from matchplatform.organisations.services import (
    register_organisation,
    return_organisation,
    verify_organisation,
)
from matchplatform.organisations.states import OrganisationState
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.rows import OrganisationRow
from matchplatform.seeding.timetable import Timetable, working_minute


def plan_organisations(timetable: Timetable, cast: Cast, rows: list[OrganisationRow]) -> None:
    """Put the registrations and what was decided about them on the timetable."""
    for serial, row in enumerate(rows):
        minute = working_minute(serial)
        timetable.add(row.registered_day, minute, partial(_register, cast, row))
        if row.decided_day is not None:
            timetable.add(row.decided_day, minute + 1, partial(_decide, cast, row, serial))


def _register(cast: Cast, row: OrganisationRow) -> None:
    organisation, user = register_organisation(
        uscc=row.uscc,
        details=row.details,
        username=row.username,
        display_name=row.agent_name,
        password_hash=cast.password_hash,
    )
    cast.add_agent(row.username, user, organisation)


def _decide(cast: Cast, row: OrganisationRow, serial: int) -> None:
    organisation = cast.organisation(row.username)
    officer = cast.nearest_officer(organisation.registration_region, serial)
    version = organisation.version
    if row.state is OrganisationState.RETURNED:
        return_organisation(
            actor=officer, organisation=organisation, version=version, reason=row.reason
        )
    else:
        verify_organisation(actor=officer, organisation=organisation, version=version)
