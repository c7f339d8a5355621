"""What organisations of the demo ask of counties: to release, to promise more; and extra."""

from dataclasses import dataclass
from decimal import Decimal

from matchplatform.claims.asked import CapacityGrant, ReleaseRequest
from matchplatform.claims.capacity import find_open_ask
from matchplatform.claims.extra import approve_extra
from matchplatform.claims.grants import ask_capacity, grant_capacity, refuse_capacity
from matchplatform.claims.models import Claim
from matchplatform.claims.release import (
    answer_request,
    ask_release,
    refuse_request,
    release_claim,
)
from matchplatform.claims.requests import find_open_request
from matchplatform.claims.states import AskState
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.tables import day_of, read_table
from matchplatform.seeding.timetable import Timetable, working_minute


@dataclass(frozen=True)
class ReleaseRow:
    """A silent holder: who asked to have it released, what it answered, what the county did.

    Without an ``asker`` the county acts by itself.
    """

    holder: str
    number: str
    asker: str
    asked_day: int | None
    words: str
    answered_day: int | None
    answer: str
    decided_day: int | None
    state: AskState
    reason: str


@dataclass(frozen=True)
class CapacityRow:
    """Somebody asks to promise more than its budget on one project."""

    username: str
    number: str
    value: Decimal
    asked_day: int
    message: str
    decided_day: int | None
    state: AskState
    reason: str


@dataclass(frozen=True)
class ExtraRow:
    """A county lets a line take more than it needs, or takes that back."""

    number: str
    position: int
    extra: Decimal
    day: int
    reason: str


def read_releases() -> list[ReleaseRow]:
    """Read releases.csv."""
    return [
        ReleaseRow(
            holder=row["holder"],
            number=row["project"],
            asker=row["asker"],
            asked_day=day_of(row["asked_day"]),
            words=row["words"],
            answered_day=day_of(row["answered_day"]),
            answer=row["answer"],
            decided_day=day_of(row["decided_day"]),
            state=AskState(row["state"]),
            reason=row["reason"],
        )
        for row in read_table("releases.csv")
    ]


def read_capacity_asks() -> list[CapacityRow]:
    """Read capacity.csv."""
    return [
        CapacityRow(
            username=row["organisation"],
            number=row["project"],
            value=Decimal(row["value"]),
            asked_day=int(row["asked_day"]),
            message=row["message"],
            decided_day=day_of(row["decided_day"]),
            state=AskState(row["state"]),
            reason=row["reason"],
        )
        for row in read_table("capacity.csv")
    ]


def read_extras() -> list[ExtraRow]:
    """Read extras.csv."""
    return [
        ExtraRow(
            row["project"],
            int(row["position"]),
            Decimal(row["extra"]),
            int(row["day"]),
            row["reason"],
        )
        for row in read_table("extras.csv")
    ]


def plan_releases(timetable: Timetable, cast: Cast, rows: list[ReleaseRow]) -> None:
    """Put requests to release, their answers and decisions on the timetable."""
    for serial, row in enumerate(rows):
        made = _MadeRequest(cast, row, serial)
        minute = working_minute(serial)
        if row.asked_day is not None:
            timetable.add(row.asked_day, minute, made.ask)
        if row.answered_day is not None:
            timetable.add(row.answered_day, minute, made.answer)
        if row.decided_day is not None:
            timetable.add(row.decided_day, minute, made.decide)


def plan_capacity(timetable: Timetable, cast: Cast, rows: list[CapacityRow]) -> None:
    """Put what is asked beyond a budget, and the answers, on the timetable."""
    for serial, row in enumerate(rows):
        made = _MadeAsk(cast, row, serial)
        minute = working_minute(serial)
        timetable.add(row.asked_day, minute, made.ask)
        if row.decided_day is not None:
            timetable.add(row.decided_day, minute, made.decide)


def plan_extras(timetable: Timetable, cast: Cast, rows: list[ExtraRow]) -> None:
    """Put approvals beyond need on the timetable."""
    for serial, row in enumerate(rows):
        timetable.add(row.day, working_minute(serial), _Extra(cast, row, serial))


@dataclass(frozen=True)
class _MadeRequest:
    cast: Cast
    row: ReleaseRow
    serial: int

    def ask(self) -> None:
        ask_release(
            actor=self.cast.actors[self.row.asker],
            organisation=self.cast.organisation(self.row.asker),
            claim=self._claim(),
            reason=self.row.words,
        )

    def answer(self) -> None:
        request = self._request()
        holder = self.cast.actors[self.row.holder]
        answer_request(
            actor=holder, request=request, version=request.version, answer=self.row.answer
        )

    def decide(self) -> None:
        claim = self._claim()
        officer = self.cast.officer(claim.region_code, self.serial)
        if self.row.state is AskState.REFUSED:
            request = self._request()
            refuse_request(
                actor=officer, request=request, version=request.version, reason=self.row.reason
            )
        else:
            release_claim(actor=officer, claim=claim, version=claim.version, reason=self.row.reason)

    def _claim(self) -> Claim:
        return self.cast.claim(self.row.holder, self.row.number)

    def _request(self) -> ReleaseRequest:
        request = find_open_request(self._claim().id)
        if request is None:
            raise LookupError(f"nobody asked about {self.row.holder} on {self.row.number}")
        return request


@dataclass(frozen=True)
class _MadeAsk:
    cast: Cast
    row: CapacityRow
    serial: int

    def ask(self) -> None:
        ask_capacity(
            actor=self.cast.actors[self.row.username],
            organisation=self.cast.organisation(self.row.username),
            project=self.cast.project(self.row.number),
            value=self.row.value,
            message=self.row.message,
        )

    def decide(self) -> None:
        grant = self._grant()
        decide = refuse_capacity if self.row.state is AskState.REFUSED else grant_capacity
        officer = self.cast.officer(grant.region_code, self.serial)
        decide(actor=officer, grant=grant, version=grant.version, reason=self.row.reason)

    def _grant(self) -> CapacityGrant:
        project = self.cast.project(self.row.number)
        grant = find_open_ask(self.cast.organisation(self.row.username), project)
        if grant is None:
            raise LookupError(f"{self.row.username} asked nothing about {self.row.number}")
        return grant


@dataclass(frozen=True)
class _Extra:
    cast: Cast
    row: ExtraRow
    serial: int

    def __call__(self) -> None:
        project = self.cast.project(self.row.number)
        line = next(line for line in project.lines if line.position == self.row.position)
        approve_extra(
            actor=self.cast.officer(project.region_code, self.serial),
            line=line,
            seen=line.extra,
            extra=self.row.extra,
            reason=self.row.reason,
        )
