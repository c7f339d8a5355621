"""Move what was claimed of a project to the one that it is merged into."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select

from matchplatform.access.actor import SYSTEM
from matchplatform.claims.asked import CapacityGrant
from matchplatform.claims.grants import settle_grant
from matchplatform.claims.holds import expire_lapsed, give, hold, record_claim
from matchplatform.claims.locks import lock_lines, lock_organisations
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import find_undecided, list_on_project, list_party_user_ids
from matchplatform.claims.states import HOLDING_STATES, UNDECIDED_STATES, AskState
from matchplatform.claims.waiting import (
    find_waiting,
    list_waiting_organisation_ids,
    read_queue,
)
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.notifications.services import tell
from matchplatform.projects.merging import pair_lines
from matchplatform.projects.models import Project, ProjectLine

Places = Mapping[int, ProjectLine]


def move_project_claims(source: Project, target: Project, reason: str) -> None:
    """Move the claims that hold and places in the waiting to the like lines; part of merging.

    Quantities and prices stay as they were promised. What has ended stays where it was.

    Raises:
        Conflict: a claim finds no like line, not enough of it, or another of its organisation.
    """
    claims = _lock(source, target)
    places = {pair.source.id: pair.target for pair in pair_lines(source, target) if pair.target}
    troubles = _find_troubles(claims, places, target)
    if troubles:
        raise Conflict(
            _("现在不能并入：%(why)s", why="".join(str(trouble) for trouble in troubles))
        )
    told = [(claim, list_party_user_ids(claim)) for claim in claims]
    for claim in claims:
        _move(claim, places, target)
    _move_waiting(source, places)
    _settle_asks(source)
    for claim, users in told:
        tell(
            users,
            mark(
                "“%(old)s”是重复发布的，已并入“%(name)s”。贵会的认领（%(number)s）移到那里，数量和单价不变。原因：%(reason)s"
            ),
            f"/claims/{claim.id}",
            old=source.name,
            name=target.name,
            number=claim.number,
            reason=reason,
        )
        record_claim(SYSTEM, "claim.rehome", claim, reason)


def _lock(source: Project, target: Project) -> Sequence[Claim]:
    both = [source.id, target.id]
    parties = {key for one in both for claim in list_on_project(one) for key in claim.party_ids}
    lock_organisations(parties | set(list_waiting_organisation_ids(both)))
    db.session.scalars(
        select(Claim)
        .where(Claim.project_id.in_(both), Claim.status.in_(HOLDING_STATES))
        .order_by(Claim.id)
        .with_for_update(of=Claim)
        .execution_options(populate_existing=True)
    ).all()
    lines = [line.id for project in (source, target) for line in project.lines]
    lock_lines(lines)
    expire_lapsed(line_ids=lines)
    return sorted(list_on_project(source.id), key=lambda claim: claim.id)


def _find_troubles(claims: Sequence[Claim], places: Places, target: Project) -> list[Words]:
    troubles: list[Words] = []
    moved: dict[int, Decimal] = {}
    homeless: dict[int, ProjectLine] = {}
    for claim in claims:
        other = find_undecided(claim.organisation_id, target.id)
        if claim.status in UNDECIDED_STATES and other is not None:
            troubles.append(
                _(
                    "%(who)s在两个项目上都有在办的认领（%(one)s、%(two)s），先办结一笔。",
                    who=claim.organisation.name,
                    one=claim.number,
                    two=other.number,
                )
            )
        for part in claim.lines:
            place = places.get(part.line_id)
            if place is None:
                homeless[part.line_id] = part.line
            else:
                moved[place.id] = moved.get(place.id, Decimal(0)) + part.quantity
    troubles += [
        _(
            "“%(item)s”已有认领，要保留的项目里没有同样的条目（种类、内容、单位都一样）。",
            item=line.item,
        )
        for _key, line in sorted(homeless.items())
    ]
    for place in places.values():
        if moved.get(place.id, Decimal(0)) > place.left:
            troubles.append(
                _(
                    "“%(item)s”要移去 %(moved)s %(unit)s，那里只剩 %(left)s %(unit)s。",
                    item=place.item,
                    moved=format_number(moved[place.id]),
                    left=format_number(place.left),
                    unit=place.unit,
                )
            )
    return troubles


def _move(claim: Claim, places: Places, target: Project) -> None:
    for part in sorted(claim.lines, key=lambda part: part.line_id):
        place = places[part.line_id]
        give(part.line, part.quantity)
        hold([place], {place.id: part.quantity})
    for member in claim.members:
        for share in member.shares:
            share.line = places[share.line_id]
    for part in claim.lines:
        part.line = places[part.line_id]
    claim.project = target
    db.session.flush()


def _move_waiting(source: Project, places: Places) -> None:
    # Whoever cannot be moved is told by the worker, as of any project that takes no more claims.
    for line_id, entries in sorted(read_queue(source).items()):
        place = places.get(line_id)
        for entry in entries if place is not None else ():
            if place is not None and find_waiting(entry.organisation_id, place.id) is None:
                entry.line = place
    db.session.flush()


def _settle_asks(source: Project) -> None:
    for grant in db.session.scalars(
        select(CapacityGrant)
        .where(CapacityGrant.project_id == source.id, CapacityGrant.status == AskState.OPEN)
        .order_by(CapacityGrant.id)
    ).all():
        settle_grant(grant)
