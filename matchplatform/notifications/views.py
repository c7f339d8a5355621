"""The notices of whoever is signed in."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access.current import current_actor
from matchplatform.access.guards import signed_in
from matchplatform.kernel.db import db
from matchplatform.kernel.paging import page_number
from matchplatform.notifications import services
from matchplatform.notifications.preferences import bp
from matchplatform.notifications.queries import get_notice, list_notices
from matchplatform.notifications.words import words_of

__all__ = ["bp"]


@bp.get("/notices")
@signed_in
def index() -> str:
    """List one's own notices, newest first."""
    page = list_notices(current_actor(), page_number(request.args.get("page")))
    return render_template("notifications/index.html", page=page, words_of=words_of)


@bp.post("/notices/<int:notice_id>/open")
@signed_in
def open_notice(notice_id: int) -> Response:
    """Note that a notice was opened, and go to what it is about."""
    actor = current_actor()
    notice = get_notice(actor, notice_id)
    services.mark_read(actor=actor, notice=notice)
    url = notice.url
    db.session.commit()
    return redirect(url, 303)


@bp.post("/notices/read-all")
@signed_in
def read_all() -> Response:
    """Note that all notices have been seen."""
    services.mark_all_read(actor=current_actor())
    db.session.commit()
    return redirect(url_for("notifications.index"), 303)
