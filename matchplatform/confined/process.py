"""Start a child process that knows nothing of the site, and wait for its end."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO

CHILDREN = 2
LONGEST_QUEUE_SECONDS = 15.0
# Starting Python on a busy machine takes part of the wall clock before the child's own begins.
START_SECONDS = 10
_slots = BoundedSemaphore(CHILDREN)
_ABOVE_PACKAGE = str(Path(__file__).resolve().parents[2])


class NoneFree(Exception):
    """Too many children are at work, and none ended in time."""


class TooSlow(Exception):
    """The child was stopped: it took longer than it may."""


def run_child(
    module: str,
    argument: str,
    given: IO[bytes],
    made: IO[bytes],
    seconds: int,
    command: Sequence[str] = (),
) -> int:
    """Run ``module`` from one file into another and return its exit code; a signal is negative.

    ``command`` stands in for the child in tests.

    Raises:
        NoneFree: no child was free in time.
        TooSlow: it took longer than ``seconds``.
    """
    if not _slots.acquire(timeout=LONGEST_QUEUE_SECONDS):
        raise NoneFree()
    try:
        done = subprocess.run(
            [*(command or (sys.executable, "-P", "-s", "-m", module)), argument],
            stdin=given,
            stdout=made,
            stderr=subprocess.DEVNULL,
            # Nothing of ours is in the child's environment: no secret, no database address.
            env={"PYTHONPATH": _ABOVE_PACKAGE, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
            cwd="/",
            timeout=seconds + START_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TooSlow() from error
    finally:
        _slots.release()
    return done.returncode
