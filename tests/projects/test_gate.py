"""The quality gate at work: what stops, what wants a reason, what is asked once and not again."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.audit.queries import list_history
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    Conflict,
    Forbidden,
    Hidden,
    IllegalMove,
    InvalidInput,
    StaleVersion,
)
from matchplatform.projects.bulk import publish_many
from matchplatform.projects.changing import LineChange, change_project
from matchplatform.projects.copying import details_of, lines_of
from matchplatform.projects.details import LineDetails, ProjectDetails
from matchplatform.projects.gate import GateStops, ReasonsWanting, find_seen
from matchplatform.projects.gate_answers import decide_pair, explain_findings
from matchplatform.projects.gate_models import FindingState, ProjectFinding, ProjectPair, Verdict
from matchplatform.projects.models import Project
from matchplatform.projects.prices import PriceDetails, add_price
from matchplatform.projects.services import (
    create_project,
    edit_project,
    publish_project,
    return_project,
    submit_project,
    verify_project,
)
from matchplatform.projects.states import ProjectState
from matchplatform.quality.needs import RuleName
from tests.factories import (
    DETAILS,
    MONEY,
    QUILTS,
    ZHANGBEI,
    actor_for,
    make_officer,
    make_project,
)

pytestmark = pytest.mark.usefixtures("db_session")
CITY, PROVINCE, OTHER_COUNTY = "1307", "13", "130723"
ID_NUMBER = "13072219900307001X"
# Dear beside the price table, and not so dear that it cannot be.
DEAR = replace(QUILTS, unit_price=Decimal(340))
WHY = "三县询价都在这个价，加厚的"


def dated(details: ProjectDetails) -> ProjectDetails:
    today = clock.today()
    return replace(
        details,
        starts_on=today,
        ends_on=today + timedelta(days=200),
        claim_deadline=today + timedelta(days=60),
    )


def draft(
    lines: tuple[LineDetails, ...] = (MONEY, QUILTS), region: str = ZHANGBEI, **changes: Any
) -> tuple[Actor, Project]:
    """Write a draft as a new officer of the county."""
    writer = actor_for(make_officer(region))
    project = create_project(actor=writer, details=dated(replace(DETAILS, **changes)), lines=lines)
    db.session.commit()
    return writer, project


def usual_quilts(low: int = 150, high: int = 300) -> None:
    """Put quilts into the price table of the province."""
    details = PriceDetails("被褥", "套", Decimal(low), Decimal(high), "询价", date(2020, 5, 1))
    add_price(actor=actor_for(make_officer(PROVINCE)), details=details)
    db.session.commit()


def submit(writer: Actor, project: Project) -> None:
    submit_project(actor=writer, project=project, version=project.version)
    db.session.commit()


def edit(writer: Actor, project: Project, lines: list[LineDetails], **changes: Any) -> None:
    details = replace(details_of(project), **changes)
    edit_project(
        actor=writer, project=project, version=project.version, details=details, lines=lines
    )
    db.session.commit()


def explain(actor: Actor, project: Project, reason: str = WHY) -> None:
    """Give the same reason for everything that asks for one."""
    reasons = {one.key: reason for one in find_seen(actor, project) if one.asks}
    explain_findings(actor=actor, project=project, version=project.version, reasons=reasons)
    db.session.commit()


def decide(
    actor: Actor, project: Project, other: Project, verdict: Verdict, reason: str = "不是一个学校"
) -> ProjectPair:
    pair = decide_pair(
        actor=actor,
        project=project,
        other=other,
        version=project.version,
        verdict=verdict,
        reason=reason,
    )
    db.session.commit()
    return pair


def kept() -> list[ProjectFinding]:
    return list(db.session.scalars(select(ProjectFinding).order_by(ProjectFinding.id)))


class TestBlockers:
    def test_a_sound_need_passes(self) -> None:
        writer, project = draft()
        submit(writer, project)
        assert project.status is ProjectState.SUBMITTED
        assert kept() == []

    def test_an_identity_number_stops_at_its_field(self) -> None:
        writer, project = draft(scope_text=f"{DETAILS.scope_text}身份证号{ID_NUMBER}。")
        with pytest.raises(GateStops) as refused:
            submit(writer, project)
        assert set(refused.value.fields) == {"scope_text"}
        assert ID_NUMBER not in str(refused.value.fields["scope_text"])
        assert project.status is ProjectState.DRAFT

    def test_a_line_is_named_as_the_form_names_it(self) -> None:
        writer, project = draft((MONEY, replace(QUILTS, item="华为手机")))
        with pytest.raises(GateStops) as refused:
            submit(writer, project)
        assert "lines-1-item" in refused.value.fields

    def test_more_people_than_the_county_has_stop(self) -> None:
        writer, project = draft(place="", direct_people=900_000, households=0, person_times=0)
        names = {one.finding.rule for one in find_seen(writer, project) if one.stops}
        assert RuleName.POPULATION in names

    def test_a_reason_does_not_help(self) -> None:
        writer, project = draft((MONEY, replace(QUILTS, item="华为手机")))
        keys = [one.key for one in find_seen(writer, project) if one.stops]
        with pytest.raises(Conflict):
            explain_findings(
                actor=writer, project=project, version=project.version, reasons={keys[0]: WHY}
            )


class TestReasons:
    def test_a_warning_wants_a_reason_and_passes_with_one(self) -> None:
        usual_quilts()
        writer, project = draft((MONEY, DEAR))
        with pytest.raises(ReasonsWanting) as refused:
            submit(writer, project)
        assert set(refused.value.fields) == {"lines-1-unit_price"}
        explain(writer, project)
        submit(writer, project)
        assert project.status is ProjectState.SUBMITTED
        (row,) = kept()
        assert (row.state, row.reason, row.place) == (
            FindingState.EXPLAINED, WHY, "lines.1.unit_price",
        )  # fmt: skip
        assert row.by_label == writer.label
        assert "340" in row.words
        actions = [entry.action for entry in list_history("project", project.number)]
        assert actions[:2] == ["project.submit", "project.explain"]

    def test_a_reason_says_something(self) -> None:
        usual_quilts()
        writer, project = draft((MONEY, DEAR))
        with pytest.raises(InvalidInput) as refused:
            explain(writer, project, "好")
        assert [name[:7] for name in refused.value.fields] == ["reason-"]
        with pytest.raises(InvalidInput):
            explain(writer, project, "  ")

    def test_only_what_changed_must_be_explained_again(self) -> None:
        usual_quilts()
        beds = replace(QUILTS, item="单人棉被褥", unit_price=Decimal(330), quantity=Decimal(186))
        writer, project = draft((DEAR, beds))
        explain(writer, project)
        edit(writer, project, [replace(DEAR, unit_price=Decimal(350)), beds], place="东水泉")
        seen = [(one.field, one.is_answered) for one in find_seen(writer, project)]
        assert ("lines-0-unit_price", False) in seen
        assert ("lines-1-unit_price", True) in seen

    def test_a_line_that_moved_keeps_its_reason(self) -> None:
        usual_quilts()
        writer, project = draft((MONEY, DEAR))
        explain(writer, project)
        edit(writer, project, [DEAR, MONEY])
        (one,) = find_seen(writer, project)
        assert (one.field, one.is_answered) == ("lines-0-unit_price", True)

    def test_what_was_mended_is_noted_as_gone(self) -> None:
        usual_quilts()
        writer, project = draft((MONEY, DEAR))
        explain(writer, project)
        edit(writer, project, [MONEY, QUILTS])
        submit(writer, project)
        assert [row.state for row in kept()] == [FindingState.GONE]

    def test_what_went_and_came_back_is_asked_anew(self) -> None:
        usual_quilts()
        writer, project = draft((MONEY, DEAR))
        explain(writer, project)
        edit(writer, project, [MONEY, QUILTS])
        submit(writer, project)
        second = actor_for(make_officer())
        return_project(
            actor=second, project=project, version=project.version, reason="请再核对一遍"
        )
        edit(writer, project, [MONEY, DEAR])
        with pytest.raises(ReasonsWanting):
            submit(writer, project)
        explain(writer, project)
        assert [row.state for row in kept()] == [FindingState.EXPLAINED]

    def test_whoever_gave_a_reason_does_not_verify(self) -> None:
        usual_quilts()
        writer, project = draft((MONEY, DEAR))
        second = actor_for(make_officer())
        explain(second, project)
        assert second.user_id in project.author_ids
        submit(writer, project)
        with pytest.raises(Forbidden):
            verify_project(actor=second, project=project, version=project.version)

    def test_a_stale_page_is_refused(self) -> None:
        usual_quilts()
        writer, project = draft((MONEY, DEAR))
        with pytest.raises(StaleVersion):
            explain_findings(
                actor=writer, project=project, version=project.version + 1, reasons={"x": WHY}
            )

    @pytest.mark.parametrize("region", [OTHER_COUNTY, CITY, PROVINCE])
    def test_others_may_not_answer_for_a_draft(self, region: str) -> None:
        usual_quilts()
        _writer, project = draft((MONEY, DEAR))
        with pytest.raises(Forbidden):
            explain(actor_for(make_officer(region)), project)

    def test_nobody_answers_while_it_lies_with_the_verifier(self) -> None:
        writer, project = draft()
        submit(writer, project)
        usual_quilts(10, 20)
        with pytest.raises(IllegalMove):
            explain(writer, project)


class TestPublish:
    def test_it_is_looked_at_again(self) -> None:
        project = make_project(state=ProjectState.VERIFIED)
        usual_quilts(150, 240)
        city = actor_for(make_officer(CITY))
        with pytest.raises(ReasonsWanting):
            publish_project(actor=city, project=project, version=project.version)
        explain(city, project)
        publish_project(actor=city, project=project, version=project.version)
        db.session.commit()
        assert project.status is ProjectState.PUBLISHED

    def test_publishing_several_goes_through_the_gate(self) -> None:
        project = make_project(state=ProjectState.VERIFIED)
        usual_quilts(10, 20)
        city = actor_for(make_officer(CITY))
        (outcome,) = publish_many(actor=city, picks=[(project.number, project.version)])
        db.session.commit()
        assert "价格表" in str(outcome.why_not)
        assert project.status is ProjectState.VERIFIED

    def test_whoever_wrote_on_it_does_not_answer_for_the_public(self) -> None:
        project = make_project(state=ProjectState.VERIFIED)
        usual_quilts(150, 240)
        with pytest.raises(Forbidden):
            explain(actor_for(make_officer()), project)


class TestChange:
    def change(self, project: Project, quilts: LineDetails, **changes: Any) -> None:
        lines = [MONEY, quilts]
        ids = [line.id for line in project.lines]
        try:
            change_project(
                actor=actor_for(make_officer(CITY)),
                project=project,
                version=project.version,
                details=replace(details_of(project), **changes),
                lines=[LineChange(*pair) for pair in zip(ids, lines, strict=True)],
                reason="村里重新核实了",
            )
        except InvalidInput:
            db.session.rollback()
            raise
        db.session.commit()

    def test_nothing_gets_in_by_changing_what_is_public(self) -> None:
        project = make_project()
        with pytest.raises(GateStops):
            self.change(project, QUILTS, outcome_target=f"联系{ID_NUMBER}，每人一套被褥。")
        assert ID_NUMBER not in db.session.get_one(Project, project.id).outcome_target

    def test_what_was_there_before_does_not_hold_up_a_change(self) -> None:
        project = make_project()
        usual_quilts(10, 20)
        self.change(project, replace(QUILTS, quantity=Decimal(200)))
        assert project.lines[1].quantity == 200

    def test_what_only_asked_before_and_stops_now_is_refused(self) -> None:
        ends = clock.today() + timedelta(days=70)
        details = replace(dated(DETAILS), ends_on=ends, starts_on=ends - timedelta(days=8))
        project = make_project(details=details)
        with pytest.raises(GateStops):
            self.change(project, QUILTS, starts_on=ends - timedelta(days=2))

    def test_what_is_only_odd_is_kept_open_and_answered_later(self) -> None:
        project = make_project()
        usual_quilts()
        self.change(project, DEAR)
        assert [row.state for row in kept()] == [FindingState.OPEN]
        explain(actor_for(make_officer(PROVINCE)), project)
        assert [row.state for row in kept()] == [FindingState.EXPLAINED]


class TestLikeness:
    def test_the_same_need_twice_stops(self) -> None:
        make_project()
        writer, project = draft()
        with pytest.raises(GateStops) as refused:
            submit(writer, project)
        assert set(refused.value.fields) == {"name"}

    def test_not_the_same_is_not_asked_again(self) -> None:
        first = make_project()
        writer, project = draft()
        decide(writer, project, first, Verdict.NOT_SAME)
        submit(writer, project)
        assert project.status is ProjectState.SUBMITTED
        entry = list_history("project", project.number)[1]
        assert (entry.action, entry.reason) == ("project.pair", "不是一个学校")
        officer = actor_for(make_officer(CITY))
        assert find_seen(officer, project) == []
        assert find_seen(officer, first) == []

    def test_the_same_gives_way_until_the_answer_changes(self) -> None:
        first = make_project()
        writer, project = draft()
        decide(writer, project, first, Verdict.SAME, "就是同一所小学")
        with pytest.raises(GateStops):
            submit(writer, project)
        # The one that stays is not held up.
        assert find_seen(actor_for(make_officer(CITY)), first) == []
        edit(writer, project, lines_of(project), name="换一个说法也还是它", place="别处")
        with pytest.raises(GateStops):
            submit(writer, project)
        decide(writer, project, first, Verdict.NOT_SAME, "看错了，是另一所")
        submit(writer, project)
        assert len(db.session.scalars(select(ProjectPair)).all()) == 1

    def test_what_has_become_a_copy_since_is_asked_again(self) -> None:
        first = make_project()
        vague = "村卫生室的屋顶漏雨，药柜受潮，看病的老人坐在院里等，需要修一修，添几样东西。"
        roof = "雨季前屋顶不再漏雨，药品干燥存放。"
        writer, project = draft((MONEY,), name="卫生室修缮", scope_text=vague, outcome_target=roof)
        assert decide(writer, project, first, Verdict.NOT_SAME).alike < 90
        edit(writer, project, lines_of(project), direct_people=190)
        assert not [one for one in find_seen(writer, project) if one.finding.other_id]
        copied = {"name": DETAILS.name, "scope_text": DETAILS.scope_text}
        edit(writer, project, [MONEY, QUILTS], outcome_target=DETAILS.outcome_target, **copied)
        with pytest.raises(GateStops):
            submit(writer, project)
        decide(writer, project, first, Verdict.NOT_SAME, "看过了，确实是另一所")
        submit(writer, project)

    def test_a_draft_elsewhere_is_told_of_and_not_shown(self) -> None:
        _theirs, secret = draft(region=OTHER_COUNTY)
        writer, project = draft()
        (one,) = find_seen(writer, project)
        assert one.finding.rule is RuleName.LIKENESS
        assert one.other is None
        assert not one.stops
        assert secret.number not in one.words
        with pytest.raises(Hidden):
            decide(writer, project, secret, Verdict.NOT_SAME)
        explain(writer, project, "和那边核对过，不是一个村")
        submit(writer, project)
        # Who may read both sees what it is, with the answer.
        (again,) = find_seen(actor_for(make_officer(CITY)), project)
        assert again.other is not None
        assert again.other.number == secret.number
        assert again.is_answered

    def test_what_is_not_alike_is_not_answered_for(self) -> None:
        writer, project = draft()
        _theirs, other = draft(
            (replace(MONEY, item="收购周转金"),),
            name="山药蛋收购",
            place="南山窑",
            scope_text="收山药蛋" * 20,
            outcome_target="开春二十吨种薯卖完。",
        )
        with pytest.raises(Conflict):
            decide(writer, project, other, Verdict.NOT_SAME)

    def test_a_text_that_changed_is_compared_as_it_is_now(self) -> None:
        seeds = replace(QUILTS, item="脱毒种薯", unit="公斤", unit_price=Decimal(4))
        theirs, other = draft(
            (seeds,),
            outcome_target="开春二十吨种薯卖完。",
            name="山药蛋收购",
            place="南山窑",
            scope_text="收购山药蛋二十吨，存进新修的窖里，开春卖种薯。",
        )
        writer, project = draft()
        assert find_seen(writer, project) == []
        edit(
            theirs, other, [MONEY, QUILTS], name=DETAILS.name, place=DETAILS.place,
            scope_text=DETAILS.scope_text,
        )  # fmt: skip
        assert [one.other for one in find_seen(writer, project)] == [other]
