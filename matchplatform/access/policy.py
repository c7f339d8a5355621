"""The whole site's policy in one table: permission -> role -> how far it reaches."""

from collections.abc import Mapping
from enum import StrEnum

from matchplatform.access.actor import Actor, Role
from matchplatform.access.reach import (
    Reach,
    about_self,
    anywhere,
    as_active_party,
    as_member,
    as_party,
    as_signer,
    as_verified_member,
    city_or_province,
    county_or_city,
    kept_by_self,
    of_the_province,
    own_county,
    own_office,
    own_organisation,
    project_in_jurisdiction,
    registered_here,
)
from matchplatform.kernel.errors import Forbidden


class Permission(StrEnum):
    """Everything that somebody may be allowed to do."""

    PROJECT_WRITE = "project.write"
    PROJECT_VERIFY = "project.verify"
    PROJECT_PUBLISH = "project.publish"
    PROJECT_READ_UNPUBLISHED = "project.read_unpublished"
    CONTACT_READ = "project.read_contact"
    BATCH_BEGIN = "batch.begin"
    PRICE_KEEP = "price.keep"
    PRICE_READ = "price.read"
    PICTURE_DOUBT = "picture.doubt"
    PAPER_READ = "paper.read"
    ORGANISATION_EDIT = "organisation.edit"
    ORGANISATION_VERIFY = "organisation.verify"
    ORGANISATION_ENTER = "organisation.enter"
    ORGANISATION_READ = "organisation.read"
    ORGANISATION_REVIEW = "organisation.review"
    MEMBERSHIP_MANAGE = "membership.manage"
    MEMBERSHIP_JOIN = "membership.join"
    CLAIM_RESERVE = "claim.reserve"
    CLAIM_HANDLE = "claim.handle"
    CLAIM_DECIDE = "claim.decide"
    CLAIM_READ = "claim.read"
    CAPACITY_READ = "capacity.read"
    CLAIM_EXPIRE = "claim.expire"
    CLAIM_SIGN = "claim.sign"
    CLAIM_MESSAGE = "claim.message"
    CLAIM_MESSAGES_READ = "claim.read_messages"
    AGREEMENT_DRAFT = "agreement.draft"
    AGREEMENT_CONFIRM = "agreement.confirm"
    AGREEMENT_FREEZE = "agreement.freeze"
    AGREEMENT_READ = "agreement.read"
    COMMITMENT_FOLLOW = "commitment.follow"
    CEREMONY_PLAN = "ceremony.plan"
    CEREMONY_RUN = "ceremony.run"
    CEREMONY_CHECK_IN = "ceremony.check_in"
    CEREMONY_READ = "ceremony.read"
    CEREMONY_ANSWER = "ceremony.answer"
    EXTRA_APPROVE = "extra.approve"
    ORGANISATION_INVITE = "organisation.invite"
    INVITATION_READ = "invitation.read"
    INVITATION_ANSWER = "invitation.answer"
    OFFER_HANDLE = "offer.handle"
    OFFER_READ = "offer.read"
    MATCHES_VIEW = "matches.view"
    FAVOURITE_KEEP = "favourite.keep"
    SEARCH_KEEP = "search.keep"
    IMPORT_MAKE = "import.make"
    IMPORT_READ = "import.read"
    DESK_VIEW = "desk.view"
    PASSWORD_LINK_ISSUE = "account.password_link"
    ACCOUNT_MANAGE = "account.manage"
    AUDIT_READ = "audit.read"
    POOR_PEOPLE_RECORD = "poor_people.record"
    POOR_PEOPLE_PUBLISH = "poor_people.publish"
    POOR_PEOPLE_READ = "poor_people.read"


POLICY: Mapping[Permission, Mapping[Role, Reach]] = {
    Permission.PROJECT_WRITE: {Role.OFFICER: own_county},
    Permission.PROJECT_VERIFY: {Role.OFFICER: county_or_city},
    Permission.PROJECT_PUBLISH: {Role.OFFICER: city_or_province},
    Permission.PROJECT_READ_UNPUBLISHED: {
        Role.OFFICER: project_in_jurisdiction,
        Role.AUDITOR: anywhere,
    },
    Permission.CONTACT_READ: {
        Role.AGENT: as_verified_member,
        Role.OFFICER: project_in_jurisdiction,
        Role.AUDITOR: anywhere,
    },
    Permission.BATCH_BEGIN: {Role.OFFICER: of_the_province},
    Permission.PRICE_KEEP: {Role.OFFICER: of_the_province},
    Permission.PRICE_READ: {Role.OFFICER: anywhere, Role.AUDITOR: anywhere},
    Permission.PICTURE_DOUBT: {Role.OFFICER: project_in_jurisdiction},
    Permission.PAPER_READ: {
        Role.AGENT: as_active_party,
        Role.OFFICER: project_in_jurisdiction,
        Role.AUDITOR: anywhere,
    },
    Permission.ORGANISATION_EDIT: {Role.AGENT: own_organisation},
    Permission.ORGANISATION_VERIFY: {Role.OFFICER: registered_here},
    Permission.ORGANISATION_ENTER: {Role.OFFICER: registered_here},
    Permission.ORGANISATION_READ: {
        Role.AGENT: own_organisation,
        Role.OFFICER: registered_here,
        Role.AUDITOR: anywhere,
    },
    Permission.ORGANISATION_REVIEW: {Role.OFFICER: registered_here, Role.AUDITOR: anywhere},
    Permission.MEMBERSHIP_MANAGE: {Role.AGENT: as_signer},
    Permission.MEMBERSHIP_JOIN: {Role.AGENT: about_self},
    Permission.CLAIM_RESERVE: {Role.AGENT: own_organisation},
    Permission.CLAIM_HANDLE: {Role.AGENT: own_organisation},
    Permission.CLAIM_DECIDE: {Role.OFFICER: county_or_city},
    Permission.CLAIM_READ: {
        Role.AGENT: as_party,
        Role.OFFICER: project_in_jurisdiction,
        Role.ORGANISER: anywhere,
        Role.AUDITOR: anywhere,
    },
    # What an organisation can bear is between it and those who decide.
    Permission.CAPACITY_READ: {
        Role.AGENT: as_party,
        Role.OFFICER: project_in_jurisdiction,
        Role.AUDITOR: anywhere,
    },
    Permission.CLAIM_EXPIRE: {Role.SYSTEM: anywhere},
    Permission.CLAIM_SIGN: {Role.ORGANISER: anywhere, Role.OFFICER: county_or_city},
    Permission.CLAIM_MESSAGE: {Role.AGENT: as_active_party, Role.OFFICER: county_or_city},
    Permission.CLAIM_MESSAGES_READ: {
        Role.AGENT: as_active_party,
        Role.OFFICER: project_in_jurisdiction,
        Role.AUDITOR: anywhere,
    },
    Permission.AGREEMENT_DRAFT: {Role.ORGANISER: anywhere, Role.OFFICER: county_or_city},
    Permission.AGREEMENT_CONFIRM: {Role.AGENT: as_signer},
    Permission.AGREEMENT_FREEZE: {Role.ORGANISER: anywhere, Role.OFFICER: county_or_city},
    Permission.AGREEMENT_READ: {
        Role.AGENT: as_party,
        Role.OFFICER: project_in_jurisdiction,
        Role.ORGANISER: anywhere,
        Role.AUDITOR: anywhere,
    },
    Permission.COMMITMENT_FOLLOW: {
        Role.OFFICER: project_in_jurisdiction,
        Role.ORGANISER: anywhere,
        Role.AUDITOR: anywhere,
    },
    Permission.CEREMONY_PLAN: {Role.ORGANISER: anywhere},
    Permission.CEREMONY_RUN: {Role.ORGANISER: anywhere},
    Permission.CEREMONY_CHECK_IN: {Role.ORGANISER: anywhere, Role.OFFICER: own_county},
    Permission.CEREMONY_READ: {
        Role.OFFICER: project_in_jurisdiction,
        Role.ORGANISER: anywhere,
        Role.AUDITOR: anywhere,
    },
    Permission.CEREMONY_ANSWER: {Role.AGENT: own_organisation},
    Permission.EXTRA_APPROVE: {Role.OFFICER: own_county},
    Permission.ORGANISATION_INVITE: {Role.OFFICER: project_in_jurisdiction},
    Permission.INVITATION_READ: {Role.OFFICER: project_in_jurisdiction, Role.AUDITOR: anywhere},
    Permission.INVITATION_ANSWER: {Role.AGENT: own_organisation},
    Permission.OFFER_HANDLE: {Role.AGENT: own_organisation},
    Permission.OFFER_READ: {Role.OFFICER: anywhere, Role.AUDITOR: anywhere},
    Permission.MATCHES_VIEW: {Role.AGENT: own_organisation},
    Permission.FAVOURITE_KEEP: {Role.AGENT: as_member},
    Permission.SEARCH_KEEP: {Role.AGENT: kept_by_self},
    Permission.IMPORT_MAKE: {Role.OFFICER: about_self},
    Permission.IMPORT_READ: {Role.OFFICER: own_office, Role.AUDITOR: anywhere},
    Permission.DESK_VIEW: {Role.OFFICER: anywhere},
    Permission.PASSWORD_LINK_ISSUE: {Role.OFFICER: registered_here, Role.ADMIN: anywhere},
    Permission.ACCOUNT_MANAGE: {Role.ADMIN: anywhere},
    Permission.AUDIT_READ: {Role.AUDITOR: anywhere},
    Permission.POOR_PEOPLE_RECORD: {Role.OFFICER: project_in_jurisdiction},
    Permission.POOR_PEOPLE_PUBLISH: {Role.OFFICER: city_or_province},
    Permission.POOR_PEOPLE_READ: {Role.OFFICER: project_in_jurisdiction, Role.AUDITOR: anywhere},
}


def role_holds(actor: Actor, permission: Permission) -> bool:
    """Tell whether the actor's role has the permission at all; verbs ask about the thing."""
    return actor.role in POLICY[permission]


def permits(actor: Actor, permission: Permission, thing: object) -> bool:
    """Tell whether the actor may do this to this thing."""
    reach = POLICY[permission].get(actor.role)
    return reach is not None and reach(actor, thing)


def check(actor: Actor, permission: Permission, thing: object) -> None:
    """Let the actor pass, or refuse.

    Raises:
        Forbidden: the policy does not reach that far.
    """
    if not permits(actor, permission, thing):
        raise Forbidden()
