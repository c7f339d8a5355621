"""The inside of the child process: confine itself, look at standard input, exit with a verdict.

It imports nothing of the site: no settings, no database, no secret is within its reach.
"""

import logging
import os
import sys
from collections.abc import Callable
from typing import NoReturn

from matchplatform.confined.child import confine
from matchplatform.files.verdicts import Limits, Verdict

# data, limits -> verdict, and what to keep in the file's place (nothing: the file itself)
Check = Callable[[bytes, Limits], tuple[Verdict, bytes]]

OUTPUT_TIMES_INPUT = 3


def run(check: Check) -> NoReturn:
    """Look at standard input under the limits of the command line and exit with the verdict."""
    limits = Limits.from_text(sys.argv[1])
    confine(
        memory_megabytes=limits.memory_megabytes,
        seconds=limits.seconds,
        written=limits.size * OUTPUT_TIMES_INPUT,
    )
    logging.disable()
    try:
        verdict, made = check(sys.stdin.buffer.read(limits.size + 1), limits)
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()
    except (MemoryError, RecursionError):
        verdict = Verdict.TOO_HEAVY
    except Exception:
        # Whatever a parser stumbles over in a stranger's file: the file is not readable.
        verdict = Verdict.UNREADABLE
    # No way out through the interpreter's own end, which may want memory that is not there.
    os._exit(verdict)
