"""What a child process may say of a file: its exit code, and nothing else of it is read."""

from dataclasses import asdict, dataclass
from enum import IntEnum
from json import dumps, loads


class Verdict(IntEnum):
    """The exit codes; any other one means that the child broke or was stopped."""

    FINE = 0
    UNREADABLE = 40
    ENCRYPTED = 41
    ACTIVE = 42
    TOO_MANY_PAGES = 43
    TOO_MANY_PIXELS = 44
    TWO_IN_ONE = 45
    TOO_HEAVY = 46


@dataclass(frozen=True)
class Limits:
    """How much a file, and the child that looks at it, may take.

    ``megabytes``: the file; ``memory_megabytes``, ``seconds``: the child; ``side``: the longest
    side of a kept picture, in pixels.
    """

    megabytes: int = 10
    pages: int = 100
    pixels: int = 50_000_000
    side: int = 4000
    memory_megabytes: int = 640
    seconds: int = 20

    @property
    def size(self) -> int:
        """Return the largest file in bytes."""
        return self.megabytes * 1024 * 1024

    def to_text(self) -> str:
        """Write the limits for the child's command line."""
        return dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> "Limits":
        """Read what to_text wrote."""
        return cls(**loads(text))
