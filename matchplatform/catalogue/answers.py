"""Answer a request with a spreadsheet: a file with a Chinese name, made by few at a time."""

import io
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flask import Response

from matchplatform.kernel import clock
from matchplatform.kernel.attachment import disposition
from matchplatform.kernel.errors import Busy
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.sheets import Sheet, write_csv, write_xlsx

AT_ONCE = 2
WAIT_SECONDS = 10.0
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_places = threading.BoundedSemaphore(AT_ONCE)


def answer_sheets(sheets: Sequence[Sheet], form: str, name: Words, plain_name: str) -> Response:
    """Return the sheets as a file named ``name`` with today's date; a CSV holds only the first.

    ``plain_name`` stands in for clients that cannot read the Chinese one.

    Raises:
        Busy: several are being made already, and none was done in time.
    """
    stream = io.BytesIO()
    with _place_at_work():
        if form == "xlsx":
            write_xlsx(sheets, stream)
        else:
            write_csv(sheets[0], stream)
    answer = Response(stream.getvalue(), content_type=MEDIA_TYPES[form])
    dated = f"{name}-{clock.today():%Y-%m-%d}.{form}"
    plain = f"{plain_name}-{clock.today():%Y-%m-%d}.{form}"
    answer.headers["Content-Disposition"] = disposition(dated, plain)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@contextmanager
def _place_at_work() -> Iterator[None]:
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise Busy(_("现在导出的人多，请过一会儿再试。"))
    try:
        yield
    finally:
        _places.release()
