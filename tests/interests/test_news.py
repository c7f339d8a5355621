"""Notices of new projects for saved searches: each project once, nothing hidden, nothing missed."""

import threading
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.catalogue.indexing import open_index, rebuild
from matchplatform.catalogue.news import find_news, notify_saved_searches
from matchplatform.cli.outbox import do_entry, list_due_ids
from matchplatform.cli.worker import Worker
from matchplatform.interests.models import SavedSearch
from matchplatform.interests.services import delete_search, save_search, switch_notices
from matchplatform.kernel.db import db
from matchplatform.notifications.models import Notice
from matchplatform.projects.models import Project
from matchplatform.projects.states import ProjectState, Sector
from matchplatform.search import IndexUnavailable, SearchIndex
from tests.factories import DETAILS, actor_for, make_organisation, make_project

HEALTH = replace(
    DETAILS,
    sector=Sector.HEALTH,
    name="黑崖沟卫生室添置心电图机",
    place="黑崖沟村",
    scope_text="卫生室只有一名村医，心电图要到镇上去做，老人来回一趟得半天。",
)


@pytest.fixture
def index(db_session: Flask) -> SearchIndex:
    """The site's index, built while there is nothing."""
    found = open_index(db_session.extensions["settings"])
    rebuild(found)
    return found


@pytest.fixture
def agent(db_session: Flask) -> Actor:
    """An agent of a verified organisation."""
    return actor_for(make_organisation()[1])


def _save(actor: Actor, name: str = "被褥", words: str = "", **filters: list[str]) -> SavedSearch:
    search = save_search(actor=actor, name=name, words=words, filters=filters, notify=True)
    db.session.commit()
    return search


def _publish(index: SearchIndex, details: object = DETAILS) -> Project:
    project = make_project(details=details)  # type: ignore[arg-type]
    _work_off(index)
    return project


def _work_off(index: SearchIndex) -> None:
    while ids := list_due_ids():
        assert all(do_entry(entry_id, index) for entry_id in ids)


def _notify(index: SearchIndex) -> int:
    told = notify_saved_searches(index)
    db.session.commit()
    _work_off(index)
    return told


def _news_of(actor: Actor) -> list[tuple[str, str, str]]:
    return [
        (notice.params["count"], notice.params["name"], notice.url)
        for notice in db.session.scalars(
            select(Notice).where(Notice.user_id == actor.user_id).order_by(Notice.id)
        )
        if "%(count)s 个新项目" in notice.template
    ]


class TestNotifySavedSearches:
    def test_it_tells_of_what_fits_and_leads_to_the_search(
        self, index: SearchIndex, agent: Actor
    ) -> None:
        search = _save(agent, sector=["education"])
        for details in (DETAILS, HEALTH, DETAILS):
            _publish(index, details)
        assert _notify(index) == 1
        assert _news_of(agent) == [("2", "被褥", f"/my/searches/{search.id}")]

    def test_it_tells_of_a_project_once(self, index: SearchIndex, agent: Actor) -> None:
        _save(agent, sector=["education"])
        _publish(index)
        assert [_notify(index), _notify(index)] == [1, 0]
        _publish(index)
        assert _notify(index) == 1
        assert [count for count, _name, _url in _news_of(agent)] == ["1", "1"]

    def test_what_was_there_before_is_not_new(self, index: SearchIndex, agent: Actor) -> None:
        _publish(index)
        _save(agent, sector=["education"])
        assert _notify(index) == 0

    def test_words_and_filters_must_both_fit(self, index: SearchIndex, agent: Actor) -> None:
        _save(agent, "词", words="心电图")
        _save(agent, "词和县", words="心电图", county=["130723"])
        _save(agent, "两个词", words="心电图 轮椅")
        _publish(index, HEALTH)
        assert _notify(index) == 1
        assert [name for _count, name, _url in _news_of(agent)] == ["词"]

    def test_what_is_not_published_is_not_told(self, index: SearchIndex, agent: Actor) -> None:
        _save(agent, sector=["education"])
        for state in (ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.VERIFIED):
            make_project(state=state)
        assert _notify(index) == 0

    def test_switched_off_and_deleted_ones_are_silent(
        self, index: SearchIndex, agent: Actor
    ) -> None:
        off, gone = _save(agent, "关", sector=["education"]), _save(agent, "删", kind=["project"])
        switch_notices(actor=agent, search=off, on=False)
        delete_search(actor=agent, search=gone)
        db.session.commit()
        _publish(index)
        assert _notify(index) == 0

    def test_each_person_is_told_for_themself(self, index: SearchIndex, agent: Actor) -> None:
        other = actor_for(make_organisation()[1])
        _save(agent, sector=["education"])
        _save(other, sector=["health"])
        _publish(index)
        assert _notify(index) == 1
        assert _news_of(other) == []

    def test_nothing_is_written_where_nothing_was_published(
        self, index: SearchIndex, agent: Actor
    ) -> None:
        search = _save(agent, sector=["education"])
        before = search.seen_seq
        make_project(state=ProjectState.SUBMITTED)
        assert find_news(index).counts == {}
        assert _notify(index) == 0
        assert search.seen_seq == before

    def test_without_an_index_nothing_is_missed(
        self, index: SearchIndex, agent: Actor, tmp_path: object
    ) -> None:
        _save(agent, words="心电图")
        _publish(index, HEALTH)
        with pytest.raises(IndexUnavailable):
            notify_saved_searches(SearchIndex(tmp_path))  # type: ignore[arg-type]
        db.session.rollback()
        assert _notify(index) == 1


class TestWorker:
    def test_it_tells_in_the_round_in_which_the_index_has_caught_up(
        self, db_session: Flask, index: SearchIndex, agent: Actor
    ) -> None:
        worker = Worker(db_session.extensions["settings"], threading.Event())
        _save(agent, words="心电图")
        worker.do_round(index)
        make_project(details=HEALTH)
        for _round in range(3):
            worker.do_round(index)
        assert [count for count, _name, _url in _news_of(agent)] == ["1"]
