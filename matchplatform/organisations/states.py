"""States of an organisation, and its types."""

from enum import StrEnum

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.workflow import Workflow


class OrganisationState(StrEnum):
    """Where an organisation stands with its verifier."""

    PENDING = "pending"
    RETURNED = "returned"
    VERIFIED = "verified"
    RESTRICTED = "restricted"
    SUSPENDED = "suspended"
    DEREGISTERED = "deregistered"
    MERGED = "merged"


class OrganisationAction(StrEnum):
    """What can be done about an organisation's standing; ``hand_in``: a paper of its own."""

    VERIFY = "verify"
    RETURN = "return"
    RESUBMIT = "resubmit"
    HAND_IN = "hand_in"
    RESTRICT = "restrict"
    SUSPEND = "suspend"
    LIFT = "lift"
    DEREGISTER = "deregister"
    MERGE = "merge"


_LIVING = (
    OrganisationState.PENDING,
    OrganisationState.RETURNED,
    OrganisationState.VERIFIED,
    OrganisationState.RESTRICTED,
    OrganisationState.SUSPENDED,
)

WORKFLOW = Workflow(
    {
        **{(state, OrganisationAction.MERGE): OrganisationState.MERGED for state in _LIVING},
        (OrganisationState.PENDING, OrganisationAction.VERIFY): OrganisationState.VERIFIED,
        (OrganisationState.PENDING, OrganisationAction.RETURN): OrganisationState.RETURNED,
        (OrganisationState.RETURNED, OrganisationAction.RESUBMIT): OrganisationState.PENDING,
        (OrganisationState.PENDING, OrganisationAction.HAND_IN): OrganisationState.PENDING,
        (OrganisationState.RETURNED, OrganisationAction.HAND_IN): OrganisationState.RETURNED,
        (OrganisationState.VERIFIED, OrganisationAction.HAND_IN): OrganisationState.VERIFIED,
        (OrganisationState.RESTRICTED, OrganisationAction.HAND_IN): OrganisationState.RESTRICTED,
        (OrganisationState.SUSPENDED, OrganisationAction.HAND_IN): OrganisationState.SUSPENDED,
        (OrganisationState.VERIFIED, OrganisationAction.RESTRICT): OrganisationState.RESTRICTED,
        (OrganisationState.SUSPENDED, OrganisationAction.RESTRICT): OrganisationState.RESTRICTED,
        (OrganisationState.VERIFIED, OrganisationAction.SUSPEND): OrganisationState.SUSPENDED,
        (OrganisationState.RESTRICTED, OrganisationAction.SUSPEND): OrganisationState.SUSPENDED,
        (OrganisationState.RESTRICTED, OrganisationAction.LIFT): OrganisationState.VERIFIED,
        (OrganisationState.SUSPENDED, OrganisationAction.LIFT): OrganisationState.VERIFIED,
        (OrganisationState.VERIFIED, OrganisationAction.DEREGISTER): OrganisationState.DEREGISTERED,
        (
            OrganisationState.RESTRICTED,
            OrganisationAction.DEREGISTER,
        ): OrganisationState.DEREGISTERED,
        (
            OrganisationState.SUSPENDED,
            OrganisationAction.DEREGISTER,
        ): OrganisationState.DEREGISTERED,
    }
)


class OrganisationType(StrEnum):
    """The legal kinds of social organisation."""

    ASSOCIATION = "association"
    SERVICE_ORG = "service_org"
    FOUNDATION = "foundation"
    CHAMBER = "chamber"


TYPE_WORDS: dict[OrganisationType, Words] = {
    OrganisationType.ASSOCIATION: _("社会团体"),
    OrganisationType.SERVICE_ORG: _("社会服务机构"),
    OrganisationType.FOUNDATION: _("基金会"),
    OrganisationType.CHAMBER: _("行业协会商会"),
}

# Source: GB 32100-2015: 5 is civil affairs; 1 associations, 2 service organisations, 3 foundations.
USCC_PREFIX: dict[OrganisationType, str] = {
    OrganisationType.ASSOCIATION: "51",
    OrganisationType.SERVICE_ORG: "52",
    OrganisationType.FOUNDATION: "53",
    OrganisationType.CHAMBER: "51",
}
