"""Cut text into words for prices and likeness, and tag them for names."""

from functools import cache, lru_cache

from rjieba import Jieba

from matchplatform.config.paths import SEEDS
from matchplatform.kernel.text import fold
from matchplatform.quality.lexicon.common import STOPPED


@cache
def cutter() -> Jieba:
    """Return the word cutter with the words of the field."""
    made = Jieba()
    with (SEEDS / "words" / "domain_terms.txt").open(encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                made.add_word(line.split("\t")[0].strip(), None, "n")
    return made


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, without single characters, numbers and words of grammar."""
    return tuple(
        word
        for word in cutter().cut_for_search(fold(text))
        if len(word) > 1 and word not in STOPPED and not word[0].isdigit()
    )
