"""What an organisation has open when one of its people leaves, and who goes on with it."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.accounts.models import User
from matchplatform.accounts.queries import list_deciding_officer_ids
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.i18n import mark
from matchplatform.notifications.services import tell
from matchplatform.organisations.models import Handover, Membership
from matchplatform.organisations.queries import list_members


@dataclass(frozen=True)
class OpenItem:
    """One thing that an organisation has open, and the county that deals with it."""

    number: str
    title: str
    url: str
    region_code: str


Source = Callable[[int], Iterable[OpenItem]]

_sources: list[Source] = []


def configure(*sources: Source) -> None:
    """Name the floors above that keep open work of organisations, each asked by its id."""
    _sources[:] = sources


def list_open_items(organisation_id: int) -> list[OpenItem]:
    """List everything that an organisation has open."""
    return [item for source in _sources for item in source(organisation_id)]


def list_successors(membership: Membership) -> list[User]:
    """List who may take over from a member: the others who act for the organisation today."""
    return [
        user
        for user in list_members(membership.organisation)
        if user.id != membership.user_id and user.is_active
    ]


def list_handovers(organisation_id: int) -> list[Handover]:
    """List what changed hands in an organisation, newest first."""
    return list(
        db.session.scalars(
            select(Handover)
            .where(Handover.organisation_id == organisation_id)
            .order_by(Handover.at.desc(), Handover.id.desc())
        )
    )


def hand_over(*, actor: Actor, membership: Membership, successor_id: int | None) -> Handover | None:
    """Name who goes on, keep what was open, and tell them and the counties; part of a verb.

    The claims stay with the organisation; without any, nobody need be named.

    Raises:
        InvalidInput: something is open and nobody, or no other member, was named.
    """
    items = list_open_items(membership.organisation_id)
    successor = next(
        (user for user in list_successors(membership) if user.id == successor_id), None
    )
    if successor is None and (items or successor_id is not None):
        raise InvalidInput(fields={"successor": _("还有没办完的认领，请选一位在任的人接手。")})
    if successor is None:
        return None
    kept = Handover(
        organisation_id=membership.organisation_id,
        from_user_id=membership.user_id,
        to_user_id=successor.id,
        at=clock.now(),
        items=[asdict(item) for item in items],
    )
    db.session.add(kept)
    _tell(membership, successor, items)
    return kept


def _tell(membership: Membership, successor: User, items: list[OpenItem]) -> None:
    leaver, organisation = membership.user.display_name, membership.organisation.name
    tell(
        [successor.id],
        mark("%(name)s 不再为 %(organisation)s 办事，没办完的 %(count)s 笔认领请您接着办。"),
        "/my",
        name=leaver,
        organisation=organisation,
        count=str(len(items)),
    )
    for region in sorted({item.region_code for item in items}):
        here = [item for item in items if item.region_code == region]
        tell(
            list_deciding_officer_ids(region),
            mark("%(organisation)s 的经办人由 %(name)s 换成 %(successor)s，涉及 %(numbers)s。"),
            here[0].url,
            organisation=organisation,
            name=leaver,
            successor=successor.display_name,
            numbers="、".join(item.number for item in here),
        )
