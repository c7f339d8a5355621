"""Work told in the transaction and done after it."""

from datetime import UTC, datetime, timedelta

from flask import Flask

from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.kernel.outbox import OutboxEntry, enqueue, list_due, mark_failed

AT = datetime(2020, 3, 1, tzinfo=UTC)


class TestEnqueue:
    def test_it_counts_only_with_the_commit(self, db_session: Flask) -> None:
        enqueue("notice", {"a": 1})
        db.session.rollback()
        assert list_due(["notice"], 10) == []
        enqueue("notice", {"a": 2})
        db.session.commit()
        assert [entry.payload for entry in list_due(["notice"], 10)] == [{"a": 2}]


class TestListDue:
    def test_oldest_first_of_the_topics_up_to_the_limit(self, db_session: Flask) -> None:
        for number in range(4):
            enqueue("notice" if number != 1 else "other", {"n": number})
        db.session.commit()
        assert [entry.payload["n"] for entry in list_due(["notice"], 2)] == [0, 2]
        assert [entry.payload["n"] for entry in list_due(["notice", "other"], 9)] == [0, 1, 2, 3]

    def test_what_is_done_or_not_due_is_left_out(self, db_session: Flask) -> None:
        with set_clock(AT):
            done, later = enqueue("notice", {}), enqueue("notice", {})
            done.done_at = AT
            later.due_at = AT + timedelta(seconds=1)
            db.session.commit()
            assert list_due(["notice"], 9) == []
        with set_clock(AT + timedelta(seconds=1)):
            assert [entry.id for entry in list_due(["notice"], 9)] == [later.id]


class TestMarkFailed:
    def test_the_pauses_double_up_to_an_hour(self, db_session: Flask) -> None:
        with set_clock(AT):
            entry = enqueue("notice", {})
            entry.attempts = 0
            pauses = []
            for _attempt in range(14):
                mark_failed(entry, "no")
                pauses.append((entry.due_at - AT).total_seconds())
            db.session.commit()
        assert pauses[:4] == [2, 4, 8, 16]
        assert pauses[-1] == 3600

    def test_the_error_is_kept_short(self, db_session: Flask) -> None:
        entry = enqueue("notice", {})
        entry.attempts = 2000
        mark_failed(entry, "长" * 9000)
        db.session.commit()
        kept = db.session.get_one(OutboxEntry, entry.id)
        assert len(kept.last_error) == 2000
