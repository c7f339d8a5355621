"""Lists in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: its items, its place, and how many there are in all."""

    items: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return -(-self.total // self.size) or 1

    @property
    def first(self) -> int:
        """Return the place of the first item shown, counted from 1; 0 when empty."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Return the place of the last item shown."""
        return min(self.number * self.size, self.total)


def page_number(text: str | None) -> int:
    """Read a page number that a visitor may have typed; anything odd is page 1."""
    # Python refuses to read thousands of digits, so their number is judged first.
    if not text or len(text) > 6 or not (text.isascii() and text.isdigit()):
        return 1
    return int(text) or 1


def read_version(text: str | None) -> int:
    """Read the version that a form carries; missing or odd is 0, which no row ever has."""
    if not text or len(text) > 9 or not (text.isascii() and text.isdigit()):
        return 0
    return int(text)


def clamp_page(number: int, size: int, total: int) -> int:
    """Return ``number``, or the last page when the list is shorter than that."""
    return min(number, -(-total // size) or 1)
