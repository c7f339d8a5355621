"""The chain finds every change that was made behind its back."""

import random
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from matchplatform.access.actor import SYSTEM
from matchplatform.audit.models import AuditEntry, AuditHead
from matchplatform.audit.queries import find_breaches
from matchplatform.audit.services import record
from matchplatform.kernel.db import db
from tests.databases import ON_POSTGRES

LENGTH = 12
TEXTS = ("actor_label", "actor_role", "action", "subject_type", "subject_id", "subject_label",
         "region_code", "reason", "address", "previous_hash", "hash")  # fmt: skip


@pytest.fixture
def chain(open_trail: None) -> None:
    """A chain of a few links, on a database that lets itself be tampered with."""
    for number in range(LENGTH):
        record(actor=SYSTEM, action="project.edit", subject_type="project", subject_id=number,
               subject_label=f"项目{number}", detail={"version": number})  # fmt: skip
    db.session.commit()


def edit(chance: random.Random) -> None:
    """Change one text of one link."""
    column = chance.choice(TEXTS)
    changed = f"'x' || substr({column}, 2)"
    run(f"UPDATE audit_entries SET {column} = {changed} WHERE seq = {place(chance)}")


def backdate(chance: random.Random) -> None:
    """Change the time or the detail of one link."""
    change = chance.choice(["at = '2001-01-01 00:00:00.000000'", "detail = '{}'", "actor_id = 7"])
    run(f"UPDATE audit_entries SET {change} WHERE seq = {place(chance)}")


def delete(chance: random.Random) -> None:
    """Take one link out, and close the gap or leave it."""
    seq = place(chance)
    run(f"DELETE FROM audit_entries WHERE seq = {seq}")
    if chance.random() < 0.5:
        run(f"UPDATE audit_entries SET seq = seq - 1 WHERE seq > {seq}")


def insert(chance: random.Random) -> None:
    """Put a copy of a link in, properly hashed in itself, and let the rest move up."""
    seq = place(chance)
    run(f"UPDATE audit_entries SET seq = -seq - 1 WHERE seq > {seq}")
    run("UPDATE audit_entries SET seq = -seq WHERE seq < 0")
    source = db.session.get_one(AuditEntry, seq)
    names = [column.key for column in AuditEntry.__mapper__.column_attrs]
    copy = AuditEntry(**{name: getattr(source, name) for name in names})
    copy.seq, copy.previous_hash, copy.reason = seq + 1, source.hash, "添上的"
    copy.hash = copy.computed_hash()
    db.session.add(copy)
    db.session.flush()


def swap(chance: random.Random) -> None:
    """Let two links change places."""
    first, second = chance.sample(range(1, LENGTH + 1), 2)
    run(f"UPDATE audit_entries SET seq = -1 WHERE seq = {first}")
    run(f"UPDATE audit_entries SET seq = {first} WHERE seq = {second}")
    run(f"UPDATE audit_entries SET seq = {second} WHERE seq = -1")


def cut(chance: random.Random) -> None:
    """Cut the end off."""
    run(f"DELETE FROM audit_entries WHERE seq >= {place(chance)}")


def rewrite(chance: random.Random) -> None:
    """Change one link and hash it anew, but not those behind it."""
    entry = db.session.get_one(AuditEntry, place(chance))
    entry.reason = "改过"
    entry.hash = entry.computed_hash()
    db.session.flush()


TAMPERINGS: list[Callable[[random.Random], None]] = [
    edit, backdate, delete, insert, swap, cut, rewrite
]  # fmt: skip


def run(statement: str) -> None:
    """Run SQL behind the back of the verbs."""
    db.session.execute(text(statement))


def place(chance: random.Random) -> int:
    """Pick a link."""
    return chance.randint(1, LENGTH)


class TestFindBreaches:
    def test_an_untouched_chain_has_none(self, chain: None) -> None:
        assert list(find_breaches()) == []

    def test_a_thousand_random_tamperings_are_all_found(self, chain: None) -> None:
        chance = random.Random(20201123)
        missed = []
        for number in range(1000):
            tamper = chance.choice(TAMPERINGS)
            tamper(chance)
            db.session.expire_all()
            if not list(find_breaches()):
                missed.append((number, tamper.__name__))
            db.session.rollback()
        assert missed == []
        assert list(find_breaches()) == []

    def test_the_harness_notices_a_walk_that_trusts_the_hashes(
        self, chain: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The seeded twin: a check that does not compute misses an edit."""
        monkeypatch.setattr(AuditEntry, "computed_hash", lambda entry: entry.hash)
        run("UPDATE audit_entries SET reason = '改过' WHERE seq = 3")
        assert list(find_breaches()) == []
        db.session.rollback()

    def test_a_lost_head_is_found(self, chain: None) -> None:
        run("DELETE FROM audit_head")
        db.session.expire_all()
        assert list(find_breaches()) == ["audit: the head is missing"]
        db.session.rollback()


class TestTheDatabase:
    @pytest.mark.parametrize(
        "statement", ["UPDATE audit_entries SET reason = ''", "DELETE FROM audit_entries"]
    )
    def test_it_refuses_to_change_or_delete(self, db_session: Flask, statement: str) -> None:
        record(actor=SYSTEM, action="x.y", subject_type="x", subject_id=1, subject_label="x")
        db.session.commit()
        with pytest.raises(DBAPIError, match="append-only|permission denied"):
            run(statement)
        db.session.rollback()
        assert db.session.scalar(select(AuditHead.seq)) == 1

    @pytest.mark.skipif(not ON_POSTGRES, reason="SQLite has no rights to give")
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit_entries SET reason = 'x'",
            "DELETE FROM audit_entries",
            "TRUNCATE audit_entries",
        ],
    )
    def test_it_refuses_even_who_has_taken_the_rights_back(
        self, db_session: Flask, statement: str
    ) -> None:
        record(actor=SYSTEM, action="x.y", subject_type="x", subject_id=1, subject_label="x")
        run("GRANT UPDATE, DELETE, TRUNCATE ON audit_entries TO CURRENT_USER")
        with pytest.raises(DBAPIError, match="append-only"):
            run(statement)
        db.session.rollback()
