"""Whom to invite to a project: the ranking, its facts, and the page."""

from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from benchmarks.recommend import load_judged, load_projects
from matchplatform.access.actor import Actor
from matchplatform.claims.states import ClaimState
from matchplatform.invitations.models import ProjectInvitation
from matchplatform.invitations.services import MOST_OPEN, invite_organisation
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, InvalidInput
from matchplatform.matching.candidates import (
    Candidate,
    find_candidates,
    list_candidates,
    read_candidates,
)
from matchplatform.matching.engine import Recommender
from matchplatform.matching.inviting import invite_several
from matchplatform.matching.profiles import current_readings
from matchplatform.matching.queries import list_fitting
from matchplatform.matching.saying import say_cautions, say_reasons, say_record
from matchplatform.matching.snapshot import current_recommender
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project
from matchplatform.projects.services import suspend_project
from matchplatform.projects.states import ProjectState
from tests import factories as make
from tests.kernel.test_transactions import watched
from tests.matching.test_matches import WATER

REASON = "核对清单后再开放认领"


def county(region: str = make.ZHANGBEI) -> Actor:
    return make.actor_for(make.make_officer(region))


def ids(found: list[Candidate]) -> list[int]:
    return [row.organisation.id for row in found]


def water_organisation() -> Organisation:
    """Make an organisation that digs wells; its text is changed as a verifier would have it."""
    organisation, _agent = make.make_organisation(name="北京甘泉饮水公益基金会")
    organisation.business_scope = "资助缺水山村打深井、降氟改水、铺管网、化验水样。"
    organisation.mission = "让山村喝上干净的水。"
    organisation.focus_sectors = ["housing_water"]
    db.session.commit()
    return organisation


class TestTheSameNumber:
    def test_it_is_the_same_match_in_both_directions(self) -> None:
        recommender = Recommender(load_projects())
        profiles = {place: judged.profile for place, judged in enumerate(load_judged(), 1)}
        readings = recommender.read_profiles(profiles)
        forth = {
            key: {match.project_id: match for match in recommender.recommend(profile, 1000)}
            for key, profile in profiles.items()
        }
        for project_id in recommender.project_ids:
            back = recommender.rank_profiles(project_id, readings, 100)
            assert {fit.organisation_id for fit in back} == set(profiles)
            for fit in back:
                assert fit.match == forth[fit.organisation_id][project_id]

    def test_it_goes_by_score_and_then_by_id(self) -> None:
        recommender = Recommender(load_projects())
        twin = load_judged()[0].profile
        readings = recommender.read_profiles(dict.fromkeys((9, 4, 7), twin))
        fits = recommender.rank_profiles(1, readings, 2)
        assert [fit.organisation_id for fit in fits] == [4, 7]

    def test_a_right_organisation_comes_among_the_first(self) -> None:
        projects, judged = load_projects(), load_judged()
        recommender = Recommender(projects)
        readings = recommender.read_profiles({n: each.profile for n, each in enumerate(judged)})
        hits = total = 0
        for place, each in enumerate(judged):
            for project in projects:
                if project.number in each.right:
                    fits = recommender.rank_profiles(project.id, readings, 3)
                    hits += place in {fit.organisation_id for fit in fits}
                    total += 1
        assert total > 20
        assert hits / total > 0.8

    def test_empty_models_and_profiles_are_no_trouble(self) -> None:
        mute = replace(load_projects()[0], title="甲", text="乙", items=())
        recommender = Recommender((mute,))
        profiles = {1: load_judged()[0].profile}
        assert len(recommender.rank_profiles(mute.id, recommender.read_profiles(profiles), 5)) == 1
        whole = Recommender(load_projects())
        assert whole.rank_profiles(1, whole.read_profiles({}), 5) == []

    @pytest.mark.usefixtures("db_session")
    def test_officers_and_organisations_see_the_same_on_a_database(self) -> None:
        project = make.make_project()
        organisation, agent = make.make_organisation()
        make.make_project(details=WATER)
        theirs = list_fitting(make.actor_for(agent), organisation, 1, weak=True).page.items
        ours = list_candidates(county(), project, 5)[0].match
        assert ours in [row.match for row in theirs]


@pytest.mark.usefixtures("db_session")
class TestListCandidates:
    def test_who_fits_comes_first(self) -> None:
        school, water = make.make_project(), make.make_project(details=WATER)
        reader, _agent = make.make_organisation()
        digger = water_organisation()
        # The trail does not know of a text that no verb changed; another link makes it look.
        make.make_project(details=WATER)
        assert ids(list_candidates(county(), school, 9)) == [reader.id, digger.id]
        assert ids(list_candidates(county(), water, 9)) == [digger.id, reader.id]
        assert ids(list_candidates(county(), water, 1)) == [digger.id]

    def test_only_those_who_may_claim_are_listed(self) -> None:
        project = make.make_project()
        make.make_organisation(verified=False)
        expired, _agent = make.make_organisation()
        expired.certificate_expires_on = project.created_at.date().replace(year=2020)
        db.session.commit()
        make.make_project()
        assert list_candidates(county(), project, 9) == []

    def test_a_project_without_a_gap_or_closed_to_claims_has_none(self) -> None:
        project = make.make_project()
        organisation, agent = make.make_organisation()
        draft = make.make_project(state=ProjectState.DRAFT)
        assert list_candidates(county(), draft, 9) == []
        everything = {line.id: line.quantity for line in project.lines}
        make.make_claim(project, organisation, agent, everything)
        assert list_candidates(county(), project, 9) == []
        paused = make.make_project()
        suspend_project(actor=county("1307"), project=paused, version=paused.version, reason=REASON)
        db.session.commit()
        assert not read_candidates(county(), paused, 1, weak=True).accepts

    def test_officers_of_elsewhere_and_agents_are_refused(self) -> None:
        project = make.make_project()
        _organisation, agent = make.make_organisation()
        for actor in (county("130723"), county("1308"), county("11"), make.actor_for(agent)):
            with pytest.raises(Forbidden):
                list_candidates(actor, project, 5)
        assert list_candidates(county("13"), project, 5)

    def test_it_says_what_each_holds_kept_and_answered(self) -> None:
        project, other = make.make_project(), make.make_project()
        holder, agent = make.make_organisation(budget=Decimal(30_000))
        make.make_claim(project, holder, agent, {project.lines[1].id: Decimal(10)}, accepted=True)
        make.make_claim(other, holder, agent)
        asked, _its_agent = make.make_organisation()
        invite_organisation(actor=county(), project=project, organisation=asked, words="")
        db.session.commit()
        found = {row.organisation.id: row for row in list_candidates(county(), project, 9)}
        held, told = found[holder.id], found[asked.id]
        assert held.claim is not None
        assert not held.may_be_invited
        assert held.record[ClaimState.ACCEPTED] == held.record[ClaimState.RESERVED] == 1
        assert held.profile.open_promises == Decimal(22_600)
        assert told.invitation is not None
        assert told.is_open
        assert not told.may_be_invited
        reasons = " ".join(str(words) for words in say_reasons(held, project))
        assert "业务范围与项目都写到" in reasons
        assert "关注“教育”类项目" in reasons
        assert "在张北县认领过项目" in reasons
        assert "在本站已受理 1 笔认领" in reasons
        assert any("超过对方预算" in str(words) for words in say_cautions(held, project))
        assert "签约 0 笔；受理待签约 1 笔，在办 1 笔" in str(say_record(held))
        assert "还没有" in str(say_record(told))

    def test_what_was_signed_is_said_first_and_counted_apart(self) -> None:
        project, other = make.make_project(), make.make_project()
        holder, agent = make.make_organisation()
        make.make_claim(other, holder, agent, signed=True)
        (found,) = list_candidates(county(), project, 9)
        assert found.record[ClaimState.SIGNED] == 1
        assert found.record[ClaimState.ACCEPTED] == 0
        reasons = [str(words) for words in say_reasons(found, project)]
        assert "在本站已签约 1 笔" in reasons
        assert not any("已受理" in words for words in reasons)
        assert str(say_record(found)).startswith("签约 1 笔；受理待签约 0 笔")
        assert found.profile.open_promises == Decimal(20_000)

    def test_it_asks_the_database_no_more_for_many(self) -> None:
        project_id = make.make_project().id
        officer = county()
        counts = []
        for _more in range(2):
            for _each in range(3):
                make.make_organisation()
            current_readings(current_recommender())
            asked: list[str] = []

            def note(*args: object, asked: list[str] = asked) -> None:
                asked.append(str(args[2]))

            db.session.expunge_all()
            loaded = db.session.scalars(select(Project).where(Project.id == project_id)).one()
            event.listen(db.engine, "before_cursor_execute", note)
            list_candidates(officer, loaded, 20)
            event.remove(db.engine, "before_cursor_execute", note)
            counts.append(len(asked))
        assert counts[0] == counts[1]

    def test_readings_are_kept_until_something_changes(self) -> None:
        make.make_project()
        make.make_organisation()
        before = current_readings(current_recommender())
        assert current_readings(current_recommender()) is before
        project = make.make_project(state=ProjectState.DRAFT)
        after = current_readings(current_recommender())
        assert after is not before
        assert after.matrix is before.matrix
        make.make_organisation()
        assert current_readings(current_recommender()).matrix is not before.matrix
        assert project.id not in current_recommender().project_ids


@pytest.mark.usefixtures("db_session")
class TestInviteSeveral:
    def test_each_is_checked_for_itself(self) -> None:
        project, officer = make.make_project(), county()
        fit, _agent = make.make_organisation()
        holder, holding = make.make_organisation()
        make.make_claim(project, holder, holding)
        sent = invite_several(
            actor=officer, project=project, organisation_ids=[holder.id, fit.id], words="请看看"
        )
        db.session.commit()
        assert [each.organisation_id for each in sent.invitations] == [fit.id]
        assert "已有在办的认领" in str(sent.refused[0])
        kept = sent.invitations[0].reasons
        assert kept == [
            str(w)
            for w in say_reasons(find_candidates(officer, project, [fit.id])[fit.id], project)
        ]
        assert any("业务范围与项目都写到" in reason for reason in kept)

    def test_no_more_than_there_is_room_for(self) -> None:
        project, officer = make.make_project(), county()
        for _each in range(MOST_OPEN - 1):
            organisation, _agent = make.make_organisation()
            invite_organisation(actor=officer, project=project, organisation=organisation, words="")
        db.session.commit()
        pair = [make.make_organisation()[0].id for _each in range(2)]
        sent = invite_several(actor=officer, project=project, organisation_ids=pair, words="")
        db.session.commit()
        assert [each.organisation_id for each in sent.invitations] == pair[:1]
        assert "10 份邀请" in str(sent.refused[0])

    def test_nobody_strangers_and_those_of_elsewhere_are_refused(self) -> None:
        project = make.make_project()
        waiting, _agent = make.make_organisation(verified=False)
        known, _its_agent = make.make_organisation()
        for named in ([], [known.id, waiting.id], [known.id, 99_999], list(range(1, 20))):
            with pytest.raises(InvalidInput) as caught:
                invite_several(actor=county(), project=project, organisation_ids=named, words="")
            assert "organisation" in caught.value.fields
            db.session.rollback()
        with pytest.raises(Forbidden):
            invite_several(
                actor=county("130723"), project=project, organisation_ids=[known.id], words=""
            )
        db.session.rollback()
        invite_several(actor=county(), project=project, organisation_ids=[known.id], words="")
        db.session.commit()
        with pytest.raises(Conflict, match="已经邀请过"):
            invite_several(actor=county(), project=project, organisation_ids=[known.id], words="")
        db.session.rollback()


class TestPage:
    def test_an_officer_reads_why_and_invites_one(self, client: FlaskClient) -> None:
        number = make.make_project().number
        organisation, _agent = make.make_organisation()
        key, name = organisation.id, organisation.name
        make.sign_in(client, make.make_officer())
        path = f"/desk/projects/{number}/candidates"
        page = client.get(path).get_data(as_text=True)
        assert name in page
        assert "业务范围与项目都写到" in page
        assert "还缺 16.24 万元" in page
        sent = {"organisation": [str(key)], "words": "请看看", "form_key": "k" * 20}
        for _twice in range(2):
            answer = client.post(path, data=sent)
            assert answer.status_code == 303
            assert answer.headers["Location"] == path
        [invitation] = db.session.scalars(select(ProjectInvitation)).all()
        assert invitation.words == "请看看"
        page = client.get(path).get_data(as_text=True)
        assert f"已邀请 {name}" in page
        assert "已邀请，邀请还有效" in page
        assert "这个项目邀请过的" in page
        again = client.post(path, data={**sent, "form_key": "n" * 20})
        assert again.status_code == 409
        text = again.get_data(as_text=True)
        assert "已经邀请过" in text
        assert "请看看" in text
        other = client.post(path, data={**sent, "words": "别的"})
        assert other.status_code == 422

    def test_nobody_waits_while_the_texts_are_read(
        self, client: FlaskClient, db_session: Flask
    ) -> None:
        number = make.make_project().number
        key = make.make_organisation()[0].id
        make.sign_in(client, make.make_officer())
        path = f"/desk/projects/{number}/candidates"
        with watched(db_session, "SELECT organisations.id, organisations.business_scope,") as seen:
            answer = client.post(path, data={"organisation": [str(key)], "words": "请看看"})
        assert answer.status_code == 303
        assert seen == ["goes on"]
        with watched(db_session, "FROM project_invitations") as seen:
            answer = client.post(path, data={"organisation": [str(key)], "words": "再看看"})
        assert answer.status_code == 409
        # The verb has the turn, the page that tells of the refusal has not.
        assert seen[0] == "waits"
        assert seen[-1] == "goes on"

    def test_several_are_chosen_at_once(self, client: FlaskClient) -> None:
        number = make.make_project().number
        pair = [make.make_organisation()[0].id for _each in range(2)]
        make.sign_in(client, make.make_officer("1307"))
        path = f"/desk/projects/{number}/candidates"
        assert 'form="many"' in client.get(path).get_data(as_text=True)
        answer = client.post(path, data={"organisation": [str(key) for key in pair]})
        assert answer.status_code == 303
        invited = db.session.scalars(
            select(ProjectInvitation.organisation_id).order_by(ProjectInvitation.id)
        ).all()
        assert invited == pair

    def test_what_was_typed_is_not_lost(self, client: FlaskClient) -> None:
        number = make.make_project().number
        key = make.make_organisation()[0].id
        other = make.make_organisation()[0].id
        make.sign_in(client, make.make_officer())
        path = f"/desk/projects/{number}/candidates"
        long = "好" * 301
        for chosen in ([key], [key, other], []):
            answer = client.post(
                path, data={"organisation": [str(each) for each in chosen], "words": long}
            )
            assert answer.status_code == 400, chosen
            page = answer.get_data(as_text=True)
            assert f">{long}</textarea>" in page
            assert ("最多 300 个字。" in page) is bool(chosen)
            if len(chosen) == 2:
                assert page.count(" checked") == 2
        odd = client.post(path, data={"organisation": ["x", "-1", "9" * 30], "words": "<b>"})
        assert odd.status_code == 400
        assert "&lt;b&gt;" in odd.get_data(as_text=True)

    def test_it_is_for_officers_of_the_place(self, client: FlaskClient) -> None:
        project = make.make_project()
        draft = make.make_project(state=ProjectState.DRAFT).number
        number = project.number
        _organisation, agent = make.make_organisation()
        path = f"/desk/projects/{number}/candidates"
        assert client.get(path).status_code == 303
        for user in (make.make_officer("130723"), make.make_officer("11"), agent):
            make.sign_in(client, user)
            assert client.get(path).status_code == 403
            assert client.post(path, data={"organisation": ["1"]}).status_code == 403
        make.sign_in(client, make.make_officer("130723"))
        assert client.get(f"/desk/projects/{draft}/candidates").status_code == 404
        make.sign_in(client, make.make_officer())
        page = client.get(f"/desk/projects/{draft}/candidates").get_data(as_text=True)
        assert "现在不接受认领" in page
        assert client.get("/desk/projects/130722-999/candidates").status_code == 404

    def test_a_full_project_says_so(self, client: FlaskClient) -> None:
        project, officer = make.make_project(), county()
        number = project.number
        for _each in range(MOST_OPEN):
            organisation, _agent = make.make_organisation()
            invite_organisation(actor=officer, project=project, organisation=organisation, words="")
        make.make_organisation()
        db.session.commit()
        make.sign_in(client, make.make_officer())
        path = f"/desk/projects/{number}/candidates"
        page = client.get(f"{path}?page=2").get_data(as_text=True)
        assert "已有 10 份邀请还有效" in page
        assert "邀请这一家" not in page
        assert "第 11–11 项" in page
