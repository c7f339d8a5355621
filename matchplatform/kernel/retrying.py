"""Do again what the database broke off because two transactions got in each other's way."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from matchplatform.kernel.db import db

ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.02
# serialization_failure and deadlock_detected. Source: PostgreSQL 15, appendix A.
_IN_THE_WAY = frozenset({"40001", "40P01"})

Answer = TypeVar("Answer")


def was_in_the_way(error: DBAPIError) -> bool:
    """Tell whether the same work may well succeed when it is simply done again."""
    return getattr(error.orig, "sqlstate", None) in _IN_THE_WAY


def with_retries(work: Callable[[], Answer], before_again: Callable[[], None]) -> Answer:
    """Do ``work``, up to five times, and roll back and call ``before_again`` in between.

    Raises:
        DBAPIError: it failed for another reason, or five times.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            return work()
        except DBAPIError as error:
            if not was_in_the_way(error):
                raise
            db.session.rollback()
        # A little chance keeps two that met from meeting again.
        time.sleep(FIRST_PAUSE_SECONDS * attempt * (1 + random.random()))  # noqa: S311
        before_again()
    return work()
