import json
from hashlib import sha256

import pytest

from matchplatform.access.actor import Actor
from matchplatform.ceremonies import services
from matchplatform.ceremonies.addenda import make_addendum
from matchplatform.ceremonies.checks import find_breaches
from matchplatform.ceremonies.intake import add_claims, drop_entry
from matchplatform.ceremonies.locking import lock_list
from matchplatform.ceremonies.models import Ceremony, CeremonySnapshot
from matchplatform.ceremonies.ordering import set_order
from matchplatform.ceremonies.queries import list_listed, list_snapshots
from matchplatform.ceremonies.states import CeremonyState
from matchplatform.claims.states import ClaimState
from matchplatform.commitments.states import AgreementState
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, IllegalMove, StaleVersion
from tests.ceremonies.planning import (
    WHY,
    make_accepted,
    make_ceremony,
    make_list,
    make_organiser,
    make_ready,
)
from tests.factories import actor_for, make_officer

pytestmark = pytest.mark.usefixtures("db_session")


def locked(count: int = 2) -> tuple[Actor, Ceremony, CeremonySnapshot]:
    actor = make_organiser()
    ceremony = make_ceremony(actor)
    seen = make_list(actor, ceremony, count)
    snapshot = lock_list(actor=actor, ceremony=ceremony, version=ceremony.version, seen=seen)
    db.session.commit()
    return actor, ceremony, snapshot


class TestLocking:
    def test_agreements_are_frozen_and_the_list_is_kept_under_its_hash(self) -> None:
        _actor, ceremony, snapshot = locked()
        assert ceremony.status is CeremonyState.LOCKED
        for entry in list_listed(ceremony.id):
            assert entry.agreement is not None
            assert entry.agreement.status is AgreementState.FROZEN
        text = json.dumps(
            snapshot.content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        assert sha256(text.encode()).hexdigest() == snapshot.sha256
        first = snapshot.content["entries"][0]
        assert first["value"] == "20000.00"
        assert first["agreement_sha256"]
        assert list(find_breaches()) == []

    def test_what_cannot_be_signed_is_named_and_nothing_is_locked(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        make_list(actor, ceremony, 1)
        claim = make_accepted()
        add_claims(actor=actor, ceremony=ceremony, claim_ids=[claim.id])
        db.session.commit()
        seen = [entry.id for entry in list_listed(ceremony.id)]
        with pytest.raises(Conflict, match=claim.number):
            lock_list(actor=actor, ceremony=ceremony, version=ceremony.version, seen=seen)
        db.session.rollback()
        assert ceremony.status is CeremonyState.INTAKE
        assert list_snapshots(ceremony.id) == []

    def test_an_empty_list_another_order_and_a_stale_page_are_refused(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        with pytest.raises(Conflict):
            lock_list(actor=actor, ceremony=ceremony, version=ceremony.version, seen=[])
        db.session.rollback()
        seen = make_list(actor, ceremony, 2)
        with pytest.raises(StaleVersion):
            lock_list(actor=actor, ceremony=ceremony, version=ceremony.version, seen=seen[::-1])
        db.session.rollback()
        with pytest.raises(StaleVersion):
            lock_list(actor=actor, ceremony=ceremony, version=1, seen=seen)
        db.session.rollback()

    def test_only_organisers_lock_and_only_an_intake(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor, announced=False)
        with pytest.raises(Forbidden):
            lock_list(
                actor=actor_for(make_officer()),
                ceremony=ceremony,
                version=ceremony.version,
                seen=[],
            )
        with pytest.raises(IllegalMove):
            lock_list(actor=actor, ceremony=ceremony, version=ceremony.version, seen=[])
        db.session.rollback()

    def test_nothing_of_it_moves_or_leaves_any_more(self) -> None:
        actor, ceremony, _snapshot = locked()
        seen = [entry.id for entry in list_listed(ceremony.id)]
        with pytest.raises(Conflict):
            set_order(actor=actor, ceremony=ceremony, seen=seen, order=seen[::-1])
        db.session.rollback()
        with pytest.raises(Conflict):
            drop_entry(actor=actor, ceremony=ceremony, entry_id=seen[0], reason=WHY)
        db.session.rollback()
        with pytest.raises(Conflict):
            add_claims(actor=actor, ceremony=ceremony, claim_ids=[make_ready().id])
        db.session.rollback()


class TestAddenda:
    def test_it_is_a_list_of_its_own_beside_the_first(self) -> None:
        actor, ceremony, snapshot = locked()
        before = snapshot.sha256
        claim = make_ready()
        [entry] = make_addendum(
            actor=actor,
            ceremony=ceremony,
            claim_ids=[claim.id],
        ).entries
        db.session.commit()
        assert entry.addendum == 1
        assert entry.agreement is not None
        first, second = list_snapshots(ceremony.id)
        assert (first.sha256, second.number) == (before, 1)
        assert list(find_breaches()) == []

    def test_before_the_lock_there_is_none(self) -> None:
        actor = make_organiser()
        ceremony = make_ceremony(actor)
        with pytest.raises(Conflict):
            make_addendum(actor=actor, ceremony=ceremony, claim_ids=[make_ready().id])
        db.session.rollback()

    def test_what_cannot_be_signed_is_not_taken(self) -> None:
        actor, ceremony, _snapshot = locked()
        with pytest.raises(Conflict):
            make_addendum(actor=actor, ceremony=ceremony, claim_ids=[make_accepted().id])
        db.session.rollback()
        assert len(list_snapshots(ceremony.id)) == 1


class TestPuttingOffWhatWasLocked:
    def test_the_snapshot_is_void_and_the_claims_are_free(self) -> None:
        actor, ceremony, snapshot = locked()
        entries = list_listed(ceremony.id)
        services.postpone_ceremony(
            actor=actor,
            ceremony=ceremony,
            version=ceremony.version,
            reason=WHY,
        )
        db.session.commit()
        assert snapshot.void_at is not None
        assert {entry.claim.status for entry in entries} == {ClaimState.ACCEPTED}
        assert list(find_breaches()) == []


class TestChecks:
    def test_a_snapshot_that_was_touched_is_found(self) -> None:
        _actor, _ceremony, snapshot = locked()
        content = json.loads(json.dumps(snapshot.content))
        content["entries"][0]["value"] = "1.00"
        snapshot.content = content
        db.session.commit()
        assert any("hash" in line for line in find_breaches())

    def test_an_entry_that_left_a_locked_list_is_found(self) -> None:
        _actor, ceremony, _snapshot = locked()
        entry = list_listed(ceremony.id)[0]
        entry.addendum = 5
        db.session.commit()
        assert any("not what was locked" in line for line in find_breaches())

    def test_steps_that_do_not_count_are_found(self) -> None:
        _actor, ceremony, _snapshot = locked()
        ceremony.seq = 2
        db.session.commit()
        assert any("steps" in line for line in find_breaches())
