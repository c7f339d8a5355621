"""Pictures on projects of the demo: drawn here, added while the projects were drafts."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from matchplatform.files.photo_uploads import receive_sizes
from matchplatform.files.photos import make_sizes
from matchplatform.files.receiving import current_limits, current_storage
from matchplatform.kernel import clock
from matchplatform.projects.pictures import PictureWords, add_picture
from matchplatform.seeding.cast import Cast
from matchplatform.seeding.drawings import draw_scene
from matchplatform.seeding.rows import ProjectRow
from matchplatform.seeding.tables import read_table
from matchplatform.seeding.timetable import Timetable, plan_postings, working_minute

# After the project was written, and before it was submitted.
MINUTES_AFTER = 10


@dataclass(frozen=True)
class PictureRow:
    """A picture of a project; ``taken_days`` before the project was written."""

    number: str
    drawing: str
    alt_text: str
    caption: str
    taken_by: str
    taken_days: int


def read_pictures() -> list[PictureRow]:
    """Read pictures.csv."""
    return [
        PictureRow(
            number=row["project"],
            drawing=row["drawing"],
            alt_text=row["alt_text"],
            caption=row["caption"],
            taken_by=row["taken_by"],
            taken_days=int(row["taken_days"]),
        )
        for row in read_table("pictures.csv")
    ]


def plan_pictures(
    timetable: Timetable, cast: Cast, projects: list[ProjectRow], rows: list[PictureRow]
) -> None:
    """Put the pictures on the timetable, in the order of the file, by who wrote the project."""
    wanted = defaultdict(list)
    for place, row in enumerate(rows):
        wanted[row.number].append((place, row))
    for serial, (project, days) in enumerate(plan_postings(projects)):
        for later, (place, row) in enumerate(wanted.pop(project.number, [])):
            minute = working_minute(serial) + MINUTES_AFTER + later
            timetable.add(days.written, minute, partial(_add, cast, row, place, serial))
    if wanted:
        raise LookupError(f"no such projects: {sorted(wanted)}")


def _add(cast: Cast, row: PictureRow, place: int, serial: int) -> None:
    project = cast.project(row.number)
    drawn = draw_scene(row.drawing, place)
    # Drawn a moment ago by ourselves: no child needs to look at it first.
    _verdict, packed = make_sizes(drawn, current_limits())
    sha256 = hashlib.sha256(drawn).hexdigest()
    upload = receive_sizes(current_storage(), packed, f"{row.drawing}.jpg", sha256)
    try:
        add_picture(
            actor=cast.officer(project.region_code, serial),
            project=project,
            upload=upload,
            words=PictureWords(
                alt_text=row.alt_text,
                caption=row.caption,
                taken_by=row.taken_by,
                taken_on=clock.today() - timedelta(days=row.taken_days),
                consent=True,
            ),
        )
    finally:
        upload.discard()
