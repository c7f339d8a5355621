"""The field that a file is chosen with."""

from typing import Any

from flask import current_app
from flask_wtf.file import FileField, FileRequired
from wtforms import ValidationError

from matchplatform.files.kinds import SUFFIX_TYPES
from matchplatform.files.labels import split_name
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _


class UploadField(FileField):  # type: ignore[misc]
    """One PDF, JPEG or PNG; draw it with ``upload_field`` of components/upload.html."""

    def __init__(self, label: Words, validators: list[Any] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {"accept": ",".join(SUFFIX_TYPES)})
        super().__init__(label, [*(validators or []), _check_name], **kwargs)

    @property
    def most_megabytes(self) -> int:
        """Return the largest file that is taken, for the words beside the field."""
        return int(current_app.extensions["settings"].upload_megabytes)


def upload_needed(words: Words | None = None) -> FileRequired:
    """Return the rule that a file must be chosen."""
    return FileRequired(words or _("请选一个文件。"))


def _check_name(form: Any, field: UploadField) -> None:
    # By the name alone, early, so that its words come with those of the other fields.
    if field.data and split_name(field.data.filename or "")[1] not in SUFFIX_TYPES:
        raise ValidationError(_("只收 PDF、JPEG、PNG 文件，请按文件名的后缀选。"))
