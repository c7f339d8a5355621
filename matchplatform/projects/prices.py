"""The price table of the province: add, edit, remove with a reason, and what the gate reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, NotFound, StaleVersion
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import FEN
from matchplatform.kernel.paging import Page, clamp_page
from matchplatform.kernel.reasons import clean_reason
from matchplatform.kernel.text import tidy
from matchplatform.projects.prices_models import PriceTableRow
from matchplatform.quality.prices import PriceRow

PAGE_SIZE = 50
DEAREST = Decimal(10) ** 8
LONGEST_ITEM, LONGEST_UNIT, LONGEST_SOURCE = 60, 10, 120
_LAST_CHANGED = (PriceTableRow.changed_at.desc(), PriceTableRow.id.desc())


@dataclass(frozen=True)
class PriceDetails:
    """A row of the price table as written; ``low`` and ``high`` in yuan."""

    item: str
    unit: str
    low: Decimal | None
    high: Decimal | None
    source: str
    as_of: date | None


def add_price(*, actor: Actor, details: PriceDetails) -> PriceTableRow:
    """Add what a thing usually costs.

    Raises:
        InvalidInput: with a message at each field; also where the thing is in the table already.
    """
    check(actor, Permission.PRICE_KEEP, None)
    columns = checked(details)
    if find_price(columns["item"], columns["unit"]) is not None:
        raise InvalidInput(fields={"item": _("这个物品和单位已经在表里，请改那一行。")})
    row = PriceTableRow(**columns)
    return _keep(actor, "price.add", row)


def edit_price(
    *, actor: Actor, row: PriceTableRow, version: int, details: PriceDetails
) -> PriceTableRow:
    """Change a row of the price table."""
    check(actor, Permission.PRICE_KEEP, row)
    _check_version(row, version)
    columns = checked(details)
    same = find_price(columns["item"], columns["unit"])
    if same is not None and same.id != row.id:
        raise InvalidInput(fields={"item": _("这个物品和单位已经在表里，请改那一行。")})
    before = f"{row.low}–{row.high}"
    for name, value in columns.items():
        setattr(row, name, value)
    return _keep(actor, "price.edit", row, detail={"before": before})


def remove_price(*, actor: Actor, row: PriceTableRow, version: int, reason: str) -> PriceTableRow:
    """Take a row out of the price table, saying why; it stays in the trail."""
    check(actor, Permission.PRICE_KEEP, row)
    _check_version(row, version)
    row.removed_why = clean_reason(reason)
    row.removed_at = clock.now()
    return _keep(actor, "price.remove", row, row.removed_why)


def get_price(row_id: int) -> PriceTableRow:
    """Return a row of the price table.

    Raises:
        NotFound: there is none, or it was removed.
    """
    row = db.session.get(PriceTableRow, row_id)
    if row is None or row.removed_at is not None:
        raise NotFound()
    return row


def find_price(item: str, unit: str) -> PriceTableRow | None:
    """Return the row of a thing and its unit, or None."""
    return db.session.scalar(
        select(PriceTableRow).where(
            PriceTableRow.item == tidy(item),
            PriceTableRow.unit == tidy(unit),
            PriceTableRow.removed_at.is_(None),
        )
    )


def list_prices(words: str, number: int) -> Page[PriceTableRow]:
    """List the price table, the latest changed first; only things whose name has these words."""
    statement = _named(words)
    total = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    number = clamp_page(number, PAGE_SIZE, total)
    rows = db.session.scalars(
        statement.order_by(*_LAST_CHANGED).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows.all(), number, PAGE_SIZE, total)


def list_all_prices(words: str, most: int) -> Sequence[PriceTableRow]:
    """List them all, for a file; no more than ``most``."""
    return db.session.scalars(_named(words).order_by(*_LAST_CHANGED).limit(most)).all()


def list_every_price() -> Sequence[PriceTableRow]:
    """List the whole price table in the order in which it was written."""
    return db.session.scalars(
        select(PriceTableRow).where(PriceTableRow.removed_at.is_(None)).order_by(PriceTableRow.id)
    ).all()


def list_usual_prices() -> tuple[PriceRow, ...]:
    """Return the price table as the gate reads it."""
    return tuple(PriceRow(row.item, row.unit, row.low, row.high) for row in list_every_price())


def checked(details: PriceDetails) -> dict[str, Any]:
    """Return the columns of a row as written, tidied.

    Raises:
        InvalidInput: with a message at each field.
    """
    wrong: dict[str, Words] = {}
    texts = (("item", LONGEST_ITEM), ("unit", LONGEST_UNIT), ("source", LONGEST_SOURCE))
    said = {name: tidy(getattr(details, name)) for name, _longest in texts}
    for name, longest in texts:
        if not said[name]:
            wrong[name] = _("请填这一项。")
        elif len(said[name]) > longest:
            wrong[name] = _("最多 %(max)d 个字。", max=longest)
    for name in ("low", "high"):
        price = getattr(details, name)
        if price is None or not 0 < price <= DEAREST or price != price.quantize(FEN):
            wrong[name] = _("请填大于 0 的价格，最多两位小数。")
    if not {"low", "high"} & set(wrong) and (details.low or 0) > (details.high or 0):
        wrong["high"] = _("最高价不能低于最低价。")
    if details.as_of is None:
        wrong["as_of"] = _("请填这个价格是哪一天的。")
    elif details.as_of > clock.today():
        wrong["as_of"] = _("不能是将来的日子。")
    if wrong:
        raise InvalidInput(fields=wrong)
    return {**said, "low": details.low, "high": details.high, "as_of": details.as_of}


def _named(words: str) -> Select[PriceTableRow]:
    statement = select(PriceTableRow).where(PriceTableRow.removed_at.is_(None))
    if tidy(words):
        statement = statement.where(PriceTableRow.item.contains(tidy(words), autoescape=True))
    return statement


def _check_version(row: PriceTableRow, version: int) -> None:
    if row.version != version:
        raise StaleVersion()


def _keep(
    actor: Actor,
    action: str,
    row: PriceTableRow,
    reason: str = "",
    detail: dict[str, object] | None = None,
) -> PriceTableRow:
    row.by_label, row.changed_at = actor.label[:120], clock.now()
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("刚刚有人加了同样的物品和单位，请对照现在的内容再试一次。")) from error
    record(
        actor=actor,
        action=action,
        subject_type="price",
        subject_id=str(row.id),
        subject_label=f"{row.item} / {row.unit}",
        region_code=actor.region_prefix.ljust(6, "0"),
        reason=reason,
        detail={"low": str(row.low), "high": str(row.high), **(detail or {})},
    )
    return row
