"""Print how often a right project is among the first three, beside two simpler ways, and the time.

`python -m benchmarks.recommend`; the profiles and their right projects are those of
tests/data/profiles.json.
"""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import TypeVar

from matchplatform.config.paths import SEEDS
from matchplatform.matching.engine import Recommender
from matchplatform.matching.matches import Profile, ProjectText

PROFILES = Path(__file__).resolve().parent.parent / "tests" / "data" / "profiles.json"
FIRST = 3
ROUNDS = 200

T = TypeVar("T")


@dataclass(frozen=True)
class Judged:
    """A profile and the numbers of the projects that were judged right for it."""

    name: str
    profile: Profile
    right: frozenset[str]


def load_projects() -> list[ProjectText]:
    """Read the 313 projects of the seeds, all of them still open."""
    lines: dict[str, list[dict[str, str]]] = {}
    with (SEEDS / "lines.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            lines.setdefault(line["number"], []).append(line)
    with (SEEDS / "projects.csv").open(encoding="utf-8", newline="") as file:
        return [
            _project(place, row, lines[row["number"]])
            for place, row in enumerate(csv.DictReader(file), 1)
        ]


def load_judged() -> list[Judged]:
    """Read the twelve profiles."""
    return [
        Judged(
            entry["name"],
            Profile(
                text="\n".join(entry["texts"]),
                sectors=frozenset(entry["sectors"]),
                home_region=entry["home_region"],
                worked_regions=frozenset(entry["worked_regions"]),
                annual_budget=Decimal(entry["annual_budget"]),
            ),
            frozenset(entry["right"]),
        )
        for entry in json.loads(PROFILES.read_text(encoding="utf-8"))
    ]


def newest(projects: list[ProjectText], profile: Profile) -> list[ProjectText]:
    """Order as a list page does: what was posted last comes first."""
    return sorted(projects, key=lambda project: -project.id)


def sector_only(projects: list[ProjectText], profile: Profile) -> list[ProjectText]:
    """Order by sector alone, the profile's own first, by number within."""
    return sorted(
        projects, key=lambda project: (project.sector not in profile.sectors, project.number)
    )


def main() -> None:
    """Print the table and the times."""
    projects, judged = load_projects(), load_judged()
    by_id = {project.id: project for project in projects}
    fit, recommender = _timed(lambda: Recommender(projects))

    def ours(_projects: list[ProjectText], profile: Profile) -> list[ProjectText]:
        return [by_id[match.project_id] for match in recommender.recommend(profile, FIRST)]

    ways = {"ours": ours, "newest": newest, "sector only": sector_only}
    print(f"right among the first {FIRST}   " + "".join(f"{name:>13}" for name in ways))
    totals = dict.fromkeys(ways, 0)
    for entry in judged:
        cells = ""
        for name, way in ways.items():
            first = [project.number for project in way(projects, entry.profile)[:FIRST]]
            hits = sum(number in entry.right for number in first)
            totals[name] += hits > 0
            cells += f"{hits:>11}/{FIRST}"
        print(f"{entry.name:<22}\t{cells}")
    print("profiles with a hit   \t" + "".join(f"{n:>10}/{len(judged)}" for n in totals.values()))
    times = [
        _timed(partial(recommender.recommend, entry.profile, 10))[0]
        for _ in range(ROUNDS)
        for entry in judged
    ]
    print(f"\none fit of {len(projects)} projects: {fit:.0f} ms")
    print(
        f"one recommendation of ten: p50 {median(times):.2f} ms, p95 {quantiles(times, n=20)[-1]:.2f} ms"
    )


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = perf_counter()
    result = work()
    return (perf_counter() - started) * 1000, result


def _project(place: int, row: dict[str, str], lines: list[dict[str, str]]) -> ProjectText:
    priced = [line for line in lines if line["unit_price"]]
    values = [Decimal(line["quantity"]) * Decimal(line["unit_price"]) for line in priced]
    lots = [Decimal(line["min_lot"]) * Decimal(line["unit_price"]) for line in priced]
    return ProjectText(
        id=place,
        number=row["number"],
        title=row["name"],
        text=row["scope_text"] + row["outcome_target"],
        sector=row["sector"],
        region_code=row["region_code"],
        city_code=row["region_code"][:4] + "00",
        value_gap=sum(values, Decimal(0)) if values else None,
        items=tuple(line["item"] for line in lines),
        smallest_claim=min(lots) if lots else None,
    )


if __name__ == "__main__":
    main()
