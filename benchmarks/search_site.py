"""Scratch sites with as many projects as asked, mixed from the seeds."""

import csv
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from flask import Flask

from matchplatform.app import create_app
from matchplatform.config.paths import SEEDS
from matchplatform.config.settings import Settings
from matchplatform.kernel import clock
from matchplatform.kernel.db import Base, db
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import LineKind, ProjectKind, ProjectState, Sector

Row = dict[str, str]


@contextmanager
def open_scratch_site(folder: Path, database_url: str = "") -> Iterator[Flask]:
    """Open an empty site in a folder of its own, on SQLite unless an empty database is named."""
    settings = Settings(
        env="test",
        secret_key="only for a benchmark " * 3,
        instance=str(folder),
        database_url=database_url,
    )
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


def fill(count: int, dice: random.Random) -> None:
    """Put ``count`` published projects in: the seeds themselves first, then mixtures of them."""
    seeds, lines = _read("projects.csv"), _lines_by_number()
    sentences = [s for seed in seeds for s in re.findall(r"[^。；]+[。；]?", seed["scope_text"])]
    serials: defaultdict[str, int] = defaultdict(int)
    for place in range(count):
        seed = dict(seeds[place] if place < len(seeds) else dice.choice(seeds))
        template = lines[seed["number"]]
        if place >= len(seeds):
            other = dice.choice(seeds)
            seed |= {"name": other["name"], "scope_text": _mix(sentences, dice)}
        serials[seed["region_code"]] += 1
        seed["number"] = f"{seed['region_code']}-{serials[seed['region_code']]:03d}"
        db.session.add(_project(seed, template, dice))
    db.session.commit()


def _mix(sentences: list[str], dice: random.Random) -> str:
    text = ""
    while len(text) < 240:
        text += dice.choice(sentences)
    return text


def _project(seed: Row, lines: list[Row], dice: random.Random) -> Project:
    now, today = clock.now(), clock.today()
    return Project(
        **{key: seed[key] for key in ("number", "name", "region_code", "place", "scope_text")},
        **{key: int(seed[key]) for key in ("direct_people", "households", "person_times")},
        kind=ProjectKind(seed["kind"]),
        sector=Sector(seed["sector"]),
        owner_unit=seed["owner_unit"],
        claim_deadline=today + timedelta(days=dice.randint(-5, 120)),
        status=ProjectState.PUBLISHED,
        author_ids=[],
        created_at=now,
        published_at=now - timedelta(hours=dice.randint(0, 2000)),
        lines=[_line(row, place, dice) for place, row in enumerate(lines, 1)],
    )


def _line(row: Row, position: int, dice: random.Random) -> ProjectLine:
    quantity = Decimal(row["quantity"])
    return ProjectLine(
        position=position,
        kind=LineKind(row["kind"]),
        item=row["item"],
        quantity=quantity,
        unit=row["unit"],
        unit_price=Decimal(row["unit_price"]) if row["unit_price"] else None,
        min_lot=Decimal(row["min_lot"]),
        held=quantity if dice.random() < 0.2 else Decimal(0),
    )


def _lines_by_number() -> dict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in _read("lines.csv"):
        found[row["number"]].append(row)
    return found


def _read(name: str) -> list[Row]:
    with (SEEDS / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
