"""QR codes: what is drawn is what the library made."""

import io
import re

import pytest
import segno
from PIL import Image

from matchplatform.documents import qr_png, qr_svg
from matchplatform.documents.codes import BORDER, CORRECTION

ADDRESS = "https://example.org/verify/abcdefghijklmnopqrstuv"


def modules(text: str) -> list[list[bool]]:
    return [list(map(bool, row)) for row in segno.make(text, error=CORRECTION, micro=False).matrix]


@pytest.mark.parametrize("text", [ADDRESS, "1", "核验协议" * 30])
class TestCodes:
    def test_the_path_draws_every_dark_module_and_no_other(self, text: str) -> None:
        wanted = modules(text)
        drawn = [[False] * len(row) for row in wanted]
        strokes = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", qr_svg(text))
        for x, y, length, back in strokes:
            assert length == back
            for step in range(int(length)):
                drawn[int(y) - BORDER][int(x) - BORDER + step] = True
        assert drawn == wanted

    def test_the_picture_shows_every_dark_module_and_no_other(self, text: str) -> None:
        wanted = modules(text)
        picture = Image.open(io.BytesIO(qr_png(text, scale=1))).convert("L")
        edge = len(wanted) + 2 * BORDER
        assert picture.size == (edge, edge)
        shown = [
            [picture.getpixel((x, y)) == 0 for x in range(BORDER, edge - BORDER)]
            for y in range(BORDER, edge - BORDER)
        ]
        assert shown == wanted


class TestMarkup:
    def test_it_holds_no_style_no_script_and_nothing_that_was_typed(self) -> None:
        drawn = qr_svg('"><script>alert(1)</script>')
        assert "script" not in drawn
        assert "style" not in drawn

    def test_it_is_markup_for_templates(self) -> None:
        assert hasattr(qr_svg(ADDRESS), "__html__")
