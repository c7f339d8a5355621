"""Streams that tell a screen of each new step: few, short, and holding nothing between two looks."""

import json
import logging
import threading
import time
from collections.abc import Generator

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from matchplatform.ceremonies.live_queries import Head, find_hall
from matchplatform.kernel.db import reading
from matchplatform.kernel.stopping import is_stopping

log = logging.getLogger(__name__)

# Each stream takes one of the threads that answer requests, so they are never most of them.
MOST_STREAMS = 3
STREAM_SECONDS = 55.0
PAUSE_SECONDS = 0.5
KEEP_ALIVE_SECONDS = 15.0
# So long does a browser wait before it asks for the next stream.
AGAIN_MILLISECONDS = 500

_lock = threading.Lock()
_open = 0


class StreamPlace:
    """One of the few places for streams in this process; given back once, whoever does it."""

    def __init__(self) -> None:
        self._held = True

    @classmethod
    def take(cls, threads: int) -> "StreamPlace | None":
        """Return a place where one is free in a process of so many threads, or None."""
        global _open
        with _lock:
            if _open >= min(MOST_STREAMS, threads // 2):
                return None
            _open += 1
            return cls()

    def release(self) -> None:
        """Give the place back."""
        global _open
        with _lock:
            if self._held:
                self._held = False
                _open -= 1


def mark_of(head: Head) -> str:
    """Return what tells one state of a ceremony from the next: steps, and changes beside them."""
    return f"{head.seq}.{head.version}"


def told_of(head: Head) -> dict[str, object]:
    """Return what a screen is told of a new state; what it shows it fetches then."""
    return {"seq": head.seq, "mark": mark_of(head), "live": head.is_live}


def tell_steps(
    app: Flask, token: str, *, seconds: float = STREAM_SECONDS, pause: float = PAUSE_SECONDS
) -> Generator[str, None, None]:
    """Yield each new state as a server-sent event until the time is up or the day is over."""
    yield f"retry: {AGAIN_MILLISECONDS}\n\n"
    ends = time.monotonic() + seconds
    told, last_word = "", time.monotonic()
    while time.monotonic() < ends and not is_stopping():
        head = _look(app, token)
        if head is None:
            return
        if mark_of(head) != told:
            told, last_word = mark_of(head), time.monotonic()
            yield f"id: {head.seq}\ndata: {json.dumps(told_of(head))}\n\n"
        elif time.monotonic() - last_word > KEEP_ALIVE_SECONDS:
            last_word = time.monotonic()
            yield ": still here\n\n"
        if not head.is_live:
            return
        time.sleep(pause)


def _look(app: Flask, token: str) -> Head | None:
    """Read where the ceremony stands, in a short transaction of its own."""
    try:
        with app.app_context(), reading():
            return find_hall(token)
    except SQLAlchemyError as error:
        # The screen asks again by itself.
        log.warning("a stream ended: %s", type(error).__name__)
        return None
