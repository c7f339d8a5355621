"""Bundles in the browser: ask for one, watch it grow, take it away."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access.answers import Answer, done_once, said_by
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.commitments.bundle_queries import (
    get_bundle,
    list_chosen,
    list_own_bundles,
    may_take,
)
from matchplatform.commitments.bundles import LONGEST_TITLE, MOST_AGREEMENTS, begin_bundle
from matchplatform.files.sending import send_stored
from matchplatform.kernel.errors import DomainError, KeyReused, NotFound
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import read_version

bp = Blueprint("bundles", __name__)

# The two ways in which a list sends its agreements: those that were ticked, or all that it shows.
TICKED, SHOWN = "agreement", "shown"


@bp.get("/bundles")
@requires(Permission.AGREEMENT_READ)
def index() -> Answer:
    """List the bundles that one asked for."""
    return render_template("commitments/bundles.html", bundles=list_own_bundles(current_actor()))


@bp.post("/bundles")
@requires(Permission.AGREEMENT_READ)
def begin() -> Answer:
    """Ask for the agreements that were chosen as one archive."""
    actor = current_actor()
    field = SHOWN if request.form.get("which") == "all" else TICKED
    chosen = [read_version(text) for text in request.form.getlist(field)]
    title, with_docx = request.form.get("title", ""), bool(request.form.get("docx"))

    def begin_it() -> str:
        bundle = begin_bundle(actor=actor, agreement_ids=chosen, title=title, with_docx=with_docx)
        return url_for("bundles.show", bundle_id=bundle.id)

    def again(error: DomainError) -> Answer:
        words, status = said_by(error)
        page = render_template(
            "commitments/bundle_again.html",
            problem=words,
            earlier=error.answer if isinstance(error, KeyReused) else "",
            chosen=list_chosen(actor, chosen[:MOST_AGREEMENTS]),
            title=title[:LONGEST_TITLE],
            with_docx=with_docx,
        )
        return page, status

    return done_once(actor, begin_it, again, _("开始打包，打好了会通知您。"))


@bp.get("/bundles/<int:bundle_id>")
@requires(Permission.AGREEMENT_READ)
def show(bundle_id: int) -> Answer:
    """Show how far a bundle is, then where to take it away."""
    return render_template("commitments/bundle.html", bundle=get_bundle(current_actor(), bundle_id))


@bp.get("/bundles/<int:bundle_id>/archive.zip")
@requires(Permission.AGREEMENT_READ)
def archive(bundle_id: int) -> Response:
    """Give the archive to whoever asked for it, while it is kept."""
    actor = current_actor()
    bundle = get_bundle(actor, bundle_id)
    if not may_take(actor, bundle):
        raise NotFound(_("这一包里有您现在看不到的协议，不能下载。需要的话请重新打包。"))
    if not bundle.is_at_hand:
        raise NotFound(_("这一包还没有打好，或者已经过了 7 天清理掉了。需要的话请重新打包。"))
    return send_stored(
        bundle.stored_name,
        media_type="application/zip",
        size=bundle.size,
        label=f"{bundle.file_name}.zip",
    )
