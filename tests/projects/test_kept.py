"""Nothing typed is lost: what cannot be saved, or is not saved yet, is kept as typed."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.audit.queries import list_history
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Forbidden, IllegalMove, InvalidInput
from matchplatform.projects.kept import find_kept, keep_form
from matchplatform.projects.posting_models import KeptForm
from matchplatform.projects.states import ProjectState
from tests.factories import actor_for, make_officer, make_project, sign_in
from tests.projects.test_services import write
from tests.projects.test_views import (
    become,
    count_projects,
    fresh,
    text_of,
    value_of,
    whole_form,
)

pytestmark = pytest.mark.usefixtures("db_session")


def count_kept() -> int:
    """Count the kept forms."""
    db.session.remove()
    return len(db.session.scalars(select(KeptForm)).all())


class TestKeep:
    def test_it_keeps_what_is_malformed_and_says_so_once_in_the_trail(self) -> None:
        writer = make_officer()
        project = write(writer)
        for words in ("许多", "更多"):
            typed = [("lines-0-quantity", words), ("csrf_token", "x"), ("go", "save")]
            keep_form(actor=actor_for(writer), project=project, typed=typed)
            db.session.commit()
        kept = find_kept(actor_for(writer), project)
        assert kept is not None
        assert kept.typed == [["lines-0-quantity", "更多"]]
        actions = [entry.action for entry in list_history("project", project.number)]
        assert actions.count("project.keep") == 1
        assert find_kept(actor_for(make_officer()), project) is None

    def test_it_refuses_others_what_was_handed_on_and_floods(self) -> None:
        project = make_project(state=ProjectState.SUBMITTED)
        for region in ("1307", "130723"):
            with pytest.raises(Forbidden):
                keep_form(actor=actor_for(make_officer(region)), project=project, typed=[])
        with pytest.raises(IllegalMove):
            keep_form(actor=actor_for(make_officer()), project=project, typed=[])
        with pytest.raises(InvalidInput):
            keep_form(actor=actor_for(make_officer()), project=None, typed=[("a", "长" * 100_001)])


class TestNew:
    def test_what_could_not_be_saved_is_there_again(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        typed = whole_form(**{"lines-0-quantity": "许多", "starts_on": "明年春天", "name": ""})
        assert client.post("/desk/projects/new", data=typed).status_code == 400
        assert count_projects() == 0
        page = text_of(client.get("/desk/projects/new"))
        assert "接着上次写" in page
        assert value_of(page, "lines-0-quantity") == "许多"
        assert value_of(page, "starts_on") == "明年春天"
        assert client.post("/desk/projects/new", data=whole_form()).status_code == 303
        assert count_kept() == 0
        assert "接着上次写" not in text_of(client.get("/desk/projects/new"))

    def test_the_script_keeps_and_a_button_forgets(self, client: FlaskClient) -> None:
        sign_in(client, make_officer())
        page = text_of(client.get("/desk/projects/new"))
        assert 'data-keep="/desk/projects/keep"' in page
        answer = client.post(
            "/desk/projects/keep", data={"name": "写到一半", "direct_people": "约"}
        )
        assert "已替您留着" in answer.json["words"]  # type: ignore[index]
        page = text_of(client.get("/desk/projects/new"))
        assert value_of(page, "name") == "写到一半"
        assert value_of(page, "direct_people") == "约"
        answer = client.post("/desk/projects/keep", data={"drop_kept": "1", "name": "x"})
        assert answer.location == "/desk/projects/new"
        assert count_kept() == 0


class TestEdit:
    def test_it_shows_the_authors_own_and_saving_ends_it(self, client: FlaskClient) -> None:
        writer = make_officer()
        project, own = write(writer), writer.id
        number, version = project.number, str(project.version)
        sign_in(client, writer)
        typed: dict[str, Any] = whole_form(name="写到一半", version=version, direct_people="约")
        answer = client.post(f"/desk/projects/{number}/keep", data=typed)
        assert "别人" not in answer.json["words"]  # type: ignore[index]
        page = text_of(client.get(f"/desk/projects/{number}/edit"))
        assert value_of(page, "direct_people") == "约"
        assert fresh(number).name != "写到一半"
        become(client, make_officer().id)
        assert "接着上次写" not in text_of(client.get(f"/desk/projects/{number}/edit"))
        become(client, own)
        typed["direct_people"] = "186"
        assert client.post(f"/desk/projects/{number}/edit", data=typed).status_code == 303
        assert fresh(number).name == "写到一半"
        assert count_kept() == 0

    def test_what_somebody_else_saved_meanwhile_is_shown_beside_it(
        self, client: FlaskClient
    ) -> None:
        writer = make_officer()
        project, own = write(writer), writer.id
        number, version = project.number, str(project.version)
        become(client, make_officer().id)
        other = whole_form(name="别人写的名字", version=version)
        assert client.post(f"/desk/projects/{number}/edit", data=other).status_code == 303
        become(client, own)
        mine = whole_form(name="我写的名字", version=version)
        answer = client.post(f"/desk/projects/{number}/keep", data=mine)
        assert "别人刚存了" in answer.json["words"]  # type: ignore[index]
        page = text_of(client.get(f"/desk/projects/{number}/edit"))
        assert value_of(page, "name") == "我写的名字"
        assert value_of(page, "version") == version
        answer = client.post(f"/desk/projects/{number}/edit", data=mine)
        assert answer.status_code == 409
        assert "别人写的名字" in text_of(answer)
        assert value_of(text_of(answer), "name") == "我写的名字"
