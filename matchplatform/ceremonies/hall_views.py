"""The screens of the hall: whoever knows the token may look, and nobody's name is on them."""

from flask import Response, current_app, jsonify, make_response, render_template, request

from matchplatform.access.guards import public
from matchplatform.ceremonies.blueprint import bp
from matchplatform.ceremonies.hall_state import state_of
from matchplatform.ceremonies.live_queries import get_hall, show_board
from matchplatform.ceremonies.streams import StreamPlace, mark_of, tell_steps, told_of
from matchplatform.config.settings import Settings
from matchplatform.kernel.db import db
from matchplatform.kernel.paging import read_version

POLL_SECONDS = 2


@bp.get("/hall/<token>/<any(screen,stage):kind>")
@public
def hall(token: str, kind: str) -> Response:
    """Show the big screen, or the view for those who wait beside the stage."""
    board = show_board(get_hall(token))
    page = render_template(
        f"ceremonies/live/{kind}.html", board=board, token=token, mark=mark_of(board.head)
    )
    return _unkept(make_response(page))


@bp.get("/hall/<token>/state")
@public
def hall_state(token: str) -> Response:
    """Give the state as JSON; only its number to who has it already (``after``)."""
    head = get_hall(token)
    after = request.args.get("after")
    if after is not None and read_version(after) == head.seq:
        return _unkept(jsonify(told_of(head)))
    return _unkept(jsonify(state_of(show_board(head))))


@bp.get("/hall/<token>/events")
@public
def hall_events(token: str) -> Response:
    """Tell each new step as it comes; 204 where none will, 503 where too many listen."""
    head = get_hall(token)
    if not head.is_live:
        return _unkept(Response(status=204, content_type="text/event-stream; charset=utf-8"))
    settings: Settings = current_app.extensions["settings"]
    place = StreamPlace.take(settings.web_threads)
    if place is None:
        busy = Response(status=503, content_type="text/plain; charset=utf-8")
        busy.headers["Retry-After"] = str(POLL_SECONDS)
        return _unkept(busy)
    # The stream looks by itself; the transaction of this request must not last as long.
    db.session.remove()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    answer = Response(tell_steps(app, token), content_type="text/event-stream; charset=utf-8")
    answer.call_on_close(place.release)
    answer.headers["X-Accel-Buffering"] = "no"
    return _unkept(answer)


def _unkept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
