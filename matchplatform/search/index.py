"""The index as its users see it: one writer, any number of readers."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from matchplatform.search.completion import complete
from matchplatform.search.document import SearchDoc, make_entry
from matchplatform.search.errors import IndexUnavailable, guarded
from matchplatform.search.generation import Generation
from matchplatform.search.layout import (
    name_generation,
    point_to,
    read_pointer,
    remove_unused,
    write_lock,
)
from matchplatform.search.near import near_terms
from matchplatform.search.normal import normalise
from matchplatform.search.query import MAX_CHARS, MAX_TERMS
from matchplatform.search.ranking import Hit, rank
from matchplatform.search.snapshot import Snapshot
from matchplatform.search.sound import join_syllables
from matchplatform.search.words import WordCutter

T = TypeVar("T")

# A writer may remove what a reader is about to open; then the reader looks again.
_PAUSES = (0.0, 0.005, 0.05)  # seconds before each attempt
_MOST_TRIED = 12


class SearchIndex:
    """A text index in a folder; its methods raise IndexUnavailable, and no other error of theirs."""

    def __init__(self, folder: Path, words: frozenset[str] | None = None) -> None:
        self._folder = Path(folder)
        self._cutter = WordCutter(words or frozenset())
        self._current: Generation | None = None
        self._of_thread = threading.local()

    def put(self, doc: SearchDoc) -> None:
        """Put a document in, over an older one of the same id."""
        self.put_many([doc])

    def put_many(self, docs: Iterable[SearchDoc]) -> None:
        """Put documents in, in one step; of two with the same id the later one."""
        entries = {doc.id: make_entry(doc, self._cutter) for doc in docs}
        if entries:
            with write_lock(self._folder), guarded("writing the index"):
                self._generation(read_pointer(self._folder)).replace(entries.values())

    def drop(self, id: int) -> None:
        """Take a document out, if it is there."""
        with write_lock(self._folder), guarded("writing the index"):
            self._generation(read_pointer(self._folder)).replace([], gone=[id])

    def rebuild(self, docs: Iterable[SearchDoc]) -> None:
        """Build a new index beside the old one and swap it in.

        ``docs`` is read while other writers wait: pass an iterator that reads the database
        then, and no change is lost between.
        """
        with guarded("making the folder"):
            self._folder.mkdir(parents=True, exist_ok=True)
        with write_lock(self._folder):
            entries = {doc.id: make_entry(doc, self._cutter) for doc in docs}
            name = name_generation()
            with guarded("building the index"):
                # First, too: what a failed attempt left may be what fills the disk.
                remove_unused(self._folder)
                Generation.create(self._folder / name, entries.values())
                point_to(self._folder, name)
                remove_unused(self._folder)

    def find(self, terms: Sequence[str], limit: int, match_any: bool = False) -> list[Hit]:
        """Find the documents that hold all the terms, or any, the best first."""
        wanted = _clean(terms)
        if not wanted or limit < 1:
            return []
        snapshot = self._snapshot()
        with guarded("reading the index"):
            weighed, entries = snapshot.candidates(wanted, match_any=match_any)
        return rank(entries, weighed, match_any=match_any)[:limit]

    def loosen(self, terms: Sequence[str]) -> list[str]:
        """Cut terms into their words, for a wider try with ``match_any``."""
        words = (word for term in terms for word in self._cutter.cut(normalise(term)))
        return list(dict.fromkeys(words))[:MAX_TERMS]

    def correct(self, terms: Sequence[str], limit: int = 3) -> list[str]:
        """Return queries that find something, for terms of which one finds nothing by itself."""
        wanted = _clean(terms)
        snapshot = self._snapshot()
        found: list[str] = []
        for place, term in enumerate(wanted):
            if self.find([term], 1):
                continue
            with guarded("reading the index"):
                meant = near_terms(term, snapshot.vocabularies())
            for other in meant[:_MOST_TRIED]:
                query = [*wanted[:place], other, *wanted[place + 1 :]]
                if len(found) < limit and self.find(query, 1):
                    found.append(" ".join(query))
            break
        return list(dict.fromkeys(found))

    def complete(self, raw: str, limit: int) -> list[int]:
        """Return the ids whose title or place holds what is typed so far, the best first."""
        typed = normalise(raw[:MAX_CHARS])[:MAX_CHARS].strip()
        if not typed or limit < 1:
            return []
        snapshot = self._snapshot()
        with guarded("reading the index"):
            _weighed, held = snapshot.candidates([typed], match_any=False)
            if any(map(str.isdigit, typed)):
                # A number is typed from its beginning, and only its ends are in the index.
                held += [one for one in snapshot.entries() if one.begins_number(typed)]
            return complete(held, typed, limit)

    def count(self) -> int:
        """Return how many documents there are."""
        return self._snapshot().count()

    def ids(self) -> set[int]:
        """Return the ids of all documents."""
        return self._snapshot().ids()

    def is_usable(self) -> bool:
        """Tell whether the index on disk, not only what is in memory, can be read."""
        try:
            self._again(lambda name: Generation(self._folder / name).open())
        except IndexUnavailable:
            return False
        return True

    def _snapshot(self) -> Snapshot:
        snapshot = self._again(self._refresh)
        self._of_thread.snapshot = snapshot
        return snapshot

    def _refresh(self, name: str) -> Snapshot:
        generation = self._generation(name)
        kept: Snapshot | None = getattr(self._of_thread, "snapshot", None)
        if kept is not None and kept.generation == name and generation.is_current(kept):
            return kept
        return generation.open()

    def _generation(self, name: str) -> Generation:
        # Two threads may both open it; one of the two is kept, and both are right.
        current = self._current
        if current is None or current.name != name:
            self._current = current = Generation(self._folder / name)
        return current

    def _again(self, action: Callable[[str], T]) -> T:
        for pause in _PAUSES:
            if pause:
                time.sleep(pause)
            name = read_pointer(self._folder)
            try:
                with guarded("opening the index"):
                    return action(name)
            except IndexUnavailable as error:
                # What Whoosh raises when a commit overtakes a reader is varied: look again.
                failure = error
        raise failure


def _clean(terms: Sequence[str]) -> list[str]:
    cut = (normalise(term[:MAX_CHARS])[:MAX_CHARS].strip() for term in terms)
    return list(dict.fromkeys(join_syllables(list(filter(None, cut)))))[:MAX_TERMS]
