"""The ceremonies of the demo: one that was held and has results, one that gathers what to sign."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchplatform.ceremonies.hitches import find_hitches
from matchplatform.ceremonies.models import Ceremony, CeremonyEntry
from matchplatform.ceremonies.queries import list_guests, list_listed
from matchplatform.ceremonies.results import read_results
from matchplatform.ceremonies.states import CeremonyState, GuestState
from matchplatform.commitments.models import Agreement, Commitment
from matchplatform.commitments.readiness import has_drifted
from matchplatform.commitments.states import AgreementState
from matchplatform.files.models import StoredFile
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.seeding.load import PASSWORD

pytestmark = pytest.mark.xdist_group("demo")

PAGES = {
    "organiser": (
        "/desk/ceremonies", "/desk/ceremonies/1", "/desk/ceremonies/1/report",
        "/desk/ceremonies/2", "/desk/ceremonies/2/list", "/desk/ceremonies/2/standing",
    ),
    "zhangbei-a": ("/desk/ceremonies", "/desk/ceremonies/2"),
    "agent001": ("/my/ceremonies", "/my/ceremonies/2"),
}  # fmt: skip


def ceremony_in(state: CeremonyState) -> Ceremony:
    return db.session.scalars(select(Ceremony).where(Ceremony.status == state)).one()


@pytest.mark.parametrize("username", PAGES)
def test_its_pages_open(demo: Flask, username: str) -> None:
    client = demo.test_client()
    client.post("/sign-in", data={"username": username, "password": PASSWORD, "next": ""})
    for path in PAGES[username]:
        assert client.get(path).status_code == 200, path


class TestHeld:
    def test_it_signed_most_left_one_with_a_reason_and_signed_one_late(self, demo: Flask) -> None:
        results = read_results(ceremony_in(CeremonyState.CLOSED))
        assert (len(results.signed), len(results.late), len(results.unsigned)) == (11, 1, 1)
        assert "没有赶到" in results.unsigned[0].reason
        assert not results.pending

    def test_each_signature_made_a_promise_and_none_of_the_texts_has_drifted(
        self, demo: Flask
    ) -> None:
        signed = db.session.scalars(
            select(Agreement).where(Agreement.status == AgreementState.IN_FORCE)
        ).all()
        assert len(signed) == db.session.scalar(select(func.count()).select_from(Commitment)) == 12
        assert not any(has_drifted(agreement) for agreement in signed)

    def test_what_was_signed_outside_has_the_scan_that_was_drawn(self, demo: Flask) -> None:
        outside = db.session.scalars(select(Commitment).where(Commitment.occasion == "")).one()
        scans = select(StoredFile).where(
            StoredFile.owner_type == "agreement", StoredFile.owner_id == outside.agreement_id
        )
        assert db.session.scalars(scans).one().media_type == "image/jpeg"


class TestGathering:
    def test_some_could_be_signed_today_and_others_each_miss_something_else(
        self, demo: Flask
    ) -> None:
        ceremony = ceremony_in(CeremonyState.INTAKE)
        assert ceremony.starts_at > clock.now()
        hitches = find_hitches(ceremony, list_listed(ceremony.id))
        stopped = [
            {str(hitch.words) for hitch in found if hitch.stops} for found in hitches.values()
        ]
        assert len(stopped) == 8
        assert sum(not found for found in stopped) == 4
        told = " ".join(words for found in stopped for words in found)
        for words in ("还没有起草协议", "还没有填", "的签署人还没有确认"):
            assert words in told

    def test_its_guests_stand_in_every_state_but_that_of_the_removed(self, demo: Flask) -> None:
        guests = list_guests(ceremony_in(CeremonyState.INTAKE).id)
        assert {guest.status for guest in guests} == set(GuestState) - {GuestState.REMOVED}

    def test_no_claim_waits_at_two_ceremonies(self, demo: Flask) -> None:
        claims = db.session.scalars(select(CeremonyEntry.claim_id)).all()
        assert len(claims) == len(set(claims))


def test_a_draft_waits_for_the_yes_of_the_first_agent(demo: Flask) -> None:
    drafts = db.session.scalars(
        select(Agreement).where(Agreement.status == AgreementState.DRAFT)
    ).all()
    assert any(draft.claim.organisation.name == "北京燕翎公益基金会" for draft in drafts)
