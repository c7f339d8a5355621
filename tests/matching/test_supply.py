"""Offers beside open lines on a real database: what fits whom, who is told, who may invite."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.accounts.models import User
from matchplatform.catalogue.indexing import open_index, rebuild
from matchplatform.cli.outbox import do_entry, list_due_ids
from matchplatform.invitations.models import ProjectInvitation
from matchplatform.invitations.services import invite_organisation
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Forbidden
from matchplatform.matching.supply import (
    current_matcher,
    list_fits_here,
    list_offers_for,
    list_own_fits,
)
from matchplatform.notifications.models import Notice
from matchplatform.offers.models import SupplyOffer
from matchplatform.offers.services import close_offer
from matchplatform.offers.states import OfferOutcome
from matchplatform.organisations.merging import merge_organisation
from matchplatform.organisations.models import Organisation
from matchplatform.projects.details import LineDetails
from matchplatform.projects.models import Project
from matchplatform.projects.states import LineKind, ProjectState
from tests.factories import (
    DETAILS,
    actor_for,
    make_auditor,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)
from tests.kernel.test_transactions import watched
from tests.offers.making import make_offer

FUPING, KANGBAO, WEICHANG, FENGNING = "130624", "130723", "130828", "130826"
CHAIRS = LineDetails(LineKind.GOODS, "轮椅", Decimal(8), "辆", Decimal(800), Decimal(1))
BEDS = LineDetails(LineKind.GOODS, "护理床", Decimal(20), "张", Decimal(3000), Decimal(1))
AIDS = replace(DETAILS, name="残疾人辅具适配")


def project_with(*lines: LineDetails, region: str = "130722", **more: object) -> Project:
    """Make a published project with these lines."""
    return make_project(details=AIDS, lines=lines, region=region, **more)  # type: ignore[arg-type]


@pytest.fixture
def own(db_session: Flask) -> tuple[Organisation, User]:
    """A verified organisation with its agent."""
    return make_organisation()


def told(words: str) -> set[int]:
    """Return who was sent a notice with these words."""
    rows = db.session.execute(select(Notice.user_id, Notice.template))
    return {user_id for user_id, template in rows if words in template}


def work(app: Flask) -> None:
    """Let the worker do what waits, until nothing does."""
    index = open_index(app.extensions["settings"])
    rebuild(index)
    while ids := list_due_ids():
        for key in ids:
            assert do_entry(key, index)


class TestForAnOffer:
    def test_the_organisation_sees_every_county_the_officer_their_own(
        self, own: tuple[Organisation, User]
    ) -> None:
        here, there = project_with(CHAIRS, BEDS), project_with(BEDS, CHAIRS, region=FUPING)
        offer = make_offer(*own)
        rows = list_own_fits(actor_for(own[1]), offer)
        assert [row.fit.line.project_id for row in rows] == sorted(
            [here.id, there.id], key=lambda key: {here.id: here.number, there.id: there.number}[key]
        )
        for region, seen in (
            ("130722", {here.id}),
            ("1306", {there.id}),
            ("13", {here.id, there.id}),
            ("11", set()),
        ):
            found = list_fits_here(actor_for(make_officer(region)), offer)
            assert {row.fit.line.project_id for row in found} == seen
        assert len(list_fits_here(actor_for(make_auditor()), offer)) == 2

    def test_its_reasons_and_cautions_are_in_words(self, own: tuple[Organisation, User]) -> None:
        project_with(CHAIRS)
        offer = make_offer(*own, sectors=("education",), regions=(KANGBAO,), unit="台")
        (row,) = list_own_fits(actor_for(own[1]), offer)
        assert [str(words) for words in row.reasons] == [
            "都写到“轮椅”",
            "愿意用在“教育”",
        ]
        assert [str(words) for words in row.cautions] == [
            "单位不同：意向以台计，条目以辆计",
            "愿意给张家口市的别的县",
        ]

    def test_only_what_can_be_claimed_today(self, own: tuple[Organisation, User]) -> None:
        project_with(CHAIRS, state=ProjectState.VERIFIED)
        soon = project_with(CHAIRS, deadline=clock.today())
        taken = project_with(CHAIRS)
        make_claim(taken, *make_organisation(), {taken.lines[0].id: Decimal(8)})
        offer, actor = make_offer(*own), actor_for(own[1])
        assert [row.fit.line.project_id for row in list_own_fits(actor, offer)] == [soon.id]
        with clock.set_clock(clock.now() + timedelta(days=1)):
            assert list_own_fits(actor, offer) == []

    def test_the_gap_follows_claims_without_a_new_model(
        self, own: tuple[Organisation, User]
    ) -> None:
        project, offer = project_with(CHAIRS), make_offer(*own)
        actor = actor_for(own[1])
        assert list_own_fits(actor, offer)[0].fit.line.gap == 8
        names = current_matcher()._names
        make_claim(project, *make_organisation(), {project.lines[0].id: Decimal(5)})
        assert list_own_fits(actor, offer)[0].fit.line.gap == 3
        assert current_matcher()._names is names

    def test_projects_it_holds_something_of_are_left_out(
        self, own: tuple[Organisation, User]
    ) -> None:
        project, offer = project_with(CHAIRS), make_offer(*own)
        make_claim(project, *own, {project.lines[0].id: Decimal(2)})
        assert list_own_fits(actor_for(own[1]), offer) == []
        assert list_offers_for(actor_for(make_officer()), project) == []

    def test_what_ended_or_has_run_out_fits_nothing(self, own: tuple[Organisation, User]) -> None:
        project, offer = project_with(CHAIRS), make_offer(*own, valid_until=clock.today())
        actor = actor_for(own[1])
        with clock.set_clock(clock.now() + timedelta(days=1)):
            assert list_own_fits(actor, offer) == []
        close_offer(
            actor=actor,
            offer=offer,
            version=offer.version,
            outcome=OfferOutcome.WITHDRAWN,
            reason="已经送给别处了",
        )
        db.session.commit()
        assert list_own_fits(actor, offer) == []
        assert list_offers_for(actor_for(make_officer()), project) == []

    def test_others_may_not_ask(self, own: tuple[Organisation, User]) -> None:
        offer = make_offer(*own)
        stranger = actor_for(make_organisation()[1])
        for verb in (list_own_fits, list_fits_here):
            with pytest.raises(Forbidden):
                verb(stranger, offer)
        with pytest.raises(Forbidden):
            list_offers_for(actor_for(make_officer(FUPING)), project_with(CHAIRS))


class TestForAProject:
    def test_offers_come_best_first_each_with_its_best_line(
        self, own: tuple[Organisation, User]
    ) -> None:
        project = project_with(BEDS, CHAIRS)
        few, many = make_offer(*own, quantity=Decimal(2)), make_offer(*make_organisation())
        beds = make_offer(*own, item="护理床", unit="张", quantity=Decimal(20))
        make_offer(*own, item="钢琴", unit="架")
        rows = list_offers_for(actor_for(make_officer()), project)
        assert [row.offer.id for row in rows] == [many.id, beds.id, few.id]
        assert [row.fit.line.item for row in rows] == ["轮椅", "护理床", "轮椅"]
        assert len(list_offers_for(actor_for(make_officer()), project, 2)) == 2

    def test_the_score_is_the_same_from_both_sides(self, own: tuple[Organisation, User]) -> None:
        project, offer = project_with(CHAIRS), make_offer(*own)
        officer = actor_for(make_officer())
        (there,), (back,) = list_fits_here(officer, offer), list_offers_for(officer, project)
        assert there.fit == back.fit


class TestNews:
    def test_the_three_counties_that_fit_best_are_told_once(
        self, own: tuple[Organisation, User], app: Flask
    ) -> None:
        regions = ("130722", FUPING, WEICHANG, FENGNING)
        officers = {region: make_officer(region).id for region in regions}
        for region in regions:
            project_with(CHAIRS, region=region)
        project_with(BEDS, region=KANGBAO)
        elsewhere = make_officer(KANGBAO).id
        make_offer(*own, regions=(FUPING, WEICHANG, FENGNING))
        work(app)
        found = told("有供给意向")
        assert {officers[region] for region in (FUPING, WEICHANG, FENGNING)} <= found
        assert officers["130722"] not in found
        assert elsewhere not in found
        count = len(db.session.scalars(select(Notice.id)).all())
        work(app)
        assert len(db.session.scalars(select(Notice.id)).all()) == count

    def test_nobody_is_told_of_what_was_ended_before_the_worker_came(
        self, own: tuple[Organisation, User], app: Flask
    ) -> None:
        project_with(CHAIRS)
        offer = make_offer(*own)
        close_offer(
            actor=actor_for(own[1]),
            offer=offer,
            version=offer.version,
            outcome=OfferOutcome.WITHDRAWN,
            reason="已经送给别处了",
        )
        db.session.commit()
        work(app)
        assert told("有供给意向") == set()


class TestMerge:
    def test_offers_go_along(self, own: tuple[Organisation, User]) -> None:
        offer = make_offer(*own)
        target, _agent = make_organisation()
        merge_organisation(
            actor=actor_for(make_officer("11")),
            source=own[0],
            target=target,
            version=own[0].version,
            reason="同一家登记了两次",
        )
        db.session.commit()
        assert offer.organisation_id == target.id
        assert offer.is_usable


class Scene:
    """An officer before an offer that fits a project of the county."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        project = project_with(CHAIRS, BEDS)
        organisation, agent = make_organisation(name="北京辅具公益基金会")
        offer = make_offer(organisation, agent)
        self.number, self.line = project.number, project.lines[0].id
        self.offer, self.agent_id = offer.id, agent.id
        self.officer_id = make_officer().id
        self.sign_in(self.officer_id)

    def sign_in(self, user_id: int) -> None:
        """Sign somebody in."""
        sign_in(self.client, db.session.get_one(User, user_id))

    def invite(self, **more: str) -> int:
        """Press the button; return the status."""
        data = {"line_id": str(self.line), "words": "正合这里的需要", **more}
        return self.client.post(f"/desk/offers/{self.offer}/invite", data=data).status_code

    @property
    def page(self) -> str:
        """Return the officer's page of the offer."""
        return self.client.get(f"/desk/offers/{self.offer}").text

    @property
    def invitations(self) -> list[ProjectInvitation]:
        """Return what was sent."""
        db.session.rollback()
        return list(db.session.scalars(select(ProjectInvitation)))


@pytest.fixture
def scene(client: FlaskClient) -> Scene:
    """An officer who is signed in."""
    return Scene(client)


class TestPages:
    def test_the_officer_invites_and_the_reasons_are_kept(self, scene: Scene) -> None:
        assert "邀请认领" in scene.page
        assert "残疾人辅具适配" in scene.page
        assert scene.invite() == 303
        (sent,) = scene.invitations
        assert (sent.offer_id, sent.line_id, sent.words) == (
            scene.offer,
            scene.line,
            "正合这里的需要",
        )
        assert sent.reasons == ["都写到“轮椅”", "10 辆够补上全部缺口 8 辆"]
        page = scene.page
        assert "因这份意向邀请过" in page
        assert "已邀请" in page
        assert f'id="invite-{scene.line}"' not in page
        assert scene.invite() == 409

    def test_what_was_claimed_since_stands_beside_the_invitation(self, scene: Scene) -> None:
        scene.invite()
        project = db.session.scalars(select(Project).where(Project.number == scene.number)).one()
        organisation = db.session.get_one(SupplyOffer, scene.offer).organisation
        agent = db.session.get_one(User, scene.agent_id)
        claim = make_claim(project, organisation, agent, {scene.line: Decimal(6)})
        number = claim.number
        page = scene.page
        assert number in page
        assert "轮椅 6 辆" in page

    def test_nobody_waits_while_the_lines_are_read(self, scene: Scene, db_session: Flask) -> None:
        with watched(db_session, "FROM project_lines JOIN projects") as seen:
            assert scene.invite() == 303
        assert seen == ["goes on"]

    def test_a_refusal_stands_at_the_form_with_what_was_typed(self, scene: Scene) -> None:
        answer = scene.client.post(
            f"/desk/offers/{scene.offer}/invite",
            data={"line_id": str(scene.line), "words": "请" * 301},
        )
        assert answer.status_code == 400
        assert f'href="#words-{scene.line}"' in answer.text
        assert "请" * 301 in answer.text
        assert scene.invite(line_id="999999") == 409
        assert scene.invite(line_id="junk") == 409
        assert scene.invitations == []

    def test_the_form_key_makes_one_of_two(self, scene: Scene) -> None:
        assert scene.invite(form_key="k") == scene.invite(form_key="k") == 303
        assert len(scene.invitations) == 1
        assert scene.invite(form_key="k", words="别的") == 422

    def test_only_officers_of_the_county_invite(self, scene: Scene) -> None:
        people = [make_officer(FUPING), make_officer("11"), make_auditor()]
        agent = db.session.get_one(User, scene.agent_id)
        for user_id in [user.id for user in (*people, agent)]:
            scene.sign_in(user_id)
            assert scene.invite() == 403
        scene.sign_in(people[0].id)
        assert f"invite-{scene.line}" not in scene.page
        assert scene.invitations == []

    def test_the_project_page_shows_offers_to_its_officers_only(self, scene: Scene) -> None:
        path = f"/projects/{scene.number}"
        page = scene.client.get(path).text
        assert "这些供给意向对得上" in page
        assert f"/desk/offers/{scene.offer}?line={scene.line}#invite-{scene.line}" in page
        opened = scene.client.get(f"/desk/offers/{scene.offer}?line={scene.line}").text
        assert f'id="invite-{scene.line}" open' in opened
        others = [make_officer(FUPING).id, make_organisation()[1].id, scene.agent_id]
        for user_id in others:
            scene.sign_in(user_id)
            assert "供给意向对得上" not in scene.client.get(path).text
        assert "供给意向对得上" not in scene.client.application.test_client().get(path).text

    def test_the_organisation_may_go_and_claim_at_once(self, scene: Scene) -> None:
        scene.sign_in(scene.agent_id)
        page = scene.client.get(f"/my/offers/{scene.offer}").text
        assert "符合的项目" in page
        assert f"/projects/{scene.number}#claim" in page
        assert "县里已邀请" not in page
        officer = actor_for(db.session.get_one(User, scene.officer_id))
        project = db.session.scalars(select(Project).where(Project.number == scene.number)).one()
        offer = db.session.get_one(SupplyOffer, scene.offer)
        invite_organisation(
            actor=officer, project=project, organisation=offer.organisation, words=""
        )
        db.session.commit()
        assert "县里已邀请" in scene.client.get(f"/my/offers/{scene.offer}").text
