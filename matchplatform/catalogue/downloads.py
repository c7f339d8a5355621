"""The list to take along: as a spreadsheet, and on paper."""

from collections.abc import Iterable
from decimal import Decimal

from flask import Blueprint, Response, current_app, render_template, request

from matchplatform.access.guards import public
from matchplatform.catalogue.answers import answer_sheets
from matchplatform.catalogue.asked import Asked, read_asked, tell_asked
from matchplatform.catalogue.export import (
    AVAILABILITY_WORDS,
    FIVE,
    FOOT,
    five_cells,
    head_lines,
    line_sheet,
    project_sheet,
    told_time,
)
from matchplatform.catalogue.indexing import open_index
from matchplatform.catalogue.queries import Listing, list_projects
from matchplatform.catalogue.rows import ProjectRow
from matchplatform.claims.figures import Figures
from matchplatform.config.settings import Settings
from matchplatform.kernel import facts
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number

bp = Blueprint("downloads", __name__)

MOST_ROWS = 10_000


@bp.get("/projects/export.<any(xlsx,csv):form>")
@public
def project_file(form: str) -> Response:
    """Give all projects of the list as a file, with their lines on a second sheet of the XLSX."""
    asked = read_asked(request.args.getlist)
    listing = _list_all(asked)
    rows = listing.ordered[:MOST_ROWS]
    settings = _settings()
    head = head_lines(
        gettext("条件：%(told)s", told=tell_asked(asked)),
        gettext("共 %(count)s 项", count=format_number(len(rows))),
        settings.site_name,
        demo=facts.find_fact(facts.DEMO) is not None,
        note=_what_to_know(listing),
    )
    sheets = [project_sheet(rows, head, settings.base_url), line_sheet(rows, head)]
    return answer_sheets(sheets, form, _("项目与需求"), "projects")


@bp.get("/projects/print")
@public
def project_print() -> str:
    """Show all projects of the list on one page for paper."""
    asked = read_asked(request.args.getlist)
    listing = _list_all(asked)
    rows = listing.ordered[:MOST_ROWS]
    return render_template(
        "catalogue/print.html",
        asked=asked,
        told=tell_asked(asked),
        rows=rows,
        total=_total(rows),
        people=tuple(
            sum(counts)
            for counts in (
                [row.direct_people for row in rows],
                [row.households for row in rows],
                [row.person_times for row in rows],
            )
        ),
        note=_what_to_know(listing),
        at=told_time(),
        five=FIVE,
        five_cells=five_cells,
        availability_words=AVAILABILITY_WORDS,
        foot=FOOT,
    )


def _list_all(asked: Asked) -> Listing:
    index = open_index(current_app.extensions["settings"])
    return list_projects(index, asked.words, asked.wanted, asked.sort, 1)


def _what_to_know(listing: Listing) -> Words:
    if len(listing.ordered) > MOST_ROWS:
        return _("项目太多，只列出前 %(count)s 项。", count=format_number(MOST_ROWS))
    if listing.found is not None and listing.found.degraded:
        return _("导出时正在重建检索，结果可能不全。")
    if listing.found is not None and listing.found.loosened:
        return _("没有哪个项目同时含有全部字词，这里是含有其中一部分的。")
    return ""


def _total(rows: Iterable[ProjectRow]) -> Figures:
    total = Figures(Decimal(0))
    for row in rows:
        total += row.figures
    return total


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
