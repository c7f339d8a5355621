"""Reads of bundles."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.commitments.bundle_models import KEEP, AgreementBundle
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.states import BUNDLES_AT_WORK, BundleState
from matchplatform.files.storage import Storage
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound

MOST_LISTED = 20


def get_bundle(actor: Actor, bundle_id: int) -> AgreementBundle:
    """Return a bundle that the actor asked for.

    Raises:
        NotFound: no such bundle.
        Hidden: somebody else asked for it.
    """
    bundle = db.session.get(AgreementBundle, bundle_id)
    if bundle is None:
        raise NotFound()
    if actor.user_id is None or bundle.user_id != actor.user_id:
        raise Hidden()
    return bundle


def list_own_bundles(actor: Actor) -> list[AgreementBundle]:
    """List the bundles that the actor asked for last, newest first."""
    return list(
        db.session.scalars(
            select(AgreementBundle)
            .where(AgreementBundle.user_id == actor.user_id)
            .order_by(AgreementBundle.created_at.desc(), AgreementBundle.id.desc())
            .limit(MOST_LISTED)
        )
    )


def list_chosen(actor: Actor, agreement_ids: Iterable[int]) -> list[Agreement]:
    """List those of the agreements that the actor may read, by number."""
    rows = db.session.scalars(
        select(Agreement).where(Agreement.id.in_(sorted(set(agreement_ids)))).order_by(Agreement.id)
    )
    return [row for row in rows if permits(actor, Permission.AGREEMENT_READ, row)]


def may_take(actor: Actor, bundle: AgreementBundle) -> bool:
    """Tell whether the actor may still read all that a bundle was asked for."""
    return len(list_chosen(actor, bundle.agreement_ids)) == bundle.total


def find_next_bundle_id() -> int | None:
    """Return the bundle that the worker goes on with: the one that has waited longest."""
    return db.session.scalar(
        select(AgreementBundle.id)
        .where(AgreementBundle.status.in_(BUNDLES_AT_WORK))
        .order_by(AgreementBundle.id)
        .limit(1)
    )


def stored_names(prefix: str) -> set[str]:
    """Return the names of archives that can still be had, for whoever sweeps the rest."""
    return set(
        db.session.scalars(
            select(AgreementBundle.stored_name).where(
                AgreementBundle.stored_name.startswith(prefix, autoescape=True),
                AgreementBundle.status == BundleState.READY,
                AgreementBundle.ended_at > clock.now() - KEEP,
            )
        )
    )


def find_bundle_breaches(storage: Storage) -> Iterator[str]:
    """Yield a line for each bundle that can be had and whose archive is missing or cut."""
    ready = select(AgreementBundle).where(AgreementBundle.status == BundleState.READY)
    for bundle in db.session.scalars(ready.order_by(AgreementBundle.id)):
        if not bundle.is_at_hand:
            continue
        path = storage.path_of(bundle.stored_name)
        if not path.is_file():
            yield f"bundle {bundle.id}: its archive is missing ({path})"
        elif path.stat().st_size != bundle.size:
            yield f"bundle {bundle.id}: {path.stat().st_size} bytes on disk, {bundle.size} in its row"
