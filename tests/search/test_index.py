"""Documents go in and out, and the index survives what may happen to its folder."""

import contextlib
import dataclasses
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from matchplatform.search import IndexUnavailable, SearchDoc, SearchIndex
from matchplatform.search.layout import VERSION

Found = Callable[..., list[int]]


def generation_of(folder: Path) -> Path:
    """Return the folder of the generation in use."""
    return folder / (folder / "current").read_text()


def files_of(folder: Path) -> list[Path]:
    """List every file that readers of the index read."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.endswith("LOCK"))


class TestPut:
    def test_it_adds_a_document(
        self, index: SearchIndex, docs: list[SearchDoc], found: Found
    ) -> None:
        index.put(dataclasses.replace(docs[0], id=7, title="苦荞加工"))
        assert found("苦荞") == [7]
        assert index.count() == 7
        assert index.ids() == set(range(1, 8))

    def test_it_replaces_a_document(
        self, index: SearchIndex, docs: list[SearchDoc], found: Found
    ) -> None:
        index.put(dataclasses.replace(docs[3], title="苦荞加工"))
        assert found("苦荞") == [4]
        assert found("马铃薯") == []
        assert index.count() == 6

    def test_it_takes_the_later_of_two_with_one_id(self, index: SearchIndex, found: Found) -> None:
        old, new = (SearchDoc(9, "", title, "", "", "", "") for title in ("荞麦", "莜麦"))
        index.put_many([old, new])
        assert found("荞麦") == []
        assert found("莜麦") == [9]

    def test_it_takes_documents_without_a_word(self, index: SearchIndex) -> None:
        index.put_many(
            [SearchDoc(9, "", "", "", "", "", ""), SearchDoc(10, "…", "\ud800", "", "", "", "")]
        )
        assert {9, 10} <= index.ids()

    def test_it_takes_nothing(self, index: SearchIndex) -> None:
        index.put_many([])
        assert index.count() == 6

    def test_other_readers_see_it(
        self, index: SearchIndex, docs: list[SearchDoc], tmp_path: Path
    ) -> None:
        other = SearchIndex(tmp_path / "index")
        assert other.find(["苦荞"], 10) == []
        index.put(dataclasses.replace(docs[0], title="苦荞加工"))
        assert [hit.id for hit in other.find(["苦荞"], 10)] == [1]

    def test_it_keeps_the_segments_few(
        self, index: SearchIndex, docs: list[SearchDoc], tmp_path: Path
    ) -> None:
        for turn in range(60):
            index.put(dataclasses.replace(docs[turn % 6], title=f"第{turn}次改名"))
        assert len(list(generation_of(tmp_path / "index").glob("*.trm"))) <= 22
        assert index.count() == 6
        assert [hit.id for hit in index.find(["改名"], 10)] == [1, 2, 3, 4, 5, 6]
        assert [hit.id for hit in index.find(["第59次"], 10)] == [6]
        assert index.find(["第53次"], 10) == []


class TestDrop:
    def test_it_takes_a_document_out(self, index: SearchIndex, found: Found) -> None:
        index.drop(1)
        assert found("提灌") == []
        assert index.ids() == {2, 3, 4, 5, 6}

    def test_it_does_not_mind_what_is_not_there(self, index: SearchIndex) -> None:
        index.drop(99)
        assert index.count() == 6

    def test_the_last_one_may_go(self, index: SearchIndex) -> None:
        for id_ in range(1, 7):
            index.drop(id_)
        assert index.count() == 0
        assert index.find(["水"], 9) == []
        assert index.is_usable()


class TestRebuild:
    def test_it_replaces_everything(self, index: SearchIndex, docs: list[SearchDoc]) -> None:
        index.rebuild(docs[:2])
        assert index.ids() == {1, 2}

    def test_it_may_be_empty(self, index: SearchIndex, docs: list[SearchDoc]) -> None:
        index.rebuild([])
        assert index.count() == 0
        assert index.find(["水"], 9) == []
        index.put(docs[0])
        assert index.ids() == {1}

    def test_other_readers_see_it(self, index: SearchIndex, tmp_path: Path) -> None:
        other = SearchIndex(tmp_path / "index")
        assert other.count() == 6
        index.rebuild([])
        assert other.count() == 0

    def test_it_leaves_one_generation(self, index: SearchIndex, tmp_path: Path) -> None:
        left_over = tmp_path / "index" / "v0-0123456789ab"
        left_over.mkdir()
        index.rebuild([])
        folders = [path for path in (tmp_path / "index").iterdir() if path.is_dir()]
        assert folders == [generation_of(tmp_path / "index")]

    def test_a_failing_source_leaves_the_old_one(
        self, index: SearchIndex, docs: list[SearchDoc]
    ) -> None:
        def broken() -> Iterator[SearchDoc]:
            yield docs[0]
            raise LookupError("the database is away")

        with pytest.raises(LookupError):
            index.rebuild(broken())
        assert index.count() == 6
        assert index.is_usable()


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _scramble(path: Path) -> None:
    path.write_bytes(random.Random(path.name).randbytes(path.stat().st_size))


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _swap_for_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


HARMS = [_truncate, _empty, _scramble, _flip, Path.unlink, _swap_for_folder]


def assert_unavailable(index: SearchIndex, doc: SearchDoc) -> None:
    """Check that every method says so, and that no other error comes out."""
    assert not index.is_usable()
    calls: list[Callable[[], object]] = [
        lambda: index.find(["水"], 10),
        lambda: index.find(["水", "光"], 10, match_any=True),
        index.count,
        index.ids,
        lambda: index.put(doc),
        lambda: index.drop(1),
    ]
    for call in calls:
        with pytest.raises(IndexUnavailable):
            call()


class TestBroken:
    @pytest.mark.parametrize("harm", HARMS)
    def test_a_harmed_file_makes_it_unavailable_until_rebuilt(
        self,
        index: SearchIndex,
        docs: list[SearchDoc],
        tmp_path: Path,
        harm: Callable[[Path], None],
    ) -> None:
        folder = tmp_path / "index"
        for place in range(len(files_of(folder))):
            victim = files_of(folder)[place]
            harm(victim)
            fresh = SearchIndex(folder)
            assert not fresh.is_usable(), victim.name
            with pytest.raises(IndexUnavailable):
                fresh.find(["水"], 10)
            fresh.rebuild(docs)
            assert fresh.is_usable()
            assert fresh.count() == 6

    @pytest.mark.parametrize("harm", HARMS)
    def test_a_reader_at_work_goes_on_or_says_so(
        self, docs: list[SearchDoc], tmp_path: Path, harm: Callable[[Path], None]
    ) -> None:
        writer = SearchIndex(tmp_path)
        writer.rebuild(docs)
        for place in range(len(files_of(tmp_path))):
            reader = SearchIndex(tmp_path)
            expected = reader.find(["光"], 10)
            harm(files_of(tmp_path)[place])
            with contextlib.suppress(IndexUnavailable):
                assert reader.find(["光"], 10) == expected
            writer.rebuild(docs)
            assert reader.find(["光"], 10) == expected

    def test_a_missing_folder(self, tmp_path: Path, docs: list[SearchDoc]) -> None:
        assert_unavailable(SearchIndex(tmp_path / "nowhere"), docs[0])

    def test_an_empty_folder(self, tmp_path: Path, docs: list[SearchDoc]) -> None:
        assert_unavailable(SearchIndex(tmp_path), docs[0])

    def test_a_file_in_place_of_the_folder(self, tmp_path: Path, docs: list[SearchDoc]) -> None:
        (tmp_path / "index").write_text("not a folder")
        index = SearchIndex(tmp_path / "index")
        assert_unavailable(index, docs[0])
        with pytest.raises(IndexUnavailable):
            index.rebuild(docs)

    @pytest.mark.parametrize(
        "pointer", ["", "nothing", "../..", "/etc", "v1-0123456789ab", "\u6c34"]
    )
    def test_a_pointer_to_nowhere(
        self, tmp_path: Path, docs: list[SearchDoc], pointer: str
    ) -> None:
        (tmp_path / "current").write_text(pointer)
        assert_unavailable(SearchIndex(tmp_path), docs[0])

    def test_another_version(
        self, index: SearchIndex, docs: list[SearchDoc], tmp_path: Path
    ) -> None:
        folder = tmp_path / "index"
        old = generation_of(folder)
        new = folder / old.name.replace(f"v{VERSION}-", f"v{VERSION + 1}-")
        old.rename(new)
        (folder / "current").write_text(new.name)
        assert_unavailable(index, docs[0])

    def test_an_empty_generation(
        self, index: SearchIndex, docs: list[SearchDoc], tmp_path: Path
    ) -> None:
        generation = generation_of(tmp_path / "index")
        shutil.rmtree(generation)
        generation.mkdir()
        assert_unavailable(SearchIndex(tmp_path / "index"), docs[0])

    def test_garbage_beside_it_does_no_harm(
        self, index: SearchIndex, docs: list[SearchDoc], tmp_path: Path
    ) -> None:
        for folder in (tmp_path / "index", generation_of(tmp_path / "index")):
            (folder / "_MAIN_x.toc").write_bytes(os.urandom(64))
            (folder / "MAIN_zzzz.trm").write_bytes(os.urandom(64))
            (folder / "notes").mkdir()
        fresh = SearchIndex(tmp_path / "index")
        assert fresh.is_usable()
        assert fresh.count() == 6
        fresh.put(docs[0])
        fresh.rebuild(docs)
        assert fresh.count() == 6
