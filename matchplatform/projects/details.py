"""What an officer writes of a project, and the rules that it must meet."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import FEN, THOUSANDTH
from matchplatform.kernel.text import tidy
from matchplatform.projects.models import YUAN, Project
from matchplatform.projects.states import LineKind, ProjectKind, Sector

LARGEST_QUANTITY = Decimal(10) ** 9
LARGEST_VALUE = Decimal(10) ** 9
MOST_LINES = 30
SHORTEST_SCOPE = 30
SHORTEST_OUTCOME = 10

# Things that come in whole pieces only.
WHOLE_UNITS = frozenset(
    "个 名 人 套 台 件 册 本 副 架 辆 张 把 条 床 盏 头 只 口 间 座 棵 株 份 箱 块 组 处 双 部 眼 盆 袋".split()
)


@dataclass(frozen=True)
class LineDetails:
    """One line as written; ``unit_price`` in yuan, None where nothing is counted in money."""

    kind: LineKind
    item: str
    quantity: Decimal
    unit: str
    unit_price: Decimal | None
    min_lot: Decimal
    note: str = ""

    def tidied(self) -> dict[str, Any]:
        """Return the columns with texts tidied; money lines are in yuan whatever was typed."""
        columns = asdict(self)
        columns.update(item=tidy(self.item), unit=tidy(self.unit), note=tidy(self.note))
        if self.kind is LineKind.MONEY:
            columns.update(unit=YUAN, unit_price=Decimal(1))
        if self.kind is LineKind.JOBS:
            columns["unit_price"] = None
        return columns


@dataclass(frozen=True)
class ProjectDetails:
    """What is written of a project apart from its lines."""

    name: str
    kind: ProjectKind
    sector: Sector
    place: str = ""
    scope_text: str = ""
    outcome_target: str = ""
    direct_people: int = 0
    households: int = 0
    person_times: int = 0
    starts_on: date | None = None
    ends_on: date | None = None
    claim_deadline: date | None = None
    owner_unit: str = ""
    supervising_unit: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    batch_id: int | None = None

    def tidied(self) -> dict[str, Any]:
        """Return the columns with texts tidied."""
        return {
            name: tidy(value) if type(value) is str else value
            for name, value in asdict(self).items()
        }


def whole_only(unit: str) -> bool:
    """Tell whether a unit is counted in whole pieces."""
    return unit in WHOLE_UNITS


def fits_unit(quantity: Decimal, unit: str) -> bool:
    """Tell whether a quantity has no more decimals than its unit bears."""
    if whole_only(unit):
        return quantity == quantity.to_integral_value()
    return quantity == quantity.quantize(FEN if unit == YUAN else THOUSANDTH)


def check_shape(details: ProjectDetails, lines: Sequence[LineDetails]) -> None:
    """Refuse what could not even be kept as a draft.

    Raises:
        InvalidInput: with a message at each field.
    """
    wrong: dict[str, Words] = {}
    if not tidy(details.name):
        wrong["name"] = _("请先给项目起个名字。")
    if len(lines) > MOST_LINES:
        wrong["lines"] = _("一个项目最多 30 个条目，请拆成两个项目。")
    for name in ("direct_people", "households", "person_times"):
        if not 0 <= getattr(details, name) <= 10_000_000:
            wrong[name] = _("请填 0 到 1000 万之间的整数。")
    for place, line in enumerate(lines):
        wrong |= _line_wrongs(f"lines-{place}", line)
    if wrong:
        raise InvalidInput(fields=wrong)


def check_complete(project: Project, today: date) -> None:
    """Refuse to submit or publish what is not whole.

    Raises:
        InvalidInput: with a message at each field.
    """
    wrong: dict[str, Words] = {}
    for name in ("place", "owner_unit", "supervising_unit", "contact_name", "contact_phone"):
        if not getattr(project, name):
            wrong[name] = _("提交前要填这一项。")
    if len(project.scope_text) < SHORTEST_SCOPE:
        wrong["scope_text"] = _(
            "请写清是谁、要什么、为什么、要多少、做成后有什么变化，至少 30 个字。"
        )
    if len(project.outcome_target) < SHORTEST_OUTCOME:
        wrong["outcome_target"] = _("请写明做到什么算完成，至少 10 个字。")
    if not project.lines:
        wrong["lines"] = _("至少要有一个条目，写明要什么、要多少。")
    if not (project.direct_people or project.households or project.person_times):
        wrong["direct_people"] = _("受益的人、户、人次至少填一项。")
    wrong |= _date_wrongs(project, today)
    if wrong:
        raise InvalidInput(_("还差几项，补齐后再提交。"), fields=wrong)


def _date_wrongs(project: Project, today: date) -> dict[str, Words]:
    wrong: dict[str, Words] = {}
    for name in ("starts_on", "ends_on", "claim_deadline"):
        if getattr(project, name) is None:
            wrong[name] = _("提交前要填这一项。")
    if project.claim_deadline and project.claim_deadline < today:
        wrong["claim_deadline"] = _("认领截止日已经过去。")
    if project.starts_on and project.ends_on and project.ends_on < project.starts_on:
        wrong["ends_on"] = _("结束不能早于开始。")
    elif project.claim_deadline and project.ends_on and project.claim_deadline > project.ends_on:
        wrong["claim_deadline"] = _("认领截止不能晚于项目结束。")
    return wrong


def _line_wrongs(prefix: str, line: LineDetails) -> dict[str, Words]:
    wrong: dict[str, Words] = {}
    money = line.kind is LineKind.MONEY
    unit = YUAN if money else tidy(line.unit)
    if not tidy(line.item):
        wrong[f"{prefix}-item"] = _("请写明要什么。")
    if not unit:
        wrong[f"{prefix}-unit"] = _("请填单位。")
    if not 0 < line.quantity <= LARGEST_QUANTITY:
        wrong[f"{prefix}-quantity"] = _("数量要大于 0，且不超过 10 亿。")
    elif not fits_unit(line.quantity, unit):
        wrong[f"{prefix}-quantity"] = _("按“%(unit)s”计的数量，小数位太多。", unit=unit)
    if not 0 < line.min_lot <= line.quantity:
        wrong[f"{prefix}-min_lot"] = _("起领数量要大于 0，且不超过需要的数量。")
    elif not fits_unit(line.min_lot, unit):
        wrong[f"{prefix}-min_lot"] = _("按“%(unit)s”计的数量，小数位太多。", unit=unit)
    if money or line.kind is LineKind.JOBS:
        return wrong
    if line.unit_price is None:
        wrong[f"{prefix}-unit_price"] = _("请填单价；只有岗位可以不填。")
    elif line.unit_price < 0 or line.unit_price != line.unit_price.quantize(FEN):
        wrong[f"{prefix}-unit_price"] = _("单价不能是负数，最多两位小数。")
    elif line.unit_price * line.quantity > LARGEST_VALUE:
        wrong[f"{prefix}-unit_price"] = _("这一条超过 10 亿元，请核对单位和单价。")
    return wrong
