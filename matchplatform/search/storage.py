"""Files of the index with a checksum each, read whole, so that what is read is what was written.

Whoosh unpickles what it reads: nothing reaches it unchecked. Reading whole also means that a
file which is later cut short or removed cannot hurt a reader (a memory map would end the
process), and that the threads of a process share one copy.
"""

import zlib
from collections.abc import Collection
from io import BytesIO
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile, StructFile

from matchplatform.search.errors import IndexUnavailable

_CHECK_BYTES = 4


class CheckedStorage(FileStorage):  # type: ignore[misc]
    """A folder of files that end in the CRC-32 of their content."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), supports_mmap=False)
        self._kept: dict[str, bytes] = {}

    def create_file(self, name: str, **_: Any) -> Any:
        """Return a file in memory that is written out, with its checksum, when closed."""

        def write_out(stream: Any) -> None:
            content = stream.file.getvalue()
            check = zlib.crc32(content).to_bytes(_CHECK_BYTES, "big")
            Path(self.folder, name).write_bytes(content + check)

        return StructFile(BytesIO(), name=name, onclose=write_out)

    def open_file(self, name: str, **_: Any) -> Any:
        """Return a file for reading.

        Raises:
            IndexUnavailable: its content is not what was written.
        """
        return BufferFile(self._content(name), name=name)

    def file_length(self, name: str) -> int:
        """Return the length of a file without its checksum."""
        return len(self._content(name))

    def forget_others(self, names: Collection[str]) -> None:
        """Let go of the content of all segments but these."""
        for name in list(self._kept):
            if name.partition(".")[0] not in names:
                self._kept.pop(name, None)

    def _content(self, name: str) -> bytes:
        kept = self._kept.get(name)
        if kept is not None:
            return kept
        raw = Path(self.folder, name).read_bytes()
        content = raw[:-_CHECK_BYTES]
        if zlib.crc32(content).to_bytes(_CHECK_BYTES, "big") != raw[-_CHECK_BYTES:]:
            raise IndexUnavailable(f"{name} is corrupted")
        # A segment's files never change once written; tables of contents come and go.
        if not name.startswith("_"):
            self._kept[name] = content
        return content
