"""Verbs of people not out of poverty: record a county's figures, publish a city's quarter."""

from collections.abc import Mapping

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import AskAgain, Conflict, Forbidden, NotFound, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.reasons import clean_reason
from matchplatform.regions.columns import HOUSEHOLDS, PEOPLE
from matchplatform.regions.divisions import full_name_of, name_of, poverty_counties
from matchplatform.regions.figures import CountyFigures, checked, find_questions
from matchplatform.regions.models import PoorFigures, PoorRelease
from matchplatform.regions.quarters import clean_quarter
from matchplatform.regions.queries import (
    Place,
    find_before,
    find_latest,
    list_of_city,
    list_releases,
    was_published,
)
from matchplatform.regions.releasing import choose_kept_back
from matchplatform.regions.suppression import Unprotected

_TELLS_TOO_MUCH = _(
    "更正后的数和已经公布的对照，会让人推算出少于 5 人的数，不能公布。"
    "已公布的仍按原样给公众看，更正的数请在下一季度填报时体现。"
)


def record_figures(
    *,
    actor: Actor,
    region_code: str,
    quarter: str,
    figures: CountyFigures,
    version: int,
    reason: str = "",
    confirmed: bool = False,
) -> PoorFigures:
    """Keep what a county counted in a quarter, as another revision; officers see it, nobody else.

    ``version`` is the revision that the writer saw, 0 where there was none; what was published is
    corrected with a ``reason``. ``confirmed`` is the second yes to a jump.

    Raises:
        NotFound: it is no poverty county.
        InvalidInput: something does not add up, or the reason is missing.
        AskAgain: a jump against the quarter before, not yet confirmed.
        Conflict: the page was overtaken, or nothing is new.
    """
    if region_code not in poverty_counties():
        raise NotFound()
    check(actor, Permission.POOR_PEOPLE_RECORD, Place(region_code))
    if actor.user_id is None:
        raise Forbidden()
    quarter = clean_quarter(quarter)
    latest = find_latest(region_code, quarter)
    if version != (latest.revision if latest else 0):
        raise StaleVersion()
    columns = checked(region_code, quarter, figures)
    if latest is not None and all(getattr(latest, name) == columns[name] for name in columns):
        raise Conflict(_("和现在的数一样，没有要改的。"))
    is_correction = was_published(region_code, quarter)
    why = clean_reason(reason, needed=is_correction)
    counts = {name: count for name, count in columns.items() if isinstance(count, int)}
    questions = find_questions(region_code, counts, find_before(region_code, quarter))
    if questions and not confirmed:
        raise AskAgain(questions)
    found = PoorFigures(
        region_code=region_code,
        quarter=quarter,
        revision=version + 1,
        reason=why,
        hidden=[],
        recorded_at=clock.now(),
        recorded_by_id=actor.user_id,
        recorded_by_label=actor.label[:120],
        **columns,
    )
    db.session.add(found)
    record(
        actor=actor,
        action="poor_people.correct" if is_correction else "poor_people.record",
        subject_type="poor_people",
        subject_id=f"{region_code}/{quarter}",
        subject_label=f"{full_name_of(region_code)} {quarter}",
        region_code=region_code,
        reason=why,
        detail={
            "revision": found.revision,
            **{name: count for name, count in counts.items() if name in (PEOPLE, HOUSEHOLDS)},
        },
    )
    return found


def publish_quarter(
    *, actor: Actor, city_code: str, quarter: str, versions: Mapping[str, int]
) -> PoorRelease:
    """Show the public a quarter of a city, all its counties together, small numbers kept back.

    ``versions`` are the revisions that the publisher saw, by county. Published again after a
    correction, it keeps back whatever would tell something beside the earlier releases, and so
    it does beside other quarters of which a number stayed the same.

    Raises:
        NotFound: it is no city with poverty counties.
        Conflict: a county is missing, one's own figures are among them, nothing is new, or the
            page was overtaken.
    """
    counties = [code for code in sorted(poverty_counties()) if code[:4] + "00" == city_code]
    if not counties:
        raise NotFound()
    check(actor, Permission.POOR_PEOPLE_PUBLISH, Place(city_code))
    if actor.user_id is None:
        raise Forbidden()
    quarter = clean_quarter(quarter)
    revisions = list_of_city(city_code)
    latest = {row.region_code: row for row in revisions if row.quarter == quarter}
    _check_complete(counties, latest)
    if any(versions.get(code) != latest[code].revision for code in counties):
        raise StaleVersion()
    fresh = [latest[code] for code in counties if not latest[code].is_public]
    _check_others(actor, fresh)
    releases = list_releases(city_code)
    try:
        hidden, hidden_totals = choose_kept_back(revisions, releases, quarter)
    except Unprotected as error:
        raise Conflict(_TELLS_TOO_MUCH) from error
    release = PoorRelease(
        city_code=city_code,
        quarter=quarter,
        number=sum(release.quarter == quarter for release in releases) + 1,
        hidden=hidden_totals,
        released_at=clock.now(),
        released_by_id=actor.user_id,
    )
    db.session.add(release)
    for row in fresh:
        row.hidden = hidden[row.id]
        row.release = release
    record(
        actor=actor,
        action="poor_people.publish",
        subject_type="poor_quarter",
        subject_id=f"{city_code}/{quarter}",
        subject_label=f"{name_of(city_code)} {quarter}",
        region_code=city_code,
        detail={
            "number": release.number,
            "counties": {row.region_code: row.revision for row in fresh},
        },
    )
    return release


def _check_complete(counties: list[str], latest: Mapping[str, PoorFigures]) -> None:
    missing = [name_of(code) for code in counties if code not in latest]
    if missing:
        raise Conflict(
            _("还有 %(names)s 没有填，全市填齐了才能公布。", names=str(_("、")).join(missing))
        )


def _check_others(actor: Actor, fresh: list[PoorFigures]) -> None:
    if not fresh:
        raise Conflict(_("没有新填或更正的数要公布。"))
    own = [name_of(row.region_code) for row in fresh if row.recorded_by_id == actor.user_id]
    if own:
        raise Conflict(
            _("%(names)s的数是您自己填的，要由别的工作人员公布。", names=str(_("、")).join(own))
        )
