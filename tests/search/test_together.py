"""One writer and many readers, in threads and in processes, do not disturb each other."""

import dataclasses
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from matchplatform.search import IndexUnavailable, SearchDoc, SearchIndex

READERS = 8
SECONDS = 2.0

Fault = str


def read_until(index: SearchIndex, is_over: Callable[[], bool], faults: list[Fault]) -> None:
    """Ask again and again; whatever is not a right answer is a fault."""
    while not is_over():
        try:
            if [hit.id for hit in index.find(["黑崖沟", "提灌"], 10)] != [1]:
                faults.append("document 1 was not found")
            if not 6 <= len(index.ids()) <= 7:
                faults.append("documents are missing")
        except Exception as error:
            faults.append(repr(error))


def write_until(index: SearchIndex, docs: list[SearchDoc], is_over: Callable[[], bool]) -> int:
    """Put, drop and rebuild again and again; return how often."""
    turn = 0
    while not is_over():
        turn += 1
        index.put(dataclasses.replace(docs[0], extra=f"第{turn}次"))
        index.put(dataclasses.replace(docs[1], id=7))
        index.drop(7)
        if turn % 5 == 0:
            index.rebuild(docs)
    return turn


def read_while_writing(index: SearchIndex, docs: list[SearchDoc]) -> tuple[int, list[Fault]]:
    """Let eight threads read what this one writes; return the rounds and the faults."""
    faults: list[Fault] = []
    over = threading.Event()
    readers = [
        threading.Thread(target=read_until, args=(index, over.is_set, faults))
        for _ in range(READERS)
    ]
    for reader in readers:
        reader.start()
    ends = time.monotonic() + SECONDS
    try:
        rounds = write_until(index, docs, lambda: time.monotonic() > ends)
    finally:
        over.set()
        for reader in readers:
            reader.join()
    return rounds, faults


def write_in_process(folder: Path, docs: list[SearchDoc], over: Event) -> None:
    """Write from another process until told to end."""
    write_until(SearchIndex(folder), docs, over.is_set)


class SwappingInTwoSteps(SearchIndex):
    """The seeded twin: it takes the old index away before the new one stands."""

    def rebuild(self, docs: object) -> None:
        """Remove, then build."""
        (self._folder / "current").unlink(missing_ok=True)
        super().rebuild(docs)  # type: ignore[arg-type]


class TestTogether:
    def test_readers_in_threads_never_err(self, index: SearchIndex, docs: list[SearchDoc]) -> None:
        rounds, faults = read_while_writing(index, docs)
        assert rounds >= 5
        assert faults == []

    def test_readers_in_another_process_never_err(
        self, index: SearchIndex, docs: list[SearchDoc], tmp_path: Path
    ) -> None:
        context = multiprocessing.get_context("spawn")
        over, faults = context.Event(), list[Fault]()
        process = context.Process(target=write_in_process, args=(tmp_path / "index", docs, over))
        process.start()
        ends = time.monotonic() + SECONDS + 1
        read_until(index, lambda: time.monotonic() > ends, faults)
        over.set()
        process.join(30)
        assert process.exitcode == 0
        assert faults == []

    def test_two_writers_wait_for_each_other(
        self, index: SearchIndex, docs: list[SearchDoc], tmp_path: Path
    ) -> None:
        others = [SearchIndex(tmp_path / "index") for _ in range(4)]

        def put_ten(writer: SearchIndex, base: int) -> None:
            for step in range(10):
                writer.put(dataclasses.replace(docs[0], id=base + step))

        threads = [
            threading.Thread(target=put_ten, args=(other, 100 * n))
            for n, other in enumerate(others, 1)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert index.count() == 6 + 40

    def test_the_harness_catches_a_swap_in_two_steps(
        self, docs: list[SearchDoc], tmp_path: Path
    ) -> None:
        index = SwappingInTwoSteps(tmp_path)
        index.rebuild(docs)
        _, faults = read_while_writing(index, docs)
        assert any(IndexUnavailable.__name__ in fault for fault in faults)

    def test_a_put_waits_for_a_rebuild_and_is_not_lost(
        self, index: SearchIndex, docs: list[SearchDoc], tmp_path: Path
    ) -> None:
        other = SearchIndex(tmp_path / "index")
        putter = threading.Thread(target=other.put, args=(dataclasses.replace(docs[0], id=9),))

        def read_slowly() -> Iterator[SearchDoc]:
            putter.start()
            time.sleep(0.2)
            yield from docs

        index.rebuild(read_slowly())
        putter.join(10)
        assert 9 in index.ids()


@pytest.fixture(autouse=True)
def no_leftover_threads() -> None:
    """Start every test with the main thread alone."""
    assert threading.active_count() == 1
