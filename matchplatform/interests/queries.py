"""Reads of favourites and saved searches; nobody sees another's."""

from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.interests.models import Favourite, SavedSearch
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound


def find_favourite(actor: Actor, project_id: int) -> Favourite | None:
    """Return the actor's favourite of a project, or None."""
    if actor.user_id is None:
        return None
    return db.session.get(Favourite, (actor.user_id, project_id))


def list_favourite_ids(actor: Actor) -> list[int]:
    """List the ids of the projects that the actor watches, the last one first."""
    if actor.user_id is None:
        return []
    return list(
        db.session.scalars(
            select(Favourite.project_id)
            .where(Favourite.user_id == actor.user_id)
            .order_by(Favourite.created_at.desc(), Favourite.project_id)
        )
    )


def list_watcher_ids(project_id: int) -> list[int]:
    """List who watches a project."""
    return list(
        db.session.scalars(
            select(Favourite.user_id)
            .where(Favourite.project_id == project_id)
            .order_by(Favourite.user_id)
        )
    )


def list_searches(actor: Actor) -> list[SavedSearch]:
    """List the actor's saved searches by name."""
    return list(
        db.session.scalars(
            select(SavedSearch)
            .where(SavedSearch.user_id == actor.user_id)
            .order_by(SavedSearch.name, SavedSearch.id)
        )
    )


def get_search(actor: Actor, search_id: int) -> SavedSearch:
    """Return one of the actor's own saved searches.

    Raises:
        NotFound: no such search.
        Hidden: somebody else's.
    """
    search = db.session.get(SavedSearch, search_id)
    if search is None:
        raise NotFound()
    if search.user_id != actor.user_id:
        raise Hidden()
    return search


def list_watching() -> list[SavedSearch]:
    """List everybody's searches that want to be told of new projects."""
    return list(
        db.session.scalars(
            select(SavedSearch).where(SavedSearch.notify.is_(True)).order_by(SavedSearch.id)
        )
    )
