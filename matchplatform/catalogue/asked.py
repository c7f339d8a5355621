"""What is asked of the list of projects: read from its address, kept, and told in words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from matchplatform.catalogue.facets import Wanted, read_wanted, words_of
from matchplatform.catalogue.queries import SORTS
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.i18n import lazy_gettext as _

LONGEST_QUERY = 100
FACET_WORDS: dict[str, Words] = {
    "state": _("现在能否认领"),
    "due": _("认领截止"),
    "sector": _("类别"),
    "city": _("市"),
    "county": _("县"),
    "kind": _("类型"),
    "want": _("需要什么"),
    "amount": _("尚缺金额"),
    "people": _("直接受益"),
}


@dataclass(frozen=True)
class Asked:
    """Words, filters and an order; ``sort`` is empty where nobody chose one."""

    words: str
    wanted: Wanted
    sort: str = ""

    @property
    def is_everything(self) -> bool:
        """Tell whether nothing narrows the list."""
        return not self.words and not self.wanted.chosen()

    def query(self) -> list[tuple[str, str]]:
        """Return the pairs of the address that ask the same."""
        pairs = [("q", self.words)] if self.words else []
        pairs += self.wanted.chosen()
        return pairs + ([("sort", self.sort)] if self.sort else [])

    def filters(self) -> dict[str, list[str]]:
        """Return the filters as values by facet, to be kept."""
        kept: dict[str, list[str]] = {}
        for facet, value in self.wanted.chosen():
            kept.setdefault(facet, []).append(value)
        return kept


def read_asked(values: Callable[[str], Iterable[str]]) -> Asked:
    """Read what is asked from the values of an address or a form; what is unknown is passed over."""
    words = next(iter(values("q")), "").strip()[:LONGEST_QUERY]
    sort = next(iter(values("sort")), "")
    return Asked(words, read_wanted(values), sort if sort in SORTS else "")


def tell_asked(asked: Asked) -> str:
    """Say the words and filters in one line, for whoever holds the paper and not the address."""
    said = [gettext("字词“%(words)s”", words=asked.words)] if asked.words else []
    for facet, values in asked.filters().items():
        words = "、".join(str(words_of(facet, value)) for value in values)
        said.append(f"{FACET_WORDS[facet]}：{words}")
    return "；".join(said) or gettext("全部项目")
