"""The terms of an agreement that people write: their names, which are needed when, and reading them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from matchplatform.claims.models import Claim
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.identity import holds_id_number
from matchplatform.kernel.reasons import ID_NUMBER
from matchplatform.kernel.text import tidy
from matchplatform.projects.states import LineKind

SHORT, LONG = 200, 2000
GIVEN = frozenset({LineKind.MONEY, LineKind.GOODS})
ANY = frozenset(LineKind)


@dataclass(frozen=True)
class Term:
    """One term: ``needed_for`` the kinds of line that cannot do without it; ``rows`` of its box.

    ``is_private``: it is told to nobody but the parties and those who watch over them.
    """

    name: str
    label: Words
    help: Words = ""
    needed_for: frozenset[LineKind] = frozenset()
    most: int = LONG
    rows: int = 3
    is_date: bool = False
    is_private: bool = False


TERMS: tuple[Term, ...] = (
    Term("donee", _("受赠（受益）单位"), _("收钱收物、接受服务的单位全称。"), ANY, 80, 0),
    Term(
        "donee_account",
        _("受赠账户"),
        _("户名、开户行、账号。只有协议各方和管理部门看得到。"),
        frozenset({LineKind.MONEY}),
        SHORT,
        2,
        is_private=True,
    ),
    Term("receipt_issuer", _("捐赠票据由谁开具"), _("依法能开具捐赠票据的单位。"), GIVEN, 80, 0),
    Term("place", _("实施地点"), "", ANY, SHORT, 0),
    Term("starts_on", _("开始日期"), "", ANY, 10, 0, is_date=True),
    Term("ends_on", _("结束日期"), "", ANY, 10, 0, is_date=True),
    Term("use", _("用途"), _("这些钱物、服务用来做什么。"), ANY),
    Term("delivery", _("交付时间和方式"), _("分几次、哪天之前、怎么交付。"), ANY),
    Term(
        "quality",
        _("质量要求"),
        _("物资、产品和服务按什么标准。"),
        frozenset({LineKind.GOODS, LineKind.SERVICE, LineKind.PURCHASE}),
    ),
    Term("duties", _("各方义务"), "", ANY, rows=8),
    Term("receipts", _("票据与签收"), "", GIVEN),
    Term("publicity", _("信息公开"), "", ANY),
    Term("reporting", _("项目报告"), "", ANY, rows=4),
    Term("amendment", _("变更与终止"), "", ANY, rows=4),
    Term("breach", _("违约责任"), "", ANY, rows=4),
    Term("dispute", _("争议解决"), "", ANY),
    Term("other", _("其他约定")),
    Term(
        "organisation_contact",
        _("社会组织联系人"),
        _("姓名和电话。"),
        ANY,
        SHORT,
        0,
        is_private=True,
    ),
    Term("county_contact", _("县里联系人"), _("姓名和电话。"), ANY, SHORT, 0, is_private=True),
)
BY_NAME = {term.name: term for term in TERMS}


def kinds_of(claim: Claim) -> frozenset[LineKind]:
    """Return what kinds of thing are promised."""
    return frozenset(part.line.kind for part in claim.lines)


def terms_for(claim: Claim) -> list[Term]:
    """List the terms that an agreement about this claim has, needed or not."""
    kinds = kinds_of(claim)
    return [term for term in TERMS if not term.needed_for or term.needed_for & kinds]


def clean_terms(claim: Claim, typed: Mapping[str, str]) -> dict[str, str]:
    """Return the terms as they are kept; one that is empty is missing, which is no fault yet.

    Raises:
        InvalidInput: too long, no date, days in the wrong order, or with a citizen's ID number.
    """
    wrongs: dict[str, Words] = {}
    kept: dict[str, str] = {}
    for term in terms_for(claim):
        text = tidy(typed.get(term.name, ""))
        if len(text) > term.most:
            wrongs[term.name] = _("最多 %(count)s 个字。", count=term.most)
        elif holds_id_number(text) and term.name != "donee_account":
            wrongs[term.name] = ID_NUMBER
        elif term.is_date and text and read_day(text) is None:
            wrongs[term.name] = _("请填这样的日期：2027-06-30。")
        elif text:
            kept[term.name] = text
    first, last = read_day(kept.get("starts_on", "")), read_day(kept.get("ends_on", ""))
    if first and last and last < first:
        wrongs["ends_on"] = _("结束日期不能早于开始日期。")
    if wrongs:
        raise InvalidInput(fields=wrongs)
    return kept


def missing_terms(claim: Claim, terms: Mapping[str, str]) -> list[Term]:
    """List the terms that are needed for this claim and not written yet."""
    kinds = kinds_of(claim)
    return [term for term in TERMS if term.needed_for & kinds and not terms.get(term.name)]


def read_day(text: str) -> date | None:
    """Return the day that a text names, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
