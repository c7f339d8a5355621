"""Decode a photograph and encode it anew in three sizes, upright, as plain JPEG.

JPEG, for the browsers of county offices are not all new. Only pixels are kept: no EXIF, no place.
Run as ``python -m matchplatform.files.photos``, confined; see child.
"""

from io import BytesIO

from PIL import Image, ImageOps

from matchplatform.files.child import run
from matchplatform.files.pictures import with_plain_colours
from matchplatform.files.sizes import SIDES, MadeSize, pack_sizes
from matchplatform.files.verdicts import Limits, Verdict

QUALITY = 82
WHITE = (255, 255, 255)


def make_sizes(data: bytes, limits: Limits) -> tuple[Verdict, bytes]:
    """Return the first picture in ``data`` in every size, packed."""
    # Pillow's own limit is off, for ours says how many, and before a pixel is decoded.
    Image.MAX_IMAGE_PIXELS = None
    largest = max(SIDES.values())
    with Image.open(BytesIO(data), formats=["JPEG", "PNG"]) as source:
        if source.width * source.height > limits.pixels:
            return Verdict.TOO_MANY_PIXELS, b""
        source.draft(None, (largest, largest))
        picture = ImageOps.exif_transpose(_opaque(source))
    sizes = {}
    # Each from the next larger one, which is quick and looks the same.
    for name in sorted(SIDES, key=lambda one: -SIDES[one]):
        picture.thumbnail((SIDES[name], SIDES[name]), Image.Resampling.LANCZOS)
        sizes[name] = MadeSize(name, picture.width, picture.height, _encode(picture))
    return Verdict.FINE, pack_sizes(sizes)


def _opaque(source: Image.Image) -> Image.Image:
    """Return the picture without transparency, on white as paper is."""
    if not source.has_transparency_data:
        return with_plain_colours(source, "JPEG")
    seen = source.convert("RGBA")
    ground = Image.new("RGB", seen.size, WHITE)
    ground.paste(seen, mask=seen.getchannel("A"))
    # Which way is up stands beside the pixels, and would be lost with the old ground.
    ground.info["exif"] = source.getexif().tobytes()
    return ground


def _encode(picture: Image.Image) -> bytes:
    # A fresh picture has no EXIF, no comment, no profile to write.
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    made = BytesIO()
    clean.save(made, "JPEG", quality=QUALITY, progressive=True)
    return made.getvalue()


if __name__ == "__main__":
    run(make_sizes)
