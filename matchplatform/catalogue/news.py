"""Tell people of newly published projects that fit what they saved; the worker does this."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from matchplatform.audit.queries import current_seq, list_subjects_since
from matchplatform.catalogue.facets import filter_rows, read_wanted
from matchplatform.catalogue.queries import MOST_HITS
from matchplatform.catalogue.rows import list_rows
from matchplatform.interests.queries import list_watching
from matchplatform.kernel.db import db, reading
from matchplatform.kernel.i18n import mark
from matchplatform.notifications.services import tell
from matchplatform.search import SearchIndex, parse_query


@dataclass(frozen=True)
class News:
    """What was found up to a link of the trail: how many new projects, by search id."""

    seq: int
    counts: Mapping[int, int]


def notify_saved_searches(index: SearchIndex) -> int:
    """Enqueue a notice for each search that new projects fit, once a project; return how many.

    Reads in a transaction of its own, which it ends, and writes only where something was published.
    Call it when the index has caught up: a project that it does not hold yet would be passed over.

    Raises:
        IndexUnavailable: the index cannot answer; nothing was noted, so the next call does it all.
    """
    with reading():
        news = find_news(index)
        db.session.rollback()
    return tell_news(news) if news.counts else 0


def find_news(index: SearchIndex) -> News:
    """Count the new projects for each watching search; no counts where nothing was published."""
    seq = current_seq()
    watching = list_watching()
    oldest = min((search.seen_seq for search in watching), default=seq)
    published = {number: at for at, number in list_subjects_since("project.publish", oldest)}
    fresh = [row for row in list_rows() if row.number in published] if published else []

    @cache
    def fitting(words: str) -> set[int]:
        terms = parse_query(words)
        hits = {hit.id for hit in index.find(terms, MOST_HITS)} if terms else set()
        return {row.id for row in fresh if not terms or row.id in hits}

    counts = {}
    for search in watching if fresh else ():
        new = [row for row in fresh if published[row.number] > search.seen_seq]
        found = filter_rows(
            (row for row in new if row.id in fitting(search.words)), read_wanted(search.values)
        )
        counts[search.id] = len(found.rows)
    return News(seq, counts)


def tell_news(news: News) -> int:
    """Enqueue the notices and note how far each search has looked; return how many notices."""
    told = 0
    for search in list_watching():
        if search.id not in news.counts or search.seen_seq >= news.seq:
            continue
        search.seen_seq = news.seq
        if count := news.counts[search.id]:
            tell(
                [search.user_id],
                mark("%(count)s 个新项目符合您保存的“%(name)s”。"),
                f"/my/searches/{search.id}",
                count=str(count),
                name=search.name,
            )
            told += 1
    return told
