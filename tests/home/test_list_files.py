"""Lists as files: the same rows as on the page, scoped alike, in both forms."""

import pytest
from flask.testing import FlaskClient

from matchplatform.organisations.models import Organisation
from matchplatform.projects.states import ProjectState
from tests.factories import (
    make_auditor,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)


def read(client: FlaskClient, url: str) -> str:
    """Return the CSV of a list, whose workbook comes as well."""
    path, _, asked = url.partition("?")
    book = client.get(f"{path}/export.xlsx?{asked}")
    assert book.status_code == 200
    assert book.data.startswith(b"PK")
    answer = client.get(f"{path}/export.csv?{asked}")
    assert answer.status_code == 200
    return str(answer.data, "utf-8-sig")


class TestFiles:
    def test_an_officer_gets_the_projects_of_the_region_alone(self, client: FlaskClient) -> None:
        own = make_project(state=ProjectState.DRAFT)
        other = make_project(state=ProjectState.DRAFT, region="130723")
        sign_in(client, make_officer())
        found = read(client, "/desk/projects")
        assert own.number in found
        assert "草稿" in found
        assert other.number not in found
        assert own.number not in read(client, "/desk/projects?state=published")
        assert "/desk/projects/export.xlsx" in client.get("/desk/projects").text

    def test_organisations_come_as_they_were_looked_for(self, client: FlaskClient) -> None:
        here: Organisation = make_organisation(region="130722", name="张北助学会")[0]
        make_organisation(region="130722", name="张北养老会")
        elsewhere = make_organisation(region="130723")[0]
        sign_in(client, make_officer())
        found = read(client, "/desk/organisations")
        assert here.uscc in found
        assert elsewhere.uscc not in found
        assert "张北养老会" not in read(client, "/desk/organisations?q=助学")

    def test_an_auditor_gets_the_trail_under_its_filter(self, client: FlaskClient) -> None:
        make_project(state=ProjectState.SUBMITTED)
        sign_in(client, make_auditor())
        assert "提交" in read(client, "/audit?action=project.submit")
        assert "/audit/export.csv" in client.get("/audit").text

    @pytest.mark.parametrize("url", ["/notices", "/my/members"])
    def test_an_agent_gets_what_is_their_own(self, client: FlaskClient, url: str) -> None:
        _organisation, agent = make_organisation()
        sign_in(client, agent)
        found = read(client, url)
        assert found
        assert f"{url}/export.csv" in client.get(url).text
        if url == "/my/members":
            assert agent.username in found

    @pytest.mark.parametrize(
        "url", ["/desk/projects", "/desk/organisations", "/audit", "/my/members"]
    )
    def test_who_sees_no_list_gets_no_file(self, client: FlaskClient, url: str) -> None:
        sign_in(client, make_organisation()[1] if url != "/my/members" else make_officer())
        assert client.get(f"{url}/export.csv").status_code == 403
