"""Regions in groups to choose from: where an organisation is registered, where an officer serves."""

from functools import cache

from matchplatform.regions.divisions import Division, divisions, prefix_of

Groups = dict[str, list[tuple[str, str]]]

MINISTRY = ("100000", "民政部")


@cache
def registration_regions() -> Groups:
    """Return registration authorities' regions by six digits: the ministry, then all of three provinces."""
    groups: Groups = {MINISTRY[1]: [MINISTRY]}
    for name, members in _grouped().items():
        groups[name] = [(division.code, division.plain) for division in members]
    return groups


@cache
def officer_regions() -> Groups:
    """Return officers' regions by 2, 4 or 6 digits."""
    return {
        name: [(prefix_of(division.code), division.plain) for division in members]
        for name, members in _grouped().items()
    }


def _grouped() -> dict[str, list[Division]]:
    """Group divisions by city; provinces lead, each before its cities, with their own districts."""
    groups: dict[str, list[Division]] = {}
    # Cities are found in the file behind their first county; by code they lead their groups.
    for _code, division in sorted(divisions().items()):
        groups.setdefault(division.city or division.name, []).append(division)
    return groups
