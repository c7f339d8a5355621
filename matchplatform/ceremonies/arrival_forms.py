"""Forms of the check-in: somebody who was not announced, and a proxy with their letter."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Optional

from matchplatform.ceremonies.arrivals import LONGEST_NAME, LONGEST_POST, LONGEST_UNIT
from matchplatform.files.forms import UploadField, upload_needed
from matchplatform.files.photo_uploads import PHOTO_TYPES
from matchplatform.kernel.i18n import lazy_gettext as _

NEEDED = InputRequired(_("请填写。"))


class PersonForm(FlaskForm):  # type: ignore[misc]
    """Somebody of an invited unit who was not announced."""

    name = StringField(_("姓名"), [NEEDED], render_kw={"maxlength": LONGEST_NAME})
    post = StringField(_("职务"), [Optional()], render_kw={"maxlength": LONGEST_POST})
    is_signer = BooleanField(_("上台签署"))


class WalkInForm(FlaskForm):  # type: ignore[misc]
    """A unit that was not on the list, with who came for it."""

    unit = StringField(_("单位"), [NEEDED], render_kw={"maxlength": LONGEST_UNIT})
    name = StringField(_("姓名"), [NEEDED], render_kw={"maxlength": LONGEST_NAME})
    post = StringField(_("职务"), [Optional()], render_kw={"maxlength": LONGEST_POST})


class ProxyForm(FlaskForm):  # type: ignore[misc]
    """Who stands in, and a photograph of the letter that says so."""

    name = StringField(_("代签人姓名"), [NEEDED], render_kw={"maxlength": LONGEST_NAME})
    post = StringField(_("职务"), [Optional()], render_kw={"maxlength": LONGEST_POST})
    letter = UploadField(
        _("授权书照片"), [upload_needed(_("请拍下授权书再传。"))], taken=PHOTO_TYPES
    )
