"""The folder of uploads: random names, readable by the service alone, outside the web root."""

import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO

INCOMING = "incoming"
_NAME = re.compile(r"[0-9a-f]{32}")
_BLOCK = 256 * 1024


class FileTooLarge(Exception):
    """More bytes came than are taken."""


@dataclass(frozen=True)
class Received:
    """Bytes as they came, in a file that nobody knows yet."""

    path: Path
    size: int
    sha256: str
    first_bytes: bytes


@dataclass(frozen=True)
class Storage:
    """The folder; ``incoming/`` holds what is being looked at, ``ab/cdef...`` what is kept."""

    root: Path

    def receive(self, stream: IO[bytes], most: int) -> Received:
        """Write what comes to a new file.

        Raises:
            FileTooLarge: it is more than ``most`` bytes.
        """
        path = self.new_incoming()
        digest, size, first_bytes = hashlib.sha256(), 0, b""
        try:
            with path.open("wb") as target:
                while block := stream.read(_BLOCK):
                    size += len(block)
                    if size > most:
                        raise FileTooLarge()
                    first_bytes = first_bytes or block[:64]
                    digest.update(block)
                    target.write(block)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Received(path, size, digest.hexdigest(), first_bytes)

    def new_incoming(self) -> Path:
        """Make an empty file of a random name in ``incoming/``."""
        folder = self._folder(INCOMING)
        path = folder / secrets.token_hex(16)
        path.touch(mode=0o600, exist_ok=False)
        return path

    def keep(self, path: Path) -> str:
        """Move a file from ``incoming/`` among those that are kept; it is on disk when this ends."""
        name = secrets.token_hex(16)
        self._folder(name[:2])
        with path.open("rb") as source:
            os.fsync(source.fileno())
        path.rename(self.path_of(name))
        _sync_folder(self.path_of(name).parent)
        return name

    def path_of(self, name: str) -> Path:
        """Return where the file of that name lies.

        Raises:
            ValueError: it is no name of ours.
        """
        if not _NAME.fullmatch(name):
            raise ValueError("not a stored name")
        return self.root / name[:2] / name[2:]

    def remove(self, name: str) -> None:
        """Remove a kept file; one that is gone already is no fault."""
        self.path_of(name).unlink(missing_ok=True)

    def shards(self) -> Iterator[tuple[str, list[str]]]:
        """Yield the first two digits of names and the names that begin so, folder by folder."""
        for number in range(256):
            prefix = f"{number:02x}"
            folder = self.root / prefix
            if folder.is_dir():
                names = [prefix + path.name for path in folder.iterdir()]
                yield prefix, sorted(name for name in names if _NAME.fullmatch(name))

    def is_older(self, path: Path, age: timedelta) -> bool:
        """Tell whether a file was written that long ago; one that is gone is not."""
        try:
            return path.stat().st_mtime < time.time() - age.total_seconds()
        except FileNotFoundError:
            return False

    def leftovers(self, age: timedelta) -> list[Path]:
        """List what lies in ``incoming/`` longer than any request lasts."""
        folder = self.root / INCOMING
        found = sorted(folder.iterdir()) if folder.is_dir() else []
        return [path for path in found if self.is_older(path, age)]

    def _folder(self, name: str) -> Path:
        folder = self.root / name
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync_folder(self.root)
        return folder


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
