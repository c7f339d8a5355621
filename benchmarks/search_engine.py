"""Time the search engine beside SQLite's FTS5 on the same texts, in one run.

Run: ``python -m benchmarks.search_engine [documents] [queries]``.

The texts are the sentences of seeds/projects.csv, mixed anew. FTS5 comes in two shapes: the
trigram tokenizer, which cannot find runs under three characters and so falls back on LIKE, and
unicode61 over texts whose characters are set apart, asked for phrases.
"""

import csv
import random
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from matchplatform.search import SearchDoc, SearchIndex, parse_query
from matchplatform.search.normal import normalise

SEEDS = Path(__file__).parent.parent / "seeds" / "projects.csv"
TEXT_CHARS = 300

Find = Callable[[list[str]], set[int]]


def read_seeds() -> list[dict[str, str]]:
    """Read the seeds, the source of all sentences."""
    with SEEDS.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def make_docs(seeds: Sequence[dict[str, str]], count: int, dice: random.Random) -> list[SearchDoc]:
    """Mix ``count`` documents of about 300 characters from the seeds' sentences."""
    sentences = [s for seed in seeds for s in re.findall(r"[^。；]+[。；]?", seed["scope_text"])]
    docs = []
    for id_ in range(1, count + 1):
        seed, text = dice.choice(seeds), ""
        while len(text) < TEXT_CHARS - 20:
            text += dice.choice(sentences)
        docs.append(
            SearchDoc(
                id=id_,
                number=f"{seed['region_code']}-{id_:03d}",
                title=seed["name"],
                place=seed["place"],
                region="",
                text=text,
                extra="",
            )
        )
    return docs


def make_queries(docs: Sequence[SearchDoc], count: int, dice: random.Random) -> list[list[str]]:
    """Draw what visitors may ask: words, places, single characters, runs, two terms, numbers."""
    queries: list[list[str]] = []
    while len(queries) < count:
        doc, kind = dice.choice(docs), len(queries) % 6
        source = doc.text if kind in (0, 2, 3) else doc.title
        length = {0: 2, 1: 2, 2: 1, 3: dice.randint(3, 8), 4: 3}.get(kind, 0)
        start = dice.randrange(len(source) - length)
        raw = source[start : start + length] if length else doc.number
        if kind == 4:
            raw += " " + doc.text[start : start + 2]
        if terms := parse_query(raw):
            queries.append(terms)
    return queries


def open_trigram(docs: Sequence[SearchDoc]) -> Find:
    """Build FTS5 with the trigram tokenizer; terms under three characters go by LIKE."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE t USING fts5(body, tokenize='trigram')")
    base.executemany("INSERT INTO t(rowid, body) VALUES (?, ?)", _bodies(docs))

    def find(terms: list[str]) -> set[int]:
        wanted = [normalise(term) for term in terms]
        long = [f'"{term}"' for term in wanted if len(term) >= 3]
        short = [f"%{term}%" for term in wanted if len(term) < 3]
        where = ["t MATCH ?"] * bool(long) + ["body LIKE ?"] * len(short)
        order = " ORDER BY bm25(t)" if long else ""
        values = ([" AND ".join(long)] if long else []) + short
        rows = base.execute(f"SELECT rowid FROM t WHERE {' AND '.join(where)}{order}", values)
        return {row[0] for row in rows}

    return find


def open_unicode(docs: Sequence[SearchDoc]) -> Find:
    """Build FTS5 with unicode61 over characters set apart; every term is a phrase."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE t USING fts5(body, tokenize='unicode61')")
    rows = ((id_, " ".join(body)) for id_, body in _bodies(docs))
    base.executemany("INSERT INTO t(rowid, body) VALUES (?, ?)", rows)

    def find(terms: list[str]) -> set[int]:
        phrases = " AND ".join(f'"{" ".join(normalise(term))}"' for term in terms)
        rows = base.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t)", [phrases])
        return {row[0] for row in rows}

    return find


def _bodies(docs: Sequence[SearchDoc]) -> Iterator[tuple[int, str]]:
    for doc in docs:
        parts = (doc.title, doc.place, doc.text, doc.number)
        yield doc.id, "\n".join(map(normalise, parts))


def measure(find: Find, queries: Sequence[list[str]]) -> list[float]:
    """Return the milliseconds of each query, after one round to warm up."""
    times = []
    for timed in (False, True):
        for terms in queries:
            began = time.perf_counter()
            find(terms)
            if timed:
                times.append((time.perf_counter() - began) * 1000)
    return times


def timed(label: str, action: Callable[[], object]) -> None:
    """Print how long ``action`` takes."""
    began = time.perf_counter()
    action()
    print(f"{label:<34}{(time.perf_counter() - began) * 1000:>10.1f} ms")


def report(name: str, times: Sequence[float], base: Sequence[float]) -> None:
    """Print the quantiles of one engine, and its median beside ours."""
    cuts = statistics.quantiles(times, n=100)
    ratio = statistics.median(times) / statistics.median(base)
    numbers = (cuts[49], cuts[94], cuts[98], max(times))
    print(f"{name:<16}" + "".join(f"{number:>10.2f}" for number in numbers) + f"{ratio:>10.2f}")


def main(count: int = 5367, asked: int = 1200) -> None:
    """Build, ask, and print."""
    dice = random.Random(2020)
    docs = make_docs(read_seeds(), count, dice)
    queries = make_queries(docs, asked, dice)
    with tempfile.TemporaryDirectory() as folder:
        index = SearchIndex(Path(folder), frozenset({"光伏", "食用菌", "杏扁"}))
        timed(f"rebuild, {count} documents", lambda: index.rebuild(docs))
        timed("first find, everything loaded", lambda: index.find(["水"], 20))
        for _ in range(3):
            timed("put, one document", lambda: index.put(docs[0]))
            timed("find after a put", lambda: index.find(["水"], 20))
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        print(f"{'on disk':<34}{size / 2**20:>10.1f} MB\n")

        finds: dict[str, Find] = {
            "search/": lambda terms: {hit.id for hit in index.find(terms, count)},
            "fts5 trigram": open_trigram(docs),
            "fts5 unicode61": open_unicode(docs),
        }
        print(f"{asked} queries, ms" + "p50       p95       p99       max     x p50".rjust(46))
        base = measure(finds["search/"], queries)
        for name, find in finds.items():
            report(name, base if name == "search/" else measure(find, queries), base)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
