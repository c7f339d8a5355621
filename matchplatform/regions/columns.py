"""What is counted of people not out of poverty: the columns and their words."""

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _

PEOPLE, HOUSEHOLDS = "people", "households"
MAIN: dict[str, Words] = {PEOPLE: _("未脱贫人口（人）"), HOUSEHOLDS: _("未脱贫户（户）")}

# One main cause a person, so these add up to the people.
CAUSES: dict[str, Words] = {
    "cause_ill": _("因病"),
    "cause_disabled": _("因残"),
    "cause_schooling": _("因学"),
    "cause_labour": _("缺劳力"),
    "cause_skills": _("缺技术"),
    "cause_disaster": _("因灾"),
    "cause_other": _("其他"),
}
# A person may need several things, so these are never added.
NEEDS: dict[str, Words] = {
    "need_education": _("教育"),
    "need_health": _("健康"),
    "need_housing": _("住房"),
    "need_water": _("饮水"),
    "need_industry": _("产业"),
    "need_employment": _("就业"),
    "need_care": _("照料"),
}
WATCHED: dict[str, Words] = {
    "watched_unstable": _("脱贫不稳定（人）"),
    "watched_marginal": _("边缘易致贫（人）"),
}
UNABLE: dict[str, Words] = {
    "unable_households": _("无劳动能力户（户）"),
    "unable_people": _("无劳动能力户人口（人）"),
}
PAIRED: dict[str, Words] = {
    "paired_households": _("已结对（户）"),
    "paired_people": _("已结对（人）"),
}
WAITING: dict[str, Words] = {
    "waiting_households": _("待结对（户）"),
    "waiting_people": _("待结对（人）"),
}
TYPED: dict[str, Words] = {**MAIN, **CAUSES, **NEEDS, **WATCHED, **UNABLE, **PAIRED}
COLUMNS: dict[str, Words] = {**TYPED, **WAITING}

# Within a row: a total and its parts, and what is never more than something else.
ROW_SUMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (PEOPLE, tuple(CAUSES)),
    ("unable_households", ("paired_households", "waiting_households")),
    ("unable_people", ("paired_people", "waiting_people")),
)
ROW_WITHIN: tuple[tuple[str, str], ...] = (
    (HOUSEHOLDS, PEOPLE),
    *((need, PEOPLE) for need in NEEDS),
    ("unable_households", "unable_people"),
    ("paired_households", "paired_people"),
    ("waiting_households", "waiting_people"),
)
# Where nobody is left, these are all zero, which says nothing about anybody.
OF_THE_POOR: tuple[str, ...] = (*MAIN, *CAUSES, *NEEDS)
