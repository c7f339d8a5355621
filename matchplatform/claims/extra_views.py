"""Approved extra in the browser, for the county's officers."""

from flask import render_template, request, url_for

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer, done_once, said_by
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, check
from matchplatform.claims.blueprint import bp
from matchplatform.claims.extra import approve_extra
from matchplatform.kernel.errors import DomainError, InvalidInput, NotFound
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.numbers import parse_decimal
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.queries import get_project

LONGEST_TYPED = 30


@bp.get("/projects/<number>/extra")
@requires(Permission.EXTRA_APPROVE)
def show_extra(number: str) -> Answer:
    """Show what was approved beyond need, line by line."""
    actor = current_actor()
    check(actor, Permission.EXTRA_APPROVE, get_project(actor, number))
    return _page(actor, number)


@bp.post("/projects/<number>/extra/<int:line_id>")
@requires(Permission.EXTRA_APPROVE)
def approve(number: str, line_id: int) -> Answer:
    """Approve an extra quantity of one line."""
    actor = current_actor()
    line = _line_of(get_project(actor, number), line_id)
    typed = request.form.get("extra", "")[:LONGEST_TYPED]
    reason = request.form.get("reason", "")

    def allow() -> str:
        seen = parse_decimal(request.form.get("seen", "")[:LONGEST_TYPED])
        extra = parse_decimal(typed)
        if extra is None or seen is None:
            raise InvalidInput(fields={"extra": _("请填数量，收回超额填 0。")})
        approve_extra(actor=actor, line=line, seen=seen, extra=extra, reason=reason)
        return url_for("claims.show_extra", number=number)

    def again(error: DomainError) -> Answer:
        wrongs = error.fields if isinstance(error, InvalidInput) else {}
        said, status = said_by(error)
        return _page(actor, number, line_id, typed, reason, wrongs or {"extra": said}), status

    return done_once(actor, allow, again, _("已记下。项目页会单列这部分超额。"))


def _line_of(project: Project, line_id: int) -> ProjectLine:
    for line in project.lines:
        if line.id == line_id:
            return line
    raise NotFound()


def _page(
    actor: Actor,
    number: str,
    tried: int = 0,
    typed: str = "",
    reason: str = "",
    wrongs: dict[str, Words] | None = None,
) -> str:
    return render_template(
        "claims/extra.html",
        project=get_project(actor, number),
        tried=tried,
        typed=typed,
        reason=reason,
        wrongs=wrongs or {},
    )
