"""What people of the demo keep for themselves: favourites, searches, notices by mail."""

from dataclasses import dataclass
from functools import partial

from matchplatform.interests.services import keep_favourite, save_search
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.outbox import list_due
from matchplatform.notifications.kinds import MailMode, NoticeKind
from matchplatform.notifications.mail import (
    ask_address,
    choose_mail,
    confirm_address,
    confirm_token,
)
from matchplatform.notifications.models import MailPreference
from matchplatform.notifications.queueing import TOPIC as MAIL_TOPIC
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.tables import choices_of, read_table
from matchplatform.seeding.timetable import Timetable, working_minute


@dataclass(frozen=True)
class FavouriteRow:
    """A project that somebody watches."""

    username: str
    number: str
    day: int


@dataclass(frozen=True)
class SearchRow:
    """Words and filters that somebody saved."""

    username: str
    name: str
    words: str
    filters: dict[str, list[str]]
    notify: bool
    day: int


@dataclass(frozen=True)
class MailRow:
    """An address, whether it was proved, and when letters come."""

    username: str
    address: str
    day: int
    is_confirmed: bool
    mode: MailMode
    kinds: dict[NoticeKind, MailMode]


def read_favourites() -> list[FavouriteRow]:
    """Read favourites.csv."""
    return [
        FavouriteRow(row["username"], row["project"], int(row["day"]))
        for row in read_table("favourites.csv")
    ]


def read_searches() -> list[SearchRow]:
    """Read searches.csv."""
    return [
        SearchRow(
            username=row["username"],
            name=row["name"],
            words=row["words"],
            filters={key: word.split("+") for key, word in choices_of(row["filters"]).items()},
            notify=row["notify"] == "1",
            day=int(row["day"]),
        )
        for row in read_table("searches.csv")
    ]


def read_mail() -> list[MailRow]:
    """Read mail.csv."""
    return [
        MailRow(
            username=row["username"],
            address=row["address"],
            day=int(row["day"]),
            is_confirmed=row["is_confirmed"] == "1",
            mode=MailMode(row["mode"]),
            kinds={
                NoticeKind(key): MailMode(word) for key, word in choices_of(row["kinds"]).items()
            },
        )
        for row in read_table("mail.csv")
    ]


def plan_favourites(timetable: Timetable, cast: Cast, rows: list[FavouriteRow]) -> None:
    """Put favourites on the timetable."""
    for serial, row in enumerate(rows):
        timetable.add(row.day, working_minute(serial), partial(_keep, cast, row))


def plan_searches(timetable: Timetable, cast: Cast, rows: list[SearchRow]) -> None:
    """Put saved searches on the timetable."""
    for serial, row in enumerate(rows):
        timetable.add(row.day, working_minute(serial), partial(_save, cast, row))


def plan_mail(timetable: Timetable, cast: Cast, rows: list[MailRow]) -> None:
    """Put addresses and choices on the timetable."""
    for serial, row in enumerate(rows):
        minute = working_minute(serial)
        timetable.add(row.day, minute, partial(_ask, cast, row))
        if row.is_confirmed:
            timetable.add(row.day, minute + 5, partial(_confirm, cast, row))


def _keep(cast: Cast, row: FavouriteRow) -> None:
    keep_favourite(actor=cast.actors[row.username], project=cast.project(row.number))


def _save(cast: Cast, row: SearchRow) -> None:
    save_search(
        actor=cast.actors[row.username],
        name=row.name,
        words=row.words,
        filters=row.filters,
        notify=row.notify,
    )


def _ask(cast: Cast, row: MailRow) -> None:
    ask_address(actor=cast.actors[row.username], user=cast.user(row.username), typed=row.address)
    # The letter went out on its day; today the link in it would be too old.
    for entry in list_due([MAIL_TOPIC], 1):
        entry.done_at = clock.now()


def _confirm(cast: Cast, row: MailRow) -> None:
    actor, user = cast.actors[row.username], cast.user(row.username)
    preference = db.session.get_one(MailPreference, user.id)
    confirm_address(actor=actor, user=user, token=confirm_token(preference))
    choose_mail(actor=actor, user=user, mode=row.mode, kinds=row.kinds)
