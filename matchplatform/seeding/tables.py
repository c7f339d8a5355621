"""Read the files of seeds/ and what stands in their columns; seeds/README.md says what each means."""

import csv
from collections.abc import Iterator
from decimal import Decimal

from matchplatform.config.paths import SEEDS


def read_table(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a file by column."""
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def day_of(text: str) -> int | None:
    """Return a day, or None where it never came."""
    return int(text) if text else None


def quantities_of(text: str) -> dict[int, Decimal]:
    """Read quantities by the position of the line: ``1:40;2:5.5``."""
    pairs = (part.partition(":") for part in text.split(";"))
    return {int(position): Decimal(quantity) for position, _, quantity in pairs}


def choices_of(text: str) -> dict[str, str]:
    """Read words by key: ``sector=education;city=130700``; empty text has none."""
    pairs = (part.partition("=") for part in text.split(";") if part)
    return {key: word for key, _, word in pairs}
