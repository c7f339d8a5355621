"""QR codes that print: black on white, with the quiet zone that readers want."""

import io

import segno
from markupsafe import Markup

BORDER = 4  # Source: ISO/IEC 18004, 6.3.8: four modules of white around.
CORRECTION = "m"


def qr_svg(text: str) -> Markup:
    """Return a QR code as an SVG element of one path: no style, no script, no size of its own.

    Raises:
        segno.DataOverflowError: more text than a QR code holds (about 2,300 bytes).
    """
    code = _make(text)
    edge = len(code.matrix) + 2 * BORDER
    path = "".join(_strokes(code))
    return Markup(  # noqa: S704 - numbers alone
        f'<svg class="qr" viewBox="0 0 {edge} {edge}" shape-rendering="crispEdges"'
        f' aria-hidden="true"><path fill="#fff" d="M0 0h{edge}v{edge}H0z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def qr_png(text: str, scale: int = 8) -> bytes:
    """Return a QR code as PNG, ``scale`` pixels a module."""
    stream = io.BytesIO()
    _make(text).save(stream, kind="png", scale=scale, border=BORDER)
    return stream.getvalue()


def _make(text: str) -> segno.QRCode:
    return segno.make(text, error=CORRECTION, micro=False)


def _strokes(code: segno.QRCode) -> list[str]:
    """Return each run of dark modules in a row as a piece of path."""
    found = []
    for y, row in enumerate(code.matrix, BORDER):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                found.append(f"M{x + BORDER} {y}h{end - x}v1h-{end - x}z")
            x = end + 1
    return found
