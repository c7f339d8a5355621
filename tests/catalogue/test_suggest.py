"""Suggestions while typing, and near words offered when nothing is found."""

import pytest
from flask.testing import FlaskClient

from matchplatform.catalogue.indexing import open_index, rebuild
from matchplatform.projects.states import ProjectState
from tests.factories import make_project


def _index(client: FlaskClient) -> None:
    rebuild(open_index(client.application.extensions["settings"]))


def _words(client: FlaskClient, typed: str) -> list[tuple[str, str]]:
    answer = client.get("/projects/suggest", query_string={"q": typed})
    assert answer.status_code == 200
    return [(each["kind"], each["words"]) for each in answer.get_json()]


class TestSuggest:
    @pytest.mark.parametrize("typed", ["张北", "zhangb", "zb", "張北", "Zhang Bei"])
    def test_it_offers_a_county_by_characters_pinyin_and_initials(
        self, client: FlaskClient, typed: str
    ) -> None:
        make_project()
        _index(client)
        assert ("县", "张北县") in _words(client, typed)

    def test_it_offers_sectors_and_titles(self, client: FlaskClient) -> None:
        title = make_project().name
        _index(client)
        assert ("类别", "教育") in _words(client, "jiaoy")
        assert ("项目", title) in _words(client, "寄宿")
        assert ("项目", title) in _words(client, "jisuxiao")

    def test_it_leads_to_pages(self, client: FlaskClient) -> None:
        make_project()
        _index(client)
        for typed in ("张北", "教育", "寄宿"):
            for each in client.get(f"/projects/suggest?q={typed}").get_json():
                assert client.get(each["url"]).status_code == 200

    def test_it_never_offers_what_is_not_public(self, client: FlaskClient) -> None:
        make_project(state=ProjectState.VERIFIED)
        _index(client)
        assert not [words for kind, words in _words(client, "寄宿") if kind == "项目"]

    def test_it_answers_without_an_index_too(self, client: FlaskClient) -> None:
        title = make_project().name
        assert ("项目", title) in _words(client, "寄宿")

    def test_it_gives_eight_at_most_and_lets_them_be_kept(self, client: FlaskClient) -> None:
        for _ in range(10):
            make_project()
        _index(client)
        answer = client.get("/projects/suggest?q=水")
        assert len(answer.get_json()) == 8
        assert answer.headers["Cache-Control"] == "public, max-age=60"

    @pytest.mark.parametrize("typed", ["", " ", "z", "。", "%", "'\"<", "x" * 5000, "\ud83d"])
    def test_odd_input_gives_an_empty_list(self, client: FlaskClient, typed: str) -> None:
        make_project()
        _index(client)
        answer = client.get(
            "/projects/suggest", query_string={"q": typed.encode("utf-8", "replace")}
        )
        assert answer.get_json() == []


class TestMeant:
    def test_a_near_word_is_offered_and_not_applied(self, client: FlaskClient) -> None:
        number = make_project().number
        _index(client)
        page = client.get("/projects?q=章北").text
        assert "您要找的是不是" in page
        assert "/projects?q=%E5%BC%A0%E5%8C%97" in page
        assert number in client.get("/projects?q=张北").text

    def test_nothing_is_offered_for_what_is_found(self, client: FlaskClient) -> None:
        make_project()
        _index(client)
        assert "您要找的是不是" not in client.get("/projects?q=张北").text


class TestPinyin:
    @pytest.mark.parametrize("typed", ["zhangbei", "zb", "zhang bei", "jisuxiaoxue", "張北"])
    def test_the_list_finds_by_it(self, client: FlaskClient, typed: str) -> None:
        number = make_project().number
        _index(client)
        assert number in client.get(f"/projects?q={typed}").text
