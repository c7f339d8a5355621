"""What the demo accounts find on the newer pages: nothing there is empty, nothing too old or late."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchplatform.accounts.models import User
from matchplatform.claims.asked import CapacityGrant, ReleaseRequest, WaitlistEntry
from matchplatform.claims.message_models import ClaimMessage
from matchplatform.claims.models import Claim, ClaimMember
from matchplatform.claims.states import AskState, ClaimState, MemberState, WaitState
from matchplatform.files.queries import find_breaches
from matchplatform.files.storage import Storage
from matchplatform.interests.models import Favourite, SavedSearch
from matchplatform.invitations.models import ProjectInvitation
from matchplatform.invitations.states import InvitationState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.notifications.models import MailPreference, Notice
from matchplatform.offers.models import SupplyOffer
from matchplatform.offers.states import OfferState
from matchplatform.organisations.membership_states import MembershipState
from matchplatform.organisations.models import (
    Certificate,
    Invitation,
    Membership,
    NameChange,
    Organisation,
)
from matchplatform.organisations.paper_states import PaperState
from matchplatform.projects.models import ProjectLine
from matchplatform.seeding.load import PASSWORD

pytestmark = pytest.mark.xdist_group("demo")

PAGES = {
    "agent001": (
        "/my", "/my/members", "/my/memberships", "/my/organisation/papers", "/my/favourites",
        "/my/searches", "/my/offers", "/my/invitations", "/notices", "/notices/preferences",
    ),
    "zhangbei-a": ("/desk", "/desk?queue=claims", "/desk/offers", "/desk/invitations", "/notices"),
    "zhangjiakou": ("/desk", "/desk/organisations", "/desk/invitations", "/notices"),
    "beijing": ("/desk", "/desk/organisations"),
    "tianjin": ("/desk", "/desk/organisations", "/notices/preferences"),
    "hebei": ("/desk", "/desk/organisations", "/desk/offers"),
}  # fmt: skip


def organisation_of(username: str) -> Organisation:
    found = db.session.scalars(
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(User, User.id == Membership.user_id)
        .where(User.username == username, Membership.status == MembershipState.APPROVED)
    )
    return found.one()


@pytest.mark.parametrize("username", PAGES)
def test_its_pages_open(demo: Flask, username: str) -> None:
    client = demo.test_client()
    client.post("/sign-in", data={"username": username, "password": PASSWORD, "next": ""})
    for path in PAGES[username]:
        assert client.get(path).status_code == 200, path


class TestFirstAgent:
    """What the account that everybody tries first has to do."""

    def test_it_waits_in_one_place_and_had_its_turn_in_another(self, demo: Flask) -> None:
        states = set(
            db.session.scalars(
                select(WaitlistEntry.status).where(
                    WaitlistEntry.organisation_id == organisation_of("agent001").id
                )
            )
        )
        assert states >= {WaitState.WAITING, WaitState.PROMOTED}

    def test_it_is_invited_to_a_joint_claim_and_leads_one(self, demo: Flask) -> None:
        mine = organisation_of("agent001")
        members = db.session.scalars(
            select(ClaimMember)
            .join(Claim, Claim.id == ClaimMember.claim_id)
            .where(ClaimMember.organisation_id == mine.id, Claim.status == ClaimState.RESERVED)
        ).all()
        assert any(member.status is MemberState.INVITED for member in members)
        assert any(member.is_lead for member in members)
        assert any(
            other.is_offered
            for member in members
            if member.status is MemberState.CONFIRMED
            for other in member.claim.members
        )

    def test_it_has_a_request_to_answer_in_time(self, demo: Flask) -> None:
        request = db.session.scalars(
            select(ReleaseRequest)
            .join(Claim, Claim.id == ReleaseRequest.claim_id)
            .where(Claim.organisation_id == organisation_of("agent001").id)
        ).one()
        assert request.status is AskState.OPEN
        assert not request.is_ripe

    def test_a_county_invites_it_and_somebody_invites_its_agent(self, demo: Flask) -> None:
        mine = organisation_of("agent001")
        states = {
            row.standing
            for row in db.session.scalars(
                select(ProjectInvitation).where(ProjectInvitation.organisation_id == mine.id)
            )
        }
        assert states == {
            InvitationState.SENT,
            InvitationState.INTERESTED,
            InvitationState.DECLINED,
        }
        user_id = db.session.scalar(select(User.id).where(User.username == "agent001"))
        invited = db.session.scalars(select(Invitation).where(Invitation.user_id == user_id)).one()
        assert invited.is_open

    def test_its_certificate_ends_within_a_month(self, demo: Flask) -> None:
        until = organisation_of("agent001").certificate_expires_on
        assert until is not None
        assert clock.today() < until <= clock.today() + timedelta(days=30)

    def test_its_members_stand_in_every_state(self, demo: Flask) -> None:
        standings = {row.standing for row in organisation_of("agent001").memberships}
        assert standings >= {
            MembershipState.PENDING,
            MembershipState.APPROVED,
            MembershipState.EXPIRED,
        }


class TestStates:
    """Every state of what is newer than claims occurs."""

    def test_places_and_members_and_requests(self, demo: Flask) -> None:
        assert set(db.session.scalars(select(WaitlistEntry.status))) == set(WaitState)
        assert set(db.session.scalars(select(ClaimMember.status))) == set(MemberState)
        decided = {AskState.OPEN, AskState.GRANTED, AskState.REFUSED}
        assert set(db.session.scalars(select(ReleaseRequest.status))) == decided
        assert set(db.session.scalars(select(CapacityGrant.status))) == decided

    def test_joint_claims_wait_are_submitted_and_accepted(self, demo: Flask) -> None:
        states = db.session.scalars(select(Claim.status).where(Claim.members.any()))
        assert set(states) == {ClaimState.RESERVED, ClaimState.SUBMITTED, ClaimState.ACCEPTED}

    def test_something_is_approved_beyond_need(self, demo: Flask) -> None:
        beyond = select(ProjectLine).where(ProjectLine.extra > Decimal(0))
        assert [line.extra for line in db.session.scalars(beyond)] == [Decimal(2)]

    def test_papers_and_names(self, demo: Flask) -> None:
        decided = {PaperState.PENDING, PaperState.ACCEPTED, PaperState.REFUSED}
        assert set(db.session.scalars(select(Certificate.status))) == decided
        assert set(db.session.scalars(select(NameChange.status))) == decided
        today = clock.today()
        ended = select(Certificate).where(
            Certificate.expires_on < today, Certificate.status == PaperState.ACCEPTED
        )
        assert db.session.scalars(ended).first() is not None

    def test_offers_and_invitations(self, demo: Flask) -> None:
        offers = db.session.scalars(select(SupplyOffer)).all()
        assert len(offers) == 12
        assert {offer.status for offer in offers} == set(OfferState)
        assert any(offer.valid_until < clock.today() for offer in offers)
        standings = {row.standing for row in db.session.scalars(select(ProjectInvitation))}
        assert standings == set(InvitationState)

    def test_threads_have_two_to_five_messages_of_both_sides(self, demo: Flask) -> None:
        counts = db.session.execute(
            select(ClaimMessage.claim_id, func.count()).group_by(ClaimMessage.claim_id)
        ).all()
        assert len(counts) >= 6
        assert all(2 <= count <= 5 for _claim, count in counts)

    def test_what_people_keep(self, demo: Flask) -> None:
        for table in (Favourite, SavedSearch):
            assert (db.session.scalar(select(func.count()).select_from(table)) or 0) > 5
        addresses = db.session.scalars(select(MailPreference)).all()
        assert {row.is_ready for row in addresses} == {True, False}
        # Nobody real may ever get a letter of the demo.
        assert all(row.address.endswith(".example") for row in addresses)


def test_the_stored_files_are_whole(demo: Flask) -> None:
    assert list(find_breaches(Storage(demo.extensions["settings"].files_path))) == []


@pytest.mark.parametrize("username", PAGES)
def test_there_is_something_new_to_read(demo: Flask, username: str) -> None:
    unread = (
        select(func.count())
        .select_from(Notice)
        .join(User, User.id == Notice.user_id)
        .where(User.username == username, Notice.read_at.is_(None))
    )
    assert db.session.scalar(unread)
