"""The price table of the province, by item and unit."""

from collections.abc import Sequence
from datetime import date
from typing import cast

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.imports.bundles import Bundle, Head, Judged, bad, repeats
from matchplatform.imports.models import ImportRow
from matchplatform.imports.packing import decimal, pack, sure_day
from matchplatform.imports.showing import show
from matchplatform.imports.states import ImportKind, RowState
from matchplatform.kernel.errors import InvalidInput, StaleVersion
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.text import tidy
from matchplatform.projects.prices import (
    LONGEST_ITEM,
    LONGEST_SOURCE,
    LONGEST_UNIT,
    PriceDetails,
    add_price,
    checked,
    edit_price,
    find_price,
    list_every_price,
)
from matchplatform.projects.prices_models import PriceTableRow
from matchplatform.sheets import CellType, ColumnSpec, Layout, ReadRow

_T = CellType

LAYOUT = Layout(
    _("省价格表"),
    (
        ColumnSpec("item", _("物品"), needed=True, longest=LONGEST_ITEM, example="冬季被褥三件套"),
        ColumnSpec("unit", _("单位"), needed=True, longest=LONGEST_UNIT, example="套"),
        ColumnSpec("low", _("最低价（元）"), _T.MONEY, needed=True, example="180"),
        ColumnSpec("high", _("最高价（元）"), _T.MONEY, needed=True, example="320"),
        ColumnSpec(
            "source", _("价格来源"), needed=True, longest=LONGEST_SOURCE, example="政府采购网"
        ),
        ColumnSpec("as_of", _("哪一天的价格"), _T.DATE, needed=True, example="2020-05-30"),
    ),
    (_("一行一个物品和单位。"), _("表里没有的物品不会被删掉，要删请在省价格表的页面上删。")),
)
_FIELDS = tuple(column.key for column in LAYOUT.columns)
_Known = dict[tuple[str, str], PriceTableRow]


class PriceRows:
    """The adapter of the price table."""

    kind = ImportKind.PRICES
    alone = True
    waiting = ""

    def may(self, actor: Actor) -> bool:
        """Tell whether this officer keeps the price table."""
        return permits(actor, Permission.PRICE_KEEP, None)

    def layout(self) -> Layout:
        """Return the table of prices."""
        return LAYOUT

    def key_of(self, row: ReadRow) -> str:
        """Return item and unit."""
        item, unit = _key(row)
        return f"{item}\n{unit}" if item and unit else ""

    def judge(self, actor: Actor, head: Head, bundles: Sequence[Bundle]) -> list[Judged]:
        """Compare with the price table, read at once."""
        known: _Known = {(row.item, row.unit): row for row in list_every_price()}
        return [_judge(head, bundle, known) for bundle in bundles]

    def apply(self, actor: Actor, row: ImportRow) -> str:
        """Add a price, or change it."""
        kept = row.content
        details = PriceDetails(
            kept["item"],
            kept["unit"],
            decimal(kept["low"]),
            decimal(kept["high"]),
            kept["source"],
            sure_day(kept["as_of"]),
        )
        if not row.target:
            add_price(actor=actor, details=details)
            return ""
        known = find_price(details.item, details.unit)
        if known is None:
            raise StaleVersion()
        edit_price(actor=actor, row=known, version=row.target_version or 0, details=details)
        return ""


def _key(row: ReadRow) -> tuple[str, str]:
    return tidy(str(row.values.get("item") or "")), tidy(str(row.values.get("unit") or ""))


def _judge(head: Head, bundle: Bundle, known: _Known) -> Judged:
    first = bundle.first
    title = " / ".join(part for part in _key(first) if part)
    title = title or gettext("第 %(row)s 行", row=first.number)
    problems = [*bundle.problems, *repeats(head, bundle, "item")]
    if problems:
        return bad(bundle, title, problems)
    values = first.values
    details = PriceDetails(
        *_key(first),
        decimal(str(values["low"])),
        decimal(str(values["high"])),
        tidy(str(values["source"])),
        cast(date, values["as_of"]),
    )
    try:
        columns = checked(details)
    except InvalidInput as error:
        wrong = [
            head.problem(first.number, key, str(words).rstrip("。"))
            for key, words in error.fields.items()
        ]
        return bad(bundle, title, wrong)
    now, content = known.get(_key(first)), pack(details)
    if now is None:
        return Judged(bundle, RowState.NEW, title, content=content)
    changes = [
        (str(head.layout.column(key).words), show(was, {}), show(columns[key], {}))
        for key in _FIELDS
        if (was := getattr(now, key)) != columns[key]
    ]
    status = RowState.CHANGED if changes else RowState.UNCHANGED
    return Judged(bundle, status, title, (), changes, content, str(now.id), now.version)
