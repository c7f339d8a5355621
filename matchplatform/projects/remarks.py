"""What was said at the fields of a returned project: written down, shown there, and settled."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.identity import holds_id_number
from matchplatform.kernel.reasons import ID_NUMBER
from matchplatform.kernel.text import tidy
from matchplatform.projects.models import Project
from matchplatform.projects.posting_models import FieldRemark

# The fields about which something can be said, in the order of the form.
FIELDS = (
    "name", "kind", "sector", "batch_id", "place", "owner_unit", "supervising_unit",
    "contact_name", "contact_phone", "scope_text", "outcome_target", "direct_people",
    "households", "person_times", "starts_on", "ends_on", "claim_deadline", "lines",
)  # fmt: skip
OF_A_LINE = "lines:"
LONGEST = 300


def read_remarks(project: Project, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what was said by field; ``typed`` names a line as ``line-`` and its id.

    Raises:
        InvalidInput: about a field that there is not, too long, or with a citizen's ID number.
    """
    names = {f"line-{line.id}": OF_A_LINE + line.item for line in project.lines}
    names |= {name: name for name in FIELDS}
    said: dict[str, str] = {}
    wrong: dict[str, Words] = {}
    for name, words in typed.items():
        if not tidy(words):
            continue
        if name not in names:
            raise InvalidInput(_("有一处意见找不到对应的内容，请刷新页面后重填。"))
        if len(tidy(words)) > LONGEST:
            wrong[f"at-{name}"] = _("每处意见最多 300 个字。")
        elif holds_id_number(words):
            wrong[f"at-{name}"] = ID_NUMBER
        # Two lines may ask for the same thing; what is said of both stands there together.
        key = names[name]
        said[key] = f"{said[key]}；{tidy(words)}" if key in said else tidy(words)
    if wrong:
        raise InvalidInput(fields=wrong)
    return said


def add_remarks(actor: Actor, project: Project, said: Mapping[str, str]) -> None:
    """Put these remarks at their fields; what was said before is settled."""
    settle_remarks(project)
    db.session.add_all(
        FieldRemark(
            project_id=project.id, field=name, words=words, at=clock.now(), by_label=actor.label
        )
        for name, words in said.items()
    )


def settle_remarks(project: Project) -> None:
    """Note that nothing is open any more of what was said at the fields."""
    now: datetime = clock.now()
    for remark in list_remarks(project):
        remark.settled_at = now


def list_remarks(project: Project) -> list[FieldRemark]:
    """List what was said at the fields and is not settled, in the order of the form."""
    rows = db.session.scalars(
        select(FieldRemark)
        .where(FieldRemark.project_id == project.id, FieldRemark.settled_at.is_(None))
        .order_by(FieldRemark.id)
    ).all()
    return sorted(rows, key=lambda row: (_place(row.field), row.id))


def _place(field: str) -> int:
    return FIELDS.index(field) if field in FIELDS else len(FIELDS)
