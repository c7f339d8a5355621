"""Verbs of interests on a real database."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchplatform.access.actor import Actor
from matchplatform.audit.models import AuditEntry
from matchplatform.audit.queries import current_seq, list_history
from matchplatform.claims.queries import sum_claimed
from matchplatform.interests.models import Favourite, SavedSearch
from matchplatform.interests.queries import get_search, list_favourite_ids, list_searches
from matchplatform.interests.services import (
    MOST_SEARCHES,
    delete_search,
    drop_favourite,
    keep_favourite,
    rename_search,
    save_search,
    switch_notices,
)
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Forbidden, InvalidInput, NotFound
from matchplatform.projects.states import ProjectState
from tests.factories import actor_for, make_auditor, make_officer, make_organisation, make_project

pytestmark = pytest.mark.usefixtures("db_session")


@pytest.fixture
def agent(db_session: Flask) -> Actor:
    """An agent of a verified organisation."""
    return actor_for(make_organisation()[1])


def _save(actor: Actor, name: str = "张北的教育", words: str = "", sector: str = "education",
          notify: bool = True) -> SavedSearch:  # fmt: skip
    filters = {"sector": [sector]} if sector else {}
    return save_search(actor=actor, name=name, words=words, filters=filters, notify=notify)


def _actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


class TestKeepFavourite:
    def test_it_holds_nothing_and_is_no_state(self, agent: Actor) -> None:
        project = make_project()
        keep_favourite(actor=agent, project=project)
        db.session.commit()
        assert list_favourite_ids(agent) == [project.id]
        assert sum_claimed().intended == {}
        assert project.status is ProjectState.PUBLISHED
        assert all(line.held == 0 for line in project.lines)

    def test_keeping_twice_adds_nothing(self, agent: Actor) -> None:
        project = make_project()
        keep_favourite(actor=agent, project=project)
        keep_favourite(actor=agent, project=project)
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(Favourite)) == 1
        assert _actions().count("favourite.keep") == 1

    def test_it_stands_in_the_trail_but_not_in_the_projects_history(self, agent: Actor) -> None:
        project = make_project()
        keep_favourite(actor=agent, project=project)
        db.session.commit()
        assert _actions()[-1] == "favourite.keep"
        history = list_history("project", project.number)
        assert "favourite.keep" not in [entry.action for entry in history]

    def test_an_agent_of_an_unverified_organisation_may(self) -> None:
        agent = actor_for(make_organisation(verified=False)[1])
        keep_favourite(actor=agent, project=make_project())
        db.session.commit()
        assert len(list_favourite_ids(agent)) == 1

    def test_nobody_else_may(self) -> None:
        project = make_project()
        for user in (make_officer(), make_auditor()):
            with pytest.raises(Forbidden):
                keep_favourite(actor=actor_for(user), project=project)

    def test_what_is_not_public_cannot_be_watched(self, agent: Actor) -> None:
        with pytest.raises(NotFound):
            keep_favourite(actor=agent, project=make_project(state=ProjectState.VERIFIED))


class TestDropFavourite:
    def test_it_is_gone_and_only_ones_own(self, agent: Actor) -> None:
        project = make_project()
        other = actor_for(make_organisation()[1])
        for actor in (agent, other):
            keep_favourite(actor=actor, project=project)
        drop_favourite(actor=agent, project=project)
        drop_favourite(actor=agent, project=project)
        db.session.commit()
        assert list_favourite_ids(agent) == []
        assert list_favourite_ids(other) == [project.id]
        assert _actions().count("favourite.drop") == 1


class TestSaveSearch:
    def test_it_keeps_words_and_filters_and_counts_from_now(self, agent: Actor) -> None:
        make_project()
        before = current_seq()
        search = _save(agent, "  冬天\n的被褥 ", words=" 被褥 ")
        db.session.commit()
        assert (search.name, search.words) == ("冬天 的被褥", "被褥")
        assert search.filters == {"sector": ["education"]}
        assert search.seen_seq == before
        assert _actions()[-1] == "search.save"

    def test_it_refuses_a_search_for_everything(self, agent: Actor) -> None:
        with pytest.raises(InvalidInput):
            _save(agent, sector="")

    @pytest.mark.parametrize("name", ["", "  \n ", "长" * 41])
    def test_it_refuses_a_name_that_is_none(self, agent: Actor, name: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            _save(agent, name)
        assert "name" in refused.value.fields

    def test_it_refuses_the_same_name_or_the_same_question_twice(self, agent: Actor) -> None:
        _save(agent)
        db.session.commit()
        with pytest.raises(InvalidInput) as refused:
            _save(agent, sector="health")
        assert "name" in refused.value.fields
        with pytest.raises(InvalidInput, match="张北的教育"):
            _save(agent, "另一个名称")
        db.session.rollback()

    def test_another_person_may_use_the_same_name(self, agent: Actor) -> None:
        _save(agent)
        _save(actor_for(make_organisation()[1]))
        db.session.commit()

    def test_it_refuses_more_than_there_is_room_for(self, agent: Actor) -> None:
        for number in range(MOST_SEARCHES):
            _save(agent, f"查找{number}", words=f"村{number}")
        db.session.commit()
        with pytest.raises(InvalidInput, match=str(MOST_SEARCHES)):
            _save(agent, "再一个")

    def test_officers_cannot(self) -> None:
        with pytest.raises(Forbidden):
            _save(actor_for(make_officer()))


class TestChangeSearch:
    def test_renaming_to_its_own_name_is_fine_and_to_anothers_is_not(self, agent: Actor) -> None:
        first, second = _save(agent, "甲"), _save(agent, "乙", sector="health")
        rename_search(actor=agent, search=first, name="甲")
        with pytest.raises(InvalidInput):
            rename_search(actor=agent, search=first, name="乙")
        rename_search(actor=agent, search=second, name="丙")
        db.session.commit()
        assert [search.name for search in list_searches(agent)] == ["丙", "甲"]

    def test_switching_on_again_forgets_what_was_published_meanwhile(self, agent: Actor) -> None:
        search = _save(agent)
        switch_notices(actor=agent, search=search, on=False)
        db.session.commit()
        make_project()
        switch_notices(actor=agent, search=search, on=True)
        db.session.commit()
        assert search.seen_seq == current_seq() - 1
        assert _actions()[-1] == "search.watch"

    def test_switching_to_what_it_is_changes_nothing(self, agent: Actor) -> None:
        search = _save(agent)
        db.session.commit()
        before = current_seq()
        switch_notices(actor=agent, search=search, on=True)
        assert current_seq() == before

    def test_deleting_takes_it_away(self, agent: Actor) -> None:
        search = _save(agent)
        db.session.commit()
        delete_search(actor=agent, search=search)
        db.session.commit()
        assert list_searches(agent) == []

    def test_nobody_sees_or_changes_anothers(self, agent: Actor) -> None:
        search = _save(agent)
        db.session.commit()
        other = actor_for(make_organisation()[1])
        with pytest.raises(NotFound):
            get_search(other, search.id)
        for verb in (
            lambda: rename_search(actor=other, search=search, name="我的"),
            lambda: switch_notices(actor=other, search=search, on=False),
            lambda: delete_search(actor=other, search=search),
        ):
            with pytest.raises(Forbidden):
                verb()
