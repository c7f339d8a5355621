"""The worker's part: short steps, picked up again after it was killed, and nobody held up."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import DataError

from matchplatform.access.actor import Actor
from matchplatform.accounts.models import User
from matchplatform.config.settings import Settings
from matchplatform.files.queries import find_orphans
from matchplatform.files.storage import Storage
from matchplatform.imports import applying, looking
from matchplatform.imports.kinds import adapter_of
from matchplatform.imports.models import Import, ImportRow
from matchplatform.imports.queries import find_breaches
from matchplatform.imports.states import ImportKind, ImportState, RowState
from matchplatform.imports.working import Importer
from matchplatform.kernel.db import db
from matchplatform.projects.models import Project
from tests.imports.conftest import Desk, newest, rows_of
from tests.imports.sheets import FIRST, SECOND_LINE, xlsx

KIND = ImportKind.PROJECTS
MANY = [{**FIRST, "own_key": f"K-{number}"} for number in range(12)]


@contextmanager
def commits() -> Iterator[list[int]]:
    """Count how many projects each transaction wrote."""
    sizes: list[int] = []
    session = db.session()
    written = [0]

    def count(_session: object, _context: object) -> None:
        written[0] += sum(isinstance(thing, Project) for thing in session.new)

    def note(_session: object) -> None:
        if not session.in_nested_transaction():
            sizes.append(written[0])
            written[0] = 0

    event.listen(session, "after_flush", count)
    event.listen(session, "before_commit", note)
    try:
        yield sizes
    finally:
        event.remove(session, "after_flush", count)
        event.remove(session, "before_commit", note)


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "ROWS_A_STEP", 5)
    monkeypatch.setattr(
        "matchplatform.imports.working.apply_some",
        lambda actor, found: applying.apply_some(actor, found, most=5, seconds=60),
    )


def restarted(desk: Desk) -> Importer:
    """Return the worker as it is after it was killed: it remembers nothing."""
    db.session.rollback()
    db.session.remove()
    return Importer(desk.importer.settings)


@pytest.mark.usefixtures("small_steps")
class TestSteps:
    def test_no_transaction_holds_more_than_a_few_rows(self, desk: Desk) -> None:
        desk.say_yes(desk.preview(KIND, MANY))
        with commits() as sizes:
            desk.work()
        assert [size for size in sizes if size] == [5, 5, 2]

    def test_it_stops_a_transaction_when_its_time_is_over(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "matchplatform.imports.working.apply_some",
            lambda actor, found: applying.apply_some(actor, found, seconds=0),
        )
        desk.say_yes(desk.preview(KIND, MANY[:3]))
        with commits() as sizes:
            desk.work()
        assert [size for size in sizes if size] == [1, 1, 1]

    def test_the_page_says_how_far_it_is(self, desk: Desk) -> None:
        desk.send(KIND, xlsx(KIND, MANY))
        desk.work(2)
        found = newest()
        assert (found.status, found.looked, found.total) == (ImportState.PREVIEWING, 5, 12)
        page = desk.client.get(f"/desk/imports/{found.id}").text
        assert "已完成 41%" in page
        assert "data-refresh" in page
        assert "刷新" in page

    def test_a_preview_goes_on_after_a_kill(self, desk: Desk) -> None:
        desk.send(KIND, xlsx(KIND, MANY))
        desk.work(2)
        desk.importer = restarted(desk)
        desk.work()
        found = newest()
        assert (found.status, found.counts) == (ImportState.PREVIEWED, {"new": 12})
        assert db.session.scalar(select(func.count(ImportRow.id))) == 12

    def test_writing_goes_on_after_a_kill_and_does_nothing_twice(self, desk: Desk) -> None:
        desk.say_yes(desk.preview(KIND, MANY))
        desk.work(1)
        assert newest().done == 5
        desk.importer = restarted(desk)
        desk.work()
        found = newest()
        assert (found.status, found.counts, found.done) == (ImportState.APPLIED, {"added": 12}, 12)
        assert db.session.scalar(select(func.count(Project.id))) == 12

    def test_a_kill_in_the_middle_of_a_transaction_leaves_nothing_of_it(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk.say_yes(desk.preview(KIND, MANY))

        class Killed(BaseException):
            """Nobody answers this."""

        adapter = adapter_of(KIND)
        real, calls = adapter.apply, [0]

        def dying(actor: Actor, row: ImportRow) -> str:
            calls[0] += 1
            if calls[0] == 8:
                raise Killed()
            return real(actor, row)

        monkeypatch.setattr(adapter, "apply", dying, raising=False)
        with pytest.raises(Killed):
            desk.work()
        desk.importer = restarted(desk)
        assert db.session.scalar(select(func.count(Project.id))) == 5
        db.session.rollback()
        monkeypatch.undo()
        desk.work()
        assert db.session.scalar(select(func.count(Project.id))) == 12


class TestTrouble:
    def test_a_file_of_another_shape_fails_with_words(self, desk: Desk) -> None:
        found = desk.preview_file(KIND, xlsx(ImportKind.ORGANISATIONS, [{"name": "甲"}]))
        assert found.status is ImportState.FAILED
        page = desk.client.get(f"/desk/imports/{found.id}").text
        assert "缺这些列" in page or "没有找到标题行" in page
        assert "什么也没有写入" in page

    def test_a_fault_of_ours_ends_the_import_and_not_the_worker(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> list[object]:
            raise RuntimeError("broken")

        monkeypatch.setattr(adapter_of(KIND), "judge", broken, raising=False)
        found = desk.preview(KIND, [FIRST])
        assert found.status is ImportState.FAILED
        assert "系统出了意外" in found.problems[0]["why"]

    def test_it_ends_the_import_at_fault_and_no_other(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        approved = desk.preview(KIND, MANY[:2])
        desk.send(KIND, xlsx(KIND, [FIRST]))
        at_fault = newest()
        pressed: list[int] = []

        def broken(*_: object) -> list[object]:
            if not pressed:
                pressed.append(approved.id)
                db.session.get_one(Import, approved.id).status = ImportState.APPLYING
                db.session.commit()
            raise RuntimeError("broken")

        monkeypatch.setattr(adapter_of(KIND), "judge", broken, raising=False)
        with monkeypatch.context() as patch:
            patch.setattr("matchplatform.imports.looking.reading", nullcontext)
            desk.work()
        assert pressed
        assert db.session.get_one(Import, at_fault.id).status is ImportState.FAILED
        assert db.session.get_one(Import, approved.id).status is ImportState.APPLIED

    def test_what_the_database_cannot_hold_stops_nobody_else(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        adapter = adapter_of(KIND)
        real = adapter.apply

        def beyond(actor: Actor, row: ImportRow) -> str:
            if row.content["own_key"] == "K-1":
                raise DataError("", {}, Exception("out of range"))
            return real(actor, row)

        monkeypatch.setattr(adapter, "apply", beyond, raising=False)
        found = desk.bring_in(KIND, MANY[:3])
        assert found.status is ImportState.APPLIED
        assert [row.status for row in rows_of(found)] == [
            RowState.ADDED,
            RowState.REFUSED,
            RowState.ADDED,
        ]

    def test_a_preview_that_cannot_be_kept_ends_the_import(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def beyond(*_: object) -> list[object]:
            raise DataError("", {}, Exception("out of range"))

        monkeypatch.setattr(adapter_of(KIND), "judge", beyond, raising=False)
        assert desk.preview(KIND, [FIRST]).status is ImportState.FAILED

    def test_missing_bytes_fail_with_words(self, desk: Desk) -> None:
        desk.send(KIND, xlsx(KIND, [FIRST]))
        found = newest()
        Storage(desk.importer.settings.files_path).remove(found.stored_name)
        desk.work()
        assert "不见了" in newest().problems[0]["why"]

    def test_somebody_who_lost_their_account_writes_nothing_more(self, desk: Desk) -> None:
        desk.say_yes(desk.preview(KIND, MANY[:2]))
        db.session.get_one(User, desk.officer.id).is_active = False
        db.session.commit()
        desk.work()
        assert newest().status is ImportState.FAILED
        assert db.session.scalar(select(func.count(Project.id))) == 0

    def test_a_dropped_one_is_left_alone(self, desk: Desk) -> None:
        desk.send(KIND, xlsx(KIND, [FIRST]))
        found = newest()
        assert desk.client.post(f"/desk/imports/{found.id}/drop", data={}).status_code == 303
        assert desk.work() == 0
        assert newest().status is ImportState.DROPPED

    def test_one_bad_row_among_good_ones_takes_only_itself_back(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = desk.preview(KIND, MANY[:3])
        rows_of(found)[1].content = {**rows_of(found)[1].content, "own_key": "K-0"}
        db.session.commit()
        desk.say_yes(newest())
        desk.work()
        assert [row.status for row in rows_of(newest())] == [
            RowState.ADDED,
            RowState.REFUSED,
            RowState.ADDED,
        ]
        assert db.session.scalar(select(func.count(Project.id))) == 2


class TestKeeping:
    def test_the_sweeper_leaves_its_bytes(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk.send(KIND, xlsx(KIND, [FIRST, SECOND_LINE]))
        settings: Settings = desk.importer.settings
        storage = Storage(settings.files_path)
        monkeypatch.setattr(Storage, "is_older", lambda *_: True)
        assert newest().stored_name not in list(find_orphans(storage))
        assert list(find_breaches(storage)) == []

    def test_counts_that_do_not_add_up_are_found(self, desk: Desk) -> None:
        found = desk.preview(KIND, [FIRST])
        db.session.get_one(Import, found.id).counts = {"new": 2}
        db.session.flush()
        storage = Storage(desk.importer.settings.files_path)
        assert any("do not add up" in line for line in find_breaches(storage))
        db.session.rollback()
