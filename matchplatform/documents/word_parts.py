"""Pieces of WordprocessingML from which the templates of papers are built."""

from collections.abc import Iterable, Sequence
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

FACT_COLUMNS = (26.0, 130.0)
SIGN_WIDTH, SIGN_GAP = 72.0, 12.0
TWIPS_PER_MM = 1440 / 25.4
SONG, FANG, HEI, KAI, TITLE = "宋体", "仿宋", "黑体", "楷体", "方正小标宋简体"
LATIN, MONO = "Times New Roman", "Courier New"


def twips(mm: float) -> int:
    """Turn millimetres into the unit of Word."""
    return round(mm * TWIPS_PER_MM)


def element(xml: str) -> Any:
    """Parse an element written without its namespaces."""
    vml = (
        'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    )
    return parse_xml(f"<paper {nsdecls('w')} {vml}>{xml}</paper>")[0]


def font(east: str, size: float, bold: bool = False, latin: str = LATIN) -> str:
    """Return the properties of a run."""
    return (
        f'<w:rPr><w:rFonts w:hint="eastAsia" w:ascii="{latin}" w:hAnsi="{latin}" w:cs="{latin}"'
        f' w:eastAsia="{east}"/>{"<w:b/>" if bold else ""}'
        f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
        '<w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr>'
    )


def run(text: str, look: str = "") -> str:
    """Return a run; a tab in the text becomes a tab of Word."""
    pieces = [f'<w:t xml:space="preserve">{piece}</w:t>' for piece in text.split("\t")]
    return f"<w:r>{look}{'<w:tab/>'.join(pieces)}</w:r>"


def para(style: str, *runs: str, extra: str = "") -> str:
    """Return a paragraph of a style; ``extra`` are further properties in the schema's order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{"".join(runs)}</w:p>'


def tag(statement: str) -> str:
    """Return a paragraph that holds a statement of the template and leaves nothing."""
    return f"<w:p><w:r><w:t>{{%p {statement} %}}</w:t></w:r></w:p>"


def row_tag(statement: str) -> str:
    """Return a table row that holds a statement of the template and leaves nothing."""
    return "<w:tr><w:tc><w:p><w:r><w:t>{%tr " + statement + " %}</w:t></w:r></w:p></w:tc></w:tr>"


def field(code: str, look: str) -> str:
    """Return a field that the word processor counts."""
    return (
        f'<w:r>{look}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r>{look}<w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f'<w:r>{look}<w:fldChar w:fldCharType="separate"/></w:r><w:r>{look}<w:t>1</w:t></w:r>'
        f'<w:r>{look}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def cell(width: int | str, *paragraphs: str, span: int = 1, middle: bool = True) -> str:
    """Return a table cell, ``width`` in twips or a statement that prints them."""
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    align = '<w:vAlign w:val="center"/>' if middle else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}{align}</w:tcPr>'
        f"{''.join(paragraphs)}</w:tc>"
    )


def row(*cells: str, head: bool = False, height: int = 0) -> str:
    """Return a table row that no page break cuts; a head is repeated on every page."""
    tall = f'<w:trHeight w:val="{height}" w:hRule="exact"/>' if height else ""
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{tall}{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def table(widths: Sequence[int], rows: Iterable[str], lines: bool = True) -> str:
    """Return a table of fixed columns."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return open_table(grid, str(sum(widths)), lines) + "".join(rows) + "</w:tbl>"


def open_table(grid: str, width: str, lines: bool = True) -> str:
    """Return the beginning of a table up to its first row."""
    sides = {"top": 8, "left": 8, "bottom": 8, "right": 8, "insideH": 4, "insideV": 4}
    borders = "".join(
        f'<w:{side} w:val="{"single" if lines else "nil"}" w:sz="{size}" w:space="0"'
        ' w:color="000000"/>'
        for side, size in sides.items()
    )
    margin = 80 if lines else 0
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}'
        '</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        f'<w:left w:w="{margin}" w:type="dxa"/><w:right w:w="{margin}" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    )


def style(name: str, look: str, layout: str) -> Any:
    """Return a paragraph style; ``layout`` are its paragraph properties in the schema's order."""
    return element(
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{name}">'
        f'<w:name w:val="{name}"/><w:qFormat/><w:pPr>{layout}</w:pPr>{look}</w:style>'
    )


def watermark(condition: str, words: str) -> list[str]:
    """Return paragraphs for a header that put a word across the page."""
    middle = "".join(
        f"mso-position-{way}:center;mso-position-{way}-relative:margin;"
        for way in ("horizontal", "vertical")
    )
    place = f"margin-left:0;margin-top:0;width:330pt;height:130pt;rotation:328;{middle}"
    drawn = drawn_words(words, place, "#dddddd")
    return [tag(f"if {condition}"), para("PaperHead", drawn), tag("endif")]


def drawn_words(words: str, place: str, colour: str) -> str:
    """Return a run with words as a drawing that is stretched to its place, behind the text."""
    return (
        '<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136"'
        ' adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas>'
        '<v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/>'
        '<v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
        '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/>'
        '</v:formulas><v:path textpathok="t"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape type="#_x0000_t136" style="position:absolute;z-index:-251658752;{place}"'
        f' o:allowincell="f" fillcolor="{colour}" stroked="f"><v:textpath'
        f' style="font-family:{SONG};font-weight:bold" string="{words}"/></v:shape></w:pict></w:r>'
    )


def facts_table(rows: str) -> str:
    """Return a table of labels and texts."""
    widths = tuple(map(twips, FACT_COLUMNS))
    return table(
        widths,
        [
            row_tag(f"for label, value in {rows}"),
            row(
                cell(widths[0], para("PaperCellHead", run("{{ label }}"))),
                cell(widths[1], para("PaperCell", run("{{ value }}"))),
            ),
            row_tag("endfor"),
        ],
    )


def head_cells(widths: tuple[int, ...], heads: tuple[str, ...]) -> list[str]:
    """Return the cells of a table's first row."""
    return [
        cell(width, para("PaperCellHead", run(head)))
        for width, head in zip(widths, heads, strict=True)
    ]


def sign_row(pairs: str) -> list[str]:
    """Return places to sign and seal, two in a row; what stands before is kept with them."""
    widths = (twips(SIGN_WIDTH), twips(SIGN_GAP), twips(SIGN_WIDTH))
    signed = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="000000"/></w:pBdr>'

    def place(name: str) -> list[str]:
        return [
            para("PaperSignRole", run(f"{{{{ {name}.role }}}}（盖章）：")),
            para("PaperSign", run(f"{{{{ {name}.name }}}}")),
            para("PaperSign"),
            para("PaperSign"),
            para("PaperSign", run("代表（签字）："), extra=signed),
            para(
                "PaperSign",
                run("日期：　　　　年　　月　　日"),
                extra='<w:jc w:val="right"/>',
            ),
            para("PaperSign"),
        ]

    one = row(
        cell(widths[0], *place("pair[0]"), middle=False),
        cell(widths[1], para("PaperSign"), middle=False),
        cell(widths[2], *place("pair[1]"), middle=False),
    )
    alone = row(
        cell(widths[0], *place("pair[0]"), middle=False),
        cell(widths[1], para("PaperSign"), middle=False),
        cell(widths[2], para("PaperSign"), middle=False),
    )
    rows = [
        row_tag(f"for pair in {pairs}"),
        row_tag("if pair | length == 2"),
        one,
        row_tag("else"),
        alone,
        row_tag("endif"),
        row_tag("endfor"),
    ]
    keep = para("PaperGap", extra="<w:keepNext/>")
    return [keep, table(widths, rows, lines=False), keep]
