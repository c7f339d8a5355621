"""Spreadsheets as people, other programs and attackers send them."""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

from matchplatform.confined.places import letters_of
from matchplatform.sheets import CellType, ColumnSpec, Layout, Month

LAYOUT = Layout(
    "项目",
    (
        ColumnSpec("number", "编号", CellType.CODE, needed=True, example="130722-001"),
        ColumnSpec("name", "名称", needed=True, longest=40, example="东水泉村小学棉被"),
        ColumnSpec("sector", "类别", CellType.CHOICE, choices={"education": "教育", "health": "健康"}),
        ColumnSpec("quantity", "数量", CellType.NUMBER, places=3, example="120"),
        ColumnSpec("price", "单价（元）", CellType.MONEY, example="85.5"),
        ColumnSpec("until", "截止日期", CellType.DATE, month=Month.LAST_DAY, example="2020-05-30"),
    ),
)  # fmt: skip
HEADING = ("编号", "名称", "类别", "数量", "单价（元）", "截止日期")
GOOD = ("130722-001", "东水泉村小学棉被", "教育", 120, 85.5, "2020-05-30")

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164"'
    ' formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="10" applyNumberFormat="1"/>'
    '<xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def row(number: int, cells: Iterable[object]) -> str:
    """Return one row; a text that begins with ``<`` stands for the inside of its cell."""
    return f'<row r="{number}">' + "".join(
        _cell(f"{letters_of(place)}{number}", cell) for place, cell in enumerate(cells)
    ) + "</row>"  # fmt: skip


def rows(*lines: Sequence[object], first: int = 1) -> str:
    """Return rows one under the other."""
    return "".join(row(number, line) for number, line in enumerate(lines, first))


def xlsx(
    inside: str,
    *,
    sheets: Sequence[str] = ("项目",),
    after: str = "",
    more: Mapping[str, bytes] | None = None,
    head: str = _XML,
) -> bytes:
    """Return a workbook; ``inside`` are the rows of its first sheet, ``more`` further parts."""
    named = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(sheets, 1)
    )
    linked = "".join(
        f'<Relationship Id="rId{at}" Type="{LINKS}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": f"{_XML}<Types/>",
        "_rels/.rels": f'{_XML}<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1"'
        f' Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{linked}</Relationships>',
        "xl/styles.xml": _STYLES,
        **{
            f"xl/worksheets/sheet{at}.xml": f'{head}<worksheet xmlns="{MAIN}"><sheetData>'
            f"{inside if at == 1 else ''}</sheetData>{after if at == 1 else ''}</worksheet>"
            for at in range(1, len(sheets) + 1)
        },
    }
    return archive({name: text.encode() for name, text in parts.items()} | dict(more or {}))


def archive(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip of these parts."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in parts.items():
            zipped.writestr(name, data)
    return made.getvalue()


def merged_cells() -> bytes:
    """A village's name that stands once for three rows."""
    return xlsx(
        rows(HEADING, GOOD, GOOD, GOOD),
        after='<mergeCells count="2"><mergeCell ref="A2:A4"/><mergeCell ref="B2:B4"/></mergeCells>',
    )


def wrong_sheet() -> bytes:
    """Two sheets, neither of them the one that is wanted."""
    return xlsx(rows(HEADING, GOOD), sheets=("汇总表", "Sheet2"))


def two_headings() -> bytes:
    """A heading in two storeys, as reports have it."""
    over = ("编号", "名称", "类别", "需要", None, "截止日期")
    under = (None, None, None, "数量", "单价（元）", None)
    return xlsx(rows(over, under, GOOD))


def formulas() -> bytes:
    """Amounts that are computed, and one that cannot be."""
    computed = "<f>D2*10</f><v>85.5</v>"
    return xlsx(
        rows(HEADING, (*GOOD[:4], computed, GOOD[5]), GOOD, (*GOOD[:3], "!#DIV/0!", 1, GOOD[5]))
    )


def empty_rows(count: int = 100_000) -> bytes:
    """One row of data under which a hundred thousand were only ever coloured."""
    hollow = "".join(
        f'<row r="{at}"><c r="A{at}" s="1"/><c r="B{at}" s="1"/><c r="F{at}" s="1"/></row>'
        for at in range(3, count + 3)
    )
    return xlsx(rows(HEADING, GOOD) + hollow)


def macros() -> bytes:
    """A workbook with a project of macros, its suffix changed."""
    return xlsx(rows(HEADING, GOOD), more={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Sub AutoOpen"})


def encrypted() -> bytes:
    """The container in which Excel keeps a workbook that asks for a password."""
    names = b"".join(
        name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", "EncryptionInfo", "EncryptedPackage")
    )  # fmt: skip
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names + bytes(range(256)) * 8


def old_excel() -> bytes:
    """The container of Excel 97."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "Workbook".encode("utf-16-le")


def truncated() -> bytes:
    """A file that came half."""
    whole = xlsx(rows(HEADING, *[GOOD] * 200))
    return whole[: len(whole) // 2]


def gb18030_csv() -> bytes:
    """What Chinese Excel saves as CSV, with a character that GBK does not have."""
    return (",".join(HEADING) + "\r\n130722-001,㐂水泉村小学,教育,\"1,200\",3.5万,2020/5/30\r\n").encode("gb18030")  # fmt: skip


def bomb(megabytes: int = 100) -> bytes:
    """A hundred megabytes of nothing, in a hundred kilobytes."""
    return xlsx(rows(HEADING, GOOD) + " " * (megabytes * 1024 * 1024))


def lying_bomb() -> bytes:
    """A bomb whose directory says that it unfolds to a few bytes."""
    whole = bytearray(bomb(20))
    at = whole.find(b"PK\x01\x02")
    while at >= 0:
        if whole[at + 46 :].startswith(b"xl/worksheets/sheet1.xml"):
            whole[at + 24 : at + 28] = (1000).to_bytes(4, "little")
        at = whole.find(b"PK\x01\x02", at + 4)
    return bytes(whole)


def ten_thousand_columns() -> bytes:
    """A table that runs on to the right."""
    wide = [*HEADING, *(f"列{number}" for number in range(10_000 - len(HEADING)))]
    return xlsx(rows(wide, [*GOOD, *[1] * (10_000 - len(GOOD))]))


def stray_cell() -> bytes:
    """A full stop in the very last row of the sheet."""
    return xlsx(rows(HEADING, GOOD) + row(1_048_576, [*[None] * 40, "."]))


def _cell(ref: str, cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return f'<c r="{ref}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{ref}"><v>{cell}</v></c>'
    text = str(cell)
    if text.startswith("!"):
        return f'<c r="{ref}" t="e"><v>{text[1:]}</v></c>'
    if text.startswith(("<f>", "<v>")):
        return f'<c r="{ref}">{text}</c>'
    if text.startswith("@"):
        style, value = text[1:].split(":")
        return f'<c r="{ref}" s="{style}"><v>{value}</v></c>'
    return f'<c r="{ref}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
