"""Files as people, scanners and attackers send them."""

import struct
import zipfile
import zlib
from io import BytesIO

from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter

GPS_PLACE = (41.0, 9.0, 37.0)
CANARY = "CANARY-张家口-130722"


def pdf(*extra: bytes, catalog: bytes = b"", pages: int = 1, version: bytes = b"1.4") -> bytes:
    """Return a whole PDF; ``extra`` are further objects, ``catalog`` more words in its root."""
    kids = b" ".join(b"%d 0 R" % (3 + number) for number in range(pages))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % pages,
        *[page] * pages,
        *extra,
    ]
    out = b"%PDF-" + version + b"\n%\xe2\xe3\xcf\xd3\n"
    offsets = []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % at for at in offsets)
    count = len(bodies) + 1
    return (
        out + b"xref\n0 %d\n0000000000 65535 f \n" % count + table
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(out))
    )  # fmt: skip


def stream(words: bytes, data: bytes) -> bytes:
    """Return a stream object's body."""
    return b"<< " + words + b" /Length %d >>\nstream\n" % len(data) + data + b"\nendstream"


def object_stream(hidden: bytes, *, predictor: bool = False, words: bytes = b"") -> bytes:
    """Return an object stream that holds one object; with a predictor its bytes are differences."""
    inner = b"9 0 " + hidden
    data, parms = inner, b""
    if predictor:
        columns = 8
        inner += b" " * (-len(inner) % columns)
        rows = [inner[at : at + columns] for at in range(0, len(inner), columns)]
        data, above = b"", bytes(columns)
        for row in rows:
            data += b"\x02" + bytes((new - old) % 256 for new, old in zip(row, above, strict=True))
            above = row
        parms = b"/DecodeParms << /Predictor 12 /Columns 8 >> "
    return stream(
        words + b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode " + parms, zlib.compress(data)
    )


def modern_pdf(hidden: bytes) -> bytes:
    """Return a PDF whose cross-reference stream leads to an object inside an object stream."""
    out = b"%PDF-1.5\n"
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction 9 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        object_stream(hidden),
    ]
    offsets = []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    here = len(out)
    free = struct.pack(">BHB", 0, 0, 0)
    rows = free + b"".join(struct.pack(">BHB", 1, at, 0) for at in [*offsets, here])
    rows += free * 3 + struct.pack(">BHB", 2, 4, 0)
    table = stream(b"/Type /XRef /Size 10 /W [1 2 1] /Root 1 0 R", rows)
    return out + b"5 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % here


def locked_pdf() -> bytes:
    """Return a PDF that asks for a password to change it."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf())))
    writer.encrypt(user_password="", owner_password="secret", algorithm="RC4-128")
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def photo(
    size: tuple[int, int] = (640, 480), kind: str = "JPEG", mode: str = "RGB", **more: object
) -> bytes:
    """Return a picture with a gradient, so that it is neither empty nor noise."""
    made = BytesIO()
    picture = Image.linear_gradient("L").resize(size)
    if mode == "I;16":
        picture = picture.convert("I").point(lambda grey: grey * 256)
    picture = picture.convert(mode)
    picture.save(made, kind, **more)
    return made.getvalue()


def photo_with_gps(orientation: int = 1) -> bytes:
    """Return a phone's photo: EXIF with a place, a comment, a colour profile of junk."""
    exif = Image.Exif()
    exif[0x010F] = CANARY
    exif[0x0112] = orientation
    exif.get_ifd(0x8825).update({1: "N", 2: GPS_PLACE, 3: "E", 4: (114.0, 42.0, 0.0)})
    return photo(exif=exif, comment=CANARY.encode())


def chatty_png() -> bytes:
    """Return a PNG that carries text chunks and EXIF."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", CANARY)
    info.add_itxt("Place", CANARY, zip=True)
    exif = Image.Exif()
    exif[0x010F] = CANARY
    return photo(kind="PNG", pnginfo=info, exif=exif)


def bomb_png(side: int = 20_000) -> bytes:
    """Return a small PNG that unfolds to ``side`` x ``side`` pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + crc

    squeeze = zlib.compressobj(9)
    row = bytes(1 + side * 3)
    data = b"".join(squeeze.compress(row) for _ in range(min(side, 2000))) + squeeze.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def archive(name: str = "a.txt", comment: bytes = b"") -> bytes:
    """Return a small zip."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as zipped:
        zipped.writestr(name, "hello " * 50)
        zipped.comment = comment
    return made.getvalue()
