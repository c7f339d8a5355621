"""The shares of a joint claim before anything is held."""

from collections.abc import Mapping
from decimal import Decimal

from matchplatform.claims.checks import check_quantities
from matchplatform.kernel.errors import Conflict, Forbidden, InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.organisations.models import Organisation
from matchplatform.projects.details import fits_unit
from matchplatform.projects.models import ProjectLine

MOST_MEMBERS = 30

Shares = Mapping[int, Mapping[int, Decimal]]


def checked_sums(
    together: list[Organisation], lines: Mapping[int, ProjectLine], shares: Shares
) -> dict[int, Decimal]:
    """Return what is taken of each line in all, once every share fits.

    Raises:
        InvalidInput: a share or a sum does not fit; fields are ``share-<organisation>-<line>``.
        Conflict: a partner is not verified.
        Forbidden: the shares are not of those who claim together.
    """
    if not 2 <= len({each.id for each in together}) <= MOST_MEMBERS:
        raise InvalidInput(_("联合认领要有两家以上，最多 %(most)s 家。", most=MOST_MEMBERS))
    if len({each.id for each in together}) != len(together) or set(shares) != {
        each.id for each in together
    }:
        raise Forbidden()
    wrong: dict[str, Words] = {}
    sums: dict[int, Decimal] = {}
    for each in together:
        if not each.may_claim:
            raise Conflict(_("%(name)s 没有通过核验，或现在不能认领新的。", name=each.name))
        if not shares[each.id]:
            raise InvalidInput(_("%(name)s 还没有份额。", name=each.name))
        for key, amount in shares[each.id].items():
            line = lines.get(key)
            if line is None:
                raise InvalidInput(_("有个条目不属于这个项目，请刷新页面后重填。"))
            if amount <= 0 or not fits_unit(amount, line.unit):
                wrong[f"share-{each.id}-{key}"] = _("请填大于 0、合这个单位的数量。")
            sums[key] = sums.get(key, Decimal(0)) + amount
    if wrong:
        raise InvalidInput(fields=wrong)
    check_quantities(lines, sums)
    return sums


def value_of(lines: Mapping[int, ProjectLine], parts: Mapping[int, Decimal]) -> Decimal:
    """Return what quantities by line id come to in yuan."""
    return sum((lines[key].value_of(amount) for key, amount in parts.items()), Decimal(0))
