"""Fonts inside a PDF keep the outlines of the glyphs that are used, and little else."""

import io
import struct
from typing import Any

import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from pypdf.generic import StreamObject
from weasyprint import HTML

from matchplatform.documents import render_agreement_pdf
from matchplatform.documents.fonts import Unfit, shrink
from tests.documents.samples import make_agreement

PAGE = '<p style="font-family: Noto Serif CJK SC">协议龘“引” 0123 Agr<b>加粗</b></p>'


def fonts_in(made: bytes, kind: str) -> list[bytes]:
    """Return the font files of a kind that are embedded in a PDF."""
    reader = PdfReader(io.BytesIO(made))
    size: Any = reader.trailer["/Size"]
    things: list[Any] = [reader.get_object(place) for place in range(1, size)]
    return [
        thing.get_data()
        for thing in things
        if isinstance(thing, StreamObject) and thing.get("/Subtype") == kind
    ]


def outlines(font_set: CFFFontSet) -> dict[str, list[Any]]:
    """Return what each glyph draws, and how wide it is, by its CID; empty ones left out."""
    strings = font_set[0].CharStrings
    drawn = {}
    for name in strings.keys():  # noqa: SIM118 - no mapping
        pen = RecordingPen()
        strings[name].draw(pen)
        if pen.value:
            drawn[name] = [*pen.value, strings[name].width]
    return drawn


def read(cff: bytes) -> CFFFontSet:
    font_set = CFFFontSet()
    font_set.decompile(io.BytesIO(cff), None)
    return font_set


class TestShrink:
    def test_every_glyph_that_is_used_is_drawn_as_before(self) -> None:
        fonts = fonts_in(HTML(string=PAGE).write_pdf(), "/OpenType")
        assert len(fonts) == 2
        for font in fonts:
            before = outlines(TTFont(io.BytesIO(font))["CFF "].cff)
            used = {0, *(int(name[3:]) for name in before if name != ".notdef")}
            small = shrink(font, used)
            after = read(small)
            assert outlines(after) == before
            assert len(after[0].CharStrings.keys()) == len(used)
            assert len(small) < 40_000 < len(font)

    @pytest.mark.parametrize("font", [b"", b"\0" * 40, b"OTTO\0\0" + b"\0" * 40])
    def test_what_is_no_such_font_is_left_alone(self, font: bytes) -> None:
        with pytest.raises((Unfit, struct.error)):
            shrink(font, {0})


class TestPapers:
    def test_a_paper_is_small(self) -> None:
        made = render_agreement_pdf(make_agreement())
        assert len(fonts_in(made, "/CIDFontType0C")) == 3
        assert fonts_in(made, "/OpenType") == []
        assert len(made) < 200_000
