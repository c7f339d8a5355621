"""Hand a file out to those who may have it."""

import logging

from flask import Blueprint, Response, send_file

from matchplatform.access.current import current_actor
from matchplatform.access.guards import signed_in
from matchplatform.files.queries import get_file
from matchplatform.files.receiving import current_storage
from matchplatform.kernel.errors import NotFound

bp = Blueprint("files", __name__)
log = logging.getLogger(__name__)


@bp.get("/files/<int:file_id>")
@signed_in
def download(file_id: int) -> Response:
    """Send a file under its label, to be saved and never shown inside the site."""
    file = get_file(current_actor(), file_id)
    try:
        source = current_storage().path_of(file.stored_name).open("rb")
    except FileNotFoundError as error:
        log.error("the bytes of file %s are missing", file.id)
        raise NotFound() from error
    answer = send_file(
        source,
        mimetype=str(file.media_type),
        as_attachment=True,
        download_name=file.label,
        conditional=False,
        etag=False,
    )
    answer.content_length = file.size
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
