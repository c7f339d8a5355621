"""The projects that an agent watches: the star, and their list."""

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access import once
from matchplatform.access.actor import Actor
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.catalogue.rows import ProjectRow, list_rows
from matchplatform.interests import services
from matchplatform.interests.queries import list_favourite_ids
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import gettext
from matchplatform.projects.queries import get_project
from matchplatform.search import highlight

bp = Blueprint("interests", __name__)

# Back to the list or page where the star stood, and nowhere else.
_BACK = re.compile(r"/(projects|my)[A-Za-z0-9/?&=%._~+-]*(#[a-z0-9-]*)?")
LONGEST_ADDRESS = 2000
LONGEST_KEPT = 300


@bp.get("/my/favourites")
@requires(Permission.FAVOURITE_KEEP)
def favourites() -> str:
    """List the projects that one watches, the last one first, as they stand today."""
    kept = list_kept(current_actor())
    return render_template(
        "interests/favourites.html",
        rows=kept,
        kept={row.id for row in kept},
        may_keep=True,
        back=request.path,
        light=lambda text: highlight(text, []),
    )


def list_kept(actor: Actor) -> list[ProjectRow]:
    """List the projects that somebody watches, the last one first, as they stand today."""
    rows = {row.id: row for row in list_rows()}
    return [rows[key] for key in list_favourite_ids(actor) if key in rows]


@bp.post("/projects/<number>/favourite/<any(keep,drop):action>")
@requires(Permission.FAVOURITE_KEEP)
def star(number: str, action: str) -> Response:
    """Watch a project, or no longer, and go back to where the star stood."""
    actor = current_actor()
    earlier = once.earlier_answer(actor)
    if earlier:
        return redirect(earlier, 303)
    project = get_project(actor, number)
    if action == "keep":
        services.keep_favourite(actor=actor, project=project)
    else:
        services.drop_favourite(actor=actor, project=project)
    url = _way_back(number)
    # A star is the same star twice: where the way back is too long to be kept, the page will do.
    kept = url if len(url) <= LONGEST_KEPT else url_for("catalogue.project_page", number=number)
    once.remember_answer(actor, kept)
    db.session.commit()
    kept_words = gettext("已关注。关注不占数量，项目在“我的关注”里。")
    flash(kept_words if action == "keep" else gettext("已取消关注。"), "ok")
    return redirect(url, 303)


def _way_back(number: str) -> str:
    back = request.form.get("back", "")
    if len(back) <= LONGEST_ADDRESS and _BACK.fullmatch(back):
        return back
    return url_for("catalogue.project_page", number=number)
