"""Shrink the fonts inside a PDF: keep the glyphs that are used and no places of those that are not.

A Chinese font numbers some 65,000 glyphs. WeasyPrint empties those that a paper does not use and
keeps their numbers, 130 kB for each face; the format itself can name the numbers of a few glyphs.

Source: Adobe Technical Note 5176, The Compact Font Format; ISO 32000-1, 9.7.4.2 and 9.9.
"""

import struct
from collections.abc import Collection, Iterator, Sequence
from typing import Any

_CHARSET, _CHAR_STRINGS, _PRIVATE, _SUBRS = b"\x0f", b"\x11", b"\x12", b"\x13"
_ROS, _FD_ARRAY, _FD_SELECT = b"\x0c\x1e", b"\x0c\x24", b"\x0c\x25"
_Dict = list[tuple[bytes, bytes]]


class Unfit(Exception):
    """The font is of another make; it stays as it is."""


def shrink_fonts(document: Any, pdf: Any) -> None:
    """Shrink every font of a PDF that WeasyPrint is about to write."""
    used = {0} | {glyph for font in document.fonts.values() for glyph in font.to_unicode}
    for stream in (one for one in pdf.objects if hasattr(one, "stream")):
        if stream.extra.get("Subtype") != "/OpenType":
            continue
        try:
            small = shrink(stream.stream[0], used)
        except (Unfit, struct.error, IndexError, ValueError):
            continue
        stream.stream, stream.extra["Subtype"] = [small], "/CIDFontType0C"
    # Fonts refer to each other in a circle; whole font files would wait for the collector.
    document.fonts.clear()


def shrink(font: bytes, used: Collection[int]) -> bytes:
    """Return the CFF table of an OpenType font with the used glyphs alone, under their numbers.

    Raises:
        Unfit: it has no CFF table, is not keyed by CID, or shares subroutines.
    """
    cff = _table(font, b"CFF ")
    names, at = _read_index(cff, cff[2])
    tops, at = _read_index(cff, at)
    strings, at = _read_index(cff, at)
    subroutines, _ = _read_index(cff, at)
    top = _read_dict(tops[0])
    if top[0][0] != _ROS or subroutines:
        raise Unfit
    outlines, _ = _read_index(cff, _offset(top, _CHAR_STRINGS))
    selected = _read_select(cff, _offset(top, _FD_SELECT), len(outlines))
    kept = [glyph for glyph in sorted(used) if glyph < len(outlines)]
    parts = [_dict_with_private(cff, entry) for entry in _fonts(cff, top)]

    charset = b"\0" + b"".join(struct.pack(">H", glyph) for glyph in kept[1:])
    select = b"\0" + bytes(selected[glyph] for glyph in kept)
    before = cff[:4] + _index(names)
    after = _index(strings) + _index([])
    drawn = _index([outlines[glyph] for glyph in kept])

    start = len(before) + len(_index([_write_dict(top, {})])) + len(after)
    places = {_CHARSET: start, _FD_SELECT: start + len(charset)}
    places[_CHAR_STRINGS] = places[_FD_SELECT] + len(select)
    places[_FD_ARRAY] = places[_CHAR_STRINGS] + len(drawn)
    entries = _index([_write_dict(entry, {_PRIVATE: (0, 0)}) for entry, _ in parts])
    at, written = places[_FD_ARRAY] + len(entries), []
    for entry, private in parts:
        written.append(_write_dict(entry, {_PRIVATE: (len(private), at)}))
        at += len(private)
    head = _write_dict(top, {key: (place,) for key, place in places.items()})
    privates = [private for _, private in parts]
    return b"".join(
        (before, _index([head]), after, charset, select, drawn, _index(written), *privates)
    )


def _table(font: bytes, name: bytes) -> bytes:
    for place in range(struct.unpack_from(">H", font, 4)[0]):
        tag, _, offset, length = struct.unpack_from(">4sIII", font, 12 + 16 * place)
        if tag == name:
            return font[offset : offset + length]
    raise Unfit


def _fonts(cff: bytes, top: _Dict) -> list[_Dict]:
    entries, _ = _read_index(cff, _offset(top, _FD_ARRAY))
    return [_read_dict(entry) for entry in entries]


def _dict_with_private(cff: bytes, entry: _Dict) -> tuple[_Dict, bytes]:
    size, offset = _numbers(dict(entry).get(_PRIVATE, b""))
    private = cff[offset : offset + size]
    if any(key == _SUBRS for key, _ in _read_dict(private)):
        raise Unfit
    return entry, private


def _read_index(cff: bytes, at: int) -> tuple[list[bytes], int]:
    """Read an INDEX; return its parts and where it ends."""
    (count,) = struct.unpack_from(">H", cff, at)
    if count == 0:
        return [], at + 2
    size, first = cff[at + 2], at + 3
    ends = [
        int.from_bytes(cff[first + size * place : first + size * (place + 1)])
        for place in range(count + 1)
    ]
    data = first + size * (count + 1) - 1
    parts = [cff[data + ends[place] : data + ends[place + 1]] for place in range(count)]
    return parts, data + ends[-1]


def _index(parts: Sequence[bytes]) -> bytes:
    """Write an INDEX."""
    if not parts:
        return b"\0\0"
    ends = [1]
    for part in parts:
        ends.append(ends[-1] + len(part))
    size = (ends[-1].bit_length() + 7) // 8
    offsets = b"".join(end.to_bytes(size) for end in ends)
    return struct.pack(">HB", len(parts), size) + offsets + b"".join(parts)


def _read_dict(data: bytes) -> _Dict:
    """Read a DICT: each operator with its operands as they are written."""
    found, at, begun = [], 0, 0
    while at < len(data):
        byte = data[at]
        if byte <= 21:
            length = 2 if byte == 12 else 1
            found.append((data[at : at + length], data[begun:at]))
            at = begun = at + length
        elif byte == 30:
            at += 1
            while data[at] & 0x0F != 0x0F and data[at] >> 4 != 0x0F:
                at += 1
            at += 1
        else:
            at += {28: 3, 29: 5}.get(byte, 1 if byte < 247 else 2)
    return found


def _write_dict(entries: _Dict, changed: dict[bytes, tuple[int, ...]]) -> bytes:
    """Write a DICT with offsets in five bytes each, so that its length does not hang on them."""
    moved = {_CHARSET: 1, _CHAR_STRINGS: 1, _FD_ARRAY: 1, _FD_SELECT: 1, _PRIVATE: 2}
    written = b""
    for key, operands in entries:
        if key in moved:
            numbers = changed.get(key, (0,) * moved[key])
            operands = b"".join(b"\x1d" + struct.pack(">i", number) for number in numbers)
        written += operands + key
    return written


def _offset(entries: _Dict, key: bytes) -> int:
    found = _numbers(dict(entries).get(key, b""))
    if len(found) != 1:
        raise Unfit
    return found[0]


def _numbers(operands: bytes) -> list[int]:
    return list(_integers(operands))


def _integers(operands: bytes) -> Iterator[int]:
    at = 0
    while at < len(operands):
        byte = operands[at]
        if byte == 29:
            yield struct.unpack_from(">i", operands, at + 1)[0]
            at += 5
        elif byte == 28:
            yield struct.unpack_from(">h", operands, at + 1)[0]
            at += 3
        elif 32 <= byte <= 246:
            yield byte - 139
            at += 1
        elif 247 <= byte <= 254:
            high, sign = (byte - 247, 1) if byte < 251 else (byte - 251, -1)
            yield sign * (high * 256 + operands[at + 1] + 108)
            at += 2
        else:
            raise Unfit


def _read_select(cff: bytes, at: int, count: int) -> Sequence[int]:
    """Read which of the fonts within draws each glyph."""
    if cff[at] == 0:
        return cff[at + 1 : at + 1 + count]
    if cff[at] != 3:
        raise Unfit
    (ranges,) = struct.unpack_from(">H", cff, at + 1)
    selected = bytearray(count)
    for place in range(ranges):
        first, chosen, end = struct.unpack_from(">HBH", cff, at + 3 + 3 * place)
        selected[first:end] = bytes([chosen]) * (end - first)
    return selected
