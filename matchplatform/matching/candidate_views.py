"""Whom to invite to a project, in the browser: the list with its reasons, and inviting from it."""

from dataclasses import dataclass

from flask import Blueprint, flash, render_template, request, url_for

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer, done_once, said_by
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.invitations.models import LONGEST_WORDS
from matchplatform.invitations.queries import list_on_project
from matchplatform.invitations.services import MOST_OPEN
from matchplatform.kernel.db import reading_aside
from matchplatform.kernel.errors import DomainError, KeyReused
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.paging import page_number, read_version
from matchplatform.matching.candidates import prepare_candidates, read_candidates
from matchplatform.matching.inviting import Sent, invite_several
from matchplatform.matching.saying import (
    say_cautions,
    say_reasons,
    say_record,
    suggest_message,
)
from matchplatform.matching.weights import LISTED_FROM
from matchplatform.projects.queries import get_project

bp = Blueprint("candidates", __name__)


@dataclass(frozen=True)
class Tried:
    """A form that was refused: for whom, what was typed, and why not."""

    chosen: list[int]
    words: str
    problem: Words
    earlier: str = ""


@bp.get("/desk/projects/<string:number>/candidates")
@requires(Permission.ORGANISATION_INVITE)
def show(number: str) -> Answer:
    """Show which organisations fit a project, and why; those already invited with their answers."""
    return _page(
        current_actor(),
        number,
        page_number(request.args.get("page")),
        weak=request.args.get("weak") == "1",
    )


@bp.post("/desk/projects/<string:number>/candidates")
@requires(Permission.ORGANISATION_INVITE)
def invite(number: str) -> Answer:
    """Invite those that were chosen, each for itself."""
    actor = current_actor()
    with reading_aside():
        prepare_candidates()
    project = get_project(actor, number)
    chosen = [read_version(key) for key in request.form.getlist("organisation")]
    words = request.form.get("words", "")
    weak, page = request.form.get("weak") == "1", page_number(request.form.get("page"))

    def invite_them() -> str:
        sent = invite_several(actor=actor, project=project, organisation_ids=chosen, words=words)
        _say(sent)
        return url_for(
            ".show", number=number, page=page if page > 1 else None, weak=1 if weak else None
        )

    def again(error: DomainError) -> Answer:
        said, status = said_by(error)
        earlier = error.answer if isinstance(error, KeyReused) else ""
        return _page(actor, number, page, Tried(chosen, words, said, earlier), weak=weak), status

    return done_once(actor, invite_them, again)


def _say(sent: Sent) -> None:
    names = "、".join(each.organisation.name for each in sent.invitations)
    flash(gettext("已邀请 %(names)s，对方答复会通知您。", names=names), "ok")
    for words in sent.refused:
        flash(str(words), "warning")


def _page(
    actor: Actor, number: str, page: int, tried: Tried | None = None, *, weak: bool = False
) -> str:
    project = get_project(actor, number)
    found = read_candidates(actor, project, page, weak=weak)

    def address(page: int) -> str:
        return url_for(
            ".show", number=number, page=page if page > 1 else None, weak=1 if weak else None
        )

    return render_template(
        "matching/candidates.html",
        project=project,
        found=found,
        page=found.page,
        weak=weak,
        tried=tried,
        invited=list_on_project(actor, project),
        message=suggest_message(project),
        say_reasons=say_reasons,
        say_cautions=say_cautions,
        say_record=say_record,
        longest=LONGEST_WORDS,
        most=MOST_OPEN,
        listed_from=LISTED_FROM,
        address=address,
    )
