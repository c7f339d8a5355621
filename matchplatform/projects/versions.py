"""What changed after publication: pictures of a project before and after, and how people read them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.projects.forms import field_labels
from matchplatform.projects.models import Batch, Project, ProjectLine
from matchplatform.projects.posting_models import ProjectVersion
from matchplatform.projects.states import (
    KIND_WORDS,
    LINE_WORDS,
    SECTOR_WORDS,
    LineKind,
    ProjectKind,
    Sector,
)
from matchplatform.quality.texts import masked
from matchplatform.regions.divisions import unit_of_prefix

# In the order in which the public reads them; who may be asked is for verified organisations only.
PUBLIC_FIELDS = (
    "name", "kind", "sector", "batch_id", "place", "lines", "direct_people", "households",
    "person_times", "starts_on", "ends_on", "claim_deadline", "owner_unit", "supervising_unit",
    "scope_text", "outcome_target",
)  # fmt: skip
PRIVATE_FIELDS = ("contact_name", "contact_phone")
ALL_FIELDS = (*PUBLIC_FIELDS, *PRIVATE_FIELDS)
LONG_FIELDS = frozenset({"scope_text", "outcome_target"})

Picture = dict[str, Any]


@dataclass(frozen=True)
class Changed:
    """One thing that changed: its name for people, and what it said before and says since."""

    label: Words
    before: Words
    after: Words


@dataclass(frozen=True)
class Change:
    """One change after publication, as the public may read it."""

    serial: int
    at: datetime
    unit: Words
    reason: str
    fields: list[Changed]


def picture_of(project: Project) -> Picture:
    """Return everything that a change may touch, as JSON can keep it."""
    kept: Picture = {
        name: _plain(getattr(project, name))
        for name in (*PUBLIC_FIELDS, *PRIVATE_FIELDS)
        if name not in ("lines", "batch_id")
    }
    batch = db.session.get(Batch, project.batch_id) if project.batch_id else None
    kept["batch_id"] = batch.name if batch else ""
    kept["lines"] = [_line_picture(line) for line in project.lines]
    return kept


def differences(before: Picture, after: Picture) -> tuple[Picture, Picture]:
    """Return only the fields in which the two pictures differ."""
    names = [
        name for name in (*PUBLIC_FIELDS, *PRIVATE_FIELDS) if before.get(name) != after.get(name)
    ]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def for_the_trail(picture: Picture) -> Picture:
    """Return a picture as the trail keeps it for ever: who may be asked is masked."""
    return {
        name: masked(str(value)) if name in PRIVATE_FIELDS and value else value
        for name, value in picture.items()
    }


def name_fields(names: Mapping[str, Any]) -> str:
    """Return what these fields are called, for a notice."""
    labels = field_labels()
    return "、".join(str(labels[name]) for name in names)


def count_versions(project_id: int) -> int:
    """Count the changes of a project after its publication."""
    counted = select(func.count()).where(ProjectVersion.project_id == project_id)
    return db.session.scalar(counted) or 0


def list_changes(project: Project) -> list[Change]:
    """List what changed of a project in public, newest first."""
    rows = db.session.scalars(
        select(ProjectVersion)
        .where(ProjectVersion.project_id == project.id)
        .order_by(ProjectVersion.serial.desc())
    )
    changes = [
        Change(
            row.serial,
            row.at,
            unit_of_prefix(row.by_region),
            row.reason,
            read_fields(row.before, row.after),
        )
        for row in rows
    ]
    return [change for change in changes if change.fields]


def read_fields(
    before: Picture, after: Picture, names: Sequence[str] = PUBLIC_FIELDS
) -> list[Changed]:
    """Return what two pictures say differently under these names, as people read it."""
    labels, found = field_labels(), list[Changed]()
    for name in names:
        if name not in after:
            continue
        if name == "lines":
            found += _read_lines(before[name], after[name])
        else:
            found.append(Changed(labels[name], _said(name, before[name]), _said(name, after[name])))
    return found


def _read_lines(before: list[Picture], after: list[Picture]) -> Iterator[Changed]:
    old, new = ({line["id"]: line for line in lines} for lines in (before, after))
    for key, line in old.items():
        label = _("条目：%(item)s", item=line["item"])
        if key not in new:
            yield Changed(label, _line_words(line), _("删去"))
        elif new[key] != line:
            yield Changed(label, *_line_changes(line, new[key]))
    for key, line in new.items():
        if key not in old:
            yield Changed(_("条目：%(item)s", item=line["item"]), _("没有"), _line_words(line))
    kept = [[key for key in lines if key in old and key in new] for lines in (old, new)]
    if kept[0] != kept[1]:
        yield Changed(
            _("条目的顺序"),
            "、".join(old[key]["item"] for key in kept[0]),
            "、".join(new[key]["item"] for key in kept[1]),
        )


def _line_words(line: Picture) -> str:
    return "，".join(words for words in _line_parts(line) if words)


def _line_changes(old: Picture, new: Picture) -> tuple[str, str]:
    """Return what a line said and says now, of that only what differs."""
    parts = zip(_line_parts(old), _line_parts(new), strict=True)
    differs = [pair for pair in parts if pair[0] != pair[1]]
    before, after = ("，".join(filter(None, side)) for side in zip(*differs, strict=True))
    return before or str(_("（空）")), after or str(_("（空）"))


def _line_parts(line: Picture) -> list[str]:
    """Return what a line says, one part a column; empty where there is nothing to say."""
    price = ""
    if line["unit_price"] is not None and line["kind"] != LineKind.MONEY:
        price = str(_("单价 %(price)s 元", price=format_number(Decimal(line["unit_price"]))))
    lot = format_number(Decimal(line["min_lot"]))
    return [
        f"{LINE_WORDS[LineKind(line['kind'])]} {line['item']}",
        f"{format_number(Decimal(line['quantity']))} {line['unit']}",
        price,
        str(_("%(lot)s %(unit)s起领", lot=lot, unit=line["unit"])),
        line["note"],
    ]


def _said(name: str, value: Any) -> Words:
    if name == "kind":
        return KIND_WORDS[ProjectKind(value)]
    if name == "sector":
        return SECTOR_WORDS[Sector(value)]
    if isinstance(value, int):
        return format_number(value)
    if name == "batch_id" and not value:
        return _("不分批次")
    return value or _("（空）")


def _line_picture(line: ProjectLine) -> Picture:
    names = ("id", "kind", "item", "quantity", "unit", "unit_price", "min_lot", "note")
    return {name: _plain(getattr(line, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value
