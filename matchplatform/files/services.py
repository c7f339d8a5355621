"""Verbs of uploads: keep one, remove one, sweep what nobody wants."""

from matchplatform.access.actor import SYSTEM, Actor
from matchplatform.audit.services import record
from matchplatform.files.examine import Upload
from matchplatform.files.kinds import Place
from matchplatform.files.models import StoredFile, StoredSize
from matchplatform.files.owners import may_change
from matchplatform.files.photo_uploads import PhotoUpload
from matchplatform.files.queries import GRACE, find_orphans, find_same
from matchplatform.files.sizes import SizeName
from matchplatform.files.storage import Storage
from matchplatform.kernel import clock
from matchplatform.kernel.db import db, reading_aside
from matchplatform.kernel.errors import Conflict, Forbidden
from matchplatform.kernel.i18n import lazy_gettext as _


def store_upload(*, actor: Actor, upload: Upload, place: Place) -> StoredFile:
    """Keep an examined file at a place; the same file again adds nothing and returns the first.

    The bytes are moved before the commit: where it fails, the sweeper finds them.

    Raises:
        Forbidden: the actor may not add files there, or nobody answers for that kind of thing.
    """
    if not may_change(actor, place):
        raise Forbidden()
    same = find_same(place, {upload.received_sha256, upload.sha256})
    if same is not None:
        return same
    file = StoredFile(
        owner_type=place.owner_type,
        owner_id=place.owner_id,
        purpose=place.purpose,
        label=upload.label,
        media_type=upload.media_type,
        size=upload.size,
        sha256=upload.sha256,
        received_sha256=upload.received_sha256,
        stored_name=upload.keep(),
        uploaded_by_id=actor.user_id,
        created_at=clock.now(),
    )
    db.session.add(file)
    db.session.flush()
    _record(actor, "file.add", file)
    return file


def store_photo(*, actor: Actor, upload: PhotoUpload, place: Place) -> StoredFile:
    """Keep a photograph in all its sizes; the same one again adds nothing and returns the first.

    Raises:
        Forbidden: the actor may not add files there, or nobody answers for that kind of thing.
    """
    file = store_upload(actor=actor, upload=upload.large, place=place)
    if file.sizes:
        return file
    file.sizes = [
        StoredSize(
            name=name,
            width=made.width,
            height=made.height,
            size=one.size,
            stored_name=file.stored_name if name is SizeName.LARGE else one.keep(),
        )
        for name, (made, one) in upload.sizes.items()
    ]
    db.session.flush()
    return file


def remove_file(*, actor: Actor, file: StoredFile) -> StoredFile:
    """Take a file away; its bytes go when the sweeper comes, some weeks later.

    Raises:
        Forbidden: the actor may not remove files there.
        Conflict: it was removed already.
    """
    if not may_change(actor, file.place):
        raise Forbidden()
    if file.removed_at is not None:
        raise Conflict(_("这份文件已经删除了。"))
    file.removed_at = clock.now()
    _record(actor, "file.remove", file)
    return file


def sweep_orphans(storage: Storage) -> int:
    """Remove the bytes that no row wants, and what broken requests left; return how many.

    Ends the transaction under way, so that nobody waits for the database meanwhile.
    """
    with reading_aside():
        # A look at every file takes long.
        swept = list(find_orphans(storage))
    for name in swept:
        storage.remove(name)
    left = storage.leftovers(GRACE)
    for path in left:
        path.unlink(missing_ok=True)
    if swept or left:
        record(
            actor=SYSTEM,
            action="file.sweep",
            subject_type="site",
            subject_id="files",
            subject_label="没有记录指向的上传文件",
            detail={"kept": len(swept), "incoming": len(left)},
        )
    return len(swept) + len(left)


def _record(actor: Actor, action: str, file: StoredFile) -> None:
    record(
        actor=actor,
        action=action,
        subject_type="file",
        subject_id=file.id,
        subject_label=file.label,
        detail={
            "owner": f"{file.owner_type}:{file.owner_id}",
            "purpose": str(file.purpose),
            "media_type": str(file.media_type),
            "size": file.size,
            "sha256": file.sha256,
        },
    )
