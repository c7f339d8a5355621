"""Registration certificates: hand one in, accept, refuse, remind; they run out by themselves."""

from datetime import date, timedelta

from sqlalchemy import or_, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check, permits
from matchplatform.audit.services import record
from matchplatform.files.examine import Upload
from matchplatform.files.kinds import Place, Purpose
from matchplatform.files.owners import register_owner
from matchplatform.files.services import store_upload
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Hidden, InvalidInput, NotFound, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.reasons import clean_reason
from matchplatform.notifications.services import tell
from matchplatform.organisations.models import Certificate, Organisation
from matchplatform.organisations.paper_states import PAPER_WORKFLOW, PaperAction, PaperState
from matchplatform.organisations.queries import list_member_ids, registered_to
from matchplatform.organisations.services import tell_verifiers
from matchplatform.organisations.states import WORKFLOW, OrganisationAction

OWNER = "organisation"
PAGE = "/my/organisation/papers"
LONGEST = timedelta(days=30 * 366)
REMIND_DAYS = (30, 7, 0)


def answer_for_files() -> None:
    """Say who may see and add an organisation's papers; when the site is put together."""
    register_owner(
        OWNER,
        may_read=lambda actor, place: _permits(actor, Permission.ORGANISATION_READ, place),
        may_change=lambda actor, place: _permits(actor, Permission.ORGANISATION_EDIT, place),
    )


def hand_in_certificate(
    *, actor: Actor, organisation: Organisation, upload: Upload, expires_on: date
) -> Certificate:
    """Hand in a certificate with its last day; it takes the place of one that waits.

    Raises:
        InvalidInput: the day has passed, or is out of reason.
    """
    check(actor, Permission.ORGANISATION_EDIT, organisation)
    lock_organisation(organisation)
    WORKFLOW.after(organisation.status, OrganisationAction.HAND_IN)
    if expires_on < clock.today():
        raise InvalidInput(
            fields={"expires_on": _("这份证书已经到期，请先向登记管理机关换证，再传新的。")}
        )
    if expires_on > clock.today() + LONGEST:
        raise InvalidInput(fields={"expires_on": _("到期日太远，请对照证书再看一遍。")})
    waiting = find_certificate(organisation.id, PaperState.PENDING)
    if waiting is not None:
        _decide(waiting, PaperAction.REPLACE)
    file = store_upload(
        actor=actor, upload=upload, place=Place(OWNER, organisation.id, Purpose.CERTIFICATE)
    )
    certificate = Certificate(
        organisation=organisation,
        file=file,
        expires_on=expires_on,
        status=PaperState.PENDING,
        handed_in_at=clock.now(),
    )
    db.session.add(certificate)
    db.session.flush()
    tell_verifiers(organisation, mark("%(name)s 传了登记证书，等您核对。"))
    _record(actor, "certificate.hand_in", certificate)
    return certificate


def accept_certificate(*, actor: Actor, certificate: Certificate, version: int) -> Certificate:
    """Accept a certificate: its last day counts from now on, the one before is kept as history.

    Raises:
        Conflict: it has run out while it waited.
    """
    organisation = certificate.organisation
    check(actor, Permission.ORGANISATION_VERIFY, organisation)
    lock_organisation(organisation)
    _check_version(certificate, version)
    PAPER_WORKFLOW.after(certificate.status, PaperAction.ACCEPT)
    WORKFLOW.after(organisation.status, OrganisationAction.HAND_IN)
    if certificate.days_left < 0:
        raise Conflict(_("这份证书等待核对期间已经到期，请退回，让对方传新的。"))
    before = find_certificate(organisation.id, PaperState.ACCEPTED)
    if before is not None:
        _decide(before, PaperAction.REPLACE)
    _decide(certificate, PaperAction.ACCEPT)
    organisation.certificate_expires_on = certificate.expires_on
    tell(
        list_member_ids(organisation.id),
        mark("%(name)s 的登记证书已核对，有效到 %(day)s。"),
        PAGE,
        name=organisation.name,
        day=f"{certificate.expires_on:%Y-%m-%d}",
    )
    _record(actor, "certificate.accept", certificate)
    return certificate


def refuse_certificate(
    *, actor: Actor, certificate: Certificate, version: int, reason: str
) -> Certificate:
    """Refuse a certificate with a reason; the one that counted before still counts."""
    organisation = certificate.organisation
    check(actor, Permission.ORGANISATION_VERIFY, organisation)
    lock_organisation(organisation)
    _check_version(certificate, version)
    PAPER_WORKFLOW.after(certificate.status, PaperAction.REFUSE)
    certificate.reason = clean_reason(reason)
    _decide(certificate, PaperAction.REFUSE)
    tell(
        list_member_ids(organisation.id),
        mark("%(name)s 的登记证书没有通过核对：%(reason)s"),
        PAGE,
        name=organisation.name,
        reason=certificate.reason,
    )
    _record(actor, "certificate.refuse", certificate, certificate.reason)
    return certificate


def remind_expiring() -> int:
    """Remind 30 and 7 days before a certificate's last day, and on it, once each; return how many.

    Days on which the worker stood still are made up for by the next reminder that is due.
    """
    soon = clock.today() + timedelta(days=max(REMIND_DAYS))
    found = db.session.scalars(
        select(Certificate)
        .where(
            Certificate.status == PaperState.ACCEPTED,
            Certificate.expires_on <= soon,
            or_(Certificate.reminded_days.is_(None), Certificate.reminded_days > 0),
        )
        .order_by(Certificate.id)
    ).all()
    return sum(1 for certificate in found if _remind(certificate))


def find_certificate(organisation_id: int, status: PaperState) -> Certificate | None:
    """Return the certificate that waits, or the one that counts; there is one at most of each."""
    return db.session.scalar(
        select(Certificate).where(
            Certificate.organisation_id == organisation_id, Certificate.status == status
        )
    )


def get_certificate(actor: Actor, certificate_id: int) -> Certificate:
    """Return a certificate of an organisation whose papers the actor may read.

    Raises:
        NotFound: no such certificate.
        Hidden: none that the actor may know of.
    """
    certificate = db.session.get(Certificate, certificate_id)
    if certificate is None:
        raise NotFound()
    if not permits(actor, Permission.ORGANISATION_READ, certificate.organisation):
        raise Hidden()
    return certificate


def list_certificates(organisation: Organisation) -> list[Certificate]:
    """List every certificate that an organisation handed in, newest first."""
    return list(
        db.session.scalars(
            select(Certificate)
            .where(Certificate.organisation_id == organisation.id)
            .order_by(Certificate.handed_in_at.desc(), Certificate.id.desc())
        )
    )


def list_waiting_certificates(actor: Actor) -> list[Certificate]:
    """List the certificates that wait for this officer, oldest first."""
    return list(
        db.session.scalars(
            select(Certificate)
            .join(Organisation, Organisation.id == Certificate.organisation_id)
            .where(Certificate.status == PaperState.PENDING, registered_to(actor))
            .order_by(Certificate.handed_in_at, Certificate.id)
        )
    )


def lock_organisation(organisation: Organisation) -> None:
    """Read an organisation anew and keep it from others until the transaction ends."""
    db.session.refresh(organisation, with_for_update=True)


def _remind(certificate: Certificate) -> bool:
    due = min(days for days in REMIND_DAYS if certificate.days_left <= days)
    if certificate.reminded_days is not None and certificate.reminded_days <= due:
        return False
    certificate.reminded_days = due
    if certificate.days_left < 0:
        template = mark("%(name)s 的登记证书 %(day)s 已到期，传上新证书前不能再认领。")
    else:
        template = mark("%(name)s 的登记证书 %(day)s 到期，请换证后传上新的，以免影响认领。")
    tell(
        list_member_ids(certificate.organisation_id),
        template,
        PAGE,
        name=certificate.organisation.name,
        day=f"{certificate.expires_on:%Y-%m-%d}",
    )
    return True


def _decide(certificate: Certificate, action: PaperAction) -> None:
    certificate.status = PAPER_WORKFLOW.after(certificate.status, action)
    certificate.decided_at = certificate.decided_at or clock.now()
    # At most one waits and one counts: the old one gives up its place first.
    db.session.flush()


def _check_version(certificate: Certificate, version: int) -> None:
    if certificate.version != version:
        raise StaleVersion()


def _permits(actor: Actor, permission: Permission, place: Place) -> bool:
    organisation = db.session.get(Organisation, place.owner_id)
    return organisation is not None and permits(actor, permission, organisation)


def _record(actor: Actor, action: str, certificate: Certificate, reason: str = "") -> None:
    organisation = certificate.organisation
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
            "certificate": certificate.id,
            "file": certificate.file_id,
            "expires_on": certificate.expires_on.isoformat(),
            "status": str(certificate.status),
        },
    )
