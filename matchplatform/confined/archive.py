"""Look at the zip archive that an XLSX is before anything in it is read.

Source: ECMA-376 part 2 (packages); the names of parts are those that Excel, WPS, LibreOffice,
Numbers and the usual libraries write.
"""

import re
import zipfile
import zlib
from io import BytesIO

from matchplatform.confined.limits import MEGABYTE, ReadLimits
from matchplatform.confined.troubles import Trouble, Unfit

_ENCRYPTED_BIT = 0x1
_PART = re.compile(
    r"\[Content_Types\]\.xml"
    r"|(_rels|docProps|docMetadata|customXml|xl)/([\w .-]+/){0,3}[\w .-]*\.(xml|rels|vml)"
    r"|xl/(media|printerSettings)/[\w .-]+|docProps/thumbnail\.\w+"
    r"|([\w.-]+/){0,3}"
)
# What acts, or reaches for something outside the file, by a piece of its name.
_ACTING = {
    "vbaproject": Trouble.MACROS,
    "vbadata": Trouble.MACROS,
    "macrosheets/": Trouble.MACROS,
    "activex/": Trouble.MACROS,
    "ctrlprops/": Trouble.MACROS,
    "customui": Trouble.MACROS,
    "externallinks/": Trouble.EXTERNAL_LINKS,
    "connections.xml": Trouble.EXTERNAL_LINKS,
    "querytables/": Trouble.EXTERNAL_LINKS,
    "webextensions/": Trouble.EXTERNAL_LINKS,
    "embeddings/": Trouble.STRANGE_PARTS,
}
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


class Archive:
    """An archive that was found fit; its XML parts are read through ``part``."""

    def __init__(self, data: bytes, limits: ReadLimits) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _BROKEN as error:
            raise Unfit(Trouble.TRUNCATED) from error
        self._infos = {info.filename: info for info in self._zip.infolist()}
        self._check_names()
        self._check_sizes(len(data), limits)
        self._check_parts()

    def part(self, name: str) -> bytes:
        """Return one part, unpacked.

        Raises:
            Unfit: it is not there or broken.
        """
        if name not in self._infos:
            raise Unfit(Trouble.UNREADABLE)
        try:
            return self._zip.read(name)
        except _BROKEN as error:
            raise Unfit(Trouble.TRUNCATED) from error

    def has(self, name: str) -> bool:
        """Tell whether there is such a part."""
        return name in self._infos

    def _check_names(self) -> None:
        for name in self._infos:
            for piece, trouble in _ACTING.items():
                if piece in name.casefold():
                    raise Unfit(trouble)
        strange = sorted(name for name in self._infos if not _PART.fullmatch(name) or ".." in name)
        if strange or len(self._infos) != len(self._zip.infolist()):
            raise Unfit(Trouble.STRANGE_PARTS)
        if not self.has("[Content_Types].xml") or not self.has("xl/workbook.xml"):
            raise Unfit(Trouble.OTHER_CONTENT)

    def _check_sizes(self, size: int, limits: ReadLimits) -> None:
        infos = list(self._infos.values())
        if any(info.flag_bits & _ENCRYPTED_BIT for info in infos):
            raise Unfit(Trouble.ENCRYPTED)
        if len(infos) > limits.members:
            raise Unfit(Trouble.STRANGE_PARTS)
        unpacked = sum(info.file_size for info in infos)
        # Parts that overlap claim, together, more bytes than were sent.
        packed = sum(info.compress_size for info in infos)
        if unpacked > limits.unpacked or packed > size:
            raise Unfit(Trouble.UNFOLDS)
        if any(info.file_size > max(info.compress_size * limits.times, MEGABYTE) for info in infos):
            raise Unfit(Trouble.UNFOLDS)

    def _check_parts(self) -> None:
        """Unpack each XML part once: whole, as long as it says, plain UTF-8, without a DTD."""
        for name in self._infos:
            if not name.endswith((".xml", ".rels")):
                continue
            text = self.part(name)
            if text[:4].startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in text[:64]:
                raise Unfit(Trouble.UNREADABLE)
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise Unfit(Trouble.STRANGE_PARTS)
        if b"macroenabled" in self.part("[Content_Types].xml").lower():
            raise Unfit(Trouble.MACROS)
