"""The form in which an officer says whether two needs are one."""

from flask_wtf import FlaskForm
from wtforms.fields import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from matchplatform.access.forms import show_wrongs
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.fields import VersionField
from matchplatform.projects.forms import choices_of
from matchplatform.projects.gate_models import VERDICT_WORDS


class PairForm(FlaskForm):  # type: ignore[misc]
    """Same or not, and why."""

    version = VersionField()
    verdict = RadioField(
        _("这两个是不是同一个需求"),
        choices=choices_of(VERDICT_WORDS),
        validators=[InputRequired(_("请选一个答案。"))],
    )
    reason = TextAreaField(
        _("理由"), validators=[InputRequired(_("请写明原因，至少五个字。")), Length(max=500)]
    )

    def show(self, error: InvalidInput) -> None:
        """Show what the verb found wrong."""
        show_wrongs(self, error)
