"""New names under the same code: asked for by the organisation, confirmed by the verifier."""

from datetime import date

from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check, permits
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Hidden, InvalidInput, NotFound, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.reasons import clean_reason
from matchplatform.kernel.text import tidy
from matchplatform.notifications.services import tell
from matchplatform.organisations.certificates import lock_organisation
from matchplatform.organisations.models import NameChange, Organisation
from matchplatform.organisations.paper_states import PAPER_WORKFLOW, PaperAction, PaperState
from matchplatform.organisations.queries import list_member_ids, registered_to
from matchplatform.organisations.services import tell_verifiers
from matchplatform.organisations.states import WORKFLOW, OrganisationAction

PAGE = "/my/organisation/name"
SHORTEST_NAME = 4
LONGEST_NAME = 80


def ask_name_change(
    *, actor: Actor, organisation: Organisation, new_name: str, changed_on: date, reason: str
) -> NameChange:
    """Ask for a new name under the same code; it takes the place of one that waits.

    Raises:
        InvalidInput: the name is the present one or none, the day is yet to come, or no reason.
        Conflict: the registration itself has not been verified; there the name is corrected.
    """
    check(actor, Permission.ORGANISATION_EDIT, organisation)
    lock_organisation(organisation)
    WORKFLOW.after(organisation.status, OrganisationAction.HAND_IN)
    if organisation.verified_at is None:
        raise Conflict(_("登记还没有通过核验，名称请在登记资料里更正。"))
    new_name = tidy(new_name)
    if not SHORTEST_NAME <= len(new_name) <= LONGEST_NAME:
        raise InvalidInput(fields={"new_name": _("请填证书上的全称。")})
    if new_name == organisation.name:
        raise InvalidInput(fields={"new_name": _("这就是现在的名称。")})
    if changed_on > clock.today():
        raise InvalidInput(fields={"changed_on": _("还没有到这一天，改名生效以后再来办。")})
    reason = clean_reason(reason)
    waiting = find_waiting_change(organisation.id)
    if waiting is not None:
        _decide(waiting, PaperAction.REPLACE)
    change = NameChange(
        organisation=organisation,
        old_name=organisation.name,
        new_name=new_name,
        changed_on=changed_on,
        reason=reason,
        status=PaperState.PENDING,
        asked_at=clock.now(),
    )
    db.session.add(change)
    db.session.flush()
    tell_verifiers(organisation, mark("%(name)s 申请变更名称，等您确认。"))
    _record(actor, "organisation.ask_name", change, reason)
    return change


def accept_name_change(*, actor: Actor, change: NameChange, version: int) -> NameChange:
    """Give the organisation its new name; the old one is kept and still finds it."""
    organisation = change.organisation
    check(actor, Permission.ORGANISATION_VERIFY, organisation)
    lock_organisation(organisation)
    _check_version(change, version)
    PAPER_WORKFLOW.after(change.status, PaperAction.ACCEPT)
    WORKFLOW.after(organisation.status, OrganisationAction.HAND_IN)
    _decide(change, PaperAction.ACCEPT)
    change.old_name = organisation.name
    organisation.name = change.new_name
    tell(
        list_member_ids(organisation.id),
        mark("%(old)s 已改名为 %(name)s，认领和记录都照旧。"),
        PAGE,
        old=change.old_name,
        name=change.new_name,
    )
    _record(actor, "organisation.accept_name", change, change.reason)
    return change


def refuse_name_change(
    *, actor: Actor, change: NameChange, version: int, reason: str
) -> NameChange:
    """Refuse a new name with a reason."""
    organisation = change.organisation
    check(actor, Permission.ORGANISATION_VERIFY, organisation)
    lock_organisation(organisation)
    _check_version(change, version)
    PAPER_WORKFLOW.after(change.status, PaperAction.REFUSE)
    change.decision = clean_reason(reason)
    _decide(change, PaperAction.REFUSE)
    tell(
        list_member_ids(organisation.id),
        mark("%(old)s 改名为 %(name)s 没有通过：%(reason)s"),
        PAGE,
        old=change.old_name,
        name=change.new_name,
        reason=change.decision,
    )
    _record(actor, "organisation.refuse_name", change, change.decision)
    return change


def find_waiting_change(organisation_id: int) -> NameChange | None:
    """Return the change of name that waits for the verifier, or None."""
    return db.session.scalar(
        select(NameChange).where(
            NameChange.organisation_id == organisation_id,
            NameChange.status == PaperState.PENDING,
        )
    )


def get_name_change(actor: Actor, change_id: int) -> NameChange:
    """Return a change of name of an organisation whose papers the actor may read.

    Raises:
        NotFound: no such change.
        Hidden: none that the actor may know of.
    """
    change = db.session.get(NameChange, change_id)
    if change is None:
        raise NotFound()
    if not permits(actor, Permission.ORGANISATION_READ, change.organisation):
        raise Hidden()
    return change


def list_name_changes(organisation: Organisation) -> list[NameChange]:
    """List every change that an organisation asked for, newest first."""
    return list(
        db.session.scalars(
            select(NameChange)
            .where(NameChange.organisation_id == organisation.id)
            .order_by(NameChange.id.desc())
        )
    )


def list_waiting_changes(actor: Actor) -> list[NameChange]:
    """List the changes of name that wait for this officer, oldest first."""
    return list(
        db.session.scalars(
            select(NameChange)
            .join(Organisation, Organisation.id == NameChange.organisation_id)
            .where(NameChange.status == PaperState.PENDING, registered_to(actor))
            .order_by(NameChange.asked_at, NameChange.id)
        )
    )


def _decide(change: NameChange, action: PaperAction) -> None:
    change.status = PAPER_WORKFLOW.after(change.status, action)
    change.decided_at = clock.now()
    # At most one waits: the old one gives up its place first.
    db.session.flush()


def _check_version(change: NameChange, version: int) -> None:
    if change.version != version:
        raise StaleVersion()


def _record(actor: Actor, action: str, change: NameChange, reason: str) -> None:
    organisation = change.organisation
    db.session.flush()
    record(
        actor=actor,
        action=action,
        subject_type="organisation",
        subject_id=organisation.id,
        subject_label=organisation.name,
        region_code=organisation.registration_region,
        reason=reason,
        detail={
            "old_name": change.old_name,
            "new_name": change.new_name,
            "changed_on": change.changed_on.isoformat(),
            "status": str(change.status),
        },
    )
