"""Turn our own templates into DOCX: docxtpl in the same sandbox as the pages."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from markupsafe import Markup

from matchplatform.documents.codes import qr_png
from matchplatform.documents.packing import pack
from matchplatform.documents.pages import FOLDER, SOME_DAY, environment
from matchplatform.documents.places import place_at_work
from matchplatform.documents.words import clean

ACROSS_MM = 253
LONGEST_PROPERTY = 255  # Source: ECMA-376 part 2, core properties, as python-docx takes them.


def render_docx(
    template: str,
    dated: date | None,
    title: str,
    context: Mapping[str, object],
    across: bool = False,
) -> bytes:
    """Render one of the templates of the folder; the same context makes the same bytes.

    ``across`` turns the paper: the templates stand upright.

    Raises:
        Busy: too many papers are being made just now.
    """
    with place_at_work():
        paper = DocxTemplate(io.BytesIO(_read(template)))

        def qr_picture(text: str, size: int) -> Markup:
            """Draw a QR code, ``size`` in millimetres."""
            drawn = InlineImage(paper, io.BytesIO(qr_png(text)), width=Mm(size), height=Mm(size))
            return Markup(str(drawn))  # noqa: S704 - the library's own markup

        paper.render({**context, "title": title, "qr_picture": qr_picture}, environment())
        if across:
            _turn(paper.sections[0])
        core = paper.core_properties
        core.title = clean(title)[:LONGEST_PROPERTY]
        core.created = core.modified = datetime.combine(dated or SOME_DAY, time(), UTC)
        stream = io.BytesIO()
        paper.save(stream)
    return pack(stream.getvalue())


def _turn(section: Any) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(27), Mm(24)
    for stops in (line.paragraph_format.tab_stops for line in section.header.paragraphs):
        if len(stops):
            del stops[0]
            stops.add_tab_stop(Mm(ACROSS_MM), WD_TAB_ALIGNMENT.RIGHT)


@cache
def _read(template: str) -> bytes:
    return (FOLDER / template).read_bytes()
