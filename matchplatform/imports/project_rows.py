"""Projects with their lines, by their number or by the key that the county gives them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.imports.bundles import Bundle, Head, Judged, bad
from matchplatform.imports.models import ImportKey, ImportRow
from matchplatform.imports.packing import day, decimal, pack, sure
from matchplatform.imports.places import find_regions
from matchplatform.imports.project_fields import Written, read_written
from matchplatform.imports.project_layout import LAYOUT
from matchplatform.imports.queries import find_projects, find_targets
from matchplatform.imports.states import ImportKind, RowState
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, StaleVersion
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.details import LineDetails, ProjectDetails
from matchplatform.projects.models import Project
from matchplatform.projects.queries import list_batches
from matchplatform.projects.services import create_project, edit_project
from matchplatform.projects.states import WORKFLOW, LineKind, ProjectAction, ProjectKind, Sector
from matchplatform.regions.divisions import region_of_prefix
from matchplatform.sheets import Layout, Problem, ReadRow


@dataclass(frozen=True)
class _Place:
    """Where a project would lie, for the policy."""

    region_code: str


class ProjectRows:
    """The adapter of projects."""

    kind = ImportKind.PROJECTS
    alone = False
    waiting = ""

    def may(self, actor: Actor) -> bool:
        """Tell whether this officer writes projects."""
        return permits(actor, Permission.PROJECT_WRITE, _Place(actor.region_prefix))

    def layout(self) -> Layout:
        """Return the table of projects."""
        return LAYOUT

    def key_of(self, row: ReadRow) -> str:
        """Return the project's number, or the county's own key."""
        return str(row.values.get("number") or row.values.get("own_key") or "")

    def judge(self, actor: Actor, head: Head, bundles: Sequence[Bundle]) -> list[Judged]:
        """Compare with the projects that are there, all of them read at once."""
        keys = [str(bundle.first.values.get("own_key") or "") for bundle in bundles]
        targets = find_targets(self.kind, actor.region_prefix, [key for key in keys if key])
        numbers = [str(bundle.first.values.get("number") or "") for bundle in bundles]
        numbers = [
            number or targets.get(key, "") for number, key in zip(numbers, keys, strict=True)
        ]
        known = find_projects(number for number in numbers if number)
        batches = {batch.name: batch.id for batch in list_batches()}
        return [
            _judge(actor, head, bundle, known.get(number), batches)
            for bundle, number in zip(bundles, numbers, strict=True)
        ]

    def apply(self, actor: Actor, row: ImportRow) -> str:
        """Begin a draft, or write on the one that the preview was made against."""
        content = row.content
        details, lines = _details(content["details"]), [_line(line) for line in content["lines"]]
        if not row.target:
            project = create_project(actor=actor, details=details, lines=lines)
            _remember(actor, content["own_key"], project)
        else:
            known = find_projects([row.target]).get(row.target)
            if known is None:
                raise StaleVersion()
            project = edit_project(
                actor=actor,
                project=known,
                version=row.target_version or 0,
                details=details,
                lines=lines,
            )
        return f"/desk/projects/{project.number}"


def _judge(
    actor: Actor, head: Head, bundle: Bundle, project: Project | None, batches: Mapping[str, int]
) -> Judged:
    first = bundle.first
    # Another county's is none of theirs to know of, not even what it is called.
    if project is not None and not permits(actor, Permission.PROJECT_WRITE, project):
        project = None
    title = str(first.values.get("name") or (project.name if project else ""))[:200]
    title = title or gettext("第 %(row)s 行", row=first.number)
    problems = [*bundle.problems, *_where(actor, head, bundle, project)]
    if problems:
        return bad(bundle, title, problems)
    written = read_written(head, bundle, project, batches)
    problems = list(written.problems)
    if written.changes and project and not WORKFLOW.allows(project.status, ProjectAction.EDIT):
        words = _("这个项目已经提交或发布，不能用表格改，请在项目页上办理")
        problems = [*problems, head.problem(first.number, "number", words)]
    if problems:
        return bad(bundle, title, problems)
    return _found(bundle, title, project, written)


def _found(bundle: Bundle, title: str, project: Project | None, written: Written) -> Judged:
    content = {
        "details": pack(written.details),
        "lines": [pack(line) for line in written.lines],
        "own_key": str(bundle.first.values.get("own_key") or ""),
    }
    if project is None:
        # Of a new one the lines are worth a look; everything else stands in the file.
        lines = written.changes[len(written.changes) - len(written.lines) :]
        shown = [(label, "", now) for label, _before, now in lines]
        return Judged(bundle, RowState.NEW, title, changes=shown, content=content)
    status = RowState.CHANGED if written.changes else RowState.UNCHANGED
    changes, target = written.changes, project.number
    return Judged(bundle, status, title, (), changes, content, target, project.version)


def _where(actor: Actor, head: Head, bundle: Bundle, project: Project | None) -> list[Problem]:
    """Say what is wrong with whose project it is."""
    first, problems = bundle.first, []
    number, key = first.values.get("number"), first.values.get("own_key")
    if number and project is None:
        # The same words whether it is another county's or nobody's.
        words = _("本县没有编号是“%(number)s”的项目；新项目请把编号留空", number=number)
        problems.append(head.problem(first.number, "number", words))
    if not number and not key and "number" not in {p.key for p in first.problems}:
        words = _("项目编号和自编序号至少填一个，下次再传才对得上")
        problems.append(head.problem(first.number, "own_key", words))
    for row in bundle.rows:
        county = str(row.values.get("county") or "")
        if county and actor.region_prefix not in find_regions(county):
            words = _(
                "“%(county)s”不是您的辖区，您只能导入%(own)s的项目",
                county=county,
                own=region_of_prefix(actor.region_prefix),
            )
            problems.append(head.problem(row.number, "county", words))
    return problems


def _remember(actor: Actor, key: str, project: Project) -> None:
    taken = ImportKey(
        kind=ImportKind.PROJECTS, office=actor.region_prefix, key=key, target=project.number
    )
    db.session.add(taken)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict(
            _("预览之后，自编序号“%(key)s”已经导入过一次，这一项没有再写。", key=key)
        ) from error


def _details(kept: Mapping[str, Any]) -> ProjectDetails:
    days = {name: day(kept[name]) for name in ("starts_on", "ends_on", "claim_deadline")}
    kinds = {"kind": ProjectKind(kept["kind"]), "sector": Sector(kept["sector"])}
    return ProjectDetails(**{**kept, **days, **kinds})


def _line(kept: Mapping[str, Any]) -> LineDetails:
    return LineDetails(
        **{
            **kept,
            "kind": LineKind(kept["kind"]),
            "quantity": sure(kept["quantity"]),
            "unit_price": decimal(kept["unit_price"]),
            "min_lot": sure(kept["min_lot"]),
        }
    )
