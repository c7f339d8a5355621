"""The one way in which a list is given as a file: what was asked, when, whose, and how many."""

from collections.abc import Iterable, Sequence

from flask import Response, current_app

from matchplatform.catalogue.answers import answer_sheets
from matchplatform.catalogue.export import head_lines
from matchplatform.config.settings import Settings
from matchplatform.kernel import facts
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.money import format_number
from matchplatform.sheets import Column, Sheet
from matchplatform.sheets.sheet import Cell

FORM = "<any(xlsx,csv):form>"
MOST_ROWS = 10_000


def answer_list(
    form: str,
    title: Words,
    plain: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    *,
    told: Words,
    count: int,
    foot: Words = "",
    more: Sequence[Sheet] = (),
) -> Response:
    """Return the rows as a file; ``told`` is the filter in words, ``more`` stand in the XLSX alone.

    ``plain`` names the file for clients that cannot read a Chinese name.
    """
    sheet = Sheet(title, columns, rows, head_of(told, count), foot)
    return answer_sheets([sheet, *more], form, title, plain)


def head_of(told: Words, count: int) -> list[Words]:
    """Return what stands over a list; a list that was cut says so."""
    settings: Settings = current_app.extensions["settings"]
    cut = gettext("太长，只列前 %(most)s 条；请缩小范围再导出", most=format_number(MOST_ROWS))
    return head_lines(
        gettext("条件：%(told)s", told=str(told)),
        gettext("共 %(count)s 条", count=format_number(count)),
        settings.site_name,
        demo=facts.find_fact(facts.DEMO) is not None,
        note=cut if count >= MOST_ROWS else "",
    )
