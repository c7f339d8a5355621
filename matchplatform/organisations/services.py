"""Verbs of organisations: register, resubmit, verify, return."""

from dataclasses import dataclass
from decimal import Decimal

from matchplatform.access.actor import VISITOR, Actor, Role
from matchplatform.access.policy import Permission, check
from matchplatform.access.reach import HEBEI, MINISTRY
from matchplatform.accounts.models import User
from matchplatform.accounts.queries import find_user, list_officer_ids
from matchplatform.accounts.services import add_user
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, InvalidInput, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.reasons import clean_reason
from matchplatform.kernel.text import tidy
from matchplatform.notifications.services import tell
from matchplatform.organisations.membership_states import MembershipState
from matchplatform.organisations.models import Membership, Organisation
from matchplatform.organisations.queries import find_by_uscc, has_written_on, list_member_ids
from matchplatform.organisations.states import (
    WORKFLOW,
    OrganisationAction,
    OrganisationState,
    OrganisationType,
)
from matchplatform.organisations.uscc import clean_uscc
from matchplatform.regions.divisions import find_division

GRADES = ("", "1A", "2A", "3A", "4A", "5A")
SHORTEST_TEXT = 20


@dataclass(frozen=True)
class OrganisationDetails:
    """What an organisation says of itself; ``annual_budget`` in yuan."""

    name: str
    org_type: OrganisationType
    registration_authority: str
    registration_region: str
    supervising_body: str
    business_scope: str
    mission: str
    legal_rep: str
    annual_budget: Decimal
    focus_sectors: tuple[str, ...]
    grade: str = ""
    is_charity: bool = False
    can_fundraise_publicly: bool = False


def register_organisation(
    *,
    uscc: str,
    details: OrganisationDetails,
    username: str,
    display_name: str,
    password_hash: str,
) -> tuple[Organisation, User]:
    """Register an organisation with its first agent, who also signs; it waits for verification.

    Raises:
        InvalidInput: something is malformed, the code or the user name is taken.
    """
    code = clean_uscc(uscc, details.org_type)
    check_details(details)
    if find_by_uscc(code) is not None:
        raise InvalidInput(
            fields={
                "uscc": _("这个代码已经登记过。如果是贵会，请向登记管理机关要一个重设密码的链接。")
            }
        )
    if find_user(tidy(username).casefold()) is not None:
        raise InvalidInput(fields={"username": _("这个用户名已经有人用了，请换一个。")})
    organisation = Organisation(
        uscc=code, status=OrganisationState.PENDING, submitted_at=clock.now(), return_reason=""
    )
    _fill(organisation, details)
    db.session.add(organisation)
    user = add_user(
        actor=VISITOR,
        username=username,
        display_name=display_name,
        role=Role.AGENT,
        password_hash=password_hash,
        unit=organisation.name,
    )
    db.session.flush()
    db.session.add(
        Membership(
            organisation_id=organisation.id,
            user_id=user.id,
            status=MembershipState.APPROVED,
            is_signer=True,
            since=clock.today(),
        )
    )
    actor = Actor(user.id, user.display_name, Role.AGENT)
    tell_verifiers(organisation, mark("%(name)s 登记待核验。"))
    _record(actor, "organisation.register", organisation)
    return organisation, user


def enter_organisation(*, actor: Actor, uscc: str, details: OrganisationDetails) -> Organisation:
    """Enter an organisation that is registered here, without anybody who acts for it yet.

    It waits for verification by another officer.

    Raises:
        InvalidInput: something is malformed, or the code is taken.
    """
    organisation = Organisation(
        uscc=uscc,
        status=OrganisationState.PENDING,
        submitted_at=clock.now(),
        return_reason="",
        entered_by_id=actor.user_id,
        registration_region=details.registration_region,
    )
    check(actor, Permission.ORGANISATION_ENTER, organisation)
    organisation.uscc = clean_uscc(uscc, details.org_type)
    check_details(details)
    if find_by_uscc(organisation.uscc) is not None:
        raise InvalidInput(fields={"uscc": _("这个代码已经登记过。")})
    _fill(organisation, details)
    db.session.add(organisation)
    db.session.flush()
    _record(actor, "organisation.enter", organisation)
    return organisation


def amend_organisation(
    *, actor: Actor, organisation: Organisation, version: int, details: OrganisationDetails
) -> Organisation:
    """Correct what an officer entered, while it waits and nobody acts for the organisation.

    Raises:
        Conflict: the organisation speaks for itself by now.
    """
    check(actor, Permission.ORGANISATION_ENTER, organisation)
    _check_version(organisation, version)
    if not organisation.is_only_entered:
        raise Conflict(_("这家组织的资料由它自己填写，或已经核验，这里不能改。"))
    clean_uscc(organisation.uscc, details.org_type)
    check_details(details)
    _fill(organisation, details)
    check(actor, Permission.ORGANISATION_ENTER, organisation)
    organisation.entered_by_id = actor.user_id
    _record(actor, "organisation.amend", organisation)
    return organisation


def resubmit_organisation(
    *, actor: Actor, organisation: Organisation, version: int, details: OrganisationDetails
) -> Organisation:
    """Correct what was returned and ask for verification again."""
    check(actor, Permission.ORGANISATION_EDIT, organisation)
    _check_version(organisation, version)
    status = WORKFLOW.after(organisation.status, OrganisationAction.RESUBMIT)
    check_details(details)
    clean_uscc(organisation.uscc, details.org_type)
    _fill(organisation, details)
    organisation.status = status
    organisation.submitted_at = clock.now()
    tell_verifiers(organisation, mark("%(name)s 登记待核验。"))
    _record(actor, "organisation.resubmit", organisation)
    return organisation


def verify_organisation(*, actor: Actor, organisation: Organisation, version: int) -> Organisation:
    """Verify an organisation: from now on it may claim."""
    check(actor, Permission.ORGANISATION_VERIFY, organisation)
    if has_written_on(actor, organisation):
        raise Forbidden(_("自己录入的组织不能自己核验，请由另一位工作人员核验。"))
    _check_version(organisation, version)
    organisation.status = WORKFLOW.after(organisation.status, OrganisationAction.VERIFY)
    organisation.verified_at = clock.now()
    organisation.return_reason = ""
    tell(
        list_member_ids(organisation.id),
        mark("%(name)s 已通过核验，现在可以认领项目。"),
        "/my",
        name=organisation.name,
    )
    _record(actor, "organisation.verify", organisation)
    return organisation


def return_organisation(
    *, actor: Actor, organisation: Organisation, version: int, reason: str
) -> Organisation:
    """Return a registration to be corrected, saying why."""
    check(actor, Permission.ORGANISATION_VERIFY, organisation)
    _check_version(organisation, version)
    status = WORKFLOW.after(organisation.status, OrganisationAction.RETURN)
    reason = clean_reason(reason)
    organisation.status = status
    organisation.return_reason = reason
    tell(
        list_member_ids(organisation.id),
        mark("%(name)s 的登记被退回：%(reason)s"),
        "/my/organisation",
        name=organisation.name,
        reason=reason,
    )
    _record(actor, "organisation.return", organisation, reason)
    return organisation


def _check_version(organisation: Organisation, version: int) -> None:
    if organisation.version != version:
        raise StaleVersion()


def check_details(details: OrganisationDetails) -> None:
    """Refuse what an organisation cannot be.

    Raises:
        InvalidInput: with a message at each field.
    """
    wrong = {}
    if find_division(details.registration_region) is None and (
        details.registration_region != MINISTRY
    ):
        wrong["registration_region"] = _("请选登记管理机关所在的地区。")
    if len(tidy(details.name)) < 4:
        wrong["name"] = _("请填证书上的全称。")
    if details.annual_budget < 0:
        wrong["annual_budget"] = _("年度预算不能是负数。")
    if details.grade not in GRADES:
        wrong["grade"] = _("评估等级是 1A 到 5A；没有评估过就不选。")
    for field, text in (("business_scope", details.business_scope), ("mission", details.mission)):
        if len(tidy(text)) < SHORTEST_TEXT:
            wrong[field] = _("请照章程写，至少 20 个字；系统靠它推荐合适的项目。")
    if wrong:
        raise InvalidInput(fields=wrong)


def _fill(organisation: Organisation, details: OrganisationDetails) -> None:
    organisation.name = tidy(details.name)
    organisation.org_type = details.org_type
    organisation.registration_authority = tidy(details.registration_authority)
    organisation.registration_region = details.registration_region
    organisation.supervising_body = tidy(details.supervising_body)
    organisation.business_scope = tidy(details.business_scope)
    organisation.mission = tidy(details.mission)
    organisation.legal_rep = tidy(details.legal_rep)
    organisation.grade = details.grade
    organisation.is_charity = details.is_charity
    organisation.can_fundraise_publicly = details.can_fundraise_publicly
    organisation.annual_budget = details.annual_budget
    organisation.focus_sectors = sorted(details.focus_sectors)


def tell_verifiers(organisation: Organisation, template: str) -> None:
    """Tell those who verify an organisation, the nearest ones that there are; part of a verb."""
    for prefix in _prefixes_above(organisation.registration_region):
        ids = list_officer_ids([prefix])
        if ids:
            tell(
                ids,
                template,
                f"/desk/organisations/{organisation.id}",
                name=organisation.name,
            )
            return


def _prefixes_above(region: str) -> list[str]:
    """List the prefixes of those who may verify, the nearest first."""
    if region == MINISTRY:
        return [HEBEI]
    shortest_first = [region[:2]]
    if not region.endswith("0000"):
        shortest_first.append(region[:4])
    if not region.endswith("00"):
        shortest_first.append(region)
    return shortest_first[::-1]


def _record(actor: Actor, action: str, organisation: Organisation, reason: str = "") -> None:
    record(
        actor=actor,
        action=action,
        subject_type="organisation",
        subject_id=organisation.id,
        subject_label=organisation.name,
        region_code=organisation.registration_region,
        reason=reason,
        detail={"status": str(organisation.status), "version": organisation.version},
    )
