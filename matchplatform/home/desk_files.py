"""The lists of the desk: as a file, and from one thing to the next."""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from matchplatform.access.actor import Actor
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.catalogue.answers import answer_sheets
from matchplatform.catalogue.export import head_lines
from matchplatform.config.settings import Settings
from matchplatform.home.desk import read_desk
from matchplatform.home.stepping import ALL
from matchplatform.home.tasks import QUEUES, WATCHES, Task
from matchplatform.home.watching import list_all_watched
from matchplatform.kernel import facts
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.sheets import Column, Kind, Sheet
from matchplatform.sheets.sheet import Cell

bp = Blueprint("desk_lists", __name__)

MOST_ROWS = 10_000
COLUMNS = (
    Column(_("类别")),
    Column(_("事项"), width=48),
    Column(_("说明"), width=44),
    Column(_("地方或来源"), width=24),
    Column(_("从哪天起"), Kind.DATE),
    Column(_("已有几天"), Kind.NUMBER),
    Column(_("期限")),
    Column(_("网址"), width=32),
)


@bp.get("/desk/export.<any(xlsx,csv):form>")
@requires(Permission.DESK_VIEW)
def desk_file(form: str) -> Response:
    """Give a list of the desk as a file."""
    settings: Settings = current_app.extensions["settings"]
    queue = request.args.get("queue", "")
    tasks = _list(current_actor(), queue)
    name: Words = QUEUES.get(queue) or WATCHES.get(queue) or _("全部待办")
    sheet = Sheet(
        title=name,
        headings=COLUMNS,
        rows=map(_cells, tasks),
        head_lines=head_lines(
            gettext("工作台：%(name)s", name=name),
            gettext("共 %(count)s 件", count=format_number(len(tasks))),
            settings.site_name,
            demo=facts.find_fact(facts.DEMO) is not None,
        ),
    )
    return answer_sheets([sheet], form, name, "desk")


@bp.get("/desk/step")
@requires(Permission.DESK_VIEW)
def step() -> Answer:
    """Lead from one thing of a list to the next or the one before; past the end, to the list."""
    queue = request.args.get("queue", "")
    tasks = _list(current_actor(), queue)
    # An organisation may wait for two things on one page.
    addresses = list(dict.fromkeys(task.url for task in tasks))
    place = _place_of(addresses, request.args.get("at", ""))
    place += -1 if request.args.get("way") == "back" else 1
    if not 0 <= place < len(addresses):
        return redirect(url_for("home.desk", queue=queue or None), 302)
    return redirect(f"{addresses[place]}?{urlencode({'queue': queue or ALL})}", 302)


def _place_of(addresses: Sequence[str], at: str) -> int:
    # What was just done is no longer on the list: the first one is next.
    here = (place for place, one in enumerate(addresses) if f"{at}/".startswith(f"{one}/"))
    return next(here, -1)


def _list(actor: Actor, queue: str) -> Sequence[Task]:
    if queue in WATCHES:
        return list_all_watched(actor, queue, MOST_ROWS)
    return read_desk(actor).of(queue if queue in QUEUES else "")


def _cells(task: Task) -> Sequence[Cell]:
    return (
        task.kind,
        task.title,
        task.meta,
        task.by,
        task.since,
        task.days,
        task.due_text,
        task.url,
    )
