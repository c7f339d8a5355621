"""The files of seeds/ as typed rows; seeds/README.md says what each column means."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from matchplatform.access.actor import Role
from matchplatform.claims.states import ClaimState
from matchplatform.organisations.services import OrganisationDetails
from matchplatform.organisations.states import OrganisationState, OrganisationType
from matchplatform.projects.details import LineDetails
from matchplatform.projects.states import (
    CloseOutcome,
    LineKind,
    ProjectAction,
    ProjectKind,
    ProjectState,
    Sector,
)
from matchplatform.seeding.tables import day_of, quantities_of, read_table


@dataclass(frozen=True)
class PersonRow:
    """Somebody with an account other than an agent."""

    username: str
    name: str
    role: Role
    region_prefix: str
    unit: str


@dataclass(frozen=True)
class OrganisationRow:
    """An organisation with its first agent, and what its verifier did on which day."""

    username: str
    agent_name: str
    uscc: str
    details: OrganisationDetails
    state: OrganisationState
    registered_day: int
    decided_day: int | None
    reason: str


@dataclass(frozen=True)
class ProjectRow:
    """A project as its county wrote it; ``state`` is how far it got, ``reason`` why not further.

    ``hands``: how many officers of the county wrote on it; ``remarks`` what was said by place.
    """

    number: str
    name: str
    kind: ProjectKind
    sector: Sector
    region_code: str
    place: str
    scope_text: str
    outcome_target: str
    direct_people: int
    households: int
    person_times: int
    months: int
    deadline_days: int
    owner_unit: str
    supervising_unit: str
    contact_name: str
    contact_phone: str
    lines: tuple[LineDetails, ...]
    state: ProjectState = ProjectState.PUBLISHED
    reason: str = ""
    hands: int = 1
    remarks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HaltRow:
    """What stopped a published project or let it go on; ``into``: what it was merged into."""

    number: str
    day: int
    action: ProjectAction
    outcome: CloseOutcome | None
    reason: str
    into: str


@dataclass(frozen=True)
class ClaimRow:
    """A claim and the days of its steps; ``quantities`` are by the position of the line."""

    username: str
    number: str
    quantities: dict[int, Decimal]
    state: ClaimState
    reserved_day: int
    extended_day: int | None
    submitted_day: int | None
    decided_day: int | None
    withdrawn_day: int | None
    message: str
    reason: str


def read_people() -> list[PersonRow]:
    """Read people.csv."""
    return [
        PersonRow(
            row["username"], row["name"], Role(row["role"]), row["region_prefix"], row["unit"]
        )
        for row in read_table("people.csv")
    ]


def read_showcase() -> list[tuple[str, str]]:
    """Read showcase.csv: the accounts to try, with what to try."""
    return [(row["username"], row["words"]) for row in read_table("showcase.csv")]


def read_organisations() -> list[OrganisationRow]:
    """Read organisations.csv."""
    return [_organisation(row) for row in read_table("organisations.csv")]


def read_projects() -> list[ProjectRow]:
    """Read projects.csv and lines.csv: what was published in the batch."""
    return _read_projects("projects.csv", "lines.csv")


def read_postings() -> list[ProjectRow]:
    """Read postings.csv, posting_lines.csv and remarks.csv: what is not published yet."""
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for row in read_table("remarks.csv"):
        said[row["number"]][row["place"]] = row["words"]
    rows = _read_projects("postings.csv", "posting_lines.csv")
    return [replace(row, remarks=said.get(row.number, {})) for row in rows]


def read_halts() -> list[HaltRow]:
    """Read halts.csv."""
    return [
        HaltRow(
            row["number"],
            int(row["day"]),
            ProjectAction(row["action"]),
            CloseOutcome(row["outcome"]) if row["outcome"] else None,
            row["reason"],
            row["into"],
        )
        for row in read_table("halts.csv")
    ]


def read_claims() -> list[ClaimRow]:
    """Read claims.csv."""
    return [
        ClaimRow(
            username=row["organisation"],
            number=row["project"],
            quantities=quantities_of(row["quantities"]),
            state=ClaimState(row["state"]),
            reserved_day=int(row["reserved_day"]),
            extended_day=day_of(row["extended_day"]),
            submitted_day=day_of(row["submitted_day"]),
            decided_day=day_of(row["decided_day"]),
            withdrawn_day=day_of(row["withdrawn_day"]),
            message=row["message"],
            reason=row["reason"],
        )
        for row in read_table("claims.csv")
    ]


def _organisation(row: dict[str, str]) -> OrganisationRow:
    details = OrganisationDetails(
        name=row["name"],
        org_type=OrganisationType(row["org_type"]),
        registration_authority=row["registration_authority"],
        registration_region=row["registration_region"],
        supervising_body=row["supervising_body"],
        business_scope=row["business_scope"],
        mission=row["mission"],
        legal_rep=row["legal_rep"],
        annual_budget=Decimal(row["annual_budget"]),
        focus_sectors=tuple(row["focus_sectors"].split(";")),
        grade=row["grade"],
        is_charity=row["is_charity"] == "1",
        can_fundraise_publicly=row["can_fundraise_publicly"] == "1",
    )
    return OrganisationRow(
        username=row["username"],
        agent_name=row["agent_name"],
        uscc=row["uscc"],
        details=details,
        state=OrganisationState(row["state"]),
        registered_day=int(row["registered_day"]),
        decided_day=day_of(row["decided_day"]),
        reason=row["reason"],
    )


def _read_projects(projects: str, lines: str) -> list[ProjectRow]:
    of_project: dict[str, list[LineDetails]] = defaultdict(list)
    for row in read_table(lines):
        of_project[row["number"]].append(_line(row))
    return [_project(row, tuple(of_project[row["number"]])) for row in read_table(projects)]


def _line(row: dict[str, str]) -> LineDetails:
    return LineDetails(
        kind=LineKind(row["kind"]),
        item=row["item"],
        quantity=Decimal(row["quantity"]),
        unit=row["unit"],
        unit_price=Decimal(row["unit_price"]) if row["unit_price"] else None,
        min_lot=Decimal(row["min_lot"]),
        note=row["note"],
    )


def _project(row: dict[str, str], lines: tuple[LineDetails, ...]) -> ProjectRow:
    texts: dict[str, Any] = {
        name: row[name]
        for name in (
            "number", "name", "region_code", "place", "scope_text", "outcome_target",
            "owner_unit", "supervising_unit", "contact_name", "contact_phone",
        )
    }  # fmt: skip
    return ProjectRow(
        **texts,
        kind=ProjectKind(row["kind"]),
        sector=Sector(row["sector"]),
        direct_people=int(row["direct_people"]),
        households=int(row["households"]),
        person_times=int(row["person_times"]),
        months=int(row["months"]),
        deadline_days=int(row["deadline_days"]),
        lines=lines,
        state=ProjectState(row.get("state") or "published"),
        reason=row.get("reason", ""),
        hands=int(row.get("hands") or 1),
    )
