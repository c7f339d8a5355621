"""The postings of a segment while it is written: which documents hold a term, and no more."""

from array import array
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

# field, term, place of the document, weight, payload: what Whoosh passes about.
Posting = tuple[str, bytes, int, float, bytes]


class PostingLists:
    """Takes the place of Whoosh's pool, which sorts millions of tuples.

    Our fields only say that a term is there, and documents come in order; so a list of numbers
    for each term is all there is to keep.
    """

    def __init__(self) -> None:
        self._lists: defaultdict[tuple[str, bytes], array[int]] = defaultdict(lambda: array("I"))
        self.fieldnames: set[str] = set()

    def add(self, item: Posting) -> None:
        """Keep one posting."""
        self.fieldnames.add(item[0])
        self._lists[item[0], item[1]].append(item[2])

    def iter_postings(self) -> Iterator[Posting]:
        """Yield all postings by field, term and document."""
        for field, term in sorted(self._lists):
            for place in self._lists[field, term]:
                yield field, term, place, 1.0, b""

    def cleanup(self) -> None:
        """Let go of everything."""
        self._lists.clear()


def write_lightly(writer: Any) -> None:
    """Make a segment writer of Whoosh leave out what no field of ours has."""
    writer.pool = PostingLists()
    add_postings = writer.fieldwriter.add_postings

    def without_lengths(schema: Any, _lengths: Any, items: Iterator[Posting]) -> None:
        # It would look for the length of a field, in files that are not there, at every posting.
        add_postings(schema, None, items)

    writer.fieldwriter.add_postings = without_lengths
