"""The one error of the index."""

from collections.abc import Iterator
from contextlib import contextmanager


class IndexUnavailable(Exception):
    """The index is missing, corrupted, of another version, or cannot be written."""


@contextmanager
def guarded(doing: str) -> Iterator[None]:
    """Turn whatever goes wrong inside the block into IndexUnavailable."""
    try:
        yield
    except IndexUnavailable:
        raise
    except Exception as error:
        # Anything may lie in the folder, and what Whoosh raises on it is as varied; it all
        # means the same to the caller: answer without the index, and have it rebuilt.
        raise IndexUnavailable(f"{doing}: {error!r}") from error
