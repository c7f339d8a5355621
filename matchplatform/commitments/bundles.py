"""Verbs of bundles: many agreements as one archive, asked for by one person."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import CursorResult, delete, func, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.audit.services import record
from matchplatform.commitments.bundle_models import AgreementBundle
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.states import (
    BUNDLE_WORKFLOW,
    BUNDLES_AT_WORK,
    AgreementState,
    BundleAction,
    BundleState,
)
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Hidden, InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.kernel.text import tidy
from matchplatform.notifications.services import tell

MOST_AGREEMENTS = 500
MOST_AT_WORK = 3
LONGEST_TITLE = 80
KEEP_ROWS = timedelta(days=30)


def begin_bundle(
    *, actor: Actor, agreement_ids: Iterable[int], title: str, with_docx: bool
) -> AgreementBundle:
    """Ask the worker for an archive of agreements, each one of which the actor may read.

    Raises:
        Hidden: one of them is none of the actor's business, or there is no such agreement.
        InvalidInput: none was chosen, too many, or one that was thrown away.
        Conflict: enough of the actor's bundles are being made.
    """
    wanted = list(dict.fromkeys(agreement_ids))
    if not wanted:
        raise InvalidInput(fields={"agreement": _("请至少选一份协议。")})
    if len(wanted) > MOST_AGREEMENTS:
        words = _("一次最多打包 %(most)s 份，请分几次。", most=MOST_AGREEMENTS)
        raise InvalidInput(fields={"agreement": words})
    _check_each(actor, wanted)
    if _count_at_work(actor) >= MOST_AT_WORK:
        raise Conflict(_("您已经有 %(n)s 包正在打，等打好一包再来。", n=MOST_AT_WORK))
    bundle = AgreementBundle(
        user_id=actor.user_id,
        title=_clean_title(title, len(wanted)),
        with_docx=with_docx,
        status=BundleState.WAITING,
        agreement_ids=wanted,
        total=len(wanted),
        left_out=[],
        created_at=clock.now(),
    )
    db.session.add(bundle)
    record_bundle(actor, "begin", bundle)
    return bundle


def finish_bundle(*, actor: Actor, bundle: AgreementBundle, stored_name: str, size: int) -> None:
    """Hand out a bundle that is whole; part of the worker's last step."""
    bundle.status = BUNDLE_WORKFLOW.after(bundle.status, BundleAction.FINISH)
    bundle.stored_name, bundle.size, bundle.partial = stored_name, size, ""
    bundle.ended_at = clock.now()
    _tell(bundle, mark("“%(name)s”打包好了，请在 7 天内下载。"))
    record_bundle(actor, "finish", bundle)


def fail_bundle(*, actor: Actor, bundle: AgreementBundle, why: str) -> None:
    """End a bundle that cannot be made."""
    bundle.status = BUNDLE_WORKFLOW.after(bundle.status, BundleAction.FAIL)
    bundle.said, bundle.partial = why, ""
    bundle.ended_at = clock.now()
    _tell(bundle, mark("“%(name)s”没有打成包，请打开看原因。"))
    record_bundle(actor, "fail", bundle, why)


def drop_old_bundles() -> int:
    """Drop the rows of bundles whose archive is long gone; return how many. Commits nothing."""
    old = delete(AgreementBundle).where(AgreementBundle.ended_at < clock.now() - KEEP_ROWS)
    result = db.session.execute(old)
    return result.rowcount if isinstance(result, CursorResult) else 0


def record_bundle(actor: Actor, action: str, bundle: AgreementBundle, reason: str = "") -> None:
    """Write what happened to a bundle into the trail."""
    db.session.flush()
    record(
        actor=actor,
        action=f"bundle.{action}",
        subject_type="bundle",
        subject_id=bundle.id,
        subject_label=bundle.title,
        reason=reason,
        detail={
            "status": str(bundle.status),
            "agreements": bundle.agreement_ids,
            "with_docx": bundle.with_docx,
            "left_out": len(bundle.left_out),
        },
    )


def _check_each(actor: Actor, wanted: list[int]) -> None:
    rows = db.session.scalars(select(Agreement).where(Agreement.id.in_(wanted)))
    found = {row.id: row for row in rows}
    for key in wanted:
        agreement = found.get(key)
        if agreement is None or not permits(actor, Permission.AGREEMENT_READ, agreement):
            raise Hidden()
        if agreement.status is AgreementState.VOID:
            words = _("%(number)s 已经作废，不能打包。", number=agreement.number)
            raise InvalidInput(fields={"agreement": words})


def _count_at_work(actor: Actor) -> int:
    busy = select(func.count(AgreementBundle.id)).where(
        AgreementBundle.user_id == actor.user_id, AgreementBundle.status.in_(BUNDLES_AT_WORK)
    )
    return db.session.scalar(busy) or 0


def _clean_title(title: str, count: int) -> str:
    written = " ".join(tidy(title).split())[:LONGEST_TITLE]
    return written or str(_("认领协议 %(n)s 份", n=count))


def _tell(bundle: AgreementBundle, template: str) -> None:
    tell([bundle.user_id], template, f"/bundles/{bundle.id}", name=bundle.title)
