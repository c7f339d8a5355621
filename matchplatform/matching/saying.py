"""Say in words why an organisation would fit a project, what speaks against it, what it kept."""

from matchplatform.claims.states import ClaimState
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_wan
from matchplatform.matching.candidates import Candidate
from matchplatform.matching.matches import Caution, CautionKind
from matchplatform.matching.weights import Nearness
from matchplatform.projects.models import Project
from matchplatform.projects.states import SECTOR_WORDS
from matchplatform.regions.divisions import name_of

WORDS_SAID = 3


def say_reasons(candidate: Candidate, project: Project) -> list[Words]:
    """Return why the organisation would fit, the strongest first."""
    words, sector, place = candidate.match.parts
    found: list[Words] = []
    if words.words:
        said = str(_("、")).join(share.word for share in words.words[:WORDS_SAID])
        found.append(_("业务范围与项目都写到%(words)s", words=said))
    if sector.points:
        found.append(_("关注“%(sector)s”类项目", sector=SECTOR_WORDS[project.sector]))
    where = _say_place(place.nearness, project)
    if where is not None:
        found.append(where)
    if candidate.record[ClaimState.SIGNED]:
        found.append(_("在本站已签约 %(n)s 笔", n=candidate.record[ClaimState.SIGNED]))
    if candidate.record[ClaimState.ACCEPTED]:
        found.append(_("在本站已受理 %(n)s 笔认领", n=candidate.record[ClaimState.ACCEPTED]))
    return found


def say_cautions(candidate: Candidate, project: Project) -> list[Words]:
    """Return what speaks against inviting the organisation."""
    found = [_say_caution(caution, project) for caution in candidate.match.cautions]
    promised, budget = candidate.profile.open_promises, candidate.profile.annual_budget
    if budget is not None and promised > budget:
        found.append(
            _(
                "在办和已签约 %(promised)s 万元，已超过年度预算 %(budget)s 万元。",
                promised=format_wan(promised),
                budget=format_wan(budget),
            )
        )
    broken = candidate.record[ClaimState.EXPIRED] + candidate.record[ClaimState.RELEASED]
    if broken:
        found.append(_("有 %(n)s 笔认领占了数量没有办下去，到期或被放回。", n=broken))
    return found


def say_record(candidate: Candidate) -> Words:
    """Return how its claims on this site went, counted."""
    counts = candidate.record
    if not any(counts.values()):
        return _("还没有在本站认领过")
    return _(
        "签约 %(s)s 笔；受理待签约 %(a)s 笔，在办 %(b)s 笔；未受理 %(c)s 笔，撤回 %(d)s 笔，到期未提交 %(e)s 笔，县里放回 %(f)s 笔",
        s=counts[ClaimState.SIGNED],
        a=counts[ClaimState.ACCEPTED],
        b=counts[ClaimState.RESERVED] + counts[ClaimState.SUBMITTED],
        c=counts[ClaimState.DECLINED],
        d=counts[ClaimState.WITHDRAWN],
        e=counts[ClaimState.EXPIRED],
        f=counts[ClaimState.RELEASED],
    )


def suggest_message(project: Project) -> Words:
    """Return what an officer may write, to begin with."""
    if not project.value_gap:
        return _(
            "“%(name)s”和贵会的业务对得上，想请贵会看看能否认领全部或一部分。条目和联系人都在项目页。",
            name=project.name,
        )
    return _(
        "“%(name)s”还缺 %(gap)s 万元，和贵会的业务对得上，想请贵会看看能否认领全部或一部分。条目和联系人都在项目页。",
        name=project.name,
        gap=format_wan(project.value_gap),
    )


def _say_place(nearness: Nearness | None, project: Project) -> Words | None:
    county, city = name_of(project.region_code), name_of(project.region_code[:4] + "00")
    said: dict[Nearness, Words] = {
        Nearness.OWN_COUNTY: _("就在%(county)s登记", county=county),
        Nearness.OWN_CITY: _("在%(city)s登记", city=city),
        Nearness.WORKED_COUNTY: _("在%(county)s认领过项目", county=county),
        Nearness.WORKED_CITY: _("在%(city)s认领过项目", city=city),
    }
    return said.get(nearness) if nearness is not None else None


def _say_caution(caution: Caution, project: Project) -> Words:
    needs, has = caution.needs, caution.has
    if caution.kind is CautionKind.OVER_BUDGET and needs is not None and has is not None:
        return _(
            "最少要认领 %(needs)s 万元，超过对方预算减去在办和已签约后的 %(has)s 万元。",
            needs=format_wan(needs),
            has=format_wan(has),
        )
    if caution.kind is CautionKind.GAP_OVER_BUDGET and needs is not None and has is not None:
        return _(
            "全部缺口 %(needs)s 万元，超过对方预算减去在办和已签约后的 %(has)s 万元，只能请它认领一部分。",
            needs=format_wan(needs),
            has=format_wan(has),
        )
    if caution.kind is CautionKind.OTHER_SECTOR:
        return _("“%(sector)s”不在对方关注的类别里。", sector=SECTOR_WORDS[project.sector])
    return _("对方还没有在%(city)s认领过项目。", city=name_of(project.region_code[:4] + "00"))
