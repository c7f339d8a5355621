"""Steps of a ceremony's day: taken one after the other under its lock, and only ever added."""

from collections.abc import Sequence

from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.audit.services import record
from matchplatform.ceremonies.models import Ceremony, CeremonyStep
from matchplatform.ceremonies.stage import StageState, fold
from matchplatform.ceremonies.states import CeremonyState, StepKind
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, StaleVersion
from matchplatform.kernel.i18n import lazy_gettext as _

# The few steps that tell whether a day runs; what was signed tells nothing of it.
_SWITCHES = (StepKind.BEGIN, StepKind.PAUSE, StepKind.RESUME, StepKind.UNDO, StepKind.CLOSE)


def take_turn(ceremony: Ceremony) -> Ceremony:
    """Read a ceremony anew and keep it from others; it comes before every other lock."""
    return db.session.scalars(
        select(Ceremony)
        .where(Ceremony.id == ceremony.id)
        .with_for_update(of=Ceremony)
        .execution_options(populate_existing=True)
    ).one()


def check_live(ceremony: Ceremony) -> None:
    """Let pass what is done on the day, between its begin and its end.

    Raises:
        Conflict: it has not begun, or is closed.
    """
    if ceremony.status is not CeremonyState.LIVE:
        raise Conflict(_("大会不在进行中，现在不能在台上办理。"))


def check_running(ceremony: Ceremony) -> None:
    """Let pass what is done on a stage that is live and not paused.

    Raises:
        Conflict: it has not begun, is closed or stands still.
    """
    check_live(ceremony)
    if fold(list_steps(ceremony.id, _SWITCHES)).paused:
        raise Conflict(_("签约已暂停，请先继续。"))


def check_seen(ceremony: Ceremony, seen: int) -> None:
    """Refuse what was decided before somebody else's last step.

    Raises:
        StaleVersion: there is a step that the actor had not seen.
    """
    if ceremony.seq != seen:
        raise StaleVersion(_("您看到页面之后，台上又有了新的一步。请对照现在的情况再办。"))


def list_steps(ceremony_id: int, kinds: Sequence[StepKind] = ()) -> list[CeremonyStep]:
    """List the steps of a day in their order, or those of some kinds."""
    steps = select(CeremonyStep).where(CeremonyStep.ceremony_id == ceremony_id)
    if kinds:
        steps = steps.where(CeremonyStep.kind.in_(kinds))
    return list(db.session.scalars(steps.order_by(CeremonyStep.seq)))


def read_stage(ceremony_id: int) -> StageState:
    """Return where the stage of a ceremony stands."""
    return fold(list_steps(ceremony_id))


def find_signing(entry_id: int) -> CeremonyStep | None:
    """Return the last step that signed an entry, or None."""
    return db.session.scalar(
        select(CeremonyStep)
        .where(CeremonyStep.entry_id == entry_id, CeremonyStep.kind == StepKind.SIGN)
        .order_by(CeremonyStep.seq.desc())
        .limit(1)
    )


def add_step(
    actor: Actor,
    ceremony: Ceremony,
    kind: StepKind,
    *,
    entry_id: int | None = None,
    entry_ids: Sequence[int] = (),
    item_id: int | None = None,
    undoes: int | None = None,
    reason: str = "",
) -> CeremonyStep:
    """Add the next step of a ceremony whose turn it is, and record it."""
    ceremony.seq += 1
    step = CeremonyStep(
        ceremony_id=ceremony.id,
        seq=ceremony.seq,
        kind=kind,
        entry_id=entry_id,
        entry_ids=list(entry_ids),
        item_id=item_id,
        undoes=undoes,
        reason=reason,
        actor_id=actor.user_id,
        actor_label=actor.label,
        at=clock.now(),
    )
    db.session.add(step)
    named = {"entry": entry_id, "entries": list(entry_ids), "item": item_id, "undoes": undoes}
    record_on(
        actor,
        f"ceremony.{kind}",
        ceremony,
        reason=reason,
        detail={"seq": step.seq, **{name: value for name, value in named.items() if value}},
    )
    return step


def record_on(
    actor: Actor,
    action: str,
    ceremony: Ceremony,
    *,
    reason: str = "",
    detail: dict[str, object] | None = None,
) -> None:
    """Record what was done on the day of a ceremony."""
    record(
        actor=actor,
        action=action,
        subject_type="ceremony",
        subject_id=ceremony.id,
        subject_label=ceremony.title,
        region_code=ceremony.region_code,
        reason=reason,
        detail=detail,
    )
