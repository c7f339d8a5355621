"""Print what the quality gate stops and what it stops wrongly, by rule, and the time it takes.

`python -m benchmarks.quality_gate`; the needs are those of tests/data/quality_good.json and
tests/data/quality_spoiled.json. Spoiled needs marked "tune" were looked at while the rules were
made, and "taught" ones were written to teach a class of misses: both say nothing of other needs.
"held", "later", "last", "fresh" and "blind" were written without sight of the rules, and the rules
were mended after each had been run: the figures printed now are no longer blind ones. At their
first run the gate stopped 56 of the 60 "blind" and none of the 40 good needs written with them
(the last 40 of the good ones); the labels of "blind" name families of rules. All needs are
invented: where a place or a unit bears a real name, nothing here is about it.
"""

import csv
import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any

from benchmarks.labelled import read_rows
from matchplatform.config.paths import SEEDS
from matchplatform.quality.gate import check_need
from matchplatform.quality.likeness import LikenessIndex, OtherNeed, likely_duplicates
from matchplatform.quality.needs import Finding, LineText, NeedText, RuleName, Surroundings
from matchplatform.quality.prices import PriceBook, PriceRow

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
TODAY = date(2020, 5, 20)
MANY = 5367
LEAST_RECALL, MOST_ALARMS = 0.95, 0.03
_NUMBERS = ("direct_people", "households", "person_times")
_DATES = ("starts_on", "ends_on", "claim_deadline")
_TEXTS = (
    "name kind sector region_code place scope_text outcome_target owner_unit supervising_unit"
    " contact_name contact_phone"
).split()


@dataclass(frozen=True)
class Labelled:
    """A need with the rules of which one must speak, and whether it must stop."""

    id: str
    need: NeedText
    rules: frozenset[str] = frozenset()
    part: str = "good"
    must_stop: bool = False
    based_on: str = ""


def load_labelled(name: str) -> list[Labelled]:
    """Read one of the two files."""
    return [_labelled(row) for row in json.loads((DATA / name).read_text(encoding="utf-8"))]


def _labelled(row: dict[str, Any]) -> Labelled:
    return Labelled(
        row["id"],
        need_of(row),
        frozenset(row.get("rules", ())),
        row.get("part", "good"),
        row.get("must") == "stop",
        row.get("based_on", ""),
    )


def need_of(row: dict[str, Any]) -> NeedText:
    """Make a need of a row of JSON or CSV, with its lines under "lines"."""
    known: dict[str, Any] = {field: row[field] for field in _TEXTS}
    known |= {field: int(row[field] or 0) for field in _NUMBERS}
    known |= {field: date.fromisoformat(row[field]) if row.get(field) else None for field in _DATES}
    return NeedText(**known, lines=tuple(_line(line) for line in row["lines"]))


def _line(row: dict[str, Any]) -> LineText:
    price, lot = row["unit_price"], row["min_lot"]
    return LineText(
        row["kind"],
        row["item"],
        Decimal(row["quantity"]),
        row["unit"],
        Decimal(price) if price else None,
        Decimal(lot) if lot else None,
        row["note"],
    )


def load_seeds() -> list[NeedText]:
    """Read the 313 projects of the seeds: another set of good needs."""
    lines: dict[str, list[dict[str, str]]] = {}
    with (SEEDS / "lines.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            lines.setdefault(line["number"], []).append(line)
    with (SEEDS / "projects.csv").open(encoding="utf-8", newline="") as file:
        return [need_of({**row, "lines": lines[row["number"]]}) for row in csv.DictReader(file)]


class World:
    """What is known around the needs: populations, prices, the province's table."""

    def __init__(self, seeds: Iterable[NeedText]) -> None:
        with (SEEDS / "counties.csv").open(encoding="utf-8", newline="") as file:
            self._counties = {row["code"]: row for row in csv.DictReader(file)}
        with (DATA / "quality_price_table.csv").open(encoding="utf-8", newline="") as file:
            self._table = tuple(
                PriceRow(row["item"], row["unit"], Decimal(row["low"]), Decimal(row["high"]))
                for row in csv.DictReader(file)
            )
        self._prices = PriceBook(
            (line.item, line.unit, line.unit_price)
            for need in seeds
            for line in need.lines
            if line.unit_price is not None and line.kind != "money"
        )

    def around(self, need: NeedText) -> Surroundings:
        """Return the surroundings of a need, without its likeness."""
        county = self._counties.get(need.region_code)
        return Surroundings(
            population=int(county["pop_2020_census"]) if county else None,
            names=frozenset({county["name"]} if county else ()),
            prices=self._prices,
            price_table=self._table,
            today=TODAY,
        )


def judge(
    entries: list[Labelled], world: World, index: LikenessIndex, ids: dict[str, int]
) -> dict[str, list[Finding]]:
    """Return the findings of each need; a spoiled one is not told of the one it was made from."""
    found = {}
    for entry in entries:
        around = world.around(entry.need)
        if RuleName.LIKENESS in entry.rules or not entry.rules:
            alike = likely_duplicates(entry.need, index, 3, ids.get(entry.id))
            around = replace(around, duplicates=tuple(alike))
        found[entry.id] = check_need(entry.need, around)
    return found


def measure_files(good_file: Path | None, spoiled_file: Path | None) -> None:
    """Print the figures of files of anybody's: which good needs stop, which spoiled ones do not."""
    world = World(load_seeds())
    for path, is_spoiled in ((good_file, False), (spoiled_file, True)):
        if path is None:
            continue
        entries = [_labelled(row) for row in read_rows(path, is_spoiled=is_spoiled)]
        found = {one.id: check_need(one.need, world.around(one.need)) for one in entries}
        judged = [one for one in entries if one.must_stop or not is_spoiled]
        stopped = {one.id for one in judged if any(f.stops for f in found[one.id])}
        rate = len(stopped) / len(judged) if judged else 0
        print(f"{path.name}: {len(stopped)} of {len(judged)} stopped ({rate:.3f})")
        for one in judged:
            if (one.id in stopped) != is_spoiled:
                rules = sorted({f"{f.rule}:{f.severity}" for f in found[one.id]})
                print(f"  {one.id} {one.need.name}: {', '.join(rules) or 'nothing found'}")


def main() -> None:
    """Print the figures."""
    parser = ArgumentParser(description="Measure the quality gate on labelled needs.")
    parser.add_argument("--good", type=Path, help="a JSON list of needs that should pass")
    parser.add_argument("--spoiled", type=Path, help="a JSON list of needs that should be stopped")
    given = parser.parse_args()
    if given.good or given.spoiled:
        measure_files(given.good, given.spoiled)
        return
    good, spoiled = load_labelled("quality_good.json"), load_labelled("quality_spoiled.json")
    seeds = load_seeds()
    world = World(seeds)
    ids = {entry.id: place for place, entry in enumerate(good, 1)}
    known = [OtherNeed(ids[entry.id], entry.need) for entry in good]
    known += [OtherNeed(len(good) + place, need) for place, need in enumerate(seeds, 1)]
    index = LikenessIndex(known)
    found = judge(good + spoiled, world, index, ids)
    _print_summary(good, spoiled, found)
    stopped = sum(any(one.stops for one in check_need(need, world.around(need))) for need in seeds)
    print(f"the {len(seeds)} projects of the seeds: {stopped} stopped ({stopped / len(seeds):.3f})")
    _print_rules(good, spoiled, found)
    _print_times(good + spoiled, world, known)


def _print_summary(
    good: list[Labelled], spoiled: list[Labelled], found: dict[str, list[Finding]]
) -> None:
    for part in ("tune", "held", "later", "last", "fresh", "blind", "taught", "all"):
        entries = [entry for entry in spoiled if part in ("all", entry.part)]
        if not entries:
            continue
        hit = sum(bool(_named(entry, found)) for entry in entries)
        must = [entry for entry in entries if entry.must_stop]
        stopped = sum(any(one.stops for one in found[entry.id]) for entry in must)
        print(
            f"spoiled, {part:<5} {len(entries):>4}: found by its rule {hit / len(entries):.3f};"
            f" of {len(must)} that must be stopped {stopped / len(must):.3f} (at least {LEAST_RECALL})"
        )
    alarms = sum(any(one.stops for one in found[entry.id]) for entry in good)
    asked = sum(bool(found[entry.id]) for entry in good)
    print(
        f"good          {len(good):>4}: stopped {alarms / len(good):.3f} (at most {MOST_ALARMS}),"
        f" asked or stopped {asked / len(good):.3f}"
    )


def _named(entry: Labelled, found: dict[str, list[Finding]]) -> set[str]:
    return {one.rule.value for one in found[entry.id]} & entry.rules


def _print_rules(
    good: list[Labelled], spoiled: list[Labelled], found: dict[str, list[Finding]]
) -> None:
    first: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for entry in spoiled:
        named = _named(entry, found)
        for rule in named or entry.rules:
            first[rule] += 1
            hits[rule] += rule in named
    stops = Counter(rule for entry in good for rule in {o.rule for o in found[entry.id] if o.stops})
    asks = Counter(
        rule for entry in good for rule in {o.rule for o in found[entry.id] if not o.stops}
    )
    print(f"\n{'rule':<18}{'spoiled':>8}{'found':>7}{'good stopped':>14}{'good asked':>12}")
    for rule in RuleName:
        print(f"{rule.value:<18}{first[rule]:>8}{hits[rule]:>7}{stops[rule]:>14}{asks[rule]:>12}")


def _print_times(entries: list[Labelled], world: World, known: list[OtherNeed]) -> None:
    times = []
    for entry in entries:
        around = world.around(entry.need)
        started = process_time()
        check_need(entry.need, around)
        times.append((process_time() - started) * 1000)
    print(
        f"\none need, processor time: p50 {median(times):.2f} ms, p95 {quantiles(times, n=20)[-1]:.2f} ms,"
        f" mean {sum(times) / len(times):.2f} ms"
    )
    many = [
        replace(known[place % len(known)], id=place, need=_moved(known, place))
        for place in range(MANY)
    ]
    started = perf_counter()
    index = LikenessIndex(many)
    fit = (perf_counter() - started) * 1000
    likes = []
    for entry in entries[:100]:
        started = perf_counter()
        likely_duplicates(entry.need, index, 5)
        likes.append((perf_counter() - started) * 1000)
    print(
        f"likeness among {MANY}: one fit {fit:.0f} ms, one need p50 {median(likes):.1f} ms,"
        f" p95 {quantiles(likes, n=20)[-1]:.1f} ms"
    )


def _moved(known: list[OtherNeed], place: int) -> NeedText:
    """Return a need with half of another's text, so that thousands are not the same few."""
    one = known[place % len(known)].need
    other = known[(place * 7 + place // len(known)) % len(known)].need
    half = len(one.scope_text) // 2
    return replace(one, scope_text=one.scope_text[:half] + other.scope_text[half:])


if __name__ == "__main__":
    main()
