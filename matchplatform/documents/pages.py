"""Turn our own templates into PDF: HTML through a sandbox, then pages."""

import gc
import hashlib
import itertools
import logging
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

from matchplatform.config.paths import TEMPLATES
from matchplatform.documents import words
from matchplatform.documents.codes import qr_svg
from matchplatform.documents.fonts import shrink_fonts
from matchplatform.documents.places import place_at_work
from matchplatform.kernel.i18n import mark

FOLDER = TEMPLATES / "documents"
# Papers that name no day name this one, so that the same text makes the same file.
SOME_DAY = date(2020, 1, 1)
# Every PDF leaves its map of fonts, some 70 MB of mapped files, in circles of references. One map
# for all would do, were it not that the collector may touch it from another thread.
COLLECT_EVERY = 4
_made = itertools.count(1)
# It tells of each character that no font has: as many lines as somebody cares to type emoji.
logging.getLogger("weasyprint").setLevel(logging.ERROR)


class NothingFromOutside(URLFetcher):  # type: ignore[misc]
    """Fetch nothing at all: a paper is made of its text and our own style."""

    def fetch(self, url: str, headers: object = None) -> Any:
        """Refuse."""
        raise ValueError("papers fetch nothing")


def render_pdf(template: str, dated: date | None, context: Mapping[str, object]) -> bytes:
    """Render one of the templates of the folder; the same context makes the same bytes.

    Raises:
        Busy: too many papers are being made just now.
    """
    page = environment().get_template(template).render({**context, "dated": dated or SOME_DAY})
    with place_at_work():
        made: bytes = HTML(
            string=page, url_fetcher=NothingFromOutside()
        ).write_pdf(
            stylesheets=[_style()],
            finisher=shrink_fonts,
            presentational_hints=True,  # the widths of columns
            pdf_identifier=hashlib.sha256(page.encode()).digest()[:16],
        )
        if next(_made) % COLLECT_EVERY == 0:
            gc.collect()
    return made


@cache
def environment() -> SandboxedEnvironment:
    """Return the sandbox: all that people typed is text in it, never markup and never code.

    The words of a paper stay Chinese, whatever the language of the page that it was asked from.
    """
    sandbox = SandboxedEnvironment(
        autoescape=True,
        finalize=words.finalize,
        loader=FileSystemLoader(FOLDER),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    sandbox.globals["_"] = mark
    sandbox.globals["qr_svg"] = qr_svg
    for each in (
        words.groups,
        words.lines,
        words.quantity,
        words.shortened,
        words.sign_pairs,
        words.title_lines,
        words.yuan,
    ):
        sandbox.filters[each.__name__] = each
    return sandbox


@cache
def _style() -> CSS:
    return CSS(string=(FOLDER / "paper.css").read_text("utf-8"), url_fetcher=NothingFromOutside())
