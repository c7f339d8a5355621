"""Certificates of the demo: drawn here, then taken as any upload is."""

import time
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from matchplatform.files.examine import examine
from matchplatform.files.receiving import current_limits, current_storage
from matchplatform.organisations.certificates import (
    accept_certificate,
    find_certificate,
    hand_in_certificate,
    refuse_certificate,
)
from matchplatform.organisations.paper_states import PaperState
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.tables import day_of, read_table
from matchplatform.seeding.timetable import Timetable, working_minute

SIZE = (900, 636)
PAPER, INK, SEAL = (252, 249, 240), (60, 60, 60), (178, 34, 34)
# A fixed day in the file, so that the same row gives the same bytes.
DRAWN_AT = time.struct_time((2020, 1, 2, 0, 0, 0, 3, 2, 0))


@dataclass(frozen=True)
class PaperRow:
    """A certificate that was handed in; ``expires_days`` is its last day counted from loading."""

    username: str
    filename: str
    expires_days: int
    handed_in_day: int
    decided_day: int | None
    state: PaperState
    reason: str


def read_certificates() -> list[PaperRow]:
    """Read certificates.csv."""
    return [
        PaperRow(
            username=row["organisation"],
            filename=row["filename"],
            expires_days=int(row["expires_days"]),
            handed_in_day=int(row["handed_in_day"]),
            decided_day=day_of(row["decided_day"]),
            state=PaperState(row["state"]),
            reason=row["reason"],
        )
        for row in read_table("certificates.csv")
    ]


def plan_certificates(timetable: Timetable, cast: Cast, rows: list[PaperRow]) -> None:
    """Put handing in and looking through on the timetable."""
    for serial, row in enumerate(rows):
        minute = working_minute(serial)
        last_day = timetable.today + timedelta(days=row.expires_days)
        timetable.add(row.handed_in_day, minute, partial(_hand_in, cast, row, last_day))
        if row.decided_day is not None:
            timetable.add(row.decided_day, minute, partial(_decide, cast, row, serial))


def draw_certificate(code: str, last_day: date, suffix: str) -> bytes:
    """Return a picture of a certificate that nobody can take for a real one, as PDF, JPEG or PNG."""
    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    width, height = SIZE
    for inset in (18, 26):
        pen.rectangle((inset, inset, width - inset, height - inset), outline=SEAL, width=2)
    title, text = ImageFont.load_default(40), ImageFont.load_default(26)
    pen.text((width // 2, 110), "DEMO - NOT A CERTIFICATE", INK, title, "mm")
    pen.text((width // 2, 240), code, INK, text, "mm")
    pen.text((width // 2, 300), f"until {last_day:%Y-%m-%d}", INK, text, "mm")
    pen.ellipse((620, 390, 800, 570), outline=SEAL, width=6)
    pen.text((710, 480), "DEMO", SEAL, title, "mm")
    drawn = BytesIO()
    if suffix == "pdf":
        picture.save(drawn, "PDF", creationDate=DRAWN_AT, modDate=DRAWN_AT)
    else:
        picture.save(drawn, "PNG" if suffix == "png" else "JPEG")
    return drawn.getvalue()


def _hand_in(cast: Cast, row: PaperRow, last_day: date) -> None:
    organisation = cast.organisation(row.username)
    data = draw_certificate(organisation.uscc, last_day, row.filename.rpartition(".")[2])
    upload = examine(current_storage(), BytesIO(data), row.filename, current_limits())
    try:
        hand_in_certificate(
            actor=cast.actors[row.username],
            organisation=organisation,
            upload=upload,
            expires_on=last_day,
        )
    finally:
        upload.discard()


def _decide(cast: Cast, row: PaperRow, serial: int) -> None:
    organisation = cast.organisation(row.username)
    officer = cast.nearest_officer(organisation.registration_region, serial)
    paper = find_certificate(organisation.id, PaperState.PENDING)
    if paper is None:
        raise LookupError(f"{row.username} has handed in nothing")
    if row.state is PaperState.REFUSED:
        refuse_certificate(
            actor=officer, certificate=paper, version=paper.version, reason=row.reason
        )
    else:
        accept_certificate(actor=officer, certificate=paper, version=paper.version)
