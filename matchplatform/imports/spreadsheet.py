"""A spreadsheet as it was sent, before and after it is kept."""

from dataclasses import dataclass
from pathlib import Path
from typing import IO

from matchplatform.files.labels import make_label, split_name
from matchplatform.files.storage import FileTooLarge, Storage
from matchplatform.kernel.errors import InvalidInput, TooLarge
from matchplatform.kernel.i18n import gettext
from matchplatform.sheets import Layout, ReadLimits, Trouble, look_outside

SUFFIXES = (".xlsx", ".csv")
_HEAVY = (Trouble.TOO_LARGE,)


@dataclass(frozen=True)
class Spreadsheet:
    """A file that may be read; it waits in ``incoming/`` until a verb keeps it."""

    storage: Storage
    path: Path
    label: str
    size: int
    sha256: str

    def keep(self) -> str:
        """Move the bytes among those that are kept and return the random name."""
        return self.storage.keep(self.path)

    def discard(self) -> None:
        """Remove the bytes where nobody kept them."""
        self.path.unlink(missing_ok=True)


def receive_spreadsheet(
    storage: Storage, stream: IO[bytes], filename: str, layout: Layout, limits: ReadLimits
) -> Spreadsheet:
    """Return the file ready to keep, when its name and its outside are those of a spreadsheet.

    Raises:
        InvalidInput: it cannot be one; the words stand at ``file``.
        TooLarge: it is larger than the limits.
    """
    stem, suffix = split_name(filename)
    try:
        received = storage.receive(stream, limits.size)
    except FileTooLarge as error:
        problem = look_outside(b"a" * (limits.size + 1), "a.csv", layout, limits)
        raise TooLarge(fields={"file": problem.words if problem else ""}) from error
    problem = look_outside(received.path.read_bytes(), f"a{suffix}", layout, limits)
    if problem is not None:
        received.path.unlink(missing_ok=True)
        kind = TooLarge if problem.kind in _HEAVY else InvalidInput
        raise kind(fields={"file": problem.words})
    label = make_label(stem, suffix, gettext("未命名"))
    return Spreadsheet(storage, received.path, label, received.size, received.sha256)
