"""The way of an upload through the web: which routes take files, how large, and how one is read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from flask import current_app, request, session

from matchplatform.config.settings import Settings
from matchplatform.files.examine import MODULES, Upload, examine
from matchplatform.files.photo_uploads import PhotoUpload, examine_photo
from matchplatform.files.storage import Storage
from matchplatform.files.verdicts import Limits
from matchplatform.kernel.db import db

View = TypeVar("View", bound=Callable[..., Any])

# The other fields of the form, and the lines between its parts.
ROOM_FOR_FIELDS = 256 * 1024


def accepts_upload(count: int = 1) -> Callable[[View], View]:
    """Declare a route that takes up to ``count`` files; others take no more than usual."""

    def declare(view: View) -> View:
        view.upload_count = count  # type: ignore[attr-defined]
        return view

    return declare


def raise_limit() -> None:
    """Let a larger body in on routes that take files; before anything reads the form.

    Only for those whose signed cookie says that they signed in: whether they still are is asked
    later, but a passer-by is not to fill the disk.
    """
    count = _upload_count()
    if count and request.method == "POST" and "_user_id" in session:
        request.max_content_length = count * current_limits().size + ROOM_FOR_FIELDS


def most_megabytes() -> int | None:
    """Return how large a file may be on the route under way, or None where it takes none."""
    return current_limits().megabytes if _upload_count() else None


def current_storage() -> Storage:
    """Return the site's folder of uploads."""
    return Storage(_settings().files_path)


def current_limits() -> Limits:
    """Return what the site's settings allow."""
    return Limits(megabytes=_settings().upload_megabytes)


@contextmanager
def received_upload(field: Any) -> Iterator[Upload]:
    """Give the examined file of an UploadField, and remove it where no verb kept it.

    Ends the transaction under way, so that nobody waits for the database meanwhile: read nothing
    that you want to change before this.

    Raises:
        InvalidInput: the file cannot be taken; the words stand at the field.
        Busy: too many files are being looked at just now.
    """
    db.session.rollback()
    upload = examine(
        current_storage(),
        field.data.stream,
        field.data.filename or "",
        current_limits(),
        field=field.name,
        modules={kind: MODULES[kind] for kind in field.taken},
    )
    try:
        yield upload
    finally:
        upload.discard()


@contextmanager
def received_photo(field: Any) -> Iterator[PhotoUpload]:
    """Give the photograph of an UploadField in its three sizes, as received_upload does a file.

    Raises:
        InvalidInput: it cannot be taken; the words stand at the field.
        Busy: too many files are being looked at just now.
    """
    db.session.rollback()
    upload = examine_photo(
        current_storage(),
        field.data.stream,
        field.data.filename or "",
        current_limits(),
        field=field.name,
    )
    try:
        yield upload
    finally:
        upload.discard()


def _upload_count() -> int:
    view = current_app.view_functions.get(request.endpoint or "")
    return int(getattr(view, "upload_count", 0))


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])
