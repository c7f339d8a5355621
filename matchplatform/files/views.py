"""Hand a file out to those who may have it."""

from flask import Blueprint, Response

from matchplatform.access.current import current_actor
from matchplatform.access.guards import signed_in
from matchplatform.files.queries import get_file
from matchplatform.files.sending import send_stored

bp = Blueprint("files", __name__)


@bp.get("/files/<int:file_id>")
@signed_in
def download(file_id: int) -> Response:
    """Send a file under its label, to be saved and never shown inside the site."""
    file = get_file(current_actor(), file_id)
    return send_stored(
        file.stored_name, media_type=str(file.media_type), size=file.size, label=file.label
    )
