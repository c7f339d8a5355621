"""The results of a ceremony for everybody, its report for offices, and late signatures."""

import io
from collections.abc import Callable, Sequence

from flask import Response, render_template, request, url_for

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer, done_once, said_by
from matchplatform.access.current import current_actor
from matchplatform.access.guards import public, requires
from matchplatform.access.policy import Permission
from matchplatform.ceremonies.blueprint import bp
from matchplatform.ceremonies.live_queries import get_ceremony_for, get_entry, get_past
from matchplatform.ceremonies.live_views import Refusal
from matchplatform.ceremonies.models import Ceremony, CeremonyEntry
from matchplatform.ceremonies.report import report_paper, report_sheets
from matchplatform.ceremonies.results import read_results
from matchplatform.ceremonies.rows import Row
from matchplatform.ceremonies.signing import sign_late, undo_late
from matchplatform.documents import render_paper_pdf
from matchplatform.documents.places import place_at_work
from matchplatform.kernel import clock, facts
from matchplatform.kernel.attachment import disposition
from matchplatform.kernel.errors import DomainError
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import Page, clamp_page, page_number
from matchplatform.sheets import write_xlsx

PAGE_SIZE = 50
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.get("/ceremonies/<int:ceremony_id>/results")
@public
def results(ceremony_id: int) -> str:
    """Show everybody what was signed, once the day is over; no person is named."""
    ceremony = get_past(ceremony_id)
    found = read_results(ceremony)
    return render_template(
        "ceremonies/live/results.html",
        ceremony=ceremony,
        results=found,
        page=_page(found.signed, "page"),
    )


@bp.get("/desk/ceremonies/<int:ceremony_id>/report")
@requires(Permission.CEREMONY_READ)
def report(ceremony_id: int) -> str:
    """Show what was signed, what was not and why, and what waits on an addendum."""
    actor = current_actor()
    return _report_page(get_ceremony_for(actor, ceremony_id, Permission.CEREMONY_READ))


@bp.get("/desk/ceremonies/<int:ceremony_id>/report.<any(pdf,xlsx):form>")
@requires(Permission.CEREMONY_READ)
def report_file(ceremony_id: int, form: str) -> Response:
    """Give the report as a paper or as a workbook."""
    ceremony = get_ceremony_for(current_actor(), ceremony_id, Permission.CEREMONY_READ)
    found = read_results(ceremony)
    demo = facts.find_fact(facts.DEMO) is not None
    if form == "pdf":
        made = render_paper_pdf(report_paper(ceremony, found, demo=demo))
    else:
        stream = io.BytesIO()
        with place_at_work():
            write_xlsx(report_sheets(ceremony, found, demo=demo), stream)
        made = stream.getvalue()
    answer = Response(made, content_type=MEDIA_TYPES[form])
    name = gettext("%(title)s-签约情况报告", title=ceremony.title.replace("/", " "))
    dated = f"{clock.today():%Y-%m-%d}.{form}"
    plain = f"{ceremony.number}-report-{dated}"
    answer.headers["Content-Disposition"] = disposition(f"{name}-{dated}", plain)
    return answer


@bp.post("/desk/ceremonies/<int:ceremony_id>/late/<int:entry_id>/<any(sign,undo):step>")
@requires(Permission.CEREMONY_RUN)
def late(ceremony_id: int, entry_id: int, step: str) -> Answer:
    """Sign what stands on an addendum, or take such a signature back."""
    actor = current_actor()
    typed = request.form.get("reason", "")

    def act() -> str:
        ceremony = get_ceremony_for(actor, ceremony_id, Permission.CEREMONY_RUN)
        LATE[step](actor, get_entry(ceremony, entry_id), typed)
        return url_for("ceremonies.report", ceremony_id=ceremony_id, _anchor="late")

    def again(error: DomainError) -> Answer:
        words, status = said_by(error)
        ceremony = get_ceremony_for(actor, ceremony_id, Permission.CEREMONY_RUN)
        return _report_page(ceremony, Refusal(words, f"{step}-{entry_id}", typed)), status

    return done_once(actor, act, again, DONE[step])


LATE: dict[str, Callable[[Actor, CeremonyEntry, str], object]] = {
    "sign": lambda actor, entry, _reason: sign_late(actor=actor, entry=entry),
    "undo": lambda actor, entry, reason: undo_late(actor=actor, entry=entry, reason=reason),
}
DONE: dict[str, Words] = {
    "sign": _("已补签，协议生效，已通知对方。"),
    "undo": _("补签已撤销，原因已记下。"),
}


def _report_page(ceremony: Ceremony, refusal: Refusal | None = None) -> str:
    found = read_results(ceremony)
    return render_template(
        "ceremonies/live/report.html",
        ceremony=ceremony,
        results=found,
        signed=_page(found.signed, "page"),
        unsigned=_page(found.unsigned, "left"),
        refusal=refusal,
    )


def _page(rows: Sequence[Row], name: str) -> Page[Row]:
    number = clamp_page(page_number(request.args.get(name)), PAGE_SIZE, len(rows))
    return Page(rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, PAGE_SIZE, len(rows))
