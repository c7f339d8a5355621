"""Look through a PDF for what acts by itself or is not a PDF; the file is kept as it came.

It is not written anew, which would break the electronic seals of certificates. Two views are
searched: all bytes as they lie, so that an object no table leads to is seen too, and every object
stream, decoded by pypdf, found by the file's own tables or by its place in the bytes.
Run as ``python -m matchplatform.files.pdfs``, confined; see child.

Source: ISO 32000-1, 7.3.5 (names), 7.5 (file structure), 7.5.7 (object streams), 12.6.4 (actions).
"""

import re
from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import StreamObject, read_object

from matchplatform.files.child import run
from matchplatform.files.verdicts import Limits, Verdict

# Long names only: three bytes such as /JS stand in any picture by chance, and no script runs
# without the long name beside it.
ACTIVE_NAMES = (
    b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/Rendition", b"/XFA",
    b"/SubmitForm", b"/ImportData", b"/GoToE",
)  # fmt: skip
MOST_DECODED = 200 * 1024 * 1024
TAIL = 1024
ZIP_END, ZIP_END_SIZE, LONGEST_ZIP_COMMENT = b"PK\x05\x06", 22, 65535

_HEADER = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n %]")
_OBJECT = re.compile(rb"(?<![0-9])[0-9]{1,10}[\s\0]+[0-9]{1,5}[\s\0]+obj[\s\0]*")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def look_through(data: bytes, limits: Limits) -> tuple[Verdict, bytes]:
    """Return what is wrong with a PDF, if anything."""
    plain = _unescape(data)
    if not _has_both_ends(data):
        return Verdict.UNREADABLE, b""
    if _ends_as_zip(data):
        return Verdict.TWO_IN_ONE, b""
    if re.search(rb"/Encrypt[\s\0<]", plain):
        return Verdict.ENCRYPTED, b""
    if _acts(plain):
        return Verdict.ACTIVE, b""
    reader = PdfReader(BytesIO(data), strict=False)
    if reader.is_encrypted:
        return Verdict.ENCRYPTED, b""
    decoded = 0
    for text in _object_streams(data, reader):
        decoded += len(text)
        if decoded > MOST_DECODED:
            return Verdict.TOO_HEAVY, b""
        if _acts(_unescape(text)):
            return Verdict.ACTIVE, b""
    pages = len(reader.pages)
    if pages == 0:
        return Verdict.UNREADABLE, b""
    return (Verdict.TOO_MANY_PAGES if pages > limits.pages else Verdict.FINE), b""


def _has_both_ends(data: bytes) -> bool:
    tail = data[-TAIL:].rstrip(b"\r\n\t \0")
    return bool(_HEADER.match(data)) and tail.endswith(b"%%EOF") and b"startxref" in tail


def _ends_as_zip(data: bytes) -> bool:
    """Tell whether an unpacker would take the file for an archive, comment at its end and all."""
    tail = data[-(ZIP_END_SIZE + LONGEST_ZIP_COMMENT) :]
    at = tail.find(ZIP_END)
    while at >= 0:
        record = tail[at : at + ZIP_END_SIZE]
        if int.from_bytes(record[20:22], "little") == len(tail) - at - ZIP_END_SIZE:
            return True
        at = tail.find(ZIP_END, at + 1)
    return False


def _unescape(text: bytes) -> bytes:
    """Write the names of a PDF plainly: /J#61vaScript is /JavaScript."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text)


def _acts(plain: bytes) -> bool:
    return any(name in plain for name in ACTIVE_NAMES)


def _object_streams(data: bytes, reader: PdfReader) -> Iterator[bytes]:
    """Decode what the tables call object streams, then whatever looks like one in the bytes."""
    for number in {stream for stream, _index in reader.xref_objStm.values()}:
        found = reader.get_object(number)
        if isinstance(found, StreamObject):
            yield found.get_data()
    starts = [found.end() for found in _OBJECT.finditer(data)]
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        told = _unescape(data[start:end])
        if b"stream" in told and (b"/ObjStm" in told or b"/First" in told):
            source = BytesIO(data)
            source.seek(start)
            found = read_object(source, reader)
            if isinstance(found, StreamObject):
                yield found.get_data()


if __name__ == "__main__":
    run(look_through)
