"""What still misses before an agreement can be frozen, or a claim be signed."""

from collections.abc import Iterable

from matchplatform.claims.models import Claim
from matchplatform.claims.signing import find_hindrance
from matchplatform.claims.states import ClaimState
from matchplatform.commitments.content import build_content, hash_of
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.queries import agreements_of, find_base
from matchplatform.commitments.states import AgreementState
from matchplatform.commitments.terms import missing_terms
from matchplatform.kernel.errors import Conflict
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _


class NotReady(Conflict):
    """Something misses before the next step; ``missing`` names each thing."""

    def __init__(self, missing: list[Words]) -> None:
        self.missing = missing
        super().__init__(_("还差：%(what)s", what="；".join(str(words) for words in missing)))


def list_missing(agreement: Agreement, base: Agreement | None = None) -> list[Words]:
    """List what misses before an agreement that is being written can be frozen."""
    missing: list[Words] = [
        _("协议里还没有填“%(term)s”", term=term.label)
        for term in missing_terms(agreement.claim, agreement.terms)
    ]
    content = build_content(agreement, base)
    if base is not None and not content["changes"]:
        missing.append(_("补充协议还没有改动任何条款"))
    text = hash_of(content)
    names = {m.organisation_id: m.organisation.name for m in agreement.claim.members}
    names[agreement.claim.organisation_id] = agreement.claim.organisation.name
    for key in agreement.claim.active_ids:
        said = agreement.confirmation_of(key)
        if said is None:
            missing.append(_("%(name)s 的签署人还没有确认协议文本", name=names[key]))
        elif said.sha256 != text:
            missing.append(_("%(name)s 确认以后内容有变化，要重新确认", name=names[key]))
    return missing


def has_drifted(agreement: Agreement) -> bool:
    """Tell whether the claim is no longer what the frozen text says of it."""
    return hash_of(build_content(agreement, find_base(agreement))) != agreement.sha256


def readiness_of(claims: Iterable[Claim]) -> dict[int, list[Words]]:
    """Return for each claim what misses before it can be signed; an empty list: nothing."""
    listed = list(claims)
    agreements = agreements_of(claim.id for claim in listed)
    return {claim.id: _missing_for(claim, agreements.get(claim.id)) for claim in listed}


def _missing_for(claim: Claim, agreement: Agreement | None) -> list[Words]:
    if claim.status is ClaimState.SIGNED:
        return []
    if claim.status is not ClaimState.ACCEPTED:
        return [_("认领还没有受理，或已经不在办")]
    missing: list[Words] = []
    hindrance = find_hindrance(claim)
    if hindrance is not None:
        missing.append(hindrance)
    if agreement is None:
        return [*missing, _("还没有起草协议")]
    if agreement.status is AgreementState.FROZEN:
        if has_drifted(agreement):
            missing.append(_("定稿以后认领或组织的情况有变化，要作废重拟"))
        return missing
    missing += list_missing(agreement)
    if not missing:
        missing.append(_("协议还没有定稿"))
    return missing
