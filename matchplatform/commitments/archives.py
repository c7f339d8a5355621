"""The archive of a bundle while it grows: papers are added one by one, and none twice."""

import os
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_UNFIT = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|]+')
LONGEST_NAME = 90


@dataclass(frozen=True)
class Entry:
    """A file of the archive."""

    name: str
    data: bytes


def is_sound(path: Path, least: int) -> bool:
    """Tell whether an archive can be read and holds at least so many files."""
    if not least and path.is_file() and not path.stat().st_size:
        return True
    try:
        with zipfile.ZipFile(path) as archive:
            return len(archive.namelist()) >= least
    except (OSError, zipfile.BadZipFile):
        return False


def add_entries(
    path: Path, entries: Sequence[Entry], at: tuple[int, int, int, int, int, int]
) -> None:
    """Add files to an archive, those that it holds left as they are; on disk when this ends."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        held = set(archive.namelist())
        for entry in entries:
            if entry.name not in held:
                info = zipfile.ZipInfo(entry.name, date_time=at)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, entry.data)
    with path.open("rb") as source:
        os.fsync(source.fileno())


def clean_name(text: str) -> str:
    """Return a text as any system takes it for the name of a file, without its ending."""
    return " ".join(_UNFIT.sub(" ", text).split())[:LONGEST_NAME].rstrip(". ")
