"""The field that a file is chosen with."""

from collections.abc import Collection
from typing import Any

from flask import current_app
from flask_wtf.file import FileField, FileRequired
from wtforms import ValidationError

from matchplatform.files.examine import words_on_kinds
from matchplatform.files.kinds import SUFFIX_TYPES, MediaType, kinds_of
from matchplatform.files.labels import split_name
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _


class UploadField(FileField):  # type: ignore[misc]
    """One PDF, JPEG or PNG; draw it with ``upload_field`` of components/upload.html."""

    def __init__(
        self,
        label: Words,
        validators: list[Any] | None = None,
        taken: Collection[MediaType] = tuple(MediaType),
        **kwargs: Any,
    ) -> None:
        self.taken = taken
        accepted = [suffix for suffix, kind in SUFFIX_TYPES.items() if kind in taken]
        kwargs.setdefault("render_kw", {"accept": ",".join(accepted)})
        super().__init__(label, [*(validators or []), _check_name], **kwargs)

    @property
    def most_megabytes(self) -> int:
        """Return the largest file that is taken, for the words beside the field."""
        return int(current_app.extensions["settings"].upload_megabytes)

    @property
    def kinds(self) -> str:
        """Return the kinds of file that are taken, for the words beside the field."""
        return kinds_of(self.taken)

    @property
    def takes_pictures(self) -> bool:
        """Tell whether what a camera wrote into a picture is taken out of it."""
        return any(kind is not MediaType.PDF for kind in self.taken)


def upload_needed(words: Words | None = None) -> FileRequired:
    """Return the rule that a file must be chosen."""
    return FileRequired(words or _("请选一个文件。"))


def _check_name(form: Any, field: UploadField) -> None:
    # By the name alone, early, so that its words come with those of the other fields.
    suffix = split_name(field.data.filename or "")[1] if field.data else ""
    if field.data and SUFFIX_TYPES.get(suffix) not in field.taken:
        raise ValidationError(words_on_kinds(field.taken))
