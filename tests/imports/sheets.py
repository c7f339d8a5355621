"""Spreadsheets as people send them, written by code."""

import csv
import io
from collections.abc import Mapping, Sequence

import openpyxl

from matchplatform.imports.kinds import adapter_of
from matchplatform.imports.states import ImportKind
from matchplatform.seeding.uscc import make_uscc

FIRST: Mapping[str, object] = {
    "own_key": "K-1",
    "county": "张北县",
    "name": "东水泉村小学越冬被褥",
    "kind": "项目",
    "sector": "教育",
    "place": "东水泉村",
    "direct_people": "186",
    "starts_on": "2020年12月",
    "line_kind": "物资",
    "item": "冬季被褥三件套",
    "quantity": "240",
    "unit": "套",
    "unit_price": "260",
    "min_lot": "10",
}
SECOND_LINE: Mapping[str, object] = {
    "own_key": "K-1",
    "line_kind": "资金",
    "item": "热水改造款",
    "quantity": "1.2万",
    "min_lot": "1,000",
}
FIGURES: Mapping[str, object] = {
    "county": "张北县",
    "quarter": "2020Q1",
    "people": "120",
    "households": "60",
    "cause_ill": "100",
    "cause_other": "20",
    "as_of": "2020-03-31",
    "source": "县扶贫信息系统",
}


def organisation(number: int = 1, **more: object) -> dict[str, object]:
    """Return the row of an association registered in Zhangbei."""
    return {
        "uscc": make_uscc("51", "130722", number),
        "name": f"张北县测试互助协会{number}",
        "org_type": "社会团体",
        "registration_authority": "张北县民政局",
        "registration_region": "张北县",
        "supervising_body": "张北县民政局",
        "legal_rep": "钱二川",
        "business_scope": "帮助乡村学校改善住宿与取暖条件，捐赠图书和被褥，支持社会工作。",
        "mission": "让山区寄宿的孩子冬天有热水、有人陪，读得上书，走得出山。",
        "annual_budget": "50万",
        "focus_sectors": "教育、健康",
        **more,
    }


def xlsx(
    kind: ImportKind, rows: Sequence[Mapping[str, object]], without: Sequence[str] = ()
) -> bytes:
    """Write rows under the headings of a kind, but for some columns."""
    layout = adapter_of(kind).layout()
    keys = [column.key for column in layout.columns if column.key not in without]
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = str(layout.sheet)
    page.append([str(layout.column(key).words) for key in keys])
    for row in rows:
        page.append([row.get(key) for key in keys])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def text(kind: ImportKind, rows: Sequence[Mapping[str, object]], encoding: str) -> bytes:
    """Write rows as CSV."""
    layout = adapter_of(kind).layout()
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([str(column.words) for column in layout.columns])
    for row in rows:
        writer.writerow([row.get(column.key, "") for column in layout.columns])
    return stream.getvalue().encode(encoding)
