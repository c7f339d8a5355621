"""The list of a ceremony in the browser: what is signed, in which order, and its lock."""

from collections.abc import Callable

from flask import flash, render_template, request, url_for

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer, done_once
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, permits
from matchplatform.ceremonies import intake, ordering, queries
from matchplatform.ceremonies.addenda import ADDENDUM_STATES, make_addendum
from matchplatform.ceremonies.blueprint import bp
from matchplatform.ceremonies.forms import (
    NOTHING,
    Refusal,
    read_grouping,
    read_ids,
    read_number,
    read_sought,
    refusal_of,
    region_choices,
)
from matchplatform.ceremonies.hitches import find_hitches, find_listed_elsewhere, hitches_of
from matchplatform.ceremonies.locking import lock_list
from matchplatform.ceremonies.models import Ceremony
from matchplatform.ceremonies.rows import add_up, read_rows
from matchplatform.ceremonies.words import GROUPING_WORDS, group_words
from matchplatform.kernel.errors import DomainError, StaleVersion
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import page_number, read_version


@bp.get("/desk/ceremonies/<int:ceremony_id>/list")
@requires(Permission.CEREMONY_READ)
def show_list(ceremony_id: int) -> Answer:
    """Show what is signed in its order, with times and what stands against it."""
    return _list_page(current_actor(), ceremony_id)


@bp.post("/desk/ceremonies/<int:ceremony_id>/list/order")
@requires(Permission.CEREMONY_PLAN)
def set_order(ceremony_id: int) -> Answer:
    """Put the list into the order that was dragged or pressed together."""
    seen, order = read_ids("seen"), read_ids("order")

    def put(actor: Actor, ceremony: Ceremony) -> None:
        ordering.set_order(actor=actor, ceremony=ceremony, seen=seen, order=order)

    return _change(ceremony_id, "order", put, _("顺序已存好。"))


@bp.post("/desk/ceremonies/<int:ceremony_id>/list/move")
@requires(Permission.CEREMONY_PLAN)
def move(ceremony_id: int) -> Answer:
    """Move one entry up or down, or all to the places that were typed beside them."""
    seen, up, down = read_ids("seen"), read_ids("up")[:1], read_ids("down")[:1]
    entry_id = (up or down or [0])[0]

    def put(actor: Actor, ceremony: Ceremony) -> None:
        if entry_id:
            here = seen.index(entry_id) + 1 if entry_id in seen else 0
            place = here - 1 if up else here + 1
            ordering.move_entry(
                actor=actor, ceremony=ceremony, entry_id=entry_id, place=place, seen=seen
            )
        else:
            typed = {entry: read_number(f"to-{entry}") for entry in seen}
            order = ordering.placed(seen, typed)
            ordering.set_order(actor=actor, ceremony=ceremony, seen=seen, order=order)

    said = "" if entry_id else _("顺序已存好。")
    return _change(ceremony_id, "move", put, said, f"entry-{entry_id}" if entry_id else None)


@bp.post("/desk/ceremonies/<int:ceremony_id>/list/group")
@requires(Permission.CEREMONY_PLAN)
def group(ceremony_id: int) -> Answer:
    """Bring together what has something in common, or move a group that was brought together."""
    seen, up, down = read_ids("seen"), request.form.get("up", ""), request.form.get("down", "")

    def put(actor: Actor, ceremony: Ceremony) -> None:
        if up or down:
            ordering.move_group(
                actor=actor, ceremony=ceremony, group=up or down, up=bool(up), seen=seen
            )
        else:
            ordering.group_list(actor=actor, ceremony=ceremony, grouping=read_grouping(), seen=seen)

    return _change(ceremony_id, "group", put, _("顺序已存好。"))


@bp.post("/desk/ceremonies/<int:ceremony_id>/list/<int:entry_id>/drop")
@requires(Permission.CEREMONY_PLAN)
def drop(ceremony_id: int, entry_id: int) -> Answer:
    """Take a claim off the list."""

    def put(actor: Actor, ceremony: Ceremony) -> None:
        intake.drop_entry(
            actor=actor,
            ceremony=ceremony,
            entry_id=entry_id,
            reason=request.form.get("words", ""),
        )

    said = _("已移出名单，这笔认领仍是“已受理”。")
    return _change(ceremony_id, f"drop-{entry_id}", put, said)


@bp.get("/desk/ceremonies/<int:ceremony_id>/intake")
@requires(Permission.CEREMONY_PLAN)
def show_intake(ceremony_id: int) -> Answer:
    """Look for accepted claims that could be signed here."""
    return _intake_page(current_actor(), ceremony_id)


@bp.post("/desk/ceremonies/<int:ceremony_id>/intake")
@requires(Permission.CEREMONY_PLAN)
def add(ceremony_id: int) -> Answer:
    """Put the chosen claims onto the list, or after its lock onto an addendum."""
    actor = current_actor()
    ceremony = queries.get_ceremony(actor, ceremony_id)
    chosen = read_ids("claim")

    def put() -> str:
        if request.form.get("restore"):
            chosen[:] = intake.list_freed_ids(ceremony)
        verb = make_addendum if ceremony.status in ADDENDUM_STATES else intake.add_claims
        added = verb(actor=actor, ceremony=ceremony, claim_ids=chosen)
        for claim, why in added.refused:
            told = _("%(number)s没有列入：%(why)s。", number=claim.number, why=why)
            flash(str(told), "warning")
        return url_for("ceremonies.show_list", ceremony_id=ceremony_id)

    def again(error: DomainError) -> Answer:
        refusal, status = refusal_of(error, "intake")
        return _intake_page(actor, ceremony_id, refusal), status

    return done_once(actor, put, again, _("已列入。"))


@bp.get("/desk/ceremonies/<int:ceremony_id>/lock")
@requires(Permission.CEREMONY_PLAN)
def show_lock(ceremony_id: int) -> Answer:
    """Show what a lock would keep, and what still stands against it."""
    return _lock_page(current_actor(), ceremony_id)


@bp.post("/desk/ceremonies/<int:ceremony_id>/lock")
@requires(Permission.CEREMONY_PLAN)
def lock(ceremony_id: int) -> Answer:
    """Lock the list."""
    actor = current_actor()
    ceremony = queries.get_ceremony(actor, ceremony_id)

    def put() -> str:
        lock_list(
            actor=actor,
            ceremony=ceremony,
            version=read_version(request.form.get("version")),
            seen=read_ids("seen"),
        )
        return url_for("ceremonies.show", ceremony_id=ceremony_id)

    def again(error: DomainError) -> Answer:
        refusal, status = refusal_of(error, "lock")
        return _lock_page(actor, ceremony_id, refusal), status

    said = _("名单已锁定，协议都已定稿。之后要加签的，列入补签名单。")
    return done_once(actor, put, again, said)


def _change(
    ceremony_id: int,
    tried: str,
    do: Callable[[Actor, Ceremony], None],
    said: Words,
    anchor: str | None = None,
) -> Answer:
    actor = current_actor()
    ceremony = queries.get_ceremony(actor, ceremony_id)

    def change() -> str:
        do(actor, ceremony)
        return url_for("ceremonies.show_list", ceremony_id=ceremony_id, _anchor=anchor)

    def again(error: DomainError) -> Answer:
        refusal, status = refusal_of(error, tried)
        mine = read_ids("order") if isinstance(error, StaleVersion) else []
        return _list_page(actor, ceremony_id, refusal, mine), status

    return done_once(actor, change, again, said)


def _list_page(
    actor: Actor, ceremony_id: int, refusal: Refusal = NOTHING, mine: list[int] | None = None
) -> str:
    ceremony = queries.get_ceremony(actor, ceremony_id)
    rows = read_rows(ceremony.id, ceremony.grouping)
    known = {row.entry_id: row for row in rows}
    return render_template(
        "ceremonies/list.html",
        ceremony=ceremony,
        rows=[row for row in rows if row.addendum == 0],
        added=[row for row in rows if row.addendum],
        totals=add_up(row for row in rows if row.addendum == 0),
        day=queries.read_timetable(ceremony, rows),
        hitches=find_hitches(ceremony, queries.list_listed(ceremony.id)),
        freed=intake.list_freed_ids(ceremony) if ceremony.is_open else [],
        groupings=GROUPING_WORDS,
        group_words=group_words,
        may_plan=permits(actor, Permission.CEREMONY_PLAN, ceremony),
        may_add=ceremony.status in ADDENDUM_STATES,
        mine=[known[entry] for entry in mine or () if entry in known],
        refusal=refusal,
    )


def _intake_page(actor: Actor, ceremony_id: int, refusal: Refusal = NOTHING) -> str:
    ceremony = queries.get_ceremony(actor, ceremony_id)
    sought = read_sought(request.args)
    page = intake.list_candidates(ceremony, sought, page_number(request.args.get("page")))
    return render_template(
        "ceremonies/intake.html",
        ceremony=ceremony,
        page=page,
        sought=sought,
        regions=region_choices(),
        hitches=hitches_of(ceremony, page.items),
        elsewhere=find_listed_elsewhere(ceremony.id, [claim.id for claim in page.items]),
        is_addendum=ceremony.status in ADDENDUM_STATES,
        may_add=ceremony.is_open or ceremony.status in ADDENDUM_STATES,
        chosen=read_ids("claim"),
        refusal=refusal,
    )


def _lock_page(actor: Actor, ceremony_id: int, refusal: Refusal = NOTHING) -> str:
    ceremony = queries.get_ceremony(actor, ceremony_id)
    entries = queries.list_main_entries(ceremony.id)
    hitches = find_hitches(ceremony, entries)
    rows = [row for row in read_rows(ceremony.id, ceremony.grouping) if row.addendum == 0]
    return render_template(
        "ceremonies/lock.html",
        ceremony=ceremony,
        rows=rows,
        totals=add_up(rows),
        day=queries.read_timetable(ceremony, rows),
        hitches=hitches,
        stopped=[entry for entry in entries if any(each.stops for each in hitches[entry.id])],
        snapshots=queries.list_snapshots(ceremony.id),
        refusal=refusal,
    )
