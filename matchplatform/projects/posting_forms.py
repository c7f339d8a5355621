"""The forms of changing, copying, returning at the fields and publishing several at once."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms.fields import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import read_version
from matchplatform.projects.changing import LineChange
from matchplatform.projects.fields import VersionField
from matchplatform.projects.forms import NeededToSubmit, ProjectForm, ReasonForm
from matchplatform.projects.models import Batch
from matchplatform.projects.posting_models import KeptForm

AT = "at-"


def as_kept(kept: KeptForm | None) -> dict[str, Any]:
    """Return what makes a form show what was kept of it as typed; nothing where nothing was."""
    if kept is None:
        return {}
    return {"formdata": MultiDict((name, words) for name, words in kept.typed)}


class ChangeForm(ProjectForm):
    """The long form over what is public, and why it is changed."""

    reason = TextAreaField(
        _("为什么改"),
        validators=[InputRequired(_("请写明原因，至少五个字。")), Length(max=500)],
    )

    # What the county proposed and this puts in force; 0 where nobody proposed it.
    proposal = VersionField()

    def line_changes(self) -> list[LineChange]:
        """Return the lines as they shall be, each with its id."""
        return [
            LineChange(entry.form.id.number, entry.form.details()) for entry in self.lines.entries
        ]


class ProposalForm(ChangeForm):
    """The same form, for a county that proposes what others put in force."""


class CopyForm(FlaskForm):  # type: ignore[misc]
    """A button: into which batch."""

    batch_id = SelectField(_("放进哪个批次"), coerce=lambda text: int(text) if text else None)

    def __init__(self, batches: Iterable[Batch], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.batch_id.choices = [
            SelectChoice("", _("不分批次")),
            *(SelectChoice(str(batch.id), batch.name) for batch in batches),
        ]

    def with_newest(self) -> "CopyForm":
        """Return the form with the newest batch chosen, which is the next one for what is copied."""
        choices = list(self.batch_id.choices)
        self.batch_id.data = int(choices[1].value) if len(choices) > 1 else None
        return self


class RemarksForm(ReasonForm):
    """Why something is returned, in all and at single fields."""

    reason = TextAreaField(_("总的意见"), validators=[Optional()])
    # Where one remark is wrong, by the name of its box.
    wrongs: Mapping[str, str] = {}  # noqa: RUF012

    def remarks(self, sent: Mapping[str, str]) -> dict[str, str]:
        """Return what was said by field."""
        return {name.removeprefix(AT): words for name, words in sent.items() if name.startswith(AT)}


def read_picks(sent: Any) -> list[tuple[str, int]]:
    """Return number and version of every ticked project."""
    picks = []
    for value in sent.getlist("pick"):
        number, _sign, version = value.rpartition(":")
        picks.append((number[:20], read_version(version)))
    return picks


class MergeForm(ReasonForm):
    """Into which project another is merged, and why."""

    into = StringField(_("保留哪个项目（编号）"), validators=[NeededToSubmit()])
    into_version = VersionField()
    reason = TextAreaField(_("为什么并入"), validators=[NeededToSubmit()])
