"""What stands against closing a project, asked of features that build on projects."""

from collections.abc import Callable

from matchplatform.kernel.i18n import Words
from matchplatform.projects.models import Project
from matchplatform.projects.states import CloseOutcome

Guard = Callable[[Project, CloseOutcome], Words | None]

_guards: list[Guard] = []


def add_closing_guard(guard: Guard) -> None:
    """Let a feature say why a project may not be closed yet; the same guard counts once."""
    if guard not in _guards:
        _guards.append(guard)


def why_not_close(project: Project, outcome: CloseOutcome) -> Words | None:
    """Say what stands against closing the project with this outcome, or None."""
    said = (guard(project, outcome) for guard in _guards)
    return next((words for words in said if words is not None), None)
