"""Verbs of the waitlist: join, leave, and what the worker does with it: promote, drop."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from matchplatform.access.actor import SYSTEM, Actor
from matchplatform.access.policy import Permission, check
from matchplatform.audit.services import record
from matchplatform.claims.asked import WaitlistEntry
from matchplatform.claims.capacity import check_capacity, read_capacity
from matchplatform.claims.checks import accepts_claims, check_accepts, quantity_problem
from matchplatform.claims.holds import begin_claim, expire_lapsed, hold, record_claim
from matchplatform.claims.locks import lock_lines, lock_organisations
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import find_undecided
from matchplatform.claims.states import WAIT_WORKFLOW, WaitAction, WaitState
from matchplatform.claims.unusual import find_questions
from matchplatform.claims.waiting import (
    find_waiting,
    list_hopeless,
    list_projects_with_turns,
    list_waiting_on,
    list_waiting_organisation_ids,
)
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import AskAgain, InvalidInput
from matchplatform.kernel.i18n import Words, mark
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.notifications.services import tell
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.queries import list_member_ids
from matchplatform.projects.models import Project, ProjectLine

TURN = timedelta(days=5)
AT_ONCE = 100


def join_waitlist(
    *,
    actor: Actor,
    organisation: Organisation,
    project: Project,
    quantities: Mapping[int, Decimal],
    confirmed: bool = False,
) -> list[WaitlistEntry]:
    """Wait for quantities of lines that others hold; ``quantities`` are by line id.

    Raises:
        InvalidInput: a quantity does not fit its line, or is there to be claimed.
        AskAgain: out of the ordinary and not yet confirmed.
        Conflict: the organisation or the project may not be claimed by or from just now.
    """
    check(actor, Permission.CLAIM_RESERVE, organisation)
    lock_organisations([organisation.id])
    expire_lapsed(line_ids=[line.id for line in project.lines])
    check_accepts(organisation, project)
    lines = {line.id: line for line in project.lines}
    _check_wishes(organisation, lines, quantities)
    value = sum((lines[key].value_of(amount) for key, amount in quantities.items()), Decimal(0))
    check_capacity(organisation, project, value)
    questions = [] if confirmed else find_questions(project, quantities, value)
    if questions:
        raise AskAgain(questions)
    entries = [
        WaitlistEntry(
            line=lines[key],
            organisation=organisation,
            quantity=amount,
            status=WaitState.WAITING,
            joined_at=clock.now(),
        )
        for key, amount in sorted(quantities.items())
    ]
    db.session.add_all(entries)
    for entry in entries:
        _record(actor, "waitlist.join", entry)
    return entries


def leave_waitlist(*, actor: Actor, entry: WaitlistEntry) -> WaitlistEntry:
    """Give up a place on a waitlist."""
    check(actor, Permission.CLAIM_HANDLE, entry)
    return _end(actor, entry, WaitAction.LEAVE)


def promote_waiting(
    *, project: Project | None = None, before: Organisation | None = None
) -> list[Claim]:
    """Reserve what is free for those who wait for it, first come first; return the claims.

    Of one project or of all. ``before``: only for those who stand before this organisation, which
    is about to claim by itself. Whoever cannot be promoted just now (an undecided claim there, no
    longer verified, over its budget) keeps the place, and the next one has the turn.
    """
    if project is not None and not accepts_claims(project):
        return []
    projects = list_projects_with_turns() if project is None else [project]
    lock_organisations(list_waiting_organisation_ids([each.id for each in projects]))
    lock_lines(line.id for each in projects for line in each.lines)
    return [claim for each in projects for claim in _promote_on(each, before)]


def drop_hopeless() -> int:
    """End the waiting for projects that will take no more claims; return how many."""
    entries = list_hopeless(AT_ONCE)
    for entry in entries:
        tell(
            list_member_ids(entry.organisation_id),
            mark("“%(name)s”已不再接受认领，贵会的候补到此为止。"),
            f"/projects/{entry.line.project.number}",
            name=entry.line.project.name,
        )
        drop_entry(entry)
    return len(entries)


def drop_entry(entry: WaitlistEntry) -> WaitlistEntry:
    """End a place in the waiting for the system; part of a verb."""
    check(SYSTEM, Permission.CLAIM_EXPIRE, entry)
    return _end(SYSTEM, entry, WaitAction.DROP)


def take_own_turns(*, actor: Actor, claim: Claim) -> None:
    """End an organisation's waiting for the lines of which it has a claim now."""
    db.session.flush()
    for part in claim.lines:
        entry = find_waiting(claim.organisation_id, part.line_id)
        if entry is not None:
            entry.claim_id = claim.id
            _end(actor, entry, WaitAction.PROMOTE)


def _promote_on(project: Project, before: Organisation | None) -> list[Claim]:
    turns: dict[int, dict[int, Decimal]] = {}
    values: dict[int, Decimal] = {}
    organisations: dict[int, Organisation] = {}
    for line in sorted(project.lines, key=lambda line: line.id):
        left = line.left
        for entry in list_waiting_on(line.id) if left > 0 else []:
            if left <= 0 or (before is not None and entry.organisation_id == before.id):
                break
            amount = min(entry.quantity, left)
            value = values.get(entry.organisation_id, Decimal(0)) + line.value_of(amount)
            if not _may_have_turn(entry, project, value):
                continue
            left -= amount
            values[entry.organisation_id] = value
            turns.setdefault(entry.organisation_id, {})[line.id] = amount
            organisations[entry.organisation_id] = entry.organisation
    return [_promote(project, organisations[key], parts) for key, parts in turns.items()]


def _promote(project: Project, organisation: Organisation, parts: dict[int, Decimal]) -> Claim:
    hold(project.lines, parts)
    claim = begin_claim(organisation, project, parts, TURN, promoted=True)
    check(SYSTEM, Permission.CLAIM_EXPIRE, claim)
    db.session.flush()
    tell(
        list_member_ids(organisation.id),
        mark(
            "轮到您了：“%(name)s”的%(what)s已为贵会预留，请在 %(day)s 24:00 前提交，过时轮到下一家。"
        ),
        f"/claims/{claim.id}",
        name=project.name,
        what="、".join(
            f"{part.line.item} {format_number(part.quantity)} {part.line.unit}"
            for part in claim.lines
        ),
        day=f"{claim.last_day:%Y-%m-%d}",
    )
    take_own_turns(actor=SYSTEM, claim=claim)
    record_claim(SYSTEM, "claim.reserve", claim)
    return claim


def _may_have_turn(entry: WaitlistEntry, project: Project, value: Decimal) -> bool:
    organisation = entry.organisation
    return (
        organisation.may_claim
        and find_undecided(organisation.id, project.id) is None
        and read_capacity(organisation, project).fits(value)
    )


def _check_wishes(
    organisation: Organisation,
    lines: Mapping[int, ProjectLine],
    quantities: Mapping[int, Decimal],
) -> None:
    if not quantities:
        raise InvalidInput(_("请至少在一个条目里填上数量。"))
    wrong: dict[str, Words] = {}
    for key, amount in quantities.items():
        line = lines.get(key)
        if line is None:
            raise InvalidInput(_("有个条目不属于这个项目，请刷新页面后重填。"))
        problem = _wish_problem(organisation, line, amount)
        if problem is not None:
            wrong[f"line-{key}"] = problem
    if wrong:
        raise InvalidInput(fields=wrong)


def _wish_problem(organisation: Organisation, line: ProjectLine, amount: Decimal) -> Words | None:
    if find_waiting(organisation.id, line.id) is not None:
        return _("贵会已经在这一条排队，先退出再重排。")
    if amount <= line.left and not list_waiting_on(line.id):
        return _(
            "这一条还剩 %(left)s %(unit)s，现在就可以直接认领。",
            left=format_number(line.left),
            unit=line.unit,
        )
    return quantity_problem(line, amount)


def _end(actor: Actor, entry: WaitlistEntry, action: WaitAction) -> WaitlistEntry:
    entry.status = WAIT_WORKFLOW.after(entry.status, action)
    entry.ended_at = clock.now()
    _record(actor, f"waitlist.{action}", entry)
    return entry


def _record(actor: Actor, action: str, entry: WaitlistEntry) -> None:
    db.session.flush()
    project = entry.line.project
    record(
        actor=actor,
        action=action,
        subject_type="waitlist",
        subject_id=entry.id,
        subject_label=f"{entry.organisation.name} · {project.name}",
        region_code=entry.region_code,
        detail={
            "project": project.number,
            "line": entry.line_id,
            "quantity": str(entry.quantity),
            "claim": entry.claim_id,
        },
    )
