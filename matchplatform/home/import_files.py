"""The list of imports, and what one of them would do or did, as files."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response

from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.home.list_answers import FORM, MOST_ROWS, answer_list
from matchplatform.imports.models import Import, ImportRow
from matchplatform.imports.packing import unpack_problem
from matchplatform.imports.queries import get_import, list_all_imports, list_all_rows
from matchplatform.imports.states import KIND_WORDS, ROW_WORDS, STATE_WORDS
from matchplatform.imports.views import read_shown
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.sheets import Column, Kind
from matchplatform.sheets.sheet import Cell

bp = Blueprint("import_files", __name__)

IMPORTS = (
    Column(_("文件"), width=36),
    Column(_("内容")),
    Column(_("单位"), width=20),
    Column(_("谁上传的")),
    Column(_("上传日期"), Kind.DATE),
    Column(_("到哪一步")),
    Column(_("共"), Kind.NUMBER),
    Column(_("新增"), Kind.NUMBER),
    Column(_("更新"), Kind.NUMBER),
    Column(_("没有变化"), Kind.NUMBER),
    Column(_("有错"), Kind.NUMBER),
    Column(_("没有写入"), Kind.NUMBER),
    Column(_("文件指纹 SHA-256"), width=40),
)
ROWS = (
    Column(_("行"), Kind.NUMBER),
    Column(_("是什么"), width=36),
    Column(_("结果")),
    Column(_("单元格")),
    Column(_("哪一项"), width=20),
    Column(_("原来"), width=36),
    Column(_("改成"), width=36),
    Column(_("说明"), width=60),
)


@bp.get(f"/desk/imports/export.{FORM}")
@requires(Permission.IMPORT_READ)
def import_file(form: str) -> Response:
    """Give the imports of the list as a file."""
    found = list_all_imports(current_actor(), MOST_ROWS)
    rows = map(_import, found)
    return answer_list(
        form, _("表格导入"), "imports", IMPORTS, rows, told=_("全部"), count=len(found)
    )


@bp.get(f"/desk/imports/<int:import_id>/rows.{FORM}")
@requires(Permission.IMPORT_READ)
def row_file(import_id: int, form: str) -> Response:
    """Give the rows of an import that its page shows, each problem and change by itself."""
    found = get_import(current_actor(), import_id)
    shown = read_shown(found)
    things = list_all_rows(found, shown, MOST_ROWS)
    told = _("%(file)s，%(shown)s", file=found.label, shown=ROW_WORDS[shown])
    lines = (line for row in things for line in _lines(row))
    return answer_list(
        form, _("导入逐项"), "import-rows", ROWS, lines, told=told, count=len(things)
    )


def _import(found: Import) -> Sequence[Cell]:
    return (
        found.label,
        KIND_WORDS[found.kind],
        found.unit,
        found.user_label,
        found.created_at,
        STATE_WORDS[found.status],
        found.total,
        found.count("added"),
        found.count("updated"),
        found.count("unchanged"),
        found.count("bad"),
        found.count("refused"),
        found.sha256,
    )


def _lines(row: ImportRow) -> Iterator[Sequence[Cell]]:
    title, result = row.title, ROW_WORDS[row.status]
    for kept in row.problems:
        problem = unpack_problem(kept)
        at = problem.row or row.number
        cell = f"{problem.letter}{problem.row}" if problem.letter else ""
        yield at, title, result, cell, problem.heading, "", "", problem.why
    for label, before, after in row.changes:
        yield row.number, title, result, "", label, before, after, row.said
    if not row.problems and not row.changes:
        yield row.number, title, result, "", "", "", "", row.said
