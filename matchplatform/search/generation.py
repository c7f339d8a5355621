"""One generation of the index on disk: Whoosh's segments, opened for reading and writing."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh.fields import ID, STORED, Schema
from whoosh.index import TOC, FileIndex
from whoosh.query import Or, Term
from whoosh.reading import SegmentReader

from matchplatform.search.document import Entry, pack, unpack
from matchplatform.search.normal import grams
from matchplatform.search.postings import write_lightly
from matchplatform.search.shelf import Shelf
from matchplatform.search.snapshot import Leaf, Snapshot
from matchplatform.search.storage import CheckedStorage

_NAME = "MAIN"
_MAX_SEGMENTS = 20

SCHEMA = Schema(id=ID(), gram=ID(), number=ID(), entry=STORED())


class Generation:
    """A folder of segments; shared by the threads of a process."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._storage = CheckedStorage(path)
        self._index = FileIndex(self._storage, schema=SCHEMA, indexname=_NAME)
        self._shelves: dict[str, Shelf] = {}
        self._lock = threading.Lock()

    @classmethod
    def create(cls, path: Path, entries: Iterable[Entry]) -> "Generation":
        """Build a generation of one segment in a new folder."""
        path.mkdir()
        FileIndex.create(CheckedStorage(path), SCHEMA, _NAME)
        built = cls(path)
        with built._writer() as writer:
            for entry in entries:
                _add(writer, entry)
        return built

    def replace(self, entries: Iterable[Entry], gone: Iterable[int] = ()) -> None:
        """Put entries in, over those of the same id, and take out those that are gone."""
        entries = list(entries)
        replaced = [*gone, *(entry.id for entry in entries)]
        with self._writer() as writer:
            writer.delete_by_query(Or([Term("id", str(id_)) for id_ in replaced]))
            for entry in entries:
                _add(writer, entry)

    def is_current(self, snapshot: Snapshot) -> bool:
        """Tell whether nothing was written since ``snapshot`` was opened."""
        return bool(self._index.latest_generation() == snapshot.number)

    def open(self) -> Snapshot:
        """Open what is there now, for one thread."""
        toc = TOC.read(self._storage, _NAME, schema=SCHEMA)
        leaves = []
        for segment in toc.segments:
            reader = SegmentReader(self._storage, SCHEMA, segment)
            leaves.append(Leaf(reader, self._shelf(segment.segment_id(), reader)))
        self._forget_others({segment.segment_id() for segment in toc.segments})
        return Snapshot(self.name, toc.generation, leaves)

    def _shelf(self, name: str, reader: Any) -> Shelf:
        with self._lock:
            if name not in self._shelves:
                # Deleted ones too: a thread may still read from before the deletion.
                numbers = range(reader.doc_count_all())
                self._shelves[name] = Shelf(
                    unpack(reader.stored_fields(number)["entry"]) for number in numbers
                )
            return self._shelves[name]

    def _forget_others(self, names: set[str]) -> None:
        with self._lock:
            for name in set(self._shelves) - names:
                del self._shelves[name]
        self._storage.forget_others(names)

    @contextmanager
    def _writer(self) -> Iterator[Any]:
        # Separate files rather than one compound file: readers of a compound file copy it.
        writer = self._index.writer(compound=False)
        write_lightly(writer)
        try:
            yield writer
        except BaseException:
            writer.cancel()
            raise
        # A commit without merging is visible in milliseconds; now and then the small ones merge.
        writer.commit(merge=len(writer.segments) > _MAX_SEGMENTS)


def _add(writer: Any, entry: Entry) -> None:
    writer.add_document(
        id=str(entry.id),
        gram=list(grams(entry.normal)),
        number=entry.number_tails(),
        entry=pack(entry),
    )
