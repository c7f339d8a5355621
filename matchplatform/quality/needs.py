"""What goes into the quality gate and what comes out of it: plain values."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.quality.prices import PriceBook, PriceRow

ZERO = Decimal(0)


class Severity(StrEnum):
    """A blocker stops; a warning wants a reason, which is kept."""

    BLOCKER = "blocker"
    WARNING = "warning"


class RuleName(StrEnum):
    """The rules of the gate, in the order in which findings are shown."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    BANK_CARD = "bank_card"
    PRIVATE_PERSON = "private_person"
    OUTSIDE_CONTACT = "outside_contact"
    YUAN_OR_WAN = "yuan_or_wan"
    KILO_OR_TON = "kilo_or_ton"
    PRICE_TABLE = "price_table"
    PRICE_LIKE = "price_like"
    PRICE_SENSE = "price_sense"
    PRICE_SAID = "price_said"
    QUANTITY_SAID = "quantity_said"
    QUANTITY_SENSE = "quantity_sense"
    TOTAL_SAID = "total_said"
    TOTAL_SENSE = "total_sense"
    PEOPLE_OR_TIMES = "people_or_times"
    POPULATION = "population"
    HOUSEHOLDS = "households"
    DATES = "dates"
    MIN_LOT = "min_lot"
    LUXURY = "luxury"
    BRAND = "brand"
    PLACEHOLDER = "placeholder"
    VAGUE = "vague"
    TOO_SHORT = "too_short"
    NO_OUTCOME = "no_outcome"
    COPIED = "copied"
    SHOUTING = "shouting"
    LIKENESS = "likeness"


RULE_WORDS: dict[RuleName, Words] = {
    RuleName.ID_NUMBER: _("身份证号"),
    RuleName.PHONE: _("电话号码"),
    RuleName.BANK_CARD: _("银行账号"),
    RuleName.PRIVATE_PERSON: _("个人姓名与病情、困境"),
    RuleName.OUTSIDE_CONTACT: _("站外联系与收款"),
    RuleName.YUAN_OR_WAN: _("元与万元"),
    RuleName.KILO_OR_TON: _("公斤与吨"),
    RuleName.PRICE_TABLE: _("单价与省价格表"),
    RuleName.PRICE_LIKE: _("单价与同类条目"),
    RuleName.PRICE_SENSE: _("单价是否合常理"),
    RuleName.PRICE_SAID: _("单价与正文"),
    RuleName.QUANTITY_SAID: _("数量与正文"),
    RuleName.QUANTITY_SENSE: _("数量是否合常理"),
    RuleName.TOTAL_SAID: _("总额与条目"),
    RuleName.TOTAL_SENSE: _("总额是否合常理"),
    RuleName.PEOPLE_OR_TIMES: _("人与人次"),
    RuleName.POPULATION: _("受益人数与人口"),
    RuleName.HOUSEHOLDS: _("户数与人数"),
    RuleName.DATES: _("起止日期"),
    RuleName.MIN_LOT: _("起领数量"),
    RuleName.LUXURY: _("奢侈或离谱的东西"),
    RuleName.BRAND: _("指定品牌"),
    RuleName.PLACEHOLDER: _("占位文字"),
    RuleName.VAGUE: _("说法笼统"),
    RuleName.TOO_SHORT: _("内容太短"),
    RuleName.NO_OUTCOME: _("绩效目标不可衡量"),
    RuleName.COPIED: _("重复照抄"),
    RuleName.SHOUTING: _("夸张的标点和口气"),
    RuleName.LIKENESS: _("可能重复的需求"),
}


@dataclass(frozen=True)
class LineText:
    """A line as it is typed; ``unit_price`` in yuan, None where it has none."""

    kind: str
    item: str
    quantity: Decimal
    unit: str
    unit_price: Decimal | None = None
    min_lot: Decimal | None = None
    note: str = ""

    @property
    def value(self) -> Decimal:
        """Return the value of the line in yuan; zero where it has no price."""
        return ZERO if self.unit_price is None else self.quantity * self.unit_price


@dataclass(frozen=True)
class NeedText:
    """A need as it is typed. ``author_region`` is the two, four or six digits of who writes."""

    name: str
    kind: str = "project"
    sector: str = ""
    region_code: str = ""
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
    lines: tuple[LineText, ...] = ()
    author_region: str = ""

    @property
    def value(self) -> Decimal:
        """Return the sum of the lines in yuan."""
        return sum((line.value for line in self.lines), ZERO)


@dataclass(frozen=True)
class Likeness:
    """Another need that may be the same; ``score`` 0..1, ``in_common`` the strongest words."""

    id: int
    score: float
    in_common: tuple[str, ...] = ()
    same_place: bool = False
    same_lines: bool = False
    is_open: bool = True


@dataclass(frozen=True)
class Surroundings:
    """What is known around a need; whatever is unknown stays empty and its rule silent.

    ``names`` are the names of the county and its townships; ``prices`` the like lines;
    ``price_table`` the province's rows; ``today`` the day in Shanghai.
    """

    population: int | None = None
    names: frozenset[str] = frozenset()
    prices: PriceBook = field(default_factory=lambda: PriceBook(()))
    price_table: tuple[PriceRow, ...] = ()
    duplicates: tuple[Likeness, ...] = ()
    today: date | None = None


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found.

    ``where`` is a field path such as "scope_text" or "lines.2.quantity" (lines count from 0);
    ``words`` say what was found, ``advice`` what to do; ``excerpt`` is what stands there, masked
    where it is a person's data; ``other_id`` the need that this one is like.
    """

    rule: RuleName
    severity: Severity
    where: str
    words: Words
    advice: Words
    excerpt: str = ""
    other_id: int | None = None

    @property
    def name(self) -> Words:
        """Return the name of the rule for people."""
        return RULE_WORDS[self.rule]

    @property
    def stops(self) -> bool:
        """Tell whether nobody may go on before this is mended."""
        return self.severity is Severity.BLOCKER
