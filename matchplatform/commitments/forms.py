"""What is typed about the signing of an agreement."""

from wtforms import DateField, HiddenField
from wtforms.validators import InputRequired

from matchplatform.access.fields import PlainForm
from matchplatform.files.forms import UploadField, upload_needed
from matchplatform.kernel.i18n import lazy_gettext as _


class ScanForm(PlainForm):
    """A scan of the signed paper."""

    scan = UploadField(_("扫描件"), validators=[upload_needed(_("请选签署页的扫描件或照片。"))])
    version = HiddenField(default="")


class OutsideForm(ScanForm):
    """A signature outside a ceremony: the day, and the scan."""

    signed_on = DateField(_("签署日期"), validators=[InputRequired(_("请照协议填签署的日期。"))])

    def validate(self, extra_validators: object = None) -> bool:
        """Say in plain words when the day cannot be read."""
        valid = super().validate()
        if self.signed_on.process_errors and "".join(self.signed_on.raw_data or ()).strip():
            self.signed_on.errors = [str(_("请填这样的日期：2027-06-30。"))]
        return valid
