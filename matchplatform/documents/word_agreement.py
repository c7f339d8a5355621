"""What the template of agreements says, with the statements that fill it."""

from matchplatform.documents.word_parts import (
    HEI,
    MONO,
    cell,
    facts_table,
    font,
    head_cells,
    para,
    row,
    row_tag,
    run,
    sign_row,
    table,
    tag,
    twips,
)

ITEM_COLUMNS = (11.0, 50.0, 16.0, 12.0, 22.0, 26.0, 19.0)
CHANGE_COLUMNS = (24.0, 66.0, 66.0)
GENUINE_COLUMNS = (34.0, 122.0)


def agreement_body() -> list[str]:
    """Return the body of agreements."""
    return [
        para("PaperTitle", run("{{ title | title_lines }}")),
        para("PaperUnder", run("编号：{{ text.number }}")),
        tag("for party in parties"),
        para("PaperParty", run("{{ party.role }}：", font(HEI, 15)), run("{{ party.name }}")),
        tag("for label, value in party.particulars"),
        para("PaperParticular", run("{{ label }}\t{{ value }}")),
        tag("endfor"),
        tag("endfor"),
        para("PaperGap"),
        tag("for recital in text.recitals"),
        tag("for line in recital | lines"),
        para("PaperText", run("{{ line }}")),
        tag("endfor"),
        tag("endfor"),
        *_part("facts", "text.facts", facts_table("text.facts")),
        *_part("items", "text['items']", _items_table()),
        *_part("changes", "text.changes", _changes_table()),
        *_part("articles", "text.articles"),
        *_clauses("clauses", "PaperText"),
        *_clauses("closing", "PaperClose"),
        *sign_row("text.signatures | sign_pairs"),
        tag("if text.sha256"),
        *_genuine(),
        tag("endif"),
    ]


def _part(name: str, condition: str, *content: str) -> list[str]:
    after = [para("PaperGap")] if content else []
    heading = para("PaperHeading", run(f"{{{{ headings['{name}'] }}}}"))
    return [tag(f"if {condition}"), heading, *content, *after, tag("endif")]


def _items_table() -> str:
    widths = tuple(map(twips, ITEM_COLUMNS))
    heads = ("序号", "内容", "数量", "单位", "单价（元）", "金额（元）", "备注")
    cells = (
        ("PaperCellCenter", "{{ loop.index }}"),
        ("PaperCell", "{{ item.item }}"),
        ("PaperCellRight", "{{ item.quantity | quantity }}"),
        ("PaperCellCenter", "{{ item.unit }}"),
        ("PaperCellRight", "{{ item.unit_price | yuan }}"),
        ("PaperCellRight", "{{ item.value | yuan }}"),
        ("PaperCell", "{{ item.note }}"),
    )
    bold = font("宋体", 10.5, bold=True)
    return table(
        widths,
        [
            row(*head_cells(widths, heads), head=True),
            row_tag("for item in text['items']"),
            row(
                *(
                    cell(width, para(style, run(words)))
                    for width, (style, words) in zip(widths, cells, strict=True)
                )
            ),
            row_tag("endfor"),
            row_tag("if text.total is not none"),
            row(
                cell(sum(widths[:2]), para("PaperCellCenter", run("合计", bold)), span=2),
                cell(
                    sum(widths[2:]),
                    para("PaperCell", run("人民币{{ text.total_capital }}", bold)),
                    para("PaperCell", run("（小写：¥{{ text.total | yuan }}）", bold)),
                    span=5,
                ),
            ),
            row_tag("endif"),
        ],
    )


def _changes_table() -> str:
    widths = tuple(map(twips, CHANGE_COLUMNS))
    return table(
        widths,
        [
            row(*head_cells(widths, ("事项", "原约定", "变更为")), head=True),
            row_tag("for change in text.changes"),
            row(
                cell(widths[0], para("PaperCellCenter", run("{{ change.label }}"))),
                cell(widths[1], para("PaperCell", run("{{ change.before }}"))),
                cell(widths[2], para("PaperCell", run("{{ change.after }}"))),
            ),
            row_tag("endfor"),
        ],
    )


def _clauses(name: str, style: str) -> list[str]:
    bold = font("仿宋", 15, bold=True)
    return [
        tag(f"for clause in {name}"),
        tag("if clause.is_title"),
        para("PaperArticle", run("{{ clause.lead }}　{{ clause.text }}")),
        tag("else"),
        para(
            style,
            run("{% if clause.lead %}{{ clause.lead }}　{% endif %}", bold),
            run("{{ clause.text }}"),
        ),
        tag("endif"),
        tag("endfor"),
    ]


def _genuine() -> list[str]:
    widths = tuple(map(twips, GENUINE_COLUMNS))
    words = (
        "本协议文本已经固定，其 SHA-256 校验码如下。用手机扫描二维码，或者在平台“核验协议”页面填写协议编号和"
        "校验码的前 8 位，可以查到本协议是否真实、是否有效；请核对查到的编号、各方名称和校验码与本页一致。"
    )
    mono = font("宋体", 9, latin=MONO)
    told = [
        para("PaperSmall", run(words)),
        para("PaperSmall", run("{{ text.sha256 | groups }}", mono)),
        para("PaperSmall", run("{{ text.verify_url }}", mono)),
    ]
    picture = para(
        "PaperCell", run("{% if text.verify_url %}{{ qr_picture(text.verify_url, 30) }}{% endif %}")
    )
    return [
        table(widths, [row(cell(widths[0], picture), cell(widths[1], *told))], lines=False),
        para("PaperGap"),
    ]
