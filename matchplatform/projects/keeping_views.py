"""Keep what an officer is typing: the script of the page asks every few seconds."""

from flask import Blueprint, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, check
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import read_version
from matchplatform.projects.kept import Blank, drop_kept, keep_form
from matchplatform.projects.models import Project
from matchplatform.projects.queries import get_project

bp = Blueprint("keeping", __name__)


@bp.post("/desk/projects/keep")
@requires(Permission.PROJECT_WRITE)
def keep_new() -> Response:
    """Keep what is typed of a project that is yet to be begun."""
    actor = current_actor()
    check(actor, Permission.PROJECT_WRITE, Blank(actor.region_prefix))
    return _keep(None, url_for("projects.new"))


@bp.post("/desk/projects/<string:number>/keep")
@requires(Permission.PROJECT_WRITE)
def keep(number: str) -> Response:
    """Keep what is typed of a draft, or forget it where that is asked."""
    actor = current_actor()
    project = get_project(actor, number)
    check(actor, Permission.PROJECT_WRITE, project)
    return _keep(project, url_for("projects.edit", number=number))


def _keep(project: Project | None, page: str) -> Response:
    actor = current_actor()
    if "drop_kept" in request.form:
        drop_kept(actor=actor, project=project)
        db.session.commit()
        return redirect(page, 303)
    stale = project is not None and read_version(request.form.get("version")) != project.version
    kept = keep_form(actor=actor, project=project, typed=request.form.items(multi=True))
    at = f"{kept.kept_at.astimezone(clock.SHANGHAI):%H:%M}"
    db.session.commit()
    said = (
        _("%(at)s 已替您留着。别人刚存了新的内容，保存时会给您对照。", at=at)
        if stale
        else _("%(at)s 已替您留着，还没有存成草稿。", at=at)
    )
    return jsonify({"words": str(said)})
