"""Codes and names of divisions, from seeds/; they are facts, so they live in files, not tables.

Source: GB/T 2260; the State Council's list of poverty counties (2012).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from matchplatform.config.paths import SEEDS

PROVINCES = {"110000": "北京市", "120000": "天津市", "130000": "河北省"}
_PEOPLES = ("满族蒙古族", "满族", "回族", "蒙古族")


@dataclass(frozen=True)
class Division:
    """One county-level division, or a city or province; ``code`` has six digits."""

    code: str
    name: str
    city: str
    province: str

    @property
    def short(self) -> str:
        """Return the name as maps print it: without 县, 区, 市 and the peoples' names."""
        name = self.name.replace("自治县", "")
        for peoples in _PEOPLES:
            name = name.replace(peoples, "")
        return name[:-1] if len(name) > 2 and name[-1] in "县区市" else name

    @property
    def plain(self) -> str:
        """Return the name as people say it: 丰宁县 for 丰宁满族自治县."""
        return self.short + "县" if self.name.endswith("自治县") else self.name

    @property
    def city_code(self) -> str:
        """Return the code of the city above."""
        return self.code[:4] + "00"


@dataclass(frozen=True)
class PovertyCounty:
    """A county of the province's poverty list, with its people in the 2020 census.

    ``level``: national or provincial; ``delisted_year`` is empty where no public paper tells it.
    """

    code: str
    name: str
    city: str
    deep_poverty: bool
    delisted_year: str
    population: int
    level: str = ""


@cache
def divisions() -> Mapping[str, Division]:
    """Return every division by code, cities and provinces included."""
    found = {code: Division(code, name, "", name) for code, name in PROVINCES.items()}
    with (SEEDS / "divisions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["city_code"] not in found:
                found[row["city_code"]] = Division(
                    row["city_code"], row["city"], row["city"], row["province"]
                )
            found[row["code"]] = Division(row["code"], row["name"], row["city"], row["province"])
    return MappingProxyType(found)


@cache
def poverty_counties() -> Mapping[str, PovertyCounty]:
    """Return the 62 poverty counties of Hebei by code."""
    found = {}
    with (SEEDS / "counties.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["code"]] = PovertyCounty(
                row["code"],
                row["name"],
                row["city"],
                row["deep_poverty"] == "Y",
                row["delisted_year"],
                int(row["pop_2020_census"]),
                row["level"],
            )
    return MappingProxyType(found)


def find_division(code: str) -> Division | None:
    """Return a division by its six digits, or None."""
    return divisions().get(code)


def name_of(code: str) -> str:
    """Return the plain name of a division, or the code where it is unknown."""
    division = divisions().get(code)
    return division.plain if division else code


def full_name_of(code: str) -> str:
    """Return the name with the city before it: 张家口市张北县."""
    division = divisions().get(code)
    if division is None:
        return code
    above = division.city if division.city != division.name else ""
    return above + division.name


def region_of_prefix(prefix: str) -> str:
    """Return the plain name of an officer's region, from 2, 4 or 6 digits."""
    return name_of(prefix.ljust(6, "0"))


def unit_of_prefix(prefix: str) -> str:
    """Return the civil affairs authority that an officer's 2, 4 or 6 digits stand for."""
    return region_of_prefix(prefix) + ("民政厅" if len(prefix) == 2 else "民政局")


def prefix_of(code: str) -> str:
    """Return the digits with which the codes of everything inside begin: 13, 1307 or 130722."""
    while code.endswith("00"):
        code = code[:-2]
    return code
