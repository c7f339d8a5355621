"""What is typed about pictures and papers of a project."""

from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Optional

from matchplatform.access.fields import PlainForm, at_most, choices_of, needed
from matchplatform.files.forms import UploadField, upload_needed
from matchplatform.files.kinds import MediaType
from matchplatform.files.photo_uploads import PHOTO_TYPES
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.fields import DateField, VersionField
from matchplatform.projects.papers import LONGEST_LABEL
from matchplatform.projects.picture_models import ProjectPicture
from matchplatform.projects.pictures import LONGEST_ALT, LONGEST_CAPTION, LONGEST_NAME, PictureWords

EVERYBODY = "everybody"
READERS: dict[str, Words] = {
    EVERYBODY: _("所有人"),
    "claimants": _("只给民政部门和认领这个项目的社会组织"),
}


class PictureWordsForm(PlainForm):
    """What is told of a picture; ``version`` is the one that the page showed."""

    version = VersionField()
    alt_text = StringField(_("照片里有什么"), validators=[needed(), at_most(LONGEST_ALT)])
    caption = StringField(_("说明"), validators=[Optional(), at_most(LONGEST_CAPTION)])
    taken_by = StringField(_("谁拍的"), validators=[needed(), at_most(LONGEST_NAME)])
    taken_on = DateField(_("哪天拍的"), validators=[Optional()])
    consent = BooleanField(
        _("照片里没有可以认出的个人，或已取得本人书面同意"),
        validators=[
            InputRequired(
                _("照片里能认出谁，就要有本人（未成年人由监护人）书面同意才能传；没有就请换一张。")
            )
        ],
    )

    def words(self) -> PictureWords:
        """Return what was typed."""
        return PictureWords(
            alt_text=self.alt_text.data or "",
            caption=self.caption.data or "",
            taken_by=self.taken_by.data or "",
            taken_on=self.taken_on.data,
            consent=bool(self.consent.data),
        )

    @classmethod
    def of(cls, picture: ProjectPicture) -> "PictureWordsForm":
        """Return the form as the picture stands."""
        return cls(formdata=None, obj=picture)


class PictureForm(PictureWordsForm):
    """A photograph and what is told of it."""

    photo = UploadField(
        _("照片"), validators=[upload_needed(_("请选一张照片。"))], taken=PHOTO_TYPES
    )


class PaperForm(PlainForm):
    """A PDF, what it is, and who may open it."""

    paper = UploadField(
        _("PDF 文件"), validators=[upload_needed(_("请选一份 PDF。"))], taken=(MediaType.PDF,)
    )
    label = StringField(_("是什么文件"), validators=[needed(), at_most(LONGEST_LABEL)])
    readers = RadioField(
        _("谁能打开"),
        choices=choices_of(READERS),
        validators=[InputRequired(_("请选谁能打开。"))],
    )
