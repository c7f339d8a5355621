"""What the words of a need should not be: luxury, a brand, vague, a placeholder, shouting."""

import re
from collections.abc import Iterator

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.text import fold
from matchplatform.quality.lexicon import makes
from matchplatform.quality.lexicon import wording as lexicon
from matchplatform.quality.needs import Finding, NeedText, RuleName, Severity
from matchplatform.quality.needs import Surroundings as Around
from matchplatform.quality.texts import plain, public_texts

PROSE = ("name", "scope_text", "outcome_target")
BEFORE = 12


def check_luxury(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield what no relief project buys."""
    for where, text in _spoken(need, around):
        patterns = [lexicon.LUXURY]
        if where.endswith(".item"):
            patterns.append(lexicon.LUXURY_ITEM)
        for match in (match for pattern in patterns for match in pattern.finditer(text)):
            if lexicon.NOT_WANTED.search(text[max(0, match.start() - BEFORE) : match.start()]):
                continue
            if lexicon.PLACE_FOLLOWS.match(text, match.end()):
                continue
            yield Finding(
                RuleName.LUXURY,
                Severity.BLOCKER,
                where,
                _("“%(found)s”不是帮扶项目该要的东西。", found=match.group()),
                _("请删去，或者换成够用的、一般规格的说法。"),
                match.group(),
            )
            break


def check_brands(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield brands that are asked for; one that is only spoken of wants a reason."""
    for where, text in _spoken(need, around):
        steered = lexicon.STEERED.search(text)
        if steered and lexicon.STEERED_NOT.search(text):
            steered = None
        named = lexicon.BRAND.search(text) or makes.MADE.search(text) or _make_in(text)
        steered = steered or makes.MADE_THING.search(text) or makes.SAME_MAKE.search(text)
        match = named or steered or _latin_in(need, where)
        if match is None:
            continue
        clause = _clause(text, match)
        ordered = where.startswith("lines.") or where == "name" or steered
        stops = ordered or not lexicon.NOT_ORDERED.search(clause)
        yield Finding(
            RuleName.BRAND,
            Severity.BLOCKER if stops else Severity.WARNING,
            where,
            _("“%(found)s”像是指定了品牌。", found=match.group().strip()),
            _("请写需要的规格和性能，不写牌子。"),
            match.group(),
        )


def _make_in(text: str) -> re.Match[str] | None:
    found = lexicon.MAKE.finditer(text)
    return next((match for match in found if not lexicon.NO_MAKE.search(match.group(1))), None)


def _latin_in(need: NeedText, where: str) -> re.Match[str] | None:
    """Return a Latin word in the name of a thing that is neither a measure nor a technique."""
    if not where.endswith(".item") or need.lines[int(where.split(".")[1])].kind != "goods":
        return None
    found = lexicon.LATIN.finditer(plain(need.lines[int(where.split(".")[1])].item))
    return next((match for match in found if match.group() not in lexicon.TECHNICAL), None)


def _clause(text: str, match: re.Match[str]) -> str:
    before = re.split(r"[，。；！？\n]", text[: match.start()])[-1]
    after = re.split(r"[，。；！？\n]", text[match.end() :])[0]
    return f"{before}{match.group()}{after}"


def _spoken(need: NeedText, around: Around) -> Iterator[tuple[str, str]]:
    """Yield the fields that speak of things, the names of places in them left out."""
    places = sorted({fold(name) for name in (need.place, *around.names) if len(name) > 2})
    for where, text in public_texts(need):
        if where.endswith("_unit") or where == "place" or _is_bought_here(need, where):
            continue
        for place in places:
            text = text.replace(place, "□")
        yield where, text


def _is_bought_here(need: NeedText, where: str) -> bool:
    """Tell whether a field belongs to produce that the county itself sells."""
    if not where.startswith("lines."):
        return False
    return need.lines[int(where.split(".")[1])].kind == "purchase"


def check_vague(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield lines that nobody could deliver and texts that name no thing and no number."""
    for place, line in enumerate(need.lines):
        item = plain(line.item)
        in_note = lexicon.VAGUE_TEXT.search(plain(line.note))
        found = lexicon.VAGUE_ITEM.search(item) or lexicon.VAGUE_TEXT.search(item)
        by_unit = line.unit in lexicon.VAGUE_UNITS
        if found or by_unit or in_note:
            yield _vague(
                f"lines.{place}.{'item' if found else 'unit' if by_unit else 'note'}",
                Severity.BLOCKER if found or by_unit else Severity.WARNING,
                line.item,
            )
    for where in PROSE:
        text = plain(getattr(need, where))
        if match := lexicon.VAGUE_TEXT.search(text):
            many = len(lexicon.VAGUE_TEXT.findall(text)) > 1
            severity = Severity.BLOCKER if many or len(text) < 60 else Severity.WARNING
            yield _vague(where, severity, match.group())


def _vague(where: str, severity: Severity, found: str) -> Finding:
    return Finding(
        RuleName.VAGUE,
        severity,
        where,
        _("“%(found)s”说得太笼统，没有人知道该准备什么。", found=found),
        _("请写清楚是什么、什么规格、多少。"),
        found,
    )


def check_length(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield texts from which nobody could judge the need."""
    for where, stops, asks in (("name", 3, 4), ("scope_text", 20, 32), ("outcome_target", 4, 9)):
        letters = len(re.findall(r"\w", plain(getattr(need, where))))
        if 0 < letters < asks or (where == "scope_text" and letters < asks):
            yield Finding(
                RuleName.TOO_SHORT,
                Severity.BLOCKER if letters < stops else Severity.WARNING,
                where,
                _("只有 %(letters)s 个字，看不明白要做什么。", letters=letters),
                _("请写清楚为什么需要、做什么、给谁、怎么用。"),
                getattr(need, where),
            )


def check_outcome(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield targets that nobody could check."""
    text = plain(need.outcome_target)
    if not text:
        severity, words = Severity.BLOCKER, _("没有写绩效目标。")
    elif lexicon.MEASURE.search(lexicon.WHEN.sub("", text)):
        return
    else:
        checkable, slogan = lexicon.CHECKABLE.search(text), lexicon.SLOGAN.search(text)
        if checkable and (lexicon.WHEN.search(text) or not slogan):
            return
        severity = Severity.WARNING if checkable else Severity.BLOCKER
        words = _("绩效目标里没有可以核对的数或结果。")
    yield Finding(
        RuleName.NO_OUTCOME,
        severity,
        "outcome_target",
        words,
        _("请写到时候能数得出、看得见的结果，例如“120 户通水，水样合格”。"),
        need.outcome_target[:40],
    )


def check_copied(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield texts that only repeat the name, each other or themselves."""
    name, scope, target = (_letters(getattr(need, where)) for where in PROSE)
    found: list[tuple[str, Severity, Words]] = []
    rest = scope.replace(name, "") if name else scope
    if name and scope and len(name) > 3 and len(rest) < max(8, len(scope) // 5):
        found.append(("scope_text", Severity.BLOCKER, _("实施内容只是把项目名称抄了一遍。")))
    elif len(target) > 8 and (
        target == scope or (len(scope) < 3 * len(target) and target in scope)
    ):
        found.append(("outcome_target", Severity.BLOCKER, _("绩效目标和实施内容是同一段话。")))
    elif name and target and len(name) > 3 and len(target.replace(name, "")) < 4:
        found.append(("outcome_target", Severity.BLOCKER, _("绩效目标只是把项目名称抄了一遍。")))
    sentences = [_letters(part) for part in re.split(r"[。；！？\n]", need.scope_text)]
    long = [part for part in sentences if len(part) > 11]
    if len(set(long)) < len(long):
        twice = sum(map(len, long)) - sum(map(len, set(long)))
        severity = Severity.BLOCKER if twice * 5 > 2 * len(scope) else Severity.WARNING
        found.append(("scope_text", severity, _("同一句话写了不止一遍。")))
    for where, severity, words in found:
        yield Finding(
            RuleName.COPIED,
            severity,
            where,
            words,
            _("请分别写：为什么需要、做什么；到时候看什么结果。"),
            getattr(need, where)[:40],
        )


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", fold(text)))


def check_placeholders(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield what was typed only to fill a field."""
    for where, text in public_texts(need):
        match = lexicon.PLACEHOLDER.search(text)
        if match is None and not where.endswith("note"):
            match = lexicon.REPEATED.search(text)
        if match is None:
            continue
        yield Finding(
            RuleName.PLACEHOLDER,
            Severity.BLOCKER,
            where,
            _("“%(found)s”像是占位或测试的文字。", found=match.group()[:20]),
            _("请换成真实的内容，或者先存草稿。"),
            match.group()[:20],
        )


def check_shouting(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield marks and words that shout."""
    for where, text in public_texts(need):
        raw = getattr(need, where) if where in PROSE else text
        if match := lexicon.SHOUT.search(raw) or lexicon.SHOUT.search(text):
            yield Finding(
                RuleName.SHOUTING,
                Severity.WARNING,
                where,
                _("标点或口气太夸张。"),
                _("请平实地写，一句话一个句号就够了。"),
                match.group()[:20],
            )
