"""Changing what is public: versioned, told, and never below what is held."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.audit.queries import list_history
from matchplatform.catalogue.changed import tell_of_change
from matchplatform.claims.services import reserve_claim, withdraw_claim
from matchplatform.claims.waitlist import join_waitlist
from matchplatform.interests.services import keep_favourite
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, IllegalMove, InvalidInput, StaleVersion
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.projects import services
from matchplatform.projects.changing import LineChange, change_project
from matchplatform.projects.copying import details_of, lines_of
from matchplatform.projects.models import Project
from matchplatform.projects.posting_models import ProjectVersion
from matchplatform.projects.states import ProjectState
from matchplatform.projects.telling import CHANGE_TOPIC
from matchplatform.projects.versions import list_changes
from tests.factories import (
    MONEY,
    QUILTS,
    actor_for,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)
from tests.projects.test_services import told
from tests.projects.test_views import become, fresh, text_of, value_of

pytestmark = pytest.mark.usefixtures("db_session")
CITY, PROVINCE = "1307", "13"
WHY = "村里重新核实了人数"


def same_lines(project: Project) -> list[LineChange]:
    """Return the lines of a project as they are."""
    parts = zip(project.lines, lines_of(project), strict=True)
    return [LineChange(line.id, details) for line, details in parts]


def change(project: Project, lines: Sequence[LineChange] | None = None, **changes: Any) -> Any:
    """Change a project as an officer of the city and commit."""
    region = changes.pop("region", CITY)
    made = change_project(
        actor=actor_for(make_officer(region)),
        project=project,
        version=changes.pop("version", project.version),
        details=replace(details_of(project), **changes),
        lines=same_lines(project) if lines is None else lines,
        reason=WHY,
    )
    db.session.commit()
    return made


def with_quantity(line: LineChange, quantity: int) -> LineChange:
    """Return a line that asks for so much."""
    return LineChange(line.id, replace(line.details, quantity=Decimal(quantity)))


class TestChange:
    def test_what_changed_is_kept_before_and_after(self) -> None:
        project = make_project()
        seen = project.version
        money, quilts = same_lines(project)
        change(project, [money, with_quantity(quilts, 200)], direct_people=150)
        assert project.version == seen + 1
        made = db.session.scalars(select(ProjectVersion)).one()
        assert (made.serial, made.reason, made.by_region) == (1, WHY, CITY)
        assert made.before["direct_people"] == 186
        assert made.after["direct_people"] == 150
        assert set(made.after) == {"direct_people", "lines"}
        (shown,) = list_changes(project)
        assert [(str(one.before), str(one.after)) for one in shown.fields] == [
            ("240 套", "200 套"),
            ("186", "150"),
        ]  # fmt: skip
        entry = list_history("project", project.number)[0]
        assert (entry.action, entry.reason) == ("project.change", WHY)

    def test_lines_are_added_taken_away_and_put_in_order(self) -> None:
        project = make_project()
        money, quilts = same_lines(project)
        new = LineChange(0, replace(QUILTS, item="热水壶", quantity=Decimal(30)))
        change(project, [quilts, new])
        assert [line.item for line in project.lines] == ["冬季被褥三件套", "热水壶"]
        assert project.lines[0].id == quilts.id
        labels = [str(one.label) for one in list_changes(project)[0].fields]
        assert labels == [f"条目：{MONEY.item}", "条目：热水壶"]
        change(project, list(reversed(same_lines(project))))
        assert [str(one.label) for one in list_changes(project)[0].fields] == ["条目的顺序"]
        assert money.id not in {line.id for line in project.lines}

    def test_what_is_held_is_never_cut(self) -> None:
        project = make_project()
        make_claim(project, *make_organisation(), {project.lines[1].id: Decimal(100)})
        money, quilts = same_lines(project)
        with pytest.raises(InvalidInput) as refused:
            change(project, [money, with_quantity(quilts, 99)])
        db.session.rollback()
        assert set(refused.value.fields) == {"lines-1-quantity"}
        with pytest.raises(InvalidInput) as refused:
            change(project, [money])
        db.session.rollback()
        assert set(refused.value.fields) == {"lines"}
        change(project, [money, with_quantity(quilts, 100)])
        assert project.lines[1].quantity == project.lines[1].held == Decimal(100)

    def test_what_is_held_stays_what_it_is(self) -> None:
        project = make_project()
        make_claim(project, *make_organisation(), {project.lines[1].id: Decimal(100)})
        money, quilts = same_lines(project)
        other = replace(quilts.details, item="电热毯", unit="条")
        with pytest.raises(InvalidInput) as refused:
            change(project, [money, LineChange(quilts.id, other)])
        db.session.rollback()
        assert set(refused.value.fields) == {"lines-1-item", "lines-1-unit"}

    def test_a_line_once_claimed_is_not_taken_away(self) -> None:
        project = make_project()
        organisation, agent = make_organisation()
        claim = make_claim(project, organisation, agent, {project.lines[1].id: Decimal(100)})
        withdraw_claim(
            actor=actor_for(agent), claim=claim, version=claim.version, reason="我们改了计划。"
        )
        db.session.commit()
        with pytest.raises(Conflict, match="记录要留着"):
            change(project, same_lines(project)[:1])
        db.session.rollback()
        assert len(fresh(project.number).lines) == 2

    def test_a_line_of_another_project_is_refused(self) -> None:
        project, other = make_project(), make_project()
        with pytest.raises(InvalidInput, match="不属于"):
            change(project, same_lines(other))
        db.session.rollback()
        with pytest.raises(InvalidInput, match="不属于"):
            change(project, [*same_lines(project), same_lines(project)[0]])
        db.session.rollback()

    def test_nothing_changed_is_said(self) -> None:
        project = make_project()
        with pytest.raises(InvalidInput, match="没有改动"):
            change(project)
        db.session.rollback()

    def test_it_must_stay_whole(self) -> None:
        project = make_project()
        with pytest.raises(InvalidInput) as refused:
            change(project, outcome_target="太短")
        db.session.rollback()
        assert set(refused.value.fields) == {"outcome_target"}

    def test_the_county_and_whoever_had_a_part_are_refused(self) -> None:
        project = make_project()
        with pytest.raises(Forbidden):
            change(project, region=project.region_code, place="西水泉村")
        with pytest.raises(Forbidden):
            change(project, region="1308", place="西水泉村")

    def test_a_draft_and_an_overtaken_page_are_refused(self) -> None:
        project = make_project(state=ProjectState.VERIFIED)
        with pytest.raises(IllegalMove):
            change(project, place="西水泉村")
        db.session.rollback()
        project = make_project()
        with pytest.raises(StaleVersion):
            change(project, version=project.version - 1, place="西水泉村")

    def test_a_change_to_whom_to_ask_is_not_public(self) -> None:
        project = make_project()
        change(project, contact_phone="0313-0002000")
        assert list_changes(project) == []
        assert db.session.scalars(select(ProjectVersion)).one().after == {
            "contact_phone": "0313-0002000"
        }
        entry = list_history("project", project.number)[0]
        assert entry.detail["after"] == {"contact_phone": "031*******00"}


class TestTold:
    def test_holders_those_who_wait_and_those_who_watch_are_told_once(self) -> None:
        project = make_project()
        holder, agent = make_organisation()
        waiting, second = make_organisation()
        _other, watcher = make_organisation()
        quilts = {project.lines[1].id: Decimal(240)}
        make_claim(project, holder, agent, quilts)
        join_waitlist(
            actor=actor_for(second), organisation=waiting, project=project,
            quantities={project.lines[1].id: Decimal(50)}, confirmed=True,
        )  # fmt: skip
        for user in (agent, watcher):
            keep_favourite(actor=actor_for(user), project=project)
        db.session.commit()
        change(project, place="西水泉村")
        entry = db.session.scalars(
            select(OutboxEntry).where(OutboxEntry.topic == CHANGE_TOPIC)
        ).one()
        tell_of_change(entry.payload)
        db.session.commit()
        assert told("贵会认领的") == {agent.id}
        assert told("贵会候补的") == {second.id}
        assert told("您关注的") == {watcher.id}
        assert told("发布后改动了") == {*project.author_ids, project.verifier_id}

    def test_who_only_watches_hears_nothing_of_what_is_not_public(self) -> None:
        project = make_project()
        _organisation, watcher = make_organisation()
        keep_favourite(actor=actor_for(watcher), project=project)
        db.session.commit()
        change(project, contact_name="钱二川")
        entry = db.session.scalars(
            select(OutboxEntry).where(OutboxEntry.topic == CHANGE_TOPIC)
        ).one()
        tell_of_change(entry.payload)
        db.session.commit()
        assert told("您关注的") == set()


def form_of(project: Project, **changes: Any) -> dict[str, Any]:
    """Return what the page of changing sends when nothing is touched."""
    typed: dict[str, Any] = {"version": str(project.version), "reason": WHY, "go": "change"}
    for name, value in vars(details_of(project)).items():
        typed[name] = "" if value is None else str(value)
    for place, line in enumerate(project.lines):
        typed |= {
            f"lines-{place}-id": str(line.id), f"lines-{place}-kind": str(line.kind),
            f"lines-{place}-item": line.item, f"lines-{place}-quantity": str(line.quantity),
            f"lines-{place}-unit": line.unit, f"lines-{place}-unit_price": str(line.unit_price),
            f"lines-{place}-min_lot": str(line.min_lot), f"lines-{place}-note": line.note,
        }  # fmt: skip
    return typed | changes


class TestPage:
    def test_the_city_changes_and_the_public_reads_what(self, client: FlaskClient) -> None:
        number = make_project().number
        sign_in(client, make_officer(CITY))
        assert "改动已公开的内容" in text_of(client.get(f"/desk/projects/{number}"))
        page = text_of(client.get(f"/desk/projects/{number}/change"))
        assert value_of(page, "lines-0-id") == str(fresh(number).lines[0].id)
        typed = form_of(fresh(number), **{"lines-1-quantity": "300", "place": "西水泉村"})
        answer = client.post(f"/desk/projects/{number}/change", data=typed)
        assert answer.location == f"/desk/projects/{number}"
        page = text_of(client.get(f"/projects/{number}"))
        assert "改动记录" in page
        assert WHY in page
        assert "西水泉村" in page
        assert "300 套" in page

    def test_what_cannot_be_is_shown_at_its_field(self, client: FlaskClient) -> None:
        project = make_project()
        number = project.number
        make_claim(project, *make_organisation(), {project.lines[1].id: Decimal(100)})
        sign_in(client, make_officer(CITY))
        assert "已占 100 套" in text_of(client.get(f"/desk/projects/{number}/change"))
        typed = form_of(fresh(number), **{"lines-1-quantity": "50"})
        answer = client.post(f"/desk/projects/{number}/change", data=typed)
        assert answer.status_code == 400
        assert "不能改到这个数以下" in text_of(answer)
        assert value_of(text_of(answer), "lines-1-quantity") == "50"
        typed = form_of(fresh(number), reason="", place="")
        answer = client.post(f"/desk/projects/{number}/change", data=typed)
        assert answer.status_code == 400
        assert "请写明原因" in text_of(answer)

    def test_an_overtaken_page_shows_both(self, client: FlaskClient) -> None:
        project = make_project()
        number = project.number
        typed = form_of(project, place="西水泉村")
        change(project, place="北水泉村")
        sign_in(client, make_officer(PROVINCE))
        answer = client.post(f"/desk/projects/{number}/change", data=typed)
        page = text_of(answer)
        assert answer.status_code == 409
        assert "北水泉村" in page
        assert value_of(page, "place") == "西水泉村"

    def test_lines_are_put_in_order_without_script(self, client: FlaskClient) -> None:
        number = make_project().number
        sign_in(client, make_officer(CITY))
        typed = form_of(fresh(number), raise_line="1")
        page = text_of(client.post(f"/desk/projects/{number}/change", data=typed))
        assert value_of(page, "lines-0-item") == QUILTS.item
        assert value_of(page, "lines-1-item") == MONEY.item

    def test_the_city_officer_who_verified_may_not(self, client: FlaskClient) -> None:
        project = make_project()
        verifier = project.verifier_id
        assert verifier is not None
        become(client, verifier)
        assert client.get(f"/desk/projects/{project.number}/change").status_code == 403

    def test_a_claim_keeps_the_price_of_its_day(self, client: FlaskClient) -> None:
        project = make_project()
        organisation, agent = make_organisation()
        claim = reserve_claim(
            actor=actor_for(agent), organisation=organisation, project=project,
            version=project.version, quantities={project.lines[1].id: Decimal(100)},
            confirmed=True,
        )  # fmt: skip
        db.session.commit()
        money, quilts = same_lines(project)
        dearer = replace(quilts.details, unit_price=Decimal(300))
        change(project, [money, LineChange(quilts.id, dearer)])
        assert claim.value == Decimal("26000.00")
        assert services.may_publish(actor_for(make_officer(CITY)), project)
