"""The operator's console: it shows the day, and each button or key is one verb."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import render_template, request, url_for

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer, done_once, said_by
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.ceremonies import running, signing
from matchplatform.ceremonies.blueprint import bp
from matchplatform.ceremonies.console import read_console
from matchplatform.ceremonies.live_queries import get_ceremony_for, get_entries
from matchplatform.ceremonies.models import Ceremony
from matchplatform.kernel.errors import DomainError
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.paging import read_version

Do = Callable[[Actor, Ceremony], object]


@dataclass(frozen=True)
class Refusal:
    """Why something was not done, and what had been typed for it."""

    words: Words
    tried: str
    typed: str


@bp.get("/desk/ceremonies/<int:ceremony_id>/console")
@requires(Permission.CEREMONY_RUN)
def console(ceremony_id: int) -> str:
    """Show who is on the stage, who comes next, and what can be done now."""
    ceremony = get_ceremony_for(current_actor(), ceremony_id, Permission.CEREMONY_RUN)
    return _console_page(ceremony)


@bp.post(
    "/desk/ceremonies/<int:ceremony_id>/console/"
    "<any(begin,call,sign,skip,item,pause,resume,undo,close):step>"
)
@requires(Permission.CEREMONY_RUN)
def console_step(ceremony_id: int, step: str) -> Answer:
    """Do one step of the day, once."""
    actor = current_actor()
    here = url_for("ceremonies.console", ceremony_id=ceremony_id)

    def act() -> str:
        ceremony = get_ceremony_for(actor, ceremony_id, Permission.CEREMONY_RUN)
        STEPS[step](actor, ceremony)
        return here

    def again(error: DomainError) -> Answer:
        words, status = said_by(error)
        refusal = Refusal(words, step, request.form.get("reason", ""))
        ceremony = get_ceremony_for(actor, ceremony_id, Permission.CEREMONY_RUN)
        return _console_page(ceremony, refusal), status

    return done_once(actor, act, again)


def _begin(actor: Actor, ceremony: Ceremony) -> object:
    return running.begin_ceremony(actor=actor, ceremony=ceremony)


def _call(actor: Actor, ceremony: Ceremony) -> object:
    entries = get_entries(ceremony, _named_entries())
    return running.call_round(actor=actor, ceremony=ceremony, entries=entries, seen=_seen())


def _sign(actor: Actor, ceremony: Ceremony) -> object:
    entries = get_entries(ceremony, _named_entries())
    if len(entries) == 1:
        return signing.sign_entry(actor=actor, entry=entries[0])
    return signing.sign_round(actor=actor, ceremony=ceremony, entries=entries)


def _skip(actor: Actor, ceremony: Ceremony) -> object:
    reason = request.form.get("reason", "")
    entries = get_entries(ceremony, _named_entries())
    return running.pass_over(actor=actor, ceremony=ceremony, entries=entries, reason=reason)


def _item(actor: Actor, ceremony: Ceremony) -> object:
    item_id = read_version(request.form.get("item"))
    return running.begin_item(actor=actor, ceremony=ceremony, item_id=item_id, seen=_seen())


def _pause(actor: Actor, ceremony: Ceremony) -> object:
    reason = request.form.get("reason", "")
    return running.pause_ceremony(actor=actor, ceremony=ceremony, reason=reason)


def _resume(actor: Actor, ceremony: Ceremony) -> object:
    return running.resume_ceremony(actor=actor, ceremony=ceremony)


def _undo(actor: Actor, ceremony: Ceremony) -> object:
    reason = request.form.get("reason", "")
    return running.undo_last(actor=actor, ceremony=ceremony, seq=_seen("last"), reason=reason)


def _close(actor: Actor, ceremony: Ceremony) -> object:
    return running.close_ceremony(actor=actor, ceremony=ceremony, seen=_seen())


STEPS: dict[str, Do] = {
    "begin": _begin,
    "call": _call,
    "sign": _sign,
    "skip": _skip,
    "item": _item,
    "pause": _pause,
    "resume": _resume,
    "undo": _undo,
    "close": _close,
}


def _named_entries() -> list[int]:
    return [read_version(typed) for typed in request.form.getlist("entry")]


def _seen(name: str = "seen") -> int:
    return read_version(request.form.get(name))


def _console_page(ceremony: Ceremony, refusal: Refusal | None = None) -> str:
    shown = read_console(ceremony)
    return render_template(
        "ceremonies/live/console.html",
        ceremony=ceremony,
        board=shown.board,
        console=shown,
        refusal=refusal,
    )
