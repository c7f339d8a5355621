"""Regions as people write them in a cell: a name, a name with its city, or six digits."""

from functools import cache

from matchplatform.kernel.text import fold
from matchplatform.regions.choices import MINISTRY
from matchplatform.regions.divisions import PROVINCES, divisions, full_name_of


def find_regions(text: str) -> list[str]:
    """Return the codes that a cell may mean; several where a name is borne by several."""
    return _by_name().get(fold(text).replace(" ", ""), [])


@cache
def _by_name() -> dict[str, list[str]]:
    found: dict[str, set[str]] = {MINISTRY[0]: {MINISTRY[0]}, MINISTRY[1]: {MINISTRY[0]}}
    for code, division in divisions().items():
        names = {code, division.name, division.plain, full_name_of(code)}
        province = PROVINCES.get(code[:2] + "0000", "")
        for name in {*names, province + division.name, province + full_name_of(code)}:
            found.setdefault(fold(name).replace(" ", ""), set()).add(code)
    return {name: sorted(codes) for name, codes in found.items()}
