"""Preview and apply on a scratch site: rows a second, and how long a claim waits meanwhile."""

import io
import random
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

import xlsxwriter
from flask import Flask

from benchmarks.search_site import open_scratch_site
from matchplatform.access.actor import SYSTEM, Actor, Role
from matchplatform.accounts.queries import find_user
from matchplatform.accounts.services import add_user
from matchplatform.claims.locks import lock_lines
from matchplatform.config.settings import Settings
from matchplatform.files.storage import Storage
from matchplatform.imports.kinds import adapter_of
from matchplatform.imports.models import Import
from matchplatform.imports.project_layout import LAYOUT
from matchplatform.imports.services import apply_import, take_in
from matchplatform.imports.spreadsheet import receive_spreadsheet
from matchplatform.imports.states import ImportKind
from matchplatform.imports.working import Importer, pause_for_others
from matchplatform.kernel.db import db
from matchplatform.organisations.actors import actor_of
from matchplatform.sheets import ReadLimits
from tests import postgres

KIND = ImportKind.PROJECTS
NAME = "benchmark"
LINES_EACH = 4
CLAIM_EVERY = 0.05
LONGEST_WAIT = 0.5


def make_projects(count: int) -> bytes:
    """Return ``count`` rows of projects with four lines each, as a workbook of the template."""
    dice = random.Random(2020)
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        page = book.add_worksheet(str(LAYOUT.sheet))
        page.write_row(0, 0, [str(column.words) for column in LAYOUT.columns])
        for number in range(count):
            row = {
                "own_key": f"2020-{number // LINES_EACH:05d}",
                "name": f"东水泉村第{number // LINES_EACH}期助学与取暖项目",
                "kind": "项目",
                "sector": "教育",
                "place": "东水泉村",
                "starts_on": "2020年12月",
                "line_kind": "物资",
                "item": f"过冬用品{number % LINES_EACH + 1}",
                "quantity": dice.choice((120, "1,200", "1.2万")),
                "unit": "套",
                "unit_price": dice.choice((85.5, "3,500", 1280)),
                "min_lot": 10,
            }
            page.write_row(number + 1, 0, [row.get(column.key, "") for column in LAYOUT.columns])
    return made.getvalue()


def report(count: int, database: str) -> None:
    """Bring the rows in twice, and print how fast, and how long others waited."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        url = ""
        if database == "postgresql":
            address = stack.enter_context(postgres.any_cluster())
            url = stack.enter_context(postgres.database(address, "benchmark_imports"))
        app = stack.enter_context(open_scratch_site(Path(folder), url))
        settings: Settings = app.extensions["settings"]
        db.session.remove()
        print(f"\nprojects.xlsx through the site on {database}: {count:,} rows")
        _time(app, settings, make_projects(count), count, applies=True)
        _time(app, settings, make_projects(count), count, applies=False)


def _time(app: Flask, settings: Settings, data: bytes, count: int, *, applies: bool) -> None:
    taken_id = _take_in(settings, data)
    importer = Importer(settings)
    _steps(app, importer, "preview, all new" if applies else "preview, the same again", count)
    if not applies:
        return
    found = db.session.get_one(Import, taken_id)
    apply_import(actor=_officer(), taken=found, version=found.version, leave_bad=False)
    db.session.commit()
    db.session.remove()
    _steps(app, importer, "apply", count)


def _take_in(settings: Settings, data: bytes) -> int:
    sheet = receive_spreadsheet(
        Storage(settings.files_path),
        io.BytesIO(data),
        "projects.xlsx",
        adapter_of(KIND).layout(),
        ReadLimits(),
    )
    taken = take_in(actor=_officer(), kind=KIND, sheet=sheet)
    db.session.commit()
    return taken.id


def _officer() -> Actor:
    user = find_user(NAME) or add_user(
        actor=SYSTEM,
        username=NAME,
        display_name=NAME,
        role=Role.OFFICER,
        region_prefix="130722",
        unit="民政局",
        password_hash="none",  # noqa: S106
    )
    db.session.commit()
    return actor_of(user)


def _steps(app: Flask, importer: Importer, title: str, count: int) -> None:
    with claims_meanwhile(app) as waits:
        began = perf_counter()
        while importer.do_step():
            pause_for_others()
        took = perf_counter() - began
    db.session.remove()
    most, p95 = max(waits), quantiles(waits, n=20)[-1]
    late = sum(wait > LONGEST_WAIT for wait in waits)
    print(
        f"  {title:<26}{took:>8.2f} s{count / took:>10,.0f} rows/s; of {len(waits)} claims the"
        f" longest waited {most * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms,"
        f" {late} over {LONGEST_WAIT:.1f} s"
    )


@contextmanager
def claims_meanwhile(app: Flask) -> Iterator[list[float]]:
    """Take the writers' turn over and over, as claims do, and note how long it took to get it."""
    waits: list[float] = [0.0, 0.0]
    over = threading.Event()

    def claim() -> None:
        with app.app_context():
            while not over.wait(CLAIM_EVERY):
                began = perf_counter()
                lock_lines([0])
                waits.append(perf_counter() - began)
                db.session.rollback()
            db.session.remove()

    thread = threading.Thread(target=claim)
    thread.start()
    try:
        yield waits
    finally:
        over.set()
        thread.join()
