"""What the unified social credit code says, beside what the organisation says of itself."""

from dataclasses import dataclass

from stdnum.cn import uscc as standard

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.states import TYPE_WORDS, USCC_PREFIX
from matchplatform.regions.choices import MINISTRY
from matchplatform.regions.divisions import find_division, full_name_of

# Source: GB 32100-2015, table 1: the second character under civil affairs (5).
_KINDS: dict[str, Words] = {
    "1": _("社会团体"),
    "2": _("社会服务机构（民办非企业单位）"),
    "3": _("基金会"),
    "9": _("其他"),
}


@dataclass(frozen=True)
class CodePart:
    """One part of the code; ``fits`` is None where nothing can be compared."""

    name: Words
    digits: str
    says: Words
    fits: bool | None


def read_code(organisation: Organisation) -> list[CodePart]:
    """Take the code apart and compare each part with what was registered."""
    code = organisation.uscc
    region = code[2:8]
    return [
        CodePart(
            _("登记管理部门"),
            code[0],
            _("民政") if code[0] == "5" else _("不是民政"),
            code[0] == "5",
        ),
        CodePart(
            _("类别"),
            code[1],
            _KINDS.get(code[1], _("不是社会组织")),
            code[:2] == USCC_PREFIX[organisation.org_type],
        ),
        CodePart(
            _("登记地区"), region, region_name(region), region == organisation.registration_region
        ),
        CodePart(_("主体标识"), code[8:17], _("由登记系统编发，对照证书"), None),
        CodePart(
            _("校验码"),
            code[17:],
            _("由前 17 位算出"),
            standard.calc_check_digit(code[:17]) == code[17:],
        ),
    ]


def region_name(code: str) -> Words:
    """Return the full name of a registration region, the ministry among them."""
    if code == MINISTRY[0]:
        return MINISTRY[1]
    return full_name_of(code) if find_division(code) else _("没有这个区划代码")


def verifying_unit(organisation: Organisation) -> Words:
    """Return who verifies this organisation."""
    if organisation.registration_region == MINISTRY[0]:
        return _("河北省民政厅")
    return organisation.registration_authority


def type_words(organisation: Organisation) -> Words:
    """Return the kind of organisation in words."""
    return TYPE_WORDS[organisation.org_type]
