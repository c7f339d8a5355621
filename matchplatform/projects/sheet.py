"""A project field by field, with a box at each for what is to be mended there."""

from collections.abc import Mapping
from dataclasses import dataclass

from matchplatform.access.actor import Actor
from matchplatform.kernel.errors import Forbidden
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.comparison import line_words, shown
from matchplatform.projects.forms import field_labels
from matchplatform.projects.models import Project
from matchplatform.projects.posting_models import FieldRemark
from matchplatform.projects.remarks import FIELDS, OF_A_LINE
from matchplatform.projects.review import is_theirs
from matchplatform.projects.states import WORKFLOW, ProjectAction


@dataclass(frozen=True)
class Place:
    """One place of the sheet: the name of its box, what it is called and says, what was typed."""

    name: str
    label: Words
    value: Words
    typed: str = ""


@dataclass(frozen=True)
class Remark:
    """What was said at one field: its name in the form, what it is called, the words."""

    name: str
    label: Words
    words: str


def read_sheet(
    actor: Actor, project: Project, sent: Mapping[str, str] | None = None
) -> list[Place]:
    """Return the places of a project that this officer may return now.

    Raises:
        IllegalMove: it cannot be returned as it stands.
        Forbidden: it is not for this officer to return.
    """
    WORKFLOW.after(project.status, ProjectAction.RETURN)
    if not is_theirs(actor, project, ProjectAction.RETURN):
        raise Forbidden()
    typed, labels = sent or {}, field_labels()
    places = [
        Place(f"at-{name}", labels[name], shown(name, project), typed.get(f"at-{name}", ""))
        for name in FIELDS
        if name != "lines"
    ]
    for line in project.lines:
        name = f"at-line-{line.id}"
        label = _("第 %(order)s 条", order=line.position)
        places.append(Place(name, label, line_words(line), typed.get(name, "")))
    places.append(
        Place("at-lines", _("条目总的意见"), _("漏了什么、重复了什么"), typed.get("at-lines", ""))
    )
    return places


def show_remarks(project: Project, remarks: list[FieldRemark]) -> list[Remark]:
    """Return what was said with the name of the field where the form shows it.

    What was said of a line stands at the line that asks for the same thing; where there is none
    any more, at the lines in all.
    """
    labels, found = field_labels(), []
    places = {OF_A_LINE + line.item: line.position - 1 for line in reversed(project.lines)}
    for remark in remarks:
        if not remark.field.startswith(OF_A_LINE):
            found.append(Remark(remark.field, labels.get(remark.field, ""), remark.words))
            continue
        place = places.get(remark.field)
        name = "lines" if place is None else f"lines-{place}"
        label = _("条目：%(item)s", item=remark.field.removeprefix(OF_A_LINE))
        found.append(Remark(name, label, remark.words))
    return found
