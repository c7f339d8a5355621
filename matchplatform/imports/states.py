"""States of an import and of its rows."""

from enum import StrEnum

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.workflow import Workflow


class ImportKind(StrEnum):
    """What a spreadsheet holds."""

    PROJECTS = "projects"
    ORGANISATIONS = "organisations"
    POOR_PEOPLE = "poor_people"
    PRICES = "prices"


class ImportState(StrEnum):
    """Where an import stands; nothing but its own rows is written before ``applying``."""

    UPLOADED = "uploaded"
    PREVIEWING = "previewing"
    PREVIEWED = "previewed"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    DROPPED = "dropped"


class ImportAction(StrEnum):
    """What can be done with an import; the worker looks through, fails and finishes it."""

    LOOK = "look"
    FAIL = "fail"
    SHOW = "show"
    APPLY = "apply"
    FINISH = "finish"
    DROP = "drop"


_S, _A = ImportState, ImportAction

WORKFLOW = Workflow(
    {
        (_S.UPLOADED, _A.LOOK): _S.PREVIEWING,
        (_S.UPLOADED, _A.FAIL): _S.FAILED,
        (_S.UPLOADED, _A.DROP): _S.DROPPED,
        (_S.PREVIEWING, _A.FAIL): _S.FAILED,
        (_S.PREVIEWING, _A.SHOW): _S.PREVIEWED,
        (_S.PREVIEWING, _A.DROP): _S.DROPPED,
        (_S.PREVIEWED, _A.APPLY): _S.APPLYING,
        (_S.PREVIEWED, _A.DROP): _S.DROPPED,
        (_S.APPLYING, _A.FINISH): _S.APPLIED,
        (_S.APPLYING, _A.FAIL): _S.FAILED,
    }
)
AT_WORK = (_S.UPLOADED, _S.PREVIEWING, _S.APPLYING)
ENDED = (_S.APPLIED, _S.FAILED, _S.DROPPED)


class RowState(StrEnum):
    """What a row would do, or has done."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BAD = "bad"
    ADDED = "added"
    UPDATED = "updated"
    REFUSED = "refused"


TO_DO = (RowState.NEW, RowState.CHANGED)
DONE = {RowState.NEW: RowState.ADDED, RowState.CHANGED: RowState.UPDATED}

KIND_WORDS: dict[ImportKind, Words] = {
    ImportKind.PROJECTS: _("项目和条目"),
    ImportKind.ORGANISATIONS: _("社会组织"),
    ImportKind.POOR_PEOPLE: _("未脱贫人口"),
    ImportKind.PRICES: _("省价格表"),
}
STATE_WORDS: dict[ImportState, Words] = {
    _S.UPLOADED: _("等着核对"),
    _S.PREVIEWING: _("正在核对"),
    _S.PREVIEWED: _("已核对，等您决定"),
    _S.APPLYING: _("正在写入"),
    _S.APPLIED: _("已写入"),
    _S.FAILED: _("没有办成"),
    _S.DROPPED: _("已放弃"),
}
ROW_WORDS: dict[RowState, Words] = {
    RowState.NEW: _("新增"),
    RowState.CHANGED: _("有改动"),
    RowState.UNCHANGED: _("没有变化"),
    RowState.BAD: _("有错"),
    RowState.ADDED: _("已新增"),
    RowState.UPDATED: _("已更新"),
    RowState.REFUSED: _("没有写入"),
}
