"""The papers of a ceremony as files: PDF to print, DOCX to go on with."""

from collections.abc import Callable, Mapping

from flask import Response, current_app

from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.ceremonies import printing, queries
from matchplatform.ceremonies.blueprint import bp
from matchplatform.ceremonies.models import Ceremony
from matchplatform.ceremonies.rows import read_rows
from matchplatform.config.settings import Settings
from matchplatform.documents import (
    SheetOfPaper,
    render_paper_docx,
    render_paper_pdf,
    render_seat_cards_docx,
    render_seat_cards_pdf,
)
from matchplatform.kernel import facts
from matchplatform.kernel.attachment import disposition
from matchplatform.kernel.errors import Conflict, Forbidden
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PAPERS = "<any(programme,names,seats,invitations):paper>"
_TITLES = {
    "programme": mark("签约大会手册"),
    "names": mark("参会人员名单"),
    "seats": mark("席签"),
    "invitations": mark("邀请函"),
}


@bp.get(f"/desk/ceremonies/<int:ceremony_id>/papers/{_PAPERS}.pdf")
@requires(Permission.CEREMONY_READ)
def paper_pdf(ceremony_id: int, paper: str) -> Response:
    """Give a paper of the ceremony to print."""
    ceremony = _get(ceremony_id, paper)
    if paper == "seats":
        cards = printing.seat_cards_of(queries.list_guests(ceremony.id))
        _check_any(cards)
        made = render_seat_cards_pdf(cards, ceremony.day)
    else:
        made = render_paper_pdf(_MAKERS[paper](ceremony))
    return _answer(made, "application/pdf", ceremony, paper, "pdf")


@bp.get(f"/desk/ceremonies/<int:ceremony_id>/papers/{_PAPERS}.docx")
@requires(Permission.CEREMONY_READ)
def paper_docx(ceremony_id: int, paper: str) -> Response:
    """Give a paper of the ceremony to go on with."""
    ceremony = _get(ceremony_id, paper)
    if paper == "seats":
        cards = printing.seat_cards_of(queries.list_guests(ceremony.id))
        _check_any(cards)
        made = render_seat_cards_docx(cards, ceremony.day)
    else:
        made = render_paper_docx(_MAKERS[paper](ceremony))
    return _answer(made, DOCX, ceremony, paper, "docx")


def _get(ceremony_id: int, paper: str) -> Ceremony:
    actor = current_actor()
    ceremony = queries.get_ceremony(actor, ceremony_id)
    # All but the programme name the people who come, or open their invitations.
    if paper != "programme" and not queries.may_see_names(actor, ceremony):
        raise Forbidden()
    if paper == "invitations" and not queries.may_hand_out(actor, ceremony):
        raise Forbidden()
    return ceremony


def _programme(ceremony: Ceremony) -> SheetOfPaper:
    rows = read_rows(ceremony.id, ceremony.grouping)
    listed = [row for row in rows if row.addendum == 0]
    day = queries.read_timetable(ceremony, listed)
    return printing.programme_of(ceremony, listed, day, demo=_is_demo())


def _names(ceremony: Ceremony) -> SheetOfPaper:
    return printing.name_list_of(ceremony, queries.list_guests(ceremony.id), demo=_is_demo())


def _invitations(ceremony: Ceremony) -> SheetOfPaper:
    settings: Settings = current_app.extensions["settings"]
    guests = printing.to_invite(queries.list_guests(ceremony.id))
    _check_any(guests)
    return printing.invitations_of(ceremony, guests, settings.base_url, demo=_is_demo())


_MAKERS: Mapping[str, Callable[[Ceremony], SheetOfPaper]] = {
    "programme": _programme,
    "names": _names,
    "invitations": _invitations,
}


def _check_any(found: object) -> None:
    if not found:
        raise Conflict(_("还没有可以打印的单位，先列邀请名单。"))


def _is_demo() -> bool:
    return facts.find_fact(facts.DEMO) is not None


def _answer(made: bytes, media_type: str, ceremony: Ceremony, paper: str, ending: str) -> Response:
    name = f"{ceremony.number} {_TITLES[paper]}.{ending}"
    answer = Response(made, mimetype=media_type)
    answer.headers["Content-Disposition"] = disposition(name, f"{paper}.{ending}")
    return answer
