"""Decode a picture and encode it anew: what is kept are its pixels, and nothing else it carried.

Run as ``python -m matchplatform.files.pictures``, confined; see child.
"""

from io import BytesIO

from PIL import Image, ImageOps

from matchplatform.files.child import run
from matchplatform.files.verdicts import Limits, Verdict

QUALITY = 88
# Pillow's name -> the one written; MPO is a JPEG with further pictures behind it.
WRITTEN = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG"}


def remake(data: bytes, limits: Limits) -> tuple[Verdict, bytes]:
    """Return the first picture in ``data``, upright, at most ``limits.side`` wide and high."""
    # Pillow's own limit is off, for ours says how many, and before a pixel is decoded.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(BytesIO(data), formats=["JPEG", "PNG"]) as source:
        if source.width * source.height > limits.pixels:
            return Verdict.TOO_MANY_PIXELS, b""
        written = WRITTEN[source.format or ""]
        source.draft(None, (limits.side, limits.side))
        picture = ImageOps.exif_transpose(with_plain_colours(source, written))
    picture.thumbnail((limits.side, limits.side), Image.Resampling.LANCZOS)
    # A fresh picture has no EXIF, no comment, no profile, no text chunks to write.
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    made = BytesIO()
    clean.save(made, written, quality=QUALITY)
    return Verdict.FINE, made.getvalue()


def with_plain_colours(source: Image.Image, written: str) -> Image.Image:
    """Return the picture, decoded, in colours that the written format has."""
    if source.mode.startswith("I"):
        # Sixteen bits of grey: the upper eight.
        return source.convert("I").point(lambda grey: grey / 256).convert("L")
    if source.mode in ("L", "RGB") or (written == "PNG" and source.mode in ("1", "LA", "RGBA")):
        source.load()
        return source
    if written == "PNG" and "transparency" in source.info:
        return source.convert("RGBA")
    return source.convert("RGB")


if __name__ == "__main__":
    run(remake)
