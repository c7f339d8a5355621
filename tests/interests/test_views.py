"""Stars, one's favourites and one's saved searches in the browser."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from matchplatform.accounts.models import User
from matchplatform.interests.models import Favourite, SavedSearch
from matchplatform.kernel.db import db
from matchplatform.projects.states import ProjectState
from tests.factories import (
    make_admin,
    make_auditor,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)


@pytest.fixture
def agent(client: FlaskClient) -> User:
    """An agent of a verified organisation who is signed in with the client."""
    _organisation, user = make_organisation()
    sign_in(client, user)
    return user


def _count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def _star(client: FlaskClient, number: str, action: str = "keep", **more: str) -> str:
    answer = client.post(f"/projects/{number}/favourite/{action}", data=more)
    assert answer.status_code == 303
    return answer.location


def _save(client: FlaskClient, **more: str) -> int:
    data = {"name": "张北的教育", "q": "被褥", "sector": "education", "notify": "y", **more}
    return client.post("/my/searches", data=data).status_code


class TestWhoMay:
    def test_visitors_are_sent_to_sign_in_and_others_refused(self, client: FlaskClient) -> None:
        number = make_project().number
        ids = [user.id for user in (make_officer(), make_auditor(), make_admin())]
        for where in ("/my/favourites", "/my/searches", "/my/searches/new?q=煤"):
            assert "/sign-in" in client.get(where).location
        assert "关注" not in client.get("/projects").text
        for user_id in ids:
            sign_in(client, db.session.get_one(User, user_id))
            assert client.get("/my/favourites").status_code == 403
            assert client.get("/my/searches").status_code == 403
            assert client.post(f"/projects/{number}/favourite/keep").status_code == 403
            assert _save(client) == 403
            page = client.get("/projects?q=被褥").text
            assert "保存这次查找" not in page
            assert "/favourite/" not in page
        assert _count(Favourite) == _count(SavedSearch) == 0

    def test_a_get_or_a_form_without_its_token_changes_nothing(
        self, client: FlaskClient, agent: User
    ) -> None:
        number = make_project().number
        assert client.get(f"/projects/{number}/favourite/keep").status_code == 405
        answer = client.post(f"/projects/{number}/favourite/keep", csrf=False)
        assert answer.status_code == 400
        assert _count(Favourite) == 0


class TestStar:
    def test_it_stands_on_the_page_and_in_the_list_and_turns(
        self, client: FlaskClient, agent: User
    ) -> None:
        number = make_project().number
        for where in ("/projects", f"/projects/{number}"):
            assert f"/projects/{number}/favourite/keep" in client.get(where).text
        _star(client, number)
        for where in ("/projects", f"/projects/{number}", "/my/favourites"):
            assert f"/projects/{number}/favourite/drop" in client.get(where).text
        _star(client, number, "drop")
        assert number not in client.get("/my/favourites").text

    def test_it_leads_back_to_where_it_stood(self, client: FlaskClient, agent: User) -> None:
        number = make_project().number
        page = client.get("/projects?q=被褥&sector=education").text
        back = re.search(r'name="back" value="([^"]+)"', page)
        assert back is not None
        place = back[1].replace("&amp;", "&")
        assert _star(client, number, back=place) == place
        assert place.endswith(f"#star-{number}")

    @pytest.mark.parametrize(
        "evil",
        [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "/projects\n//x",
            "/audit",
            "",
        ],
    )
    def test_it_leads_nowhere_else(self, client: FlaskClient, agent: User, evil: str) -> None:
        number = make_project().number
        assert _star(client, number, back=evil) == f"/projects/{number}"

    def test_the_same_form_twice_is_done_once(self, client: FlaskClient, agent: User) -> None:
        number = make_project().number
        assert _star(client, number, form_key="k1") == _star(client, number, form_key="k1")
        assert _count(Favourite) == 1

    def test_what_is_hidden_is_not_found(self, client: FlaskClient, agent: User) -> None:
        number = make_project(state=ProjectState.VERIFIED).number
        assert client.post(f"/projects/{number}/favourite/keep").status_code == 404
        assert client.post("/projects/130722-999/favourite/keep").status_code == 404

    def test_only_ones_own_are_listed(self, client: FlaskClient, agent: User) -> None:
        number = make_project().number
        _star(client, number)
        _organisation, other = make_organisation()
        sign_in(client, other)
        page = client.get("/my/favourites").text
        assert number not in page
        assert "还没有关注的项目" in page


class TestSavedSearches:
    def test_the_list_offers_it_once_something_is_asked(
        self, client: FlaskClient, agent: User
    ) -> None:
        make_project()
        assert "保存这次查找" not in client.get("/projects").text
        page = client.get("/projects?sector=education").text
        assert "/my/searches/new?sector=education" in page
        form = client.get("/my/searches/new?q=被褥&sector=education&sector=health").text
        assert form.count('name="sector"') == 2
        assert "类别：教育、健康" in form

    def test_it_is_saved_listed_and_run(self, client: FlaskClient, agent: User) -> None:
        assert _save(client) == 303
        page = client.get("/my/searches").text
        assert "张北的教育" in page
        assert "字词“被褥”；类别：教育" in page
        search_id = db.session.scalar(select(SavedSearch.id))
        run = client.get(f"/my/searches/{search_id}")
        assert run.status_code == 302
        assert run.location.startswith("/projects?q=")
        assert run.location.endswith("&sector=education&sort=new")
        assert client.get(run.location).status_code == 200

    @pytest.mark.parametrize("name", ["", "长" * 41])
    def test_a_bad_name_is_shown_again_with_what_was_asked(
        self, client: FlaskClient, agent: User, name: str
    ) -> None:
        answer = client.post(
            "/my/searches", data={"name": name, "q": "被褥", "county": "130722", "notify": "y"}
        )
        assert answer.status_code == 400
        assert 'name="county" value="130722"' in answer.text
        assert _count(SavedSearch) == 0

    def test_the_same_question_twice_is_refused_with_a_reason(
        self, client: FlaskClient, agent: User
    ) -> None:
        _save(client)
        answer = client.post(
            "/my/searches", data={"name": "又一个", "q": "被褥", "sector": "education"}
        )
        assert answer.status_code == 400
        assert "已经保存过" in answer.text

    def test_it_is_renamed_switched_and_deleted(self, client: FlaskClient, agent: User) -> None:
        _save(client)
        search_id = db.session.scalar(select(SavedSearch.id))
        here = f"/my/searches/{search_id}"
        field = f"s{search_id}-name"
        assert client.post(f"{here}/rename", data={field: "冬被"}).status_code == 303
        refused = client.post(f"{here}/rename", data={field: " "})
        assert refused.status_code == 400
        assert f'id="{field}-err"' in refused.text
        assert "冬被" in client.get("/my/searches").text
        assert client.post(f"{here}/notices/off").status_code == 303
        assert "打开通知" in client.get("/my/searches").text
        assert client.post(f"{here}/notices/on").status_code == 303
        assert "关闭通知" in client.get("/my/searches").text
        assert client.post(f"{here}/delete").status_code == 303
        assert _count(SavedSearch) == 0

    def test_another_persons_is_not_found(self, client: FlaskClient, agent: User) -> None:
        _save(client)
        search_id = db.session.scalar(select(SavedSearch.id))
        _organisation, other = make_organisation()
        sign_in(client, other)
        here = f"/my/searches/{search_id}"
        assert client.get(here).status_code == 404
        for what in ("rename", "notices/off", "delete"):
            assert (
                client.post(f"{here}/{what}", data={f"s{search_id}-name": "x"}).status_code == 404
            )
        assert "张北的教育" not in client.get("/my/searches").text
        assert _count(SavedSearch) == 1

    def test_a_name_with_markup_is_text(self, client: FlaskClient, agent: User) -> None:
        _save(client, name="<script>1</script>")
        assert "<script>1" not in client.get("/my/searches").text
