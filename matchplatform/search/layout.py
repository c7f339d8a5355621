"""The folder of the index: generations side by side, and a pointer to the one in use.

A reader never waits: it follows the pointer, and what it has opened it has in memory. So a
generation that nothing points to can be removed at once; a reader that was about to open it
finds it gone and follows the pointer again.
"""

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from matchplatform.search.errors import IndexUnavailable, guarded

# To be raised with every change of what is stored or how texts are normalised.
VERSION = 2

_POINTER = "current"
_GENERATION = re.compile(r"v([0-9]+)-[0-9a-f]{12}")


def read_pointer(folder: Path) -> str:
    """Return the name of the generation in use.

    Raises:
        IndexUnavailable: there is none, or it is of another version.
    """
    with guarded("reading the pointer"):
        name = (folder / _POINTER).read_text("ascii")
    match = _GENERATION.fullmatch(name)
    if match is None or int(match[1]) != VERSION:
        raise IndexUnavailable("the index is of another version")
    return name


def name_generation() -> str:
    """Return the name of a new generation."""
    return f"v{VERSION}-{secrets.token_hex(6)}"


def point_to(folder: Path, name: str) -> None:
    """Put the generation ``name`` in use, in one step."""
    pointer = folder / _POINTER
    if pointer.is_dir() and not pointer.is_symlink():
        shutil.rmtree(pointer)
    fresh = folder / f"{_POINTER}.new"
    fresh.write_text(name, "ascii")
    fresh.replace(pointer)


def remove_unused(folder: Path) -> None:
    """Remove every generation but the one in use, half-built ones included."""
    try:
        used = read_pointer(folder)
    except IndexUnavailable:
        used = ""
    for path in folder.iterdir():
        if path.name != used and _GENERATION.fullmatch(path.name):
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def write_lock(folder: Path) -> Iterator[None]:
    """Hold the folder for writing, waiting for whoever writes; not to be nested."""
    with guarded("locking the index"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
