"""The long form: `python -m tests.ceremonies.machine --examples 400`; counts how often each verb went."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from matchplatform.app import create_app
from matchplatform.cli.database import migrate
from matchplatform.config.settings import Settings
from matchplatform.kernel.db import db
from tests import databases
from tests.ceremonies.machine.base import Tally
from tests.ceremonies.machine.openings import OPENINGS, VERBS
from tests.ceremonies.machine.run import run
from tests.ceremonies.machine.world import World, made_world


@contextmanager
def fresh_world() -> Iterator[World]:
    """Make a site of its own on the kind of database that the environment asks for."""
    with tempfile.TemporaryDirectory() as folder, databases.open_stage(Path(folder)) as stage:
        app = create_app(
            Settings(
                instance=folder, database_url=stage.url, env="test",
                secret_key="a secret that only the tests know, long enough",
                argon2_memory_kib=8, argon2_time=1,
            )
        )  # fmt: skip
        with app.app_context():
            migrate(db.engine)
            db.engine.dispose()
        with made_world(app, stage) as world:
            yield world
            db.session.remove()
            db.engine.dispose()
    databases.close_all()


def show(tally: Tally, seconds: float, *, errors: bool) -> None:
    """Print the counts, the rarest first."""
    names = sorted({*tally.done, *tally.refused, *VERBS}, key=lambda name: (tally.done[name], name))
    for name in names:
        print(f"{name:20} done {tally.done[name]:7,}   refused {tally.refused[name]:7,}")
    for name, times in sorted(tally.errors.items()) if errors else ():
        print(f"    {name:40} {times:7,}")
    print(
        f"{tally.runs:,} runs, {tally.steps:,} steps on {databases.KIND} in {seconds:,.0f} s: "
        "every invariant held"
    )


def main() -> int:
    """Run the machine as the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m tests.ceremonies.machine", description=__doc__)
    parser.add_argument("--examples", type=int, default=400, help="how many runs (400)")
    parser.add_argument("--shrink", action="store_true", help="look for the shortest way, minutes")
    parser.add_argument("--errors", action="store_true", help="print the refusals by kind, too")
    asked = parser.parse_args()
    begun = time.monotonic()
    with fresh_world() as world:
        tally = run(
            world, -(-asked.examples // len(OPENINGS)), shrinks=asked.shrink, derandomize=False
        )
    show(tally, time.monotonic() - begun, errors=asked.errors)
    return 0


if __name__ == "__main__":
    sys.exit(main())
