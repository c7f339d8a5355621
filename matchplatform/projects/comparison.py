"""What somebody typed beside what the project says by now."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.projects.details import LineDetails
from matchplatform.projects.forms import ProjectForm, field_labels
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import KIND_WORDS, LINE_WORDS, SECTOR_WORDS, LineKind


@dataclass(frozen=True)
class Difference:
    """A field that says something else by now: its name for people and what it says."""

    label: Words
    now: Words


def compare(form: ProjectForm, project: Project) -> list[Difference]:
    """List the fields in which the project differs from what was typed."""
    labels = field_labels()
    found = [
        Difference(labels[name], shown(name, project))
        for name, typed in form.details().tidied().items()
        if getattr(project, name) != typed
    ]
    typed_lines = [line.tidied() for line in form.line_details()]
    if [_columns(line) for line in project.lines] != typed_lines:
        found.append(
            Difference(
                labels["lines"],
                "；".join(f"{line.position}. {line_words(line)}" for line in project.lines)
                or _("（空）"),
            )
        )
    return found


def _columns(line: ProjectLine) -> dict[str, Any]:
    return {field.name: getattr(line, field.name) for field in fields(LineDetails)}


def line_words(line: ProjectLine) -> str:
    """Say a line in one sentence."""
    price = ""
    if line.unit_price is not None and line.kind is not LineKind.MONEY:
        price = f" × {format_number(line.unit_price)} 元"
    kind = LINE_WORDS[line.kind]
    return f"{kind} {line.item} {format_number(line.quantity)} {line.unit}{price}"


def shown(name: str, project: Project) -> Words:
    """Return what a field of a project says, for people."""
    value = getattr(project, name)
    if name == "kind":
        return KIND_WORDS[project.kind]
    if name == "sector":
        return SECTOR_WORDS[project.sector]
    if name == "batch_id":
        return project.batch.name if project.batch else _("不分批次")
    if isinstance(value, date):
        return _(
            "%(year)s 年 %(month)s 月 %(day)s 日", year=value.year, month=value.month, day=value.day
        )
    if isinstance(value, int):
        return format_number(value) if value else _("（空）")
    return str(value) if value else _("（空）")
