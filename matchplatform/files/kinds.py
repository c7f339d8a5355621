"""What a file is for, what it is, and whose it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What a file is for."""

    CERTIFICATE = "certificate"
    EVIDENCE = "evidence"
    AGREEMENT = "agreement"
    PICTURE = "picture"
    PAPER = "paper"


class MediaType(StrEnum):
    """The only kinds of file that are taken."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"


@dataclass(frozen=True)
class Place:
    """Where a file belongs: a kind of thing that a feature registered, which one, and what for."""

    owner_type: str
    owner_id: int
    purpose: Purpose


SUFFIX_TYPES = {
    ".pdf": MediaType.PDF,
    ".jpg": MediaType.JPEG,
    ".jpeg": MediaType.JPEG,
    ".png": MediaType.PNG,
}
SUFFIXES = {MediaType.PDF: ".pdf", MediaType.JPEG: ".jpg", MediaType.PNG: ".png"}
SHORT_NAMES = {MediaType.PDF: "PDF", MediaType.JPEG: "JPEG", MediaType.PNG: "PNG"}
_FIRST_BYTES = {
    MediaType.PDF: b"%PDF-",
    MediaType.JPEG: b"\xff\xd8\xff",
    MediaType.PNG: b"\x89PNG\r\n\x1a\n",
}
LONGEST_FIRST = max(map(len, _FIRST_BYTES.values()))


def kinds_of(media_types: Iterable[MediaType]) -> str:
    """Name kinds of file for people, in the order of the list of all."""
    wanted = frozenset(media_types)
    return "、".join(SHORT_NAMES[one] for one in MediaType if one in wanted)


def type_of(first_bytes: bytes) -> MediaType | None:
    """Tell what a file is by its very first bytes, or None where it is nothing we take."""
    for media_type, start in _FIRST_BYTES.items():
        if first_bytes.startswith(start):
            return media_type
    return None
