"""The same catalogue in SQLite alone: FTS5 finds, ranks and marks, GROUP BY counts the facets.

FTS5's own tokenizers find no run of characters inside Chinese text shorter than three, so the
characters are set apart and every term is a phrase of them: the same answers as ours.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matchplatform.catalogue.rows import ProjectRow
from matchplatform.search import SearchDoc, normalise

FACETS = ("state", "due", "sector", "city", "county", "kind", "want", "amount", "people")
SHOWN = 10
_COLUMNS = ("title", "place", "region", "body", "extra", "number")
_WEIGHTS = "16, 13, 11, 9, 8, 20"


@dataclass(frozen=True)
class PeerAnswer:
    """What a page of results needs: ids found, counts by facet, the first rows marked."""

    ids: frozenset[int]
    counts: Mapping[str, Mapping[str, int]]
    shown: Sequence[tuple[str, ...]]


class Peer:
    """An FTS5 table and a table of facet values, in memory."""

    def __init__(
        self,
        docs: Sequence[SearchDoc],
        rows: Sequence[ProjectRow],
        values: Mapping[int, Mapping[str, Sequence[str]]],
    ) -> None:
        self._base = sqlite3.connect(":memory:")
        self._base.executescript(
            f"CREATE VIRTUAL TABLE texts USING fts5({', '.join(_COLUMNS)}, tokenize='unicode61');"
            "CREATE TABLE facts (id INTEGER PRIMARY KEY, gap REAL);"
            "CREATE TABLE facets (id INTEGER, facet TEXT, value TEXT);"
            "CREATE TEMP TABLE hits (id INTEGER PRIMARY KEY, score REAL);"
        )
        holes = ", ".join("?" * (len(_COLUMNS) + 1))
        self._base.executemany(
            f"INSERT INTO texts (rowid, {', '.join(_COLUMNS)}) VALUES ({holes})",
            (
                (d.id, *map(_apart, (d.title, d.place, d.region, d.text, d.extra, d.number)))
                for d in docs
            ),
        )
        self._base.executemany(
            "INSERT INTO facts VALUES (?, ?)", ((row.id, float(row.figures.gap)) for row in rows)
        )
        self._base.executemany(
            "INSERT INTO facets VALUES (?, ?, ?)",
            (
                (id_, facet, value)
                for id_, by_facet in values.items()
                for facet, all_ in by_facet.items()
                for value in all_
            ),
        )
        self._base.executescript(
            "CREATE INDEX by_id ON facets (id, facet, value);"
            "CREATE INDEX by_facet ON facets (facet, value, id);"
            "INSERT INTO texts (texts) VALUES ('optimize'); ANALYZE;"
        )

    def match(self, terms: Sequence[str]) -> list[int]:
        """Return the ids that hold all the terms, the best first: the search and nothing else."""
        sql = f"SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY bm25(texts, {_WEIGHTS}), rowid"
        return [id_ for (id_,) in self._base.execute(sql, [_phrases(terms)])]

    def ask(self, terms: Sequence[str], wanted: tuple[str, str] | None) -> PeerAnswer:
        """Return a page of results: found, filtered, counted, marked."""
        self._base.execute("DELETE FROM hits")
        self._base.execute(
            f"INSERT INTO hits SELECT rowid, bm25(texts, {_WEIGHTS}) FROM texts WHERE texts MATCH ?",
            [_phrases(terms)],
        )
        counts = {facet: self._count(facet, wanted) for facet in FACETS}
        where, values = _filter(wanted)
        ids = [
            id_
            for (id_,) in self._base.execute(
                f"SELECT id FROM hits WHERE 1 {where} ORDER BY score, id", values
            )
        ]
        self._base.execute(
            f"SELECT sum(gap) FROM facts JOIN hits USING (id) WHERE 1 {where}", values
        ).fetchone()
        return PeerAnswer(frozenset(ids), counts, self._mark(ids[:SHOWN], terms))

    def _count(self, facet: str, wanted: tuple[str, str] | None) -> dict[str, int]:
        where, values = _filter(wanted if wanted and wanted[0] != facet else None)
        return dict(
            self._base.execute(
                "SELECT value, count(*) FROM hits JOIN facets USING (id)"
                f" WHERE facet = ? {where} GROUP BY value",
                [facet, *values],
            ).fetchall()
        )

    def _mark(self, ids: Sequence[int], terms: Sequence[str]) -> list[tuple[str, ...]]:
        holes = ", ".join("?" * len(ids))
        return self._base.execute(
            "SELECT highlight(texts, 0, '<', '>'), highlight(texts, 1, '<', '>'),"
            " snippet(texts, 3, '<', '>', '…', 64)"
            f" FROM texts WHERE texts MATCH ? AND rowid IN ({holes})",
            [_phrases(terms), *ids],
        ).fetchall()


def _filter(wanted: tuple[str, str] | None) -> tuple[str, list[str]]:
    if wanted is None:
        return "", []
    return " AND id IN (SELECT id FROM facets WHERE facet = ? AND value = ?)", [*wanted]


def _apart(text: str) -> str:
    return " ".join(normalise(text))


def _phrases(terms: Sequence[str]) -> str:
    return " AND ".join(f'"{_apart(term)}"' for term in terms)
