"""The verbs of projects on a real database."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from matchplatform.accounts.models import User
from matchplatform.audit.queries import list_history
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    Conflict,
    Forbidden,
    IllegalMove,
    InvalidInput,
    StaleVersion,
)
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.projects import services
from matchplatform.projects.models import Project
from matchplatform.projects.queries import find_breaches
from matchplatform.projects.states import CloseOutcome, LineKind, ProjectState
from tests.factories import (
    DETAILS,
    MONEY,
    QUILTS,
    ZHANGBEI,
    actor_for,
    make_auditor,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
)

CITY, PROVINCE, OTHER_COUNTY = "1307", "13", "130723"

pytestmark = pytest.mark.usefixtures("db_session")


def write(writer: User, **changes: object) -> Project:
    """Begin a whole draft as this officer."""
    today = clock.today()
    whole = replace(
        DETAILS,
        starts_on=today,
        ends_on=today + timedelta(days=200),
        claim_deadline=today + timedelta(days=60),
    )
    details = replace(whole, **changes)  # type: ignore[arg-type]
    project = services.create_project(
        actor=actor_for(writer), details=details, lines=(MONEY, QUILTS)
    )
    db.session.commit()
    return project


def submit(project: Project, writer: User) -> Project:
    """Submit a draft as this officer."""
    services.submit_project(actor=actor_for(writer), project=project, version=project.version)
    db.session.commit()
    return project


def told(words: str) -> set[int]:
    """Return who was told something that contains these words."""
    entries = db.session.scalars(select(OutboxEntry).where(OutboxEntry.topic == "notice"))
    return {
        user_id
        for entry in entries
        if words in entry.payload["template"]
        for user_id in entry.payload["user_ids"]
    }


class TestCreate:
    def test_it_numbers_drafts_by_county_and_keeps_its_author(self) -> None:
        writer = make_officer()
        first, second = write(writer), write(writer)
        assert (first.number, second.number) == ("130722-001", "130722-002")
        assert first.status is ProjectState.DRAFT
        assert first.region_code == ZHANGBEI
        assert first.author_ids == [writer.id]
        assert first.value_needed == Decimal("162400.00")
        assert [entry.action for entry in list_history("project", first.number)] == [
            "project.create"
        ]

    def test_it_needs_only_a_name(self) -> None:
        project = services.create_project(
            actor=actor_for(make_officer()),
            details=replace(DETAILS, place="", scope_text="", owner_unit="", direct_people=0),
            lines=(),
        )
        db.session.commit()
        assert project.lines == []

    @pytest.mark.parametrize("region", [CITY, PROVINCE])
    def test_it_refuses_officers_above_the_county(self, region: str) -> None:
        actor = actor_for(make_officer(region))
        with pytest.raises(Forbidden):
            services.create_project(actor=actor, details=DETAILS, lines=())

    def test_it_refuses_agents_and_auditors(self) -> None:
        agent = make_organisation()[1]
        for user in (agent, make_auditor()):
            with pytest.raises(Forbidden):
                services.create_project(actor=actor_for(user), details=DETAILS, lines=())

    def test_it_names_every_field_of_a_line_that_is_wrong(self) -> None:
        lines = (
            replace(QUILTS, item=" ", quantity=Decimal("12.5"), unit_price=None),
            replace(MONEY, quantity=Decimal("0.001"), min_lot=Decimal(0)),
            replace(QUILTS, min_lot=Decimal(241)),
        )
        with pytest.raises(InvalidInput) as refused:
            services.create_project(
                actor=actor_for(make_officer()), details=replace(DETAILS, name=" "), lines=lines
            )
        assert set(refused.value.fields) == {
            "name",
            "lines-0-item",
            "lines-0-quantity",
            "lines-0-unit_price",
            "lines-1-quantity",
            "lines-1-min_lot",
            "lines-2-min_lot",
        }

    def test_money_is_yuan_at_one_whatever_was_typed_and_jobs_have_no_price(self) -> None:
        lines = (
            replace(MONEY, unit="万元", unit_price=Decimal(10000)),
            replace(QUILTS, kind=LineKind.JOBS, unit="个", unit_price=Decimal(9)),
        )
        project = services.create_project(
            actor=actor_for(make_officer()), details=DETAILS, lines=lines
        )
        db.session.commit()
        assert (project.lines[0].unit, project.lines[0].unit_price) == ("元", Decimal(1))
        assert project.lines[1].unit_price is None
        assert project.value_needed == Decimal("100000.00")


class TestEdit:
    def test_it_replaces_what_was_written_and_adds_the_author(self) -> None:
        first, second = make_officer(), make_officer()
        project = write(first)
        services.edit_project(
            actor=actor_for(second),
            project=project,
            version=project.version,
            details=replace(DETAILS, name="换了名字"),
            lines=(QUILTS,),
        )
        db.session.commit()
        assert project.name == "换了名字"
        assert [line.item for line in project.lines] == [QUILTS.item]
        assert project.author_ids == [first.id, second.id]

    def test_new_lines_alone_make_a_new_version(self) -> None:
        writer = make_officer()
        project = write(writer)
        details = replace(
            DETAILS,
            starts_on=project.starts_on,
            ends_on=project.ends_on,
            claim_deadline=project.claim_deadline,
        )
        seen = project.version
        for version, expected in ((seen, None), (seen, StaleVersion)):
            arguments = {
                "actor": actor_for(writer),
                "project": project,
                "version": version,
                "details": details,
                "lines": (replace(QUILTS, quantity=Decimal(30)),),
            }
            if expected is None:
                services.edit_project(**arguments)  # type: ignore[arg-type]
                db.session.commit()
            else:
                with pytest.raises(expected):
                    services.edit_project(**arguments)  # type: ignore[arg-type]
        assert project.version == seen + 1

    def test_it_refuses_another_county(self) -> None:
        project = write(make_officer())
        with pytest.raises(Forbidden):
            services.edit_project(
                actor=actor_for(make_officer(OTHER_COUNTY)),
                project=project,
                version=project.version,
                details=DETAILS,
                lines=(),
            )

    @pytest.mark.parametrize("state", [ProjectState.SUBMITTED, ProjectState.PUBLISHED])
    def test_it_refuses_what_was_handed_on(self, state: ProjectState) -> None:
        project = make_project(state=state)
        with pytest.raises(IllegalMove):
            services.edit_project(
                actor=actor_for(make_officer()),
                project=project,
                version=project.version,
                details=DETAILS,
                lines=(),
            )


class TestSubmit:
    def test_it_lists_every_field_that_is_missing(self) -> None:
        writer = make_officer()
        project = services.create_project(
            actor=actor_for(writer),
            details=replace(
                DETAILS,
                place="",
                scope_text="太短",
                outcome_target="",
                direct_people=0,
                households=0,
                person_times=0,
                owner_unit="",
                supervising_unit="",
                contact_name="",
                contact_phone="",
            ),
            lines=(),
        )
        db.session.commit()
        with pytest.raises(InvalidInput) as refused:
            services.submit_project(
                actor=actor_for(writer), project=project, version=project.version
            )
        assert set(refused.value.fields) == {
            "place",
            "scope_text",
            "outcome_target",
            "direct_people",
            "owner_unit",
            "supervising_unit",
            "contact_name",
            "contact_phone",
            "lines",
            "starts_on",
            "ends_on",
            "claim_deadline",
        }
        assert project.status is ProjectState.DRAFT

    @pytest.mark.parametrize(
        ("field", "days"),
        [("claim_deadline", -1), ("ends_on", -1), ("claim_deadline", 201)],
        ids=["past", "backwards", "after the end"],
    )
    def test_it_refuses_dates_that_cannot_be(self, field: str, days: int) -> None:
        writer = make_officer()
        project = write(writer, **{field: clock.today() + timedelta(days=days)})
        with pytest.raises(InvalidInput) as refused:
            services.submit_project(
                actor=actor_for(writer), project=project, version=project.version
            )
        assert set(refused.value.fields) == {field}

    @pytest.mark.parametrize("days", [61, 200])
    def test_claims_may_close_after_the_start_and_on_the_last_day(self, days: int) -> None:
        day = clock.today() + timedelta(days=days)
        writer = make_officer()
        project = write(writer, starts_on=clock.today() + timedelta(days=60), claim_deadline=day)
        assert submit(project, writer).status is ProjectState.SUBMITTED

    def test_it_tells_the_second_officer_and_not_the_writer(self) -> None:
        writer, second, city = make_officer(), make_officer(), make_officer(CITY)
        submit(write(writer), writer)
        assert told("等您核验") == {second.id}
        assert city.id not in told("等您核验")

    def test_it_tells_the_city_where_the_county_has_one_officer(self) -> None:
        writer, city = make_officer(), make_officer(CITY)
        submit(write(writer), writer)
        assert told("等您核验") == {city.id}

    def test_a_stale_version_is_refused(self) -> None:
        writer = make_officer()
        project = write(writer)
        with pytest.raises(StaleVersion):
            services.submit_project(
                actor=actor_for(writer), project=project, version=project.version + 1
            )


class TestVerify:
    def test_the_second_officer_of_the_county_verifies(self) -> None:
        writer, second = make_officer(), make_officer()
        city = make_officer(CITY)
        project = submit(write(writer), writer)
        services.verify_project(actor=actor_for(second), project=project, version=project.version)
        db.session.commit()
        assert project.status is ProjectState.VERIFIED
        assert project.verifier_id == second.id
        assert told("等您发布") == {city.id}

    def test_the_writer_never_does(self) -> None:
        writer = make_officer()
        make_officer()
        project = submit(write(writer), writer)
        assert not services.may_verify(actor_for(writer), project)
        with pytest.raises(Forbidden, match="自己写的"):
            services.verify_project(
                actor=actor_for(writer), project=project, version=project.version
            )

    def test_whoever_wrote_on_it_later_does_not_either(self) -> None:
        writer, second, third = make_officer(), make_officer(), make_officer()
        project = write(writer)
        services.edit_project(
            actor=actor_for(second),
            project=project,
            version=project.version,
            details=replace(
                DETAILS,
                starts_on=project.starts_on,
                ends_on=project.ends_on,
                claim_deadline=project.claim_deadline,
            ),
            lines=(MONEY,),
        )
        db.session.commit()
        submit(project, writer)
        assert not services.may_verify(actor_for(second), project)
        assert services.may_verify(actor_for(third), project)

    def test_the_city_does_where_the_county_has_one_officer(self) -> None:
        writer, city = make_officer(), make_officer(CITY)
        project = submit(write(writer), writer)
        services.verify_project(actor=actor_for(city), project=project, version=project.version)
        db.session.commit()
        assert project.verifier_id == city.id

    def test_the_city_does_where_every_officer_of_the_county_wrote_on_it(self) -> None:
        writer, second, city = make_officer(), make_officer(), make_officer(CITY)
        project = write(writer)
        submit(project, second)
        assert project.author_ids == [writer.id, second.id]
        assert told("等您核验") == {city.id}
        assert services.may_verify(actor_for(city), project)

    def test_the_city_is_refused_where_the_county_has_two(self) -> None:
        writer, city = make_officer(), make_officer(CITY)
        make_officer()
        project = submit(write(writer), writer)
        with pytest.raises(Forbidden, match="第二位"):
            services.verify_project(actor=actor_for(city), project=project, version=project.version)

    def test_a_disabled_second_officer_does_not_count(self) -> None:
        writer, second, city = make_officer(), make_officer(), make_officer(CITY)
        second.is_active = False
        db.session.commit()
        project = submit(write(writer), writer)
        assert services.may_verify(actor_for(city), project)

    @pytest.mark.parametrize("region", [OTHER_COUNTY, "1308", PROVINCE])
    def test_strangers_and_the_province_are_refused(self, region: str) -> None:
        project = make_project(state=ProjectState.SUBMITTED)
        with pytest.raises(Forbidden):
            services.verify_project(
                actor=actor_for(make_officer(region)), project=project, version=project.version
            )

    def test_a_stale_version_is_refused(self) -> None:
        project = make_project(state=ProjectState.SUBMITTED)
        with pytest.raises(StaleVersion):
            services.verify_project(
                actor=actor_for(make_officer()), project=project, version=project.version - 1
            )


class TestReturn:
    def test_it_goes_back_to_its_authors_with_the_reason(self) -> None:
        writer, second = make_officer(), make_officer()
        project = submit(write(writer), writer)
        services.return_project(
            actor=actor_for(second),
            project=project,
            version=project.version,
            reason="被褥的单价高了一倍",
        )
        db.session.commit()
        assert project.status is ProjectState.RETURNED
        assert project.state_reason == "被褥的单价高了一倍"
        assert told("被退回") == {writer.id}

    def test_the_publisher_may_return_what_was_verified(self) -> None:
        project = make_project(state=ProjectState.VERIFIED)
        services.return_project(
            actor=actor_for(make_officer(CITY)),
            project=project,
            version=project.version,
            reason="绩效目标查不到数",
        )
        db.session.commit()
        assert project.status is ProjectState.RETURNED

    def test_the_county_may_not_return_what_was_verified(self) -> None:
        project = make_project(state=ProjectState.VERIFIED)
        with pytest.raises(Forbidden):
            services.return_project(
                actor=actor_for(make_officer()),
                project=project,
                version=project.version,
                reason="想再改一改内容",
            )

    @pytest.mark.parametrize("reason", ["", "不行", "   四字 "])
    def test_a_short_reason_is_refused(self, reason: str) -> None:
        project = make_project(state=ProjectState.SUBMITTED)
        with pytest.raises(InvalidInput) as refused:
            services.return_project(
                actor=actor_for(make_officer()),
                project=project,
                version=project.version,
                reason=reason,
            )
        assert set(refused.value.fields) == {"reason"}
        assert project.status is ProjectState.SUBMITTED


class TestPublish:
    def test_the_city_publishes_and_the_index_is_told(self) -> None:
        project = make_project(state=ProjectState.VERIFIED)
        services.publish_project(
            actor=actor_for(make_officer(CITY)), project=project, version=project.version
        )
        db.session.commit()
        assert project.is_public
        assert project.published_at is not None
        topics = db.session.scalars(select(OutboxEntry.topic)).all()
        assert services.INDEX_TOPIC in topics
        assert list(find_breaches()) == []

    def test_the_verifier_does_not_publish(self) -> None:
        writer, city = make_officer(), make_officer(CITY)
        project = submit(write(writer), writer)
        services.verify_project(actor=actor_for(city), project=project, version=project.version)
        db.session.commit()
        with pytest.raises(Forbidden, match="核验过"):
            services.publish_project(
                actor=actor_for(city), project=project, version=project.version
            )

    def test_the_province_is_told_where_the_only_city_officer_verified(self) -> None:
        writer, city, province = make_officer(), make_officer(CITY), make_officer(PROVINCE)
        project = submit(write(writer), writer)
        services.verify_project(actor=actor_for(city), project=project, version=project.version)
        db.session.commit()
        assert told("等您发布") == {province.id}
        services.publish_project(
            actor=actor_for(province), project=project, version=project.version
        )
        db.session.commit()
        assert project.is_public

    @pytest.mark.parametrize("region", [ZHANGBEI, "1308"])
    def test_the_county_and_other_cities_are_refused(self, region: str) -> None:
        project = make_project(state=ProjectState.VERIFIED)
        with pytest.raises(Forbidden):
            services.publish_project(
                actor=actor_for(make_officer(region)), project=project, version=project.version
            )

    def test_it_refuses_what_has_run_out_meanwhile(self) -> None:
        project = make_project(
            state=ProjectState.VERIFIED, deadline=clock.today() + timedelta(days=3)
        )
        later = clock.now() + timedelta(days=5)
        actor = actor_for(make_officer(CITY))
        with clock.set_clock(later), pytest.raises(InvalidInput) as refused:
            services.publish_project(actor=actor, project=project, version=project.version)
        assert set(refused.value.fields) == {"claim_deadline"}


class TestSuspendAndResume:
    def test_it_is_suspended_with_a_reason_and_resumed_without(self) -> None:
        project, city = make_project(), actor_for(make_officer(CITY))
        services.suspend_project(
            actor=city, project=project, version=project.version, reason="村里重新核实人数"
        )
        db.session.commit()
        assert (project.status, project.state_reason) == (
            ProjectState.SUSPENDED,
            "村里重新核实人数",
        )
        services.resume_project(actor=city, project=project, version=project.version)
        db.session.commit()
        assert (project.status, project.state_reason) == (ProjectState.PUBLISHED, "")

    def test_the_county_may_not(self) -> None:
        project = make_project()
        with pytest.raises(Forbidden):
            services.suspend_project(
                actor=actor_for(make_officer()),
                project=project,
                version=project.version,
                reason="村里重新核实人数",
            )


class TestClose:
    @pytest.mark.parametrize("outcome", [CloseOutcome.EXPIRED, CloseOutcome.CANCELLED])
    def test_it_is_refused_while_something_is_held(self, outcome: CloseOutcome) -> None:
        project = make_project()
        make_claim(project, *make_organisation(), accepted=True)
        actor = actor_for(make_officer(CITY))
        with pytest.raises(Conflict, match="占着"):
            services.close_project(
                actor=actor,
                project=project,
                version=project.version,
                outcome=outcome,
                reason="今年不再需要了",
            )

    @pytest.mark.parametrize("outcome", list(CloseOutcome))
    def test_it_is_closed_for_good_where_nothing_is_held(self, outcome: CloseOutcome) -> None:
        project, city = make_project(), actor_for(make_officer(CITY))
        services.close_project(
            actor=city,
            project=project,
            version=project.version,
            outcome=outcome,
            reason="今年不再需要了",
        )
        db.session.commit()
        assert project.status is ProjectState.CLOSED
        assert project.close_outcome is outcome
        with pytest.raises(IllegalMove):
            services.resume_project(actor=city, project=project, version=project.version)

    def test_what_is_met_may_still_be_held(self) -> None:
        project = make_project()
        make_claim(project, *make_organisation(), accepted=True)
        services.close_project(
            actor=actor_for(make_officer(CITY)),
            project=project,
            version=project.version,
            outcome=CloseOutcome.MET,
            reason="所需已全部认领",
        )
        db.session.commit()
        assert project.status is ProjectState.CLOSED
