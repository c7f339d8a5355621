"""Keeping, removing and sweeping on a real database and a real folder."""

import os
import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchplatform.access.actor import SYSTEM, VISITOR
from matchplatform.audit.models import AuditEntry
from matchplatform.files.kinds import Place, Purpose
from matchplatform.files.models import StoredFile
from matchplatform.files.queries import (
    GRACE,
    KEEP_REMOVED,
    find_breaches,
    find_orphans,
    get_file,
    list_files,
)
from matchplatform.files.services import remove_file, store_upload, sweep_orphans
from matchplatform.files.storage import Storage
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, NotFound
from tests.factories import actor_for, make_admin, make_auditor, make_officer, make_organisation
from tests.files import samples
from tests.files.conftest import take
from tests.kernel.test_transactions import watched

pytestmark = pytest.mark.usefixtures("db_session", "organisations_own")


def grow_old(storage: Storage, age: timedelta = GRACE + timedelta(hours=1)) -> None:
    """Let every file in the storage have been written long ago."""
    at = time.time() - age.total_seconds()
    for path in storage.root.rglob("*"):
        if path.is_file():
            os.utime(path, (at, at))


def paper_of(organisation_id: int, purpose: Purpose = Purpose.CERTIFICATE) -> Place:
    return Place("organisation", organisation_id, purpose)


class TestStoreUpload:
    def test_it_keeps_the_bytes_under_a_random_name_and_says_so(self, storage: Storage) -> None:
        organisation, agent = make_organisation()
        upload = take(storage, samples.pdf(), "登记证书（正本）.pdf")
        file = store_upload(actor=actor_for(agent), upload=upload, place=paper_of(organisation.id))
        db.session.commit()
        path = storage.path_of(file.stored_name)
        assert path.read_bytes() == samples.pdf()
        assert "证书" not in str(path)
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert (file.label, file.uploaded_by_id) == ("登记证书（正本）.pdf", agent.id)
        assert not upload.path.exists()
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert entry is not None
        assert (entry.action, entry.subject_id) == ("file.add", str(file.id))
        assert entry.detail["sha256"] == file.sha256

    def test_the_same_file_again_adds_nothing(self, storage: Storage) -> None:
        organisation, agent = make_organisation()
        actor, place = actor_for(agent), paper_of(organisation.id)
        given = samples.photo_with_gps()
        first = store_upload(actor=actor, upload=take(storage, given, "a.jpg"), place=place)
        db.session.commit()
        kept = storage.path_of(first.stored_name).read_bytes()
        for data in (given, kept):
            upload = take(storage, data, "又一次.jpg")
            again = store_upload(actor=actor, upload=upload, place=place)
            upload.discard()
            assert again.id == first.id
        db.session.commit()
        assert db.session.scalars(select(StoredFile)).all() == [first]
        assert sum(len(names) for _prefix, names in storage.shards()) == 1

    def test_elsewhere_or_for_another_purpose_it_is_another_file(self, storage: Storage) -> None:
        organisation, agent = make_organisation()
        other, other_agent = make_organisation()
        kept = set()
        for owner, person, purpose in (
            (organisation, agent, Purpose.CERTIFICATE),
            (organisation, agent, Purpose.EVIDENCE),
            (other, other_agent, Purpose.CERTIFICATE),
        ):
            upload = take(storage, samples.pdf(), "a.pdf")
            place = paper_of(owner.id, purpose)
            kept.add(store_upload(actor=actor_for(person), upload=upload, place=place).stored_name)
        db.session.commit()
        assert len(kept) == 3

    def test_after_removal_it_may_come_again(self, storage: Storage) -> None:
        organisation, agent = make_organisation()
        actor, place = actor_for(agent), paper_of(organisation.id)
        upload = take(storage, samples.pdf(), "a.pdf")
        first = store_upload(actor=actor, upload=upload, place=place)
        remove_file(actor=actor, file=first)
        upload = take(storage, samples.pdf(), "a.pdf")
        assert store_upload(actor=actor, upload=upload, place=place).id != first.id
        db.session.commit()

    def test_the_database_itself_refuses_two_of_the_same(self, storage: Storage) -> None:
        organisation, agent = make_organisation()
        upload = take(storage, samples.pdf(), "a.pdf")
        file = store_upload(actor=actor_for(agent), upload=upload, place=paper_of(organisation.id))
        db.session.commit()
        columns = StoredFile.__table__.columns.keys()
        twin = {name: getattr(file, name) for name in columns if name != "id"}
        db.session.add(StoredFile(**{**twin, "stored_name": "0" * 32}))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()

    def test_only_those_may_who_may_change_the_owner(self, storage: Storage) -> None:
        organisation, agent = make_organisation()
        _other, stranger = make_organisation()
        people = [make_officer("11"), make_officer(), make_auditor(), make_admin(), stranger]
        upload = take(storage, samples.pdf(), "a.pdf")
        for actor in (VISITOR, SYSTEM, *map(actor_for, people)):
            with pytest.raises(Forbidden):
                store_upload(actor=actor, upload=upload, place=paper_of(organisation.id))
        assert upload.path.exists()
        actor = actor_for(agent)
        for place in (Place("village", 1, Purpose.EVIDENCE), paper_of(10**6)):
            with pytest.raises(Forbidden):
                store_upload(actor=actor, upload=upload, place=place)
        assert not db.session.scalars(select(StoredFile)).all()


class TestReading:
    def test_each_role_reads_what_its_rule_says(self, storage: Storage) -> None:
        organisation, agent = make_organisation(region="110000")
        _other, stranger = make_organisation()
        upload = take(storage, samples.pdf(), "a.pdf")
        file = store_upload(actor=actor_for(agent), upload=upload, place=paper_of(organisation.id))
        db.session.commit()
        expected = {
            VISITOR: False,
            SYSTEM: False,
            actor_for(agent): True,
            actor_for(stranger): False,
            actor_for(make_officer("11")): True,
            actor_for(make_officer("13")): False,
            actor_for(make_officer("130722")): False,
            actor_for(make_auditor()): True,
            actor_for(make_admin()): False,
        }
        for actor, may in expected.items():
            listed = list_files(actor, "organisation", organisation.id, Purpose.CERTIFICATE)
            assert listed == ([file] if may else [])
            if may:
                assert get_file(actor, file.id) is file
            else:
                with pytest.raises(NotFound):
                    get_file(actor, file.id)

    def test_where_nobody_answers_for_the_owner_nobody_reads(
        self, storage: Storage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        organisation, agent = make_organisation()
        actor = actor_for(agent)
        upload = take(storage, samples.pdf(), "a.pdf")
        file = store_upload(actor=actor, upload=upload, place=paper_of(organisation.id))
        db.session.commit()
        monkeypatch.setattr("matchplatform.files.owners._rules", {})
        with pytest.raises(NotFound):
            get_file(actor, file.id)

    def test_a_removed_one_is_gone_for_everyone(self, storage: Storage) -> None:
        organisation, agent = make_organisation()
        actor = actor_for(agent)
        upload = take(storage, samples.pdf(), "a.pdf")
        file = store_upload(actor=actor, upload=upload, place=paper_of(organisation.id))
        remove_file(actor=actor, file=file)
        db.session.commit()
        with pytest.raises(NotFound):
            get_file(actor, file.id)
        assert list_files(actor, "organisation", organisation.id, Purpose.CERTIFICATE) == []


class TestRemoveFile:
    def test_strangers_may_not_and_twice_is_once(self, storage: Storage) -> None:
        organisation, agent = make_organisation()
        actor = actor_for(agent)
        upload = take(storage, samples.pdf(), "a.pdf")
        file = store_upload(actor=actor, upload=upload, place=paper_of(organisation.id))
        db.session.commit()
        for person in (make_auditor(), make_officer("11")):
            with pytest.raises(Forbidden):
                remove_file(actor=actor_for(person), file=file)
        remove_file(actor=actor, file=file)
        with pytest.raises(Conflict):
            remove_file(actor=actor, file=file)
        db.session.commit()
        assert storage.path_of(file.stored_name).exists()


class TestSweepOrphans:
    def test_it_removes_what_no_row_wants_and_nothing_else(self, storage: Storage) -> None:
        organisation, agent = make_organisation()
        actor, place = actor_for(agent), paper_of(organisation.id)
        kept = store_upload(actor=actor, upload=take(storage, samples.pdf(), "a.pdf"), place=place)
        removed = store_upload(
            actor=actor, upload=take(storage, samples.pdf(pages=2), "b.pdf"), place=place
        )
        remove_file(actor=actor, file=removed)
        db.session.commit()
        # A request that broke between the move and the commit, and one that broke before.
        lost = store_upload(
            actor=actor, upload=take(storage, samples.pdf(pages=3), "c.pdf"), place=place
        ).stored_name
        db.session.rollback()
        waiting = take(storage, samples.pdf(), "d.pdf")
        assert sweep_orphans(storage) == 0
        assert storage.path_of(lost).exists()
        grow_old(storage)
        assert list(find_orphans(storage)) == [lost]
        assert sweep_orphans(storage) == 2
        db.session.commit()
        assert not storage.path_of(lost).exists()
        assert not waiting.path.exists()
        assert storage.path_of(kept.stored_name).exists()
        assert storage.path_of(removed.stored_name).exists()
        assert sweep_orphans(storage) == 0
        swept = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "file.sweep")
        ).one()
        assert swept.detail == {"kept": 1, "incoming": 1}

    def test_the_bytes_of_a_removed_file_go_when_their_time_is_over(
        self, storage: Storage, db_session: Flask
    ) -> None:
        organisation, agent = make_organisation()
        actor, place = actor_for(agent), paper_of(organisation.id)
        file = store_upload(actor=actor, upload=take(storage, samples.pdf(), "a.pdf"), place=place)
        remove_file(actor=actor, file=file)
        db.session.commit()
        grow_old(storage)
        with clock.set_clock(clock.now() + KEEP_REMOVED + timedelta(days=1)):
            assert sweep_orphans(storage) == 1
        db.session.commit()
        assert not storage.path_of(file.stored_name).exists()
        assert list(find_breaches(storage)) == []

    def test_nobody_waits_while_the_folder_is_looked_through(
        self, storage: Storage, db_session: Flask
    ) -> None:
        organisation, agent = make_organisation()
        store_upload(
            actor=actor_for(agent),
            upload=take(storage, samples.pdf(), "a.pdf"),
            place=paper_of(organisation.id),
        )
        db.session.commit()
        grow_old(storage)
        with watched(db_session, "FROM stored_files") as seen:
            assert sweep_orphans(storage) == 0
        assert seen == ["goes on"]

    def test_an_empty_site_has_nothing_to_sweep(self, storage: Storage) -> None:
        assert sweep_orphans(storage) == 0


class TestFindBreaches:
    def test_it_names_missing_and_changed_bytes(self, storage: Storage) -> None:
        organisation, agent = make_organisation()
        actor, place = actor_for(agent), paper_of(organisation.id)
        first, second = (
            store_upload(
                actor=actor, upload=take(storage, samples.pdf(pages=n), "a.pdf"), place=place
            )
            for n in (1, 2)
        )
        db.session.commit()
        assert list(find_breaches(storage)) == []
        storage.remove(first.stored_name)
        storage.path_of(second.stored_name).write_bytes(b"%PDF")
        found = list(find_breaches(storage))
        assert [f"file {first.id}:" in found[0], f"file {second.id}: 4 bytes" in found[1]] == [
            True
        ] * 2


class TestStorage:
    @pytest.mark.parametrize(
        "name", ["", "../../etc/passwd", "ab", "A" * 32, "0" * 31 + "/", "0" * 33, "0" * 32 + "\n"]
    )
    def test_only_names_of_ours_lead_anywhere(self, storage: Storage, name: str) -> None:
        with pytest.raises(ValueError, match="not a stored name"):
            storage.path_of(name)
