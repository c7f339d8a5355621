"""Numbers that belong to a person or an account: identity, telephone, bank, chat."""

import re
from collections.abc import Iterator
from datetime import date

from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.quality.lexicon import personal as patterns
from matchplatform.quality.needs import Finding, NeedText, RuleName, Severity
from matchplatform.quality.needs import Surroundings as Around
from matchplatform.quality.texts import masked, plain, public_texts

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10x98765432"
_NOT_SIGNS = re.compile(r"[^0-9x]")
CONTEXT = 16


def has_id_check(number: str) -> bool:
    """Tell whether the last digit of an eighteen-digit identity number is right.

    Source: GB 11643-1999.
    """
    total = sum(int(sign) * weight for sign, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == number[17]


def has_luhn(number: str) -> bool:
    """Tell whether the last digit of a card number is right. Source: ISO/IEC 7812-1."""
    doubled = (
        sum(divmod(int(sign) * 2, 10)) if place % 2 else int(sign)
        for place, sign in enumerate(reversed(number))
    )
    return sum(doubled) % 10 == 0


def check_ids(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield identity numbers in any field."""
    for where, text in _all_texts(need):
        for match in _ids_in(text):
            number = _NOT_SIGNS.sub("", match.group().replace("×", "x"))
            before = text[max(0, match.start() - CONTEXT) : match.start()]
            named = bool(patterns.ID_WORDS.search(before))
            known = _looks_like_id(number)
            if not known and not named:
                continue
            # A slip in a person's number still tells who it is.
            other = len(number) == 18 and not has_id_check(number)
            sure = named or not (other and patterns.NO_PERSON.search(before))
            yield Finding(
                RuleName.ID_NUMBER,
                Severity.BLOCKER if sure else Severity.WARNING,
                where,
                _("这里有身份证号码。") if sure else _("这里有一串像身份证号码的数字。"),
                _("请删去。公开的需求里不能出现任何人的证件号码。"),
                masked(number),
            )


def check_papers(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield the numbers of other papers that name a person."""
    for where, text in public_texts(need):
        for match in patterns.PAPERS.finditer(text):
            yield Finding(
                RuleName.ID_NUMBER,
                Severity.BLOCKER,
                where,
                _("这里有个人证件的号码。"),
                _("请删去。公开的需求里不能出现任何人的证件号码。"),
                masked(match.group(1)),
            )


def _ids_in(text: str) -> Iterator[re.Match[str]]:
    """Yield what may be identity numbers, those written out in Chinese as well."""
    written_out = text.translate(patterns.WRITTEN_OUT)
    for read in dict.fromkeys((text, written_out)):
        yield from patterns.ID_18.finditer(read)
        yield from patterns.ID_15.finditer(read)


def _looks_like_id(number: str) -> bool:
    if len(number) not in (15, 18) or number[:2] not in patterns.ID_REGIONS:
        return False
    born = number[6:14] if len(number) == 18 else "19" + number[6:12]
    try:
        return 1900 <= date(int(born[:4]), int(born[4:6]), int(born[6:])).year <= 2035
    except ValueError:
        return False


def check_phones(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield telephone numbers outside the contact fields."""
    for where, text in public_texts(need):
        seen: set[str] = set()
        taken = [one.span() for one in _ids_in(text) if len(_NOT_SIGNS.sub("", one.group())) > 15]
        for match in (
            *patterns.MOBILE.finditer(text),
            *patterns.MOBILE.finditer(text.translate(patterns.WRITTEN_OUT)),
            *patterns.LANDLINE.finditer(text),
            *patterns.CALL_WORDS.finditer(text),
            *patterns.CHINESE_MOBILE.finditer(text),
        ):
            number = re.sub(r"\D", "", match.group()) or match.group()
            if any(start <= match.start() < end for start, end in taken):
                continue
            if patterns.PUBLIC_LINE.match(number) or number in seen or _is_in(number, seen):
                continue
            seen.add(number)
            yield Finding(
                RuleName.PHONE,
                Severity.BLOCKER,
                where,
                _("公开的文字里有电话号码。"),
                _("请删去。责任单位的电话填在联系电话一栏，只有核验过的社会组织看得到。"),
                masked(number),
            )


def _is_in(number: str, seen: set[str]) -> bool:
    return any(number in other or other in number for other in seen)


def check_cards(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield bank cards and accounts in any field."""
    for where, text in _all_texts(need):
        for match in patterns.CARD.finditer(text):
            number = re.sub(r"\D", "", match.group())
            near = text[max(0, match.start() - CONTEXT) : match.end() + 6]
            named = bool(patterns.CARD_WORDS.search(near))
            if _looks_like_id(number) or patterns.ID_WORDS.search(near):
                continue
            card = 16 <= len(number) <= 19 and has_luhn(number) and number[0] in "3456"
            # Cards of banks here begin with 62; one with a wrong digit is still an account.
            card = card or (number.startswith("62") and len(number) in (16, 19))
            if not card and not (named and 12 <= len(number) <= 23):
                continue
            yield Finding(
                RuleName.BANK_CARD,
                Severity.BLOCKER,
                where,
                _("这里有银行卡号或账号。"),
                _("请删去。平台不收捐款，账户只写进签订的协议。"),
                masked(number, 4, 4),
            )


def check_outside_contact(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield chat accounts, payment codes, links and mailboxes."""
    advice = _("请删去。机构在平台上认领和联系，款物不经私人转手。")
    for where, text in public_texts(need):
        if match := patterns.CHAT.search(text):
            yield Finding(
                RuleName.OUTSIDE_CONTACT,
                Severity.BLOCKER,
                where,
                _("这里有站外的联系或收款方式。"),
                advice,
                masked(match.group(), 4, 2),
            )
        mail = patterns.MAIL.search(text)
        link = patterns.LINK.search(text)
        found = mail or link
        asks_money = patterns.MONEY_NEAR.search(text)
        if found and not patterns.OFFICIAL_LINK.search(found.group()):
            yield Finding(
                RuleName.OUTSIDE_CONTACT,
                Severity.BLOCKER if mail or asks_money else Severity.WARNING,
                where,
                _("这里有邮箱地址。") if mail else _("这里有网址。"),
                advice,
                masked(found.group(), 4, 4),
            )


def _all_texts(need: NeedText) -> Iterator[tuple[str, str]]:
    yield from public_texts(need)
    for field in ("contact_name", "contact_phone"):
        if text := plain(getattr(need, field)):
            yield field, text
