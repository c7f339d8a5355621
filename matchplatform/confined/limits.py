"""How much a spreadsheet, and the child that reads it, may take."""

from dataclasses import asdict, dataclass
from json import dumps, loads

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class ReadLimits:
    """The most of everything; ``megabytes``: the file as sent, ``rows``: rows of data.

    ``unpacked_megabytes``: what an XLSX unfolds to; ``times``: how much larger than packed a part
    of it may be; ``cells``: rows times columns from the first cell to the last.
    """

    megabytes: int = 10
    rows: int = 50_000
    columns: int = 200
    members: int = 500
    unpacked_megabytes: int = 150
    times: int = 250
    cells: int = 8_000_000
    memory_megabytes: int = 640
    seconds: int = 30

    @property
    def size(self) -> int:
        """Return the largest file in bytes."""
        return self.megabytes * MEGABYTE

    @property
    def unpacked(self) -> int:
        """Return the most that an archive may unfold to, in bytes."""
        return self.unpacked_megabytes * MEGABYTE

    def to_text(self) -> str:
        """Write the limits for the child's command line."""
        return dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> "ReadLimits":
        """Read what to_text wrote."""
        return cls(**loads(text))
