"""Make people not out of poverty through the real verbs, committed, ready for a test."""

from datetime import date

from matchplatform.accounts.models import User
from matchplatform.kernel.db import db
from matchplatform.regions.columns import CAUSES, NEEDS
from matchplatform.regions.divisions import poverty_counties
from matchplatform.regions.figures import CountyFigures
from matchplatform.regions.models import PoorFigures, PoorRelease
from matchplatform.regions.quarters import last_day
from matchplatform.regions.services import publish_quarter, record_figures
from tests.factories import ZHANGBEI, actor_for, make_officer

QUARTER = "2019Q4"
SOURCE = "县扶贫信息系统"


def counts_of(people: int = 700, **more: int) -> dict[str, int]:
    """Return counts that add up; ``more`` takes their place."""
    counts = dict.fromkeys(CAUSES, people // len(CAUSES))
    counts["cause_ill"] += people - sum(counts.values())
    counts |= dict.fromkeys(NEEDS, people // 2)
    return {
        **counts, "people": people, "households": (people + 1) // 2,
        "watched_unstable": 200, "watched_marginal": 300, "unable_households": 100,
        "unable_people": 150, "paired_households": 40, "paired_people": 60, **more,
    }  # fmt: skip


def figures_of(
    people: int = 700, quarter: str = QUARTER, as_of: date | None = None, **more: int
) -> CountyFigures:
    """Return figures as somebody types them."""
    return CountyFigures(counts_of(people, **more), as_of or last_day(quarter), SOURCE)


def type_figures(
    region: str = ZHANGBEI,
    people: int = 700,
    *,
    quarter: str = QUARTER,
    version: int = 0,
    reason: str = "",
    officer: User | None = None,
    **more: int,
) -> PoorFigures:
    """Let an officer of the county type figures."""
    found = record_figures(
        actor=actor_for(officer or make_officer(region)),
        region_code=region,
        quarter=quarter,
        figures=figures_of(people, quarter, None, **more),
        version=version,
        reason=reason,
        confirmed=True,
    )
    db.session.commit()
    return found


def counties_of(city: str) -> list[str]:
    """List the poverty counties of a city."""
    return [code for code in sorted(poverty_counties()) if code.startswith(city[:4])]


def publish_city(
    city: str = "130700", *, quarter: str = QUARTER, versions: dict[str, int] | None = None
) -> PoorRelease:
    """Let an officer of the city publish; ``versions`` where a county's is not 1."""
    found = publish_quarter(
        actor=actor_for(make_officer(city[:4])),
        city_code=city,
        quarter=quarter,
        versions={**dict.fromkeys(counties_of(city), 1), **(versions or {})},
    )
    db.session.commit()
    return found


def publish_people(given: dict[str, int], quarter: str = QUARTER) -> None:
    """Publish people by county, and 700 for each other county of the same cities."""
    for city in sorted({code[:4] + "00" for code in given}):
        officer = make_officer(city[:4])
        for code in counties_of(city):
            type_figures(code, given.get(code, 700), quarter=quarter, officer=officer)
        publish_city(city, quarter=quarter)
