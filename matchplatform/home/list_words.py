"""States in words for files, as components/status_tag.html has them for pages."""

from matchplatform.claims.models import Claim
from matchplatform.claims.states import ClaimState
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.matching.weights import Grade
from matchplatform.organisations.states import OrganisationState
from matchplatform.projects.states import ProjectState

PROJECT_STATES: dict[ProjectState, Words] = {
    ProjectState.DRAFT: _("草稿"),
    ProjectState.SUBMITTED: _("待核验"),
    ProjectState.RETURNED: _("已退回"),
    ProjectState.VERIFIED: _("已核验，待发布"),
    ProjectState.PUBLISHED: _("已发布"),
    ProjectState.SUSPENDED: _("已暂停"),
    ProjectState.CLOSED: _("已关闭"),
}
CLAIM_STATES: dict[ClaimState, Words] = {
    ClaimState.RESERVED: _("已预留"),
    ClaimState.SUBMITTED: _("待受理"),
    ClaimState.ACCEPTED: _("已受理"),
    ClaimState.SIGNED: _("已签约"),
    ClaimState.DECLINED: _("未受理"),
    ClaimState.WITHDRAWN: _("已撤回"),
    ClaimState.EXPIRED: _("已到期释放"),
    ClaimState.RELEASED: _("县里已放回"),
}


def say_claim_state(claim: Claim) -> Words:
    """Return where a claim stands in words, whether or not the worker noted that it has lapsed."""
    return CLAIM_STATES[ClaimState.EXPIRED if claim.has_lapsed else claim.status]


# By what an offer's standing says: that its day has passed is computed.
OFFER_STANDINGS: dict[str, Words] = {
    "open": _("有效"),
    "expired": _("已过有效期"),
    "closed": _("已结束"),
}
GRADES: dict[Grade, Words] = {
    Grade.VERY_GOOD: _("很合适"),
    Grade.GOOD: _("合适"),
    Grade.POSSIBLE: _("可以考虑"),
    Grade.WEAK: _("不太合适"),
}
ORGANISATION_STATES: dict[OrganisationState, Words] = {
    OrganisationState.PENDING: _("待核验"),
    OrganisationState.RETURNED: _("已退回"),
    OrganisationState.VERIFIED: _("已核验"),
    OrganisationState.RESTRICTED: _("异常名录"),
    OrganisationState.SUSPENDED: _("已暂停"),
    OrganisationState.DEREGISTERED: _("已注销"),
    OrganisationState.MERGED: _("已并入"),
}
