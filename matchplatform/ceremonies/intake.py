"""Verbs of the intake: which accepted claims will be signed at a ceremony."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, func, or_, select

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.ceremonies.hitches import find_listed_elsewhere
from matchplatform.ceremonies.models import Ceremony, CeremonyEntry
from matchplatform.ceremonies.ordering import LOCKED
from matchplatform.ceremonies.queries import list_main_entries
from matchplatform.ceremonies.rows import group_of
from matchplatform.ceremonies.states import ENTRY_WORKFLOW, EntryAction, EntryState, Grouping
from matchplatform.ceremonies.steps import record_on, take_turn
from matchplatform.claims.locks import lock_signing
from matchplatform.claims.models import Claim
from matchplatform.claims.states import ClaimState
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, NotFound
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import Page, clamp_page
from matchplatform.kernel.reasons import clean_reason
from matchplatform.organisations.models import Organisation
from matchplatform.projects.models import Project

PAGE_SIZE = 50
MOST_AT_ONCE, MOST_ENTRIES = 200, 500


@dataclass(frozen=True)
class Sought:
    """Which accepted claims are looked for; empty means all. ``region``: of a city or county."""

    words: str = ""
    region: str = ""
    sector: str = ""
    org_type: str = ""


@dataclass(frozen=True)
class Added:
    """What came onto a list, and what did not, each with why."""

    entries: Sequence[CeremonyEntry]
    refused: Sequence[tuple[Claim, Words]]


def list_candidates(ceremony: Ceremony, sought: Sought, number: int) -> Page[Claim]:
    """List the accepted claims that are not on this list, longest accepted first."""
    statement = _candidates(ceremony, sought)
    total = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    number = clamp_page(number, PAGE_SIZE, total)
    rows = db.session.scalars(
        statement.order_by(Claim.decided_at, Claim.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).unique()
    return Page(rows.all(), number, PAGE_SIZE, total)


def list_freed_ids(ceremony: Ceremony) -> list[int]:
    """List the claims that were on the list before it was put off, and could be again."""
    freed = select(CeremonyEntry.claim_id).where(
        CeremonyEntry.ceremony_id == ceremony.id, CeremonyEntry.status == EntryState.FREED
    )
    statement = _candidates(ceremony, Sought()).where(Claim.id.in_(freed))
    return [claim.id for claim in db.session.scalars(statement.order_by(Claim.id)).unique()]


def add_claims(*, actor: Actor, ceremony: Ceremony, claim_ids: Iterable[int]) -> Added:
    """Put accepted claims onto the list, each at the end of its group.

    Raises:
        Conflict: the list is locked, or none of them can be listed.
    """
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = take_turn(ceremony)
    if not ceremony.is_open:
        raise Conflict(LOCKED)
    listed = list_main_entries(ceremony.id)
    claims, refused = choose_claims(ceremony, claim_ids, room=MOST_ENTRIES - len(listed))
    # Where something was dropped, the last place is beyond the number of those that are left.
    last = max((entry.position for entry in listed), default=0)
    entries = [new_entry(ceremony, claim, last + at) for at, claim in enumerate(claims, 1)]
    _place_by_group(ceremony.grouping, listed, entries)
    record_on(
        actor, "ceremony.list", ceremony, detail={"claims": [claim.number for claim in claims]}
    )
    return Added(entries, refused)


def drop_entry(*, actor: Actor, ceremony: Ceremony, entry_id: int, reason: str) -> CeremonyEntry:
    """Take a claim off the list; it stays accepted, and may be listed elsewhere.

    Raises:
        Conflict: the list is locked.
        InvalidInput: no reason.
    """
    check(actor, Permission.CEREMONY_PLAN, ceremony)
    ceremony = take_turn(ceremony)
    entry = db.session.get(CeremonyEntry, entry_id, populate_existing=True)
    if entry is None or entry.ceremony_id != ceremony.id:
        raise NotFound()
    # Of what was locked nothing is dropped but what can never be signed: it is left on the day.
    if entry.addendum == 0 and not ceremony.is_open:
        raise Conflict(LOCKED)
    status = ENTRY_WORKFLOW.after(entry.status, EntryAction.DROP)
    entry.reason = clean_reason(reason, field="words")
    entry.status = status
    entry.ended_at = clock.now()
    record_on(
        actor,
        "ceremony.drop",
        ceremony,
        reason=entry.reason,
        detail={"claim": entry.claim.number, "addendum": entry.addendum},
    )
    return entry


def choose_claims(
    ceremony: Ceremony, claim_ids: Iterable[int], room: int
) -> tuple[list[Claim], list[tuple[Claim, Words]]]:
    """Keep claims from others and part them into those that can be listed and those that cannot.

    Raises:
        Conflict: none of them can.
    """
    ids = sorted(set(claim_ids))
    if not ids:
        raise Conflict(_("请先勾选要签的认领。"))
    if len(ids) > min(MOST_AT_ONCE, max(room, 0)):
        raise Conflict(
            _(
                "一次最多列入 %(once)s 项，一场最多 %(most)s 项。",
                once=MOST_AT_ONCE,
                most=MOST_ENTRIES,
            )
        )
    # An addendum freezes what it lists, which keeps the organisations: they come before claims.
    lock_signing(db.session.scalars(select(Claim).where(Claim.id.in_(ids))).unique())
    claims = db.session.scalars(
        select(Claim)
        .where(Claim.id.in_(ids))
        .order_by(Claim.id)
        .with_for_update(of=Claim)
        .execution_options(populate_existing=True)
    ).unique()
    elsewhere = find_listed_elsewhere(ceremony.id, ids)
    here = set(_list_counting_ids(ceremony.id))
    chosen: list[Claim] = []
    refused: list[tuple[Claim, Words]] = []
    for claim in claims:
        why = _why_not_listed(claim, elsewhere.get(claim.id), claim.id in here)
        if why:
            refused.append((claim, why))
        else:
            chosen.append(claim)
    if not chosen:
        raise Conflict(_tell_refused(refused))
    return chosen, refused


def new_entry(ceremony: Ceremony, claim: Claim, position: int, addendum: int = 0) -> CeremonyEntry:
    """Put one claim onto a list."""
    entry = CeremonyEntry(
        ceremony=ceremony,
        claim=claim,
        position=position,
        addendum=addendum,
        status=EntryState.LISTED,
        reason="",
        listed_at=clock.now(),
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def _why_not_listed(claim: Claim, other: Ceremony | None, is_here: bool) -> Words:
    if claim.status is ClaimState.SIGNED:
        return _("已经签约")
    if claim.status is not ClaimState.ACCEPTED:
        return _("不在已受理的状态")
    if is_here:
        return _("已在本场名单上")
    if other is not None:
        return _("已列入“%(title)s”", title=other.title)
    return ""


def _tell_refused(refused: Sequence[tuple[Claim, Words]]) -> Words:
    if not refused:
        return _("没有找到这些认领。")
    claim, why = refused[0]
    return _("%(number)s不能列入：%(why)s。", number=claim.number, why=why)


def _place_by_group(
    grouping: Grouping, listed: Sequence[CeremonyEntry], new: Sequence[CeremonyEntry]
) -> None:
    if grouping is Grouping.NONE:
        return
    order = list(listed)
    for entry in new:
        group = group_of(entry.claim, grouping)
        same = [at for at, one in enumerate(order) if group_of(one.claim, grouping) == group]
        order.insert(same[-1] + 1 if same else len(order), entry)
    for place, entry in enumerate(order, 1):
        entry.position = place


def _list_counting_ids(ceremony_id: int) -> list[int]:
    return list(
        db.session.scalars(
            select(CeremonyEntry.claim_id).where(
                CeremonyEntry.ceremony_id == ceremony_id,
                CeremonyEntry.status.in_((EntryState.LISTED, EntryState.SIGNED)),
            )
        )
    )


def _candidates(ceremony: Ceremony, sought: Sought) -> Select[Claim]:
    here = exists().where(
        CeremonyEntry.claim_id == Claim.id,
        CeremonyEntry.ceremony_id == ceremony.id,
        CeremonyEntry.status == EntryState.LISTED,
    )
    statement = (
        select(Claim)
        .join(Project, Project.id == Claim.project_id)
        .join(Organisation, Organisation.id == Claim.organisation_id)
        .where(Claim.status == ClaimState.ACCEPTED, ~here)
    )
    if sought.region:
        statement = statement.where(Project.region_code.startswith(sought.region, autoescape=True))
    if sought.sector:
        statement = statement.where(Project.sector == sought.sector)
    if sought.org_type:
        statement = statement.where(Organisation.org_type == sought.org_type)
    if sought.words:
        statement = statement.where(
            or_(
                *(
                    column.icontains(sought.words, autoescape=True)
                    for column in (Project.name, Project.number, Organisation.name)
                )
            )
        )
    return statement
