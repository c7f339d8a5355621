"""The page of what fits an organisation."""

import pytest
from flask.testing import FlaskClient

from matchplatform.kernel.db import db
from matchplatform.organisations.services import return_organisation
from tests.factories import actor_for, make_officer, make_organisation, make_project, sign_in

pytestmark = pytest.mark.usefixtures("db_session")


class TestMatches:
    @pytest.mark.parametrize("verified", [True, False])
    def test_who_cannot_correct_its_data_is_told_whom_to_ask(
        self, client: FlaskClient, verified: bool
    ) -> None:
        make_project()
        _organisation, agent = make_organisation(verified=verified)
        sign_in(client, agent)
        page = client.get("/matches").text
        assert "去更正" not in page
        assert "资料有变化，请联系登记管理机关。" in page

    def test_who_was_returned_is_led_to_the_form(self, client: FlaskClient) -> None:
        make_project()
        organisation, agent = make_organisation(verified=False)
        return_organisation(
            actor=actor_for(make_officer("11")),
            organisation=organisation,
            version=organisation.version,
            reason="证书编号不清楚",
        )
        db.session.commit()
        sign_in(client, agent)
        page = client.get("/matches").text
        assert "去更正" in page
        assert "请联系登记管理机关" not in page
        assert '<form method="post"' in client.get("/my/organisation").text
