"""Why an offer fits a line, and what speaks against it, in words."""

from decimal import Decimal

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import FEN, format_number
from matchplatform.kernel.sectors import SECTOR_WORDS, Sector
from matchplatform.matching.fits import Fit, FitCaution, FitPart, OfferText
from matchplatform.matching.supply_weights import FitGrade
from matchplatform.regions.divisions import name_of

GRADE_WORDS: dict[FitGrade, Words] = {
    FitGrade.STRONG: _("很对得上"),
    FitGrade.FAIR: _("对得上"),
    FitGrade.POSSIBLE: _("可以看看"),
}
PART_WORDS: dict[FitPart, Words] = {
    FitPart.ITEM: _("东西"),
    FitPart.TITLE: _("项目名称"),
    FitPart.AMOUNT: _("数量"),
    FitPart.SECTOR: _("类别"),
    FitPart.PLACE: _("地方"),
    FitPart.TIME: _("时间"),
}


def say_part(name: FitPart, offer: OfferText, fit: Fit) -> Words:
    """Say where the points of one part come from."""
    sayers = {
        FitPart.ITEM: _say_item,
        FitPart.TITLE: _say_title,
        FitPart.AMOUNT: _say_amount,
        FitPart.SECTOR: _say_sector,
        FitPart.PLACE: _say_place,
        FitPart.TIME: _say_time,
    }
    return sayers[name](offer, fit)


def reasons_of(offer: OfferText, fit: Fit) -> list[Words]:
    """List what speaks for a fit: what every offer without conditions has is left out."""
    points = {part.name: part.points for part in fit.parts}
    said = [
        (FitPart.ITEM, bool(points[FitPart.ITEM])),
        (FitPart.TITLE, bool(points[FitPart.TITLE])),
        (FitPart.AMOUNT, bool(points[FitPart.AMOUNT])),
        (FitPart.SECTOR, bool(points[FitPart.SECTOR] and offer.sectors)),
        (FitPart.PLACE, bool(offer.regions) and FitCaution.OTHER_PLACE not in fit.cautions),
    ]
    return [say_part(name, offer, fit) for name, holds in said if holds]


def cautions_of(offer: OfferText, fit: Fit) -> list[Words]:
    """List what speaks against a fit."""
    return [_say_caution(caution, offer, fit) for caution in fit.cautions]


def _say_item(offer: OfferText, fit: Fit) -> Words:
    if fit.shared:
        return _("都写到“%(words)s”", words=_joined(fit.shared))
    points = next(part.points for part in fit.parts if part.name is FitPart.ITEM)
    return _("资金没有限定用途") if points else _("名称里没有相同的字")


def _say_title(offer: OfferText, fit: Fit) -> Words:
    if fit.words:
        return _("项目名称也写到“%(words)s”", words=_joined(fit.words))
    return _("项目名称里没有相同的词")


def _say_amount(offer: OfferText, fit: Fit) -> Words:
    line = fit.line
    gap = _amount(line.gap, line.unit)
    if fit.offered is None:
        return _("尚缺 %(gap)s，两边单位不同，没法比", gap=gap)
    offered = _amount(fit.offered, line.unit)
    if offer.unit != line.unit:
        offered = str(
            _("%(typed)s（合 %(same)s）", typed=_amount(offer.quantity, offer.unit), same=offered)
        )
    if fit.covers_all:
        return _("%(offered)s够补上全部缺口 %(gap)s", offered=offered, gap=gap)
    return _("%(offered)s能补上缺口 %(gap)s 的一部分", offered=offered, gap=gap)


def _say_sector(offer: OfferText, fit: Fit) -> Words:
    sector = SECTOR_WORDS[Sector(fit.line.sector)]
    if not offer.sectors:
        return _("没有限定类别")
    if fit.line.sector in offer.sectors:
        return _("愿意用在“%(sector)s”", sector=sector)
    return _("没有写愿意用在“%(sector)s”", sector=sector)


def _say_place(offer: OfferText, fit: Fit) -> Words:
    code = fit.line.region_code
    county, city = name_of(code), name_of(code[:4] + "00")
    if not offer.regions:
        return _("没有限定地方")
    if code in offer.regions:
        return _("愿意给%(place)s", place=county)
    if code[:4] + "00" in offer.regions:
        return _("愿意给%(city)s各县", city=city)
    if any(named.startswith(code[:4]) for named in offer.regions):
        return _("愿意给%(city)s的别的县", city=city)
    return _("没有写愿意给%(place)s", place=county)


def _say_time(offer: OfferText, fit: Fit) -> Words:
    return _("还有 %(days)s 天可以认领", days=fit.days)


def _say_caution(caution: FitCaution, offer: OfferText, fit: Fit) -> Words:
    line = fit.line
    if caution is FitCaution.OTHER_UNIT:
        return _(
            "单位不同：意向以%(mine)s计，条目以%(theirs)s计", mine=offer.unit, theirs=line.unit
        )
    if caution is FitCaution.BELOW_LOT:
        return _(
            "这一条 %(least)s 起领，意向只有 %(offered)s",
            least=_amount(line.least, line.unit),
            offered=_amount(fit.offered or Decimal(0), line.unit),
        )
    if caution is FitCaution.LOW_PRICE:
        return _(
            "出价合每%(unit)s %(price)s 元，条目单价 %(wanted)s 元",
            unit=line.unit,
            price=format_number((fit.price or Decimal(0)).quantize(FEN)),
            wanted=format_number(line.unit_price or Decimal(0)),
        )
    if caution is FitCaution.OTHER_SECTOR:
        return _say_sector(offer, fit)
    if caution is FitCaution.OTHER_PLACE:
        return _say_place(offer, fit)
    return _("离认领截止或意向到期只有 %(days)s 天", days=fit.days)


def _amount(quantity: Decimal, unit: str) -> str:
    return f"{format_number(quantity)} {unit}"


def _joined(words: tuple[str, ...]) -> str:
    return str(_("、")).join(words)
