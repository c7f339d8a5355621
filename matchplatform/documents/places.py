"""Few papers are made at a time: each takes a core for a moment, and memory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from matchplatform.kernel.errors import Busy
from matchplatform.kernel.i18n import lazy_gettext as _

AT_ONCE = 2
WAIT_SECONDS = 3.0
_places = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def place_at_work() -> Iterator[None]:
    """Hold one of the places at which papers are made.

    Raises:
        Busy: none was free in time.
    """
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise Busy(_("现在生成文件的人多，请过一会儿再试。"))
    try:
        yield
    finally:
        _places.release()
