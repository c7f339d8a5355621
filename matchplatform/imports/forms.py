"""The file that is chosen, and the yes that is said to it."""

from typing import Any

from flask import current_app
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField

from matchplatform.access.fields import PlainForm
from matchplatform.files.forms import upload_needed
from matchplatform.imports.spreadsheet import SUFFIXES
from matchplatform.kernel.i18n import lazy_gettext as _


class SheetField(FileField):  # type: ignore[misc]
    """One XLSX or CSV."""

    def __init__(self, label: Any, validators: list[Any] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {"accept": ",".join(SUFFIXES)})
        super().__init__(label, validators, **kwargs)

    @property
    def most_megabytes(self) -> int:
        """Return the largest file that is taken, for the words beside the field."""
        return int(current_app.extensions["settings"].upload_megabytes)

    @property
    def most_rows(self) -> int:
        """Return the most rows that are taken, for the words beside the field."""
        return int(current_app.extensions["settings"].import_rows)


class SheetForm(PlainForm):
    """A spreadsheet to be looked through."""

    file = SheetField(_("填好的表格"), validators=[upload_needed(_("请选填好的表格。"))])


class ApplyForm(PlainForm):
    """The yes, to the version that the page showed."""

    version = HiddenField()
    leave_bad = BooleanField(_("我知道有错的不会写入，只写入没有错的"))
