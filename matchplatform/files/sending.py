"""Send the bytes of a file that somebody may have."""

import logging

from flask import Response, send_file

from matchplatform.files.receiving import current_storage
from matchplatform.kernel.errors import NotFound

log = logging.getLogger(__name__)

# What is public may lie in caches, but briefly: a picture to which somebody never agreed must be
# gone everywhere soon after it is hidden.
PUBLIC_CACHE = "public, max-age=300"
NO_CACHE = "no-store"


def send_stored(
    stored_name: str, *, media_type: str, size: int, label: str, shown: bool = False,
    cache: str = NO_CACHE,
) -> Response:  # fmt: skip
    """Send kept bytes under their label: to be saved, or ``shown`` inside a page of ours.

    Raises:
        NotFound: the bytes are missing, which the log tells.
    """
    try:
        source = current_storage().path_of(stored_name).open("rb")
    except FileNotFoundError as error:
        log.error("the bytes of %s are missing", stored_name)
        raise NotFound() from error
    answer = send_file(
        source,
        mimetype=media_type,
        as_attachment=not shown,
        download_name=label,
        conditional=False,
        etag=False,
    )
    answer.content_length = size
    answer.headers["Cache-Control"] = cache
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
