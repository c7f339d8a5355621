"""What the public page says of who acted."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.audit.models import AuditEntry
from matchplatform.audit.queries import list_history
from matchplatform.catalogue.story import tell_story
from matchplatform.kernel.db import db
from matchplatform.projects.models import Project
from matchplatform.projects.services import publish_project
from matchplatform.projects.states import ProjectState
from tests.factories import actor_for, make_claim, make_officer, make_organisation, make_project


def publish_from(region: str) -> Project:
    """Publish a verified project from this region."""
    project = make_project(state=ProjectState.VERIFIED)
    publish_project(actor=actor_for(make_officer(region)), project=project, version=project.version)
    db.session.commit()
    return project


class TestSigned:
    def test_a_signing_is_told_beside_the_acceptance(self, client: FlaskClient) -> None:
        project = make_project()
        claim = make_claim(project, *make_organisation(name="签过的基金会"), signed=True)
        titles = [str(event.title) for event in tell_story(project, [claim], [])]
        assert "签过的基金会签约 2.00 万元" in titles
        assert "签过的基金会认领 2.00 万元，已受理" in titles
        page = client.get(f"/projects/{project.number}").text
        assert "签过的基金会签约 2.00 万元" in page


class TestWhoActed:
    @pytest.mark.parametrize(
        ("region", "unit"), [("13", "河北省民政厅发布"), ("1307", "张家口市民政局发布")]
    )
    def test_it_names_the_authority_that_published(
        self, client: FlaskClient, region: str, unit: str
    ) -> None:
        number = publish_from(region).number
        page = client.get(f"/projects/{number}").text
        assert unit in page
        assert "张北县民政局核验" in page

    def test_links_from_before_name_the_usual_authorities(self, client: FlaskClient) -> None:
        project = publish_from("13")
        kept = list_history("project", project.number)
        entries = [AuditEntry(seq=e.seq, at=e.at, action=e.action, detail={}) for e in kept]
        (event,) = [e for e in tell_story(project, [], entries) if "发布" in str(e.title)]
        assert str(event.title) == "张家口市民政局发布"

    def test_the_trail_keeps_where_the_officer_serves(self, client: FlaskClient) -> None:
        publish_from("13")
        found = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "project.publish")
        ).one()
        assert found.detail["by"] == "13"

    def test_nobody_promises_that_the_county_prolongs(self, client: FlaskClient) -> None:
        number = make_project().number
        page = client.get(f"/projects/{number}").text
        assert "由市里或省里决定关闭" in page
        assert "延期或关闭" not in page
