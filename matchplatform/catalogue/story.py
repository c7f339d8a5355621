"""What happened to a project and what lies ahead, as the public may know it."""

from datetime import date, datetime, timedelta

from matchplatform.audit.models import AuditEntry
from matchplatform.claims.models import Claim
from matchplatform.claims.states import ClaimState
from matchplatform.kernel import clock
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number, format_wan
from matchplatform.kernel.timeline import Event
from matchplatform.projects.models import Project
from matchplatform.projects.states import OUTCOME_WORDS, ProjectState
from matchplatform.regions.divisions import unit_of_prefix


def tell_story(project: Project, claims: list[Claim], entries: list[AuditEntry]) -> list[Event]:
    """Return a public project's events, newest first; whoever only reserved stays unnamed.

    ``entries`` are the project's links of the trail, for the dates of what was stopped.
    """
    events = _ahead(project, claims) if project.status is ProjectState.PUBLISHED else []
    past = [
        Event(
            claim.decided_at,
            _(
                "%(name)s认领 %(value)s 万元，已受理",
                name=claim.organisation.name,
                value=format_wan(claim.value),
            ),
            _quantities(claim),
            "tick",
        )
        for claim in claims
        if claim.decided_at is not None
    ]
    past += [
        Event(
            claim.signed_at,
            _("%(names)s签约 %(value)s 万元", names=_names(claim), value=format_wan(claim.value)),
            _quantities(claim),
            "square",
        )
        for claim in claims
        if claim.signed_at is not None
    ]
    if project.published_at is not None:
        # Links from before the trail kept the officer's region name the usual authorities.
        city = _acted(entries, "project.publish") or project.region_code[:4]
        county = _acted(entries, "project.verify") or project.region_code
        past.append(
            Event(
                project.published_at,
                _("%(unit)s发布", unit=unit_of_prefix(city)),
                _("%(unit)s核验。", unit=unit_of_prefix(county)),
            )
        )
    past += _stopped(project, entries)
    past.sort(key=lambda event: _moment(event.at), reverse=True)
    return events + past


def _ahead(project: Project, claims: list[Claim]) -> list[Event]:
    events = [
        Event(
            claim.last_day,
            _("一笔意向到期"),
            _("%(what)s，到期未提交即自动放回项目。", what=_quantities(claim)),
            "clock",
            ahead=True,
        )
        for claim in claims
        if claim.status is ClaimState.RESERVED and not claim.has_lapsed
    ]
    if project.claim_deadline is not None and project.claim_deadline >= clock.today():
        events.append(
            Event(
                project.claim_deadline,
                _("认领截止"),
                _("到期后不再接受认领，没有认领完的部分由市里或省里决定关闭。"),
                "open",
                ahead=True,
            )
        )
    return sorted(events, key=lambda event: _moment(event.at), reverse=True)


def _stopped(project: Project, entries: list[AuditEntry]) -> list[Event]:
    words: dict[str, tuple[Words, str]] = {
        "project.suspend": (_("暂停认领"), "late"),
        "project.resume": (_("恢复认领"), "dot"),
        "project.close": (_("关闭"), "square"),
        "project.merge": (_("并入另一个项目"), "square"),
        "project.take_in": (_("另一个重复发布的项目并入"), "dot"),
    }
    if project.close_outcome is not None:
        why = OUTCOME_WORDS[project.close_outcome]
        words["project.close"] = (_("关闭：%(why)s", why=why), "square")
    return [
        Event(entry.at, words[entry.action][0], entry.reason, words[entry.action][1])
        for entry in entries
        if entry.action in words
    ]


def _acted(entries: list[AuditEntry], action: str) -> str:
    """Return the region of whoever last did this, from the trail; empty where it is not told."""
    newest = max((entry for entry in entries if entry.action == action), key=_seq, default=None)
    return str(newest.detail.get("by", "")) if newest is not None else ""


def _seq(entry: AuditEntry) -> int:
    return entry.seq


def _names(claim: Claim) -> str:
    members = [member.organisation.name for member in claim.members if member.is_active]
    return "、".join(dict.fromkeys([claim.organisation.name, *members]))


def _quantities(claim: Claim) -> str:
    return "、".join(
        f"{part.line.item} {format_number(part.quantity)} {part.line.unit}" for part in claim.lines
    )


def _moment(at: date | datetime) -> datetime:
    return at if isinstance(at, datetime) else clock.end_of_day(at) - timedelta(seconds=1)
