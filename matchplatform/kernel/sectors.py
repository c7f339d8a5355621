"""The eight sectors that projects are sorted by and organisations name as theirs."""

from enum import StrEnum

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _


class Sector(StrEnum):
    """The eight sectors."""

    EDUCATION = "education"
    HEALTH = "health"
    INDUSTRY = "industry"
    EMPLOYMENT = "employment"
    RELOCATION = "relocation"
    CARE = "care"
    HOUSING_WATER = "housing_water"
    CONSUMPTION = "consumption"


SECTOR_WORDS: dict[Sector, Words] = {
    Sector.EDUCATION: _("教育"),
    Sector.HEALTH: _("健康"),
    Sector.INDUSTRY: _("产业"),
    Sector.EMPLOYMENT: _("就业"),
    Sector.RELOCATION: _("易地搬迁"),
    Sector.CARE: _("扶老助残救孤"),
    Sector.HOUSING_WATER: _("住房饮水与基础设施"),
    Sector.CONSUMPTION: _("消费帮扶"),
}
