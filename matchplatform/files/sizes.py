"""The three sizes that a photograph is kept in, and how the child hands them over in one piece."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# Width, height and number of bytes of each size, before the bytes of all.
_HEAD = struct.Struct(">HHI")
_JPEG = b"\xff\xd8\xff"


class SizeName(StrEnum):
    """From the smallest to the largest."""

    THUMB = "thumb"
    PAGE = "page"
    LARGE = "large"


# The longest side in pixels; a photograph is never made larger than it came.
SIDES: Mapping[SizeName, int] = {SizeName.THUMB: 240, SizeName.PAGE: 960, SizeName.LARGE: 1920}


@dataclass(frozen=True)
class MadeSize:
    """One size as the child made it, a JPEG."""

    name: SizeName
    width: int
    height: int
    data: bytes


def pack_sizes(sizes: Mapping[SizeName, MadeSize]) -> bytes:
    """Write all sizes in one piece."""
    ordered = [sizes[name] for name in SizeName]
    heads = (_HEAD.pack(size.width, size.height, len(size.data)) for size in ordered)
    return b"".join((*heads, *(size.data for size in ordered)))


def unpack_sizes(packed: bytes) -> dict[SizeName, MadeSize]:
    """Read what pack_sizes wrote.

    Raises:
        ValueError: it is nothing of the kind.
    """
    names = list(SizeName)
    at = _HEAD.size * len(names)
    if len(packed) < at:
        raise ValueError("too short")
    sizes = {}
    for place, name in enumerate(names):
        width, height, count = _HEAD.unpack_from(packed, place * _HEAD.size)
        data = packed[at : at + count]
        at += count
        if len(data) != count or not data.startswith(_JPEG):
            raise ValueError("not a JPEG")
        if not (0 < width <= SIDES[name] and 0 < height <= SIDES[name]):
            raise ValueError("not of that size")
        sizes[name] = MadeSize(name, width, height, data)
    if at != len(packed):
        raise ValueError("more than was said")
    return sizes
