"""Verbs of interests: keep and drop a favourite; save, rename, delete a search; switch its notices."""

from collections.abc import Mapping, Sequence

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.audit.queries import current_seq
from matchplatform.audit.services import record
from matchplatform.interests.models import LONGEST_NAME, LONGEST_WORDS, Favourite, SavedSearch
from matchplatform.interests.queries import find_favourite, list_searches
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput, NotFound
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.text import tidy
from matchplatform.projects.models import Project

MOST_SEARCHES = 30


def keep_favourite(*, actor: Actor, project: Project) -> Favourite:
    """Watch a public project; watching it already changes nothing."""
    check(actor, Permission.FAVOURITE_KEEP, project)
    if not project.is_public or actor.user_id is None:
        raise NotFound()
    kept = find_favourite(actor, project.id)
    if kept is not None:
        return kept
    favourite = Favourite(user_id=actor.user_id, project=project, created_at=clock.now())
    db.session.add(favourite)
    _record_favourite(actor, "favourite.keep", project)
    return favourite


def drop_favourite(*, actor: Actor, project: Project) -> None:
    """Watch a project no longer; not watching it changes nothing."""
    check(actor, Permission.FAVOURITE_KEEP, project)
    kept = find_favourite(actor, project.id)
    if kept is not None:
        db.session.delete(kept)
        _record_favourite(actor, "favourite.drop", project)


def save_search(
    *,
    actor: Actor,
    name: str,
    words: str,
    filters: Mapping[str, Sequence[str]],
    notify: bool,
) -> SavedSearch:
    """Save words and filters under a name; only projects published from now on count as new."""
    search = SavedSearch(
        user_id=actor.user_id,
        words=tidy(words)[:LONGEST_WORDS],
        filters={facet: sorted(values) for facet, values in sorted(filters.items()) if values},
        notify=notify,
        seen_seq=current_seq(),
        created_at=clock.now(),
    )
    check(actor, Permission.SEARCH_KEEP, search)
    others = list_searches(actor)
    if not search.words and not search.filters:
        raise InvalidInput(_("先输入要找的字词或选几个筛选条件，再保存。"))
    for other in others:
        if (other.words, other.filters) == (search.words, search.filters):
            raise InvalidInput(_("同样的条件已经保存过，名称是“%(name)s”。", name=other.name))
    if len(others) >= MOST_SEARCHES:
        raise InvalidInput(_("最多保存 %(count)s 个查找，请先删掉不用的。", count=MOST_SEARCHES))
    search.name = _checked_name(name, others)
    db.session.add(search)
    _record_search(actor, "search.save", search)
    return search


def rename_search(*, actor: Actor, search: SavedSearch, name: str) -> SavedSearch:
    """Give a saved search another name."""
    check(actor, Permission.SEARCH_KEEP, search)
    others = [other for other in list_searches(actor) if other.id != search.id]
    search.name = _checked_name(name, others)
    _record_search(actor, "search.rename", search)
    return search


def switch_notices(*, actor: Actor, search: SavedSearch, on: bool) -> SavedSearch:
    """Be told of new projects, from now on, or no longer."""
    check(actor, Permission.SEARCH_KEEP, search)
    if search.notify is on:
        return search
    search.notify = on
    search.seen_seq = current_seq()
    _record_search(actor, "search.watch" if on else "search.unwatch", search)
    return search


def delete_search(*, actor: Actor, search: SavedSearch) -> None:
    """Delete a saved search."""
    check(actor, Permission.SEARCH_KEEP, search)
    db.session.delete(search)
    _record_search(actor, "search.delete", search)


def _checked_name(name: str, others: Sequence[SavedSearch]) -> str:
    named = tidy(name).replace("\n", " ")
    if not named:
        raise InvalidInput(fields={"name": _("请填一个名称。")})
    if len(named) > LONGEST_NAME:
        raise InvalidInput(fields={"name": _("最多 %(count)s 个字。", count=LONGEST_NAME)})
    if any(other.name == named for other in others):
        raise InvalidInput(fields={"name": _("您已经有一个叫这个名称的查找。")})
    return named


def _record_favourite(actor: Actor, action: str, project: Project) -> None:
    # Not under the project: its history is read by people whom this is none of their business.
    record(
        actor=actor,
        action=action,
        subject_type="favourite",
        subject_id=project.number,
        subject_label=project.name,
    )


def _record_search(actor: Actor, action: str, search: SavedSearch) -> None:
    db.session.flush()
    record(
        actor=actor,
        action=action,
        subject_type="saved_search",
        subject_id=search.id,
        subject_label=search.name,
    )
