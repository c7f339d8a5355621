"""A private person's name in one sentence, and the illness or the poverty in the next."""

import re
from collections.abc import Iterator

from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.quality.lexicon import stories as lexicon
from matchplatform.quality.lexicon.persons import SENSITIVE
from matchplatform.quality.needs import Finding, NeedText, RuleName, Severity
from matchplatform.quality.needs import Surroundings as Around
from matchplatform.quality.persons import names_in
from matchplatform.quality.texts import public_texts

_SENTENCE = re.compile(r"[^。！？!?；;\n]+|\n")
_PLACES = ("place", "owner_unit", "supervising_unit")
BEFORE, AFTER = 12, 60
# So many sentences on may a story tell what is private.
FOLLOWED = 3


def check_stories(need: NeedText, around: Around) -> Iterator[Finding]:
    """Yield names of private people of whom another sentence tells an illness or poverty."""
    known = around.names | {need.place}
    for where, text in public_texts(need):
        if where in _PLACES:
            continue
        sentences = [match.group().strip() for match in _SENTENCE.finditer(text)]
        for at, sentence in enumerate(sentences):
            for name, start in names_in(sentence, known):
                if _is_told(sentences, at, name, start) or _is_helped(need, where, sentence, start):
                    yield Finding(
                        RuleName.PRIVATE_PERSON,
                        Severity.BLOCKER,
                        where,
                        _("这里有个人的姓名，前后的句子里说到这个人的病情或困境。"),
                        _("请改成“村民李某某”“一户低保家庭”这样的说法，不写全名。"),
                        name[:1] + "*" * (len(name) - 1),
                    )


def _is_told(sentences: list[str], at: int, name: str, start: int) -> bool:
    """Tell whether the sentences after a name, or the one before it, go on about its bearer."""
    sentence = sentences[at]
    before = sentence[max(0, start - BEFORE) : start]
    after = sentence[start + len(name) : start + len(name) + AFTER]
    if lexicon.OFFICE.search(before) or lexicon.WORKS.search(after):
        return False
    is_private = bool(lexicon.LIFE.search(after) or lexicon.LED_BY.search(before))
    for following in sentences[at + 1 : at + 1 + FOLLOWED]:
        he = lexicon.HE.match(following) or following.startswith(name)
        goes_on = he or lexicon.KIN.match(following) or lexicon.ON.match(following)
        if not goes_on or lexicon.MANY.search(following) or not (he or is_private):
            return False
        if SENSITIVE.search(following):
            return True
        is_private = True
    return False


def _is_helped(need: NeedText, where: str, sentence: str, start: int) -> bool:
    """Tell whether a line names one of those for whom the need asks."""
    if not where.startswith("lines.") or not lexicon.HELPED.search(sentence[:start]):
        return False
    return bool(SENSITIVE.search(need.name + need.scope_text))
