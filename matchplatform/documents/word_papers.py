"""What the templates of other papers and of name cards say, with the statements that fill them."""

from matchplatform.documents.word_parts import (
    cell,
    drawn_words,
    facts_table,
    font,
    open_table,
    para,
    row,
    row_tag,
    run,
    sign_row,
    table,
    tag,
    twips,
)

QR_COLUMNS = (42.0, 114.0)
CARD_WIDTH, CARD_HEIGHT = 210.0, 73.8


def paper_body() -> list[str]:
    """Return the body of other papers."""
    kinds = {
        "heading": [
            tag("if block.level == 0"),
            para("PaperTitle", run("{{ block.text | title_lines }}")),
            tag("elif block.level == 1"),
            para("PaperHeading", run("{{ block.text }}")),
            tag("else"),
            para("PaperSecond", run("{{ block.text }}")),
            tag("endif"),
        ],
        "paragraph": _paragraph(),
        "facts": [facts_table("block.rows"), para("PaperGap")],
        "table": [
            tag("if block.caption"),
            para("PaperCaption", run("{{ block.caption }}")),
            tag("endif"),
            _free_table(),
            para("PaperGap"),
        ],
        "sign_row": sign_row("block.signatures | sign_pairs"),
        "page_break": [para("PaperGap", '<w:r><w:br w:type="page"/></w:r>')],
        "qr": [_qr_table(), para("PaperGap")],
    }
    return [
        para("PaperTitle", run("{{ title | title_lines }}")),
        tag("if paper.subtitle"),
        para("PaperUnder", run("{{ paper.subtitle }}")),
        tag("endif"),
        tag("for kind, block in blocks"),
        *(
            piece
            for kind, pieces in kinds.items()
            for piece in (tag(f"if kind == '{kind}'"), *pieces, tag("endif"))
        ),
        tag("endfor"),
    ]


def cards_body() -> list[str]:
    """Return the body of name cards: rows in turn on their head, as drawings, and upright."""
    place = (
        "margin-left:{{ art.left }}pt;margin-top:{{ art.top }}pt;width:{{ art.width }}pt;"
        "height:{{ art.height }}pt;rotation:180;mso-position-horizontal-relative:page;"
        "mso-position-vertical-relative:page"
    )
    look = '<w:rPr>{% if line.strong %}<w:b/>{% endif %}<w:sz w:val="{{ 2 * line.size }}"/></w:rPr>'
    spacing = '<w:spacing w:line="{{ 25 * line.size }}" w:lineRule="exact"/>'
    turned = [
        tag("for art in card.turned"),
        para("CardLine", drawn_words("{{ art.text }}", place, "#000000")),
        tag("endfor"),
        para("CardLine"),
    ]
    upright = [
        tag("for line in card.upright"),
        para("CardLine", run("{{ line.text }}", look), extra=spacing),
        tag("endfor"),
        tag("if card.seat"),
        para("CardSeat", run("{{ card.seat }}")),
        tag("endif"),
        # A cell ends in a paragraph, whatever the statements above leave.
        para("PaperGap"),
    ]
    width, height = twips(CARD_WIDTH), twips(CARD_HEIGHT)
    rows = [
        row_tag("for card in cards"),
        row(cell(width, *turned), height=height),
        row(cell(width, *upright), height=height),
        row_tag("endfor"),
    ]
    return [table((width,), rows, lines=False), para("PaperGap")]


def _paragraph() -> list[str]:
    styles = {
        "block.align == 'center'": "PaperCenter",
        "block.align == 'right'": "PaperRight",
        "not block.indent": "PaperFlat",
        "true": "PaperText",
    }
    strong = font("仿宋", 15, bold=True)
    text = [tag("for line in block.text | lines")]
    for place, (condition, style) in enumerate(styles.items()):
        text += [
            tag(f"{'elif' if place else 'if'} {condition}"),
            para(
                style,
                run("{% if block.strong %}{{ line }}{% endif %}", strong),
                run("{% if not block.strong %}{{ line }}{% endif %}"),
            ),
        ]
    return [*text, tag("endif"), tag("endfor")]


def _free_table() -> str:
    """Return a table whose columns the paper names."""
    width = "{{ column.twips }}"
    align = "{{ column.align }}"
    bold = font("宋体", 10.5, bold=True)

    def cells(style: str, words: str, look: str = "") -> str:
        jc = f'<w:jc w:val="{align}"/>'
        return (
            "{% for column in block.columns %}"
            + cell(
                width, para(style, run(words, look), extra="" if style == "PaperCellHead" else jc)
            )
            + "{% endfor %}"
        )

    grid = '{% for column in block.columns %}<w:gridCol w:w="{{ column.twips }}"/>{% endfor %}'
    rows = [
        row(cells("PaperCellHead", "{{ column.head }}"), head=True),
        row_tag("for cells in block.rows"),
        row(cells("PaperCell", "{{ cells[loop.index0] }}")),
        row_tag("endfor"),
        row_tag("if block.total"),
        row(cells("PaperCell", "{{ block.total[loop.index0] }}", bold)),
        row_tag("endif"),
    ]
    return open_table(grid, "{{ block.twips }}") + "".join(rows) + "</w:tbl>"


def _qr_table() -> str:
    widths = tuple(map(twips, QR_COLUMNS))
    picture = para("PaperCell", run("{{ qr_picture(block.text, 36) }}"))
    words = [
        tag("for line in block.caption | lines"),
        para("PaperFlat", run("{{ line }}")),
        tag("endfor"),
    ]
    return table(widths, [row(cell(widths[0], picture), cell(widths[1], *words))], lines=False)
