"""What became of organisations of the demo: rulings, new names, duplicates."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from matchplatform.kernel import clock
from matchplatform.organisations.merging import merge_organisation
from matchplatform.organisations.names import (
    accept_name_change,
    ask_name_change,
    find_waiting_change,
    refuse_name_change,
)
from matchplatform.organisations.paper_states import PaperState
from matchplatform.organisations.rulings import rule_on_organisation
from matchplatform.organisations.services import OrganisationDetails, register_organisation
from matchplatform.organisations.states import OrganisationAction
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.rows import OrganisationRow
from matchplatform.seeding.tables import day_of, read_table
from matchplatform.seeding.timetable import Timetable, working_minute


@dataclass(frozen=True)
class RulingRow:
    """The verifier restricts, suspends, deregisters or lifts."""

    username: str
    day: int
    action: OrganisationAction
    reason: str


@dataclass(frozen=True)
class DuplicateRow:
    """An organisation that was registered once more, and when the verifier merged the two."""

    username: str
    original: str
    name: str
    uscc: str
    agent_name: str
    registered_day: int
    merged_day: int | None
    reason: str


@dataclass(frozen=True)
class NameRow:
    """A new name under the same code."""

    username: str
    new_name: str
    changed_days: int
    asked_day: int
    words: str
    decided_day: int | None
    state: PaperState
    reason: str


def read_rulings() -> list[RulingRow]:
    """Read rulings.csv."""
    return [
        RulingRow(
            row["organisation"], int(row["day"]), OrganisationAction(row["action"]), row["reason"]
        )
        for row in read_table("rulings.csv")
    ]


def read_duplicates() -> list[DuplicateRow]:
    """Read duplicates.csv."""
    return [
        DuplicateRow(
            username=row["username"],
            original=row["of"],
            name=row["name"],
            uscc=row["uscc"],
            agent_name=row["agent_name"],
            registered_day=int(row["registered_day"]),
            merged_day=day_of(row["merged_day"]),
            reason=row["reason"],
        )
        for row in read_table("duplicates.csv")
    ]


def read_names() -> list[NameRow]:
    """Read names.csv."""
    return [
        NameRow(
            username=row["organisation"],
            new_name=row["new_name"],
            changed_days=int(row["changed_days"]),
            asked_day=int(row["asked_day"]),
            words=row["words"],
            decided_day=day_of(row["decided_day"]),
            state=PaperState(row["state"]),
            reason=row["reason"],
        )
        for row in read_table("names.csv")
    ]


def plan_rulings(timetable: Timetable, cast: Cast, rows: list[RulingRow]) -> None:
    """Put what verifiers ruled on the timetable."""
    for serial, row in enumerate(rows):
        timetable.add(row.day, working_minute(serial), partial(_rule, cast, row, serial))


def plan_duplicates(
    timetable: Timetable,
    cast: Cast,
    rows: list[DuplicateRow],
    organisations: list[OrganisationRow],
) -> None:
    """Put second registrations, and their merging, on the timetable."""
    known = {row.username: row for row in organisations}
    for serial, row in enumerate(rows):
        minute = working_minute(serial)
        again = replace(known[row.original].details, name=row.name)
        timetable.add(row.registered_day, minute, partial(_register_again, cast, row, again))
        if row.merged_day is not None:
            timetable.add(row.merged_day, minute, partial(_merge, cast, row, serial))


def plan_names(timetable: Timetable, cast: Cast, rows: list[NameRow]) -> None:
    """Put changes of name and what was decided about them on the timetable."""
    for serial, row in enumerate(rows):
        minute = working_minute(serial)
        timetable.add(row.asked_day, minute, partial(_ask, cast, row))
        if row.decided_day is not None:
            timetable.add(row.decided_day, minute, partial(_decide, cast, row, serial))


def _rule(cast: Cast, row: RulingRow, serial: int) -> None:
    organisation = cast.organisation(row.username)
    officer = cast.nearest_officer(organisation.registration_region, serial)
    rule_on_organisation(
        actor=officer,
        organisation=organisation,
        version=organisation.version,
        action=row.action,
        reason=row.reason,
    )


def _register_again(cast: Cast, row: DuplicateRow, details: OrganisationDetails) -> None:
    organisation, user = register_organisation(
        uscc=row.uscc,
        details=details,
        username=row.username,
        display_name=row.agent_name,
        password_hash=cast.password_hash,
    )
    cast.add_agent(row.username, user, organisation)


def _merge(cast: Cast, row: DuplicateRow, serial: int) -> None:
    source = cast.organisation(row.username)
    merge_organisation(
        actor=cast.nearest_officer(source.registration_region, serial),
        source=source,
        target=cast.organisation(row.original),
        version=source.version,
        reason=row.reason,
    )


def _ask(cast: Cast, row: NameRow) -> None:
    ask_name_change(
        actor=cast.actors[row.username],
        organisation=cast.organisation(row.username),
        new_name=row.new_name,
        changed_on=clock.today() + timedelta(days=row.changed_days),
        reason=row.words,
    )


def _decide(cast: Cast, row: NameRow, serial: int) -> None:
    organisation = cast.organisation(row.username)
    officer = cast.nearest_officer(organisation.registration_region, serial)
    change = find_waiting_change(organisation.id)
    if change is None:
        raise LookupError(f"{row.username} has asked for no other name")
    if row.state is PaperState.ACCEPTED:
        accept_name_change(actor=officer, change=change, version=change.version)
    else:
        refuse_name_change(actor=officer, change=change, version=change.version, reason=row.reason)
