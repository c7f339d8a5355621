"""What is typed about an organisation's papers, and about its standing."""

from wtforms import DateField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired

from matchplatform.access.fields import PlainForm, at_most, needed
from matchplatform.files.forms import UploadField, upload_needed
from matchplatform.kernel.i18n import lazy_gettext as _


class CertificateForm(PlainForm):
    """A registration certificate with its last day."""

    paper = UploadField(_("登记证书"), validators=[upload_needed(_("请选证书的扫描件或照片。"))])
    expires_on = DateField(
        _("有效期到"), validators=[InputRequired(_("请照证书填有效期的最后一天。"))]
    )

    def validate(self, extra_validators: object = None) -> bool:
        """Say in plain words when the day cannot be read."""
        valid = super().validate()
        if self.expires_on.process_errors and "".join(self.expires_on.raw_data or ()).strip():
            self.expires_on.errors = [str(_("请填这样的日期：2027-06-30。"))]
        return valid


class NameForm(PlainForm):
    """A new name under the same code."""

    new_name = StringField(_("新名称"), validators=[needed(), at_most(80)])
    changed_on = DateField(_("从哪天起"), validators=[InputRequired(_("请照批文填改名的日子。"))])
    reason = TextAreaField(_("原因"), validators=[needed(), at_most(500)])

    def validate(self, extra_validators: object = None) -> bool:
        """Say in plain words when the day cannot be read."""
        valid = super().validate()
        if self.changed_on.process_errors and "".join(self.changed_on.raw_data or ()).strip():
            self.changed_on.errors = [str(_("请填这样的日期：2027-06-30。"))]
        return valid


class WhyForm(PlainForm):
    """Why something is refused or ordered; ``version`` is the one that the page showed."""

    reason = TextAreaField(_("原因"), validators=[at_most(500)])
    version = HiddenField(default="")


class MergeForm(WhyForm):
    """The code of the record that stays, and why the other one goes."""

    uscc = StringField(_("保留的那一份的信用代码"), validators=[needed(), at_most(30)])
