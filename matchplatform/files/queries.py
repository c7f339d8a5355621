"""Reads of uploads."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from matchplatform.access.actor import Actor
from matchplatform.files.kinds import Place, Purpose
from matchplatform.files.models import StoredFile, StoredSize
from matchplatform.files.owners import may_read
from matchplatform.files.storage import Storage
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, NotFound

# A file may lie a while before its transaction commits; a removed one may be asked for again.
GRACE = timedelta(days=1)
KEEP_REMOVED = timedelta(days=30)

Keeper = Callable[[str], set[str]]
_keepers: list[Keeper] = []


def keep_also(*keepers: Keeper) -> None:
    """Name the floors above that keep bytes without a row here, each asked by two digits."""
    _keepers[:] = keepers


def get_file(actor: Actor, file_id: int) -> StoredFile:
    """Return a file that the actor may read.

    Raises:
        NotFound: no such file, or it was removed.
        Hidden: none of the actor's business.
    """
    file = db.session.get(StoredFile, file_id)
    if file is None or file.removed_at is not None:
        raise NotFound()
    if not may_read(actor, file.place):
        raise Hidden()
    return file


def list_files(actor: Actor, owner_type: str, owner_id: int, purpose: Purpose) -> list[StoredFile]:
    """List the files at a place, newest first; none where the actor may not read them."""
    if not may_read(actor, Place(owner_type, owner_id, purpose)):
        return []
    return list(
        db.session.scalars(
            select(StoredFile)
            .where(
                StoredFile.owner_type == owner_type,
                StoredFile.owner_id == owner_id,
                StoredFile.purpose == purpose,
                StoredFile.removed_at.is_(None),
            )
            .order_by(StoredFile.created_at.desc(), StoredFile.id.desc())
        )
    )


def find_same(place: Place, hashes: set[str]) -> StoredFile | None:
    """Return the file that lies there already, by what came or by what was kept of it, or None."""
    return db.session.scalar(
        select(StoredFile)
        .where(
            StoredFile.owner_type == place.owner_type,
            StoredFile.owner_id == place.owner_id,
            StoredFile.purpose == place.purpose,
            StoredFile.removed_at.is_(None),
            or_(StoredFile.received_sha256.in_(hashes), StoredFile.sha256.in_(hashes)),
        )
        .order_by(StoredFile.id)
        .limit(1)
    )


def find_orphans(storage: Storage) -> Iterator[str]:
    """Yield the names of kept bytes that no row wants any more, or that no row ever wanted."""
    since = clock.now() - KEEP_REMOVED
    for prefix, names in storage.shards():
        old = [name for name in names if storage.is_older(storage.path_of(name), GRACE)]
        if not old:
            continue
        wanted = _wanted_names(prefix, since).union(*(keeper(prefix) for keeper in _keepers))
        yield from (name for name in old if name not in wanted)


def find_breaches(storage: Storage) -> Iterator[str]:
    """Yield a line for each file whose bytes are missing or of another size than its row says."""
    rows = db.session.execute(
        select(StoredFile.id, StoredFile.stored_name, StoredFile.size)
        .where(StoredFile.removed_at.is_(None))
        .order_by(StoredFile.id)
    )
    for file_id, stored_name, size in rows:
        yield from _breaches(storage, f"file {file_id}", stored_name, size)
    smaller = db.session.execute(
        select(StoredSize.file_id, StoredSize.name, StoredSize.stored_name, StoredSize.size)
        .join(StoredFile, StoredFile.id == StoredSize.file_id)
        .where(StoredFile.removed_at.is_(None), StoredSize.stored_name != StoredFile.stored_name)
        .order_by(StoredSize.file_id, StoredSize.name)
    )
    for file_id, name, stored_name, size in smaller:
        yield from _breaches(storage, f"file {file_id} ({name})", stored_name, size)


def sum_bytes(owner_type: str, owner_id: int) -> int:
    """Return how much the files of a thing take, every size of its photographs counted."""
    here = (
        StoredFile.owner_type == owner_type,
        StoredFile.owner_id == owner_id,
        StoredFile.removed_at.is_(None),
    )
    files = db.session.scalar(select(func.sum(StoredFile.size)).where(*here)) or 0
    smaller = (
        select(func.sum(StoredSize.size))
        .join(StoredFile, StoredFile.id == StoredSize.file_id)
        .where(*here, StoredSize.stored_name != StoredFile.stored_name)
    )
    return int(files) + int(db.session.scalar(smaller) or 0)


def _wanted_names(prefix: str, since: datetime) -> set[str]:
    lives = or_(StoredFile.removed_at.is_(None), StoredFile.removed_at > since)
    files = select(StoredFile.stored_name).where(
        StoredFile.stored_name.startswith(prefix, autoescape=True), lives
    )
    sizes = (
        select(StoredSize.stored_name)
        .join(StoredFile, StoredFile.id == StoredSize.file_id)
        .where(StoredSize.stored_name.startswith(prefix, autoescape=True), lives)
    )
    return {*db.session.scalars(files), *db.session.scalars(sizes)}


def _breaches(storage: Storage, here: str, stored_name: str, size: int) -> Iterator[str]:
    path = storage.path_of(stored_name)
    if not path.is_file():
        yield f"{here}: its bytes are missing ({path})"
    elif path.stat().st_size != size:
        yield f"{here}: {path.stat().st_size} bytes on disk, {size} in its row"
