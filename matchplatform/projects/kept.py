"""What somebody is typing, kept as typed until it is saved: nothing is lost, and nobody else sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, CursorResult, delete

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, check
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.models import Project
from matchplatform.projects.posting_models import KeptForm
from matchplatform.projects.states import WORKFLOW, ProjectAction

MOST_CHARACTERS = 100_000
# Whoever has not come back to a form by then does not come back to it.
KEEP_TYPED = timedelta(days=30)
# What belongs to one page, and the buttons: not what was typed.
_NOT_TYPED = frozenset({"csrf_token", "form_key", "go", "add_line", "drop_line", "raise_line"})


@dataclass(frozen=True)
class Blank:
    """A project that is yet to be written, for the policy."""

    region_code: str


def keep_form(
    *, actor: Actor, project: Project | None, typed: Iterable[tuple[str, str]]
) -> KeptForm:
    """Keep a form as typed, malformed or not; ``project`` is None before there is one.

    Only the first keeping leaves a row in the trail; what follows every few seconds does not.
    """
    check(actor, Permission.PROJECT_WRITE, project or Blank(actor.region_prefix))
    if project is not None:
        WORKFLOW.after(project.status, ProjectAction.EDIT)
    pairs = strip_buttons(typed)
    if sum(len(name) + len(words) for name, words in pairs) > MOST_CHARACTERS:
        raise InvalidInput(_("填的内容太长，没有替您留下。"))
    kept = find_kept(actor, project)
    if kept is not None:
        kept.typed, kept.kept_at = pairs, clock.now()
        return kept
    kept = KeptForm(
        user_id=actor.user_id, number=_number(project), typed=pairs, kept_at=clock.now()
    )
    db.session.add(kept)
    record(
        actor=actor,
        action="project.keep",
        subject_type="project",
        subject_id=_number(project),
        subject_label=project.name if project else "",
        region_code=actor.region_prefix,
    )
    return kept


def strip_buttons(typed: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return what was typed, without what belongs to one page and the buttons."""
    return [[name, words] for name, words in typed if name not in _NOT_TYPED]


def find_kept(actor: Actor, project: Project | None) -> KeptForm | None:
    """Return what the actor was typing on a project, or on a new one; None where nothing is kept."""
    return db.session.get(KeptForm, (actor.user_id, _number(project)))


def drop_kept(*, actor: Actor, project: Project | None) -> None:
    """Forget what the actor was typing: it is saved, or no longer wanted."""
    kept = find_kept(actor, project)
    if kept is not None:
        db.session.delete(kept)


def drop_kept_of(user_id: int) -> int:
    """Forget all that somebody was typing, when their account is closed; return how many forms."""
    return _drop(KeptForm.user_id == user_id)


def drop_old_kept() -> int:
    """Forget what nobody came back to for a month; return how many forms."""
    return _drop(KeptForm.kept_at < clock.now() - KEEP_TYPED)


def _drop(which: ColumnElement[bool]) -> int:
    result = db.session.execute(delete(KeptForm).where(which))
    return result.rowcount if isinstance(result, CursorResult) else 0


def _number(project: Project | None) -> str:
    return project.number if project is not None else ""
