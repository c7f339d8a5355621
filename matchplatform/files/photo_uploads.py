"""A photograph that somebody sent, looked at and made into its three sizes."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from matchplatform.files.examine import Upload, examine, refused
from matchplatform.files.kinds import SUFFIXES, MediaType
from matchplatform.files.labels import make_label, split_name
from matchplatform.files.sizes import MadeSize, SizeName, unpack_sizes
from matchplatform.files.storage import Storage
from matchplatform.files.verdicts import Limits
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.i18n import lazy_gettext as _

PHOTO_TYPES = (MediaType.JPEG, MediaType.PNG)
_MODULES = dict.fromkeys(PHOTO_TYPES, "matchplatform.files.photos")


@dataclass(frozen=True)
class PhotoUpload:
    """A photograph that was found fit to keep, every size of it an upload of its own."""

    sizes: Mapping[SizeName, tuple[MadeSize, Upload]]

    @property
    def large(self) -> Upload:
        """Return the size that stands for the photograph itself."""
        return self.sizes[SizeName.LARGE][1]

    @property
    def bytes_in_all(self) -> int:
        """Return how much all sizes take together."""
        return sum(upload.size for _made, upload in self.sizes.values())

    def discard(self) -> None:
        """Remove the bytes where nobody kept them."""
        for _made, upload in self.sizes.values():
            upload.discard()


def examine_photo(
    storage: Storage, stream: IO[bytes], filename: str, limits: Limits, field: str = "file"
) -> PhotoUpload:
    """Return a photograph ready to keep; hold no transaction meanwhile, for it can take seconds.

    Raises:
        InvalidInput: it cannot be taken; the words stand at ``field``.
        Busy: too many files are being looked at just now.
    """
    packed = examine(storage, stream, filename, limits, field, _MODULES)
    try:
        return receive_sizes(storage, packed.path.read_bytes(), filename, packed.received_sha256)
    except ValueError as error:
        raise refused(field, _("这张照片处理不了，请另存为 JPEG 再传。")) from error
    finally:
        packed.discard()


def receive_sizes(
    storage: Storage, packed: bytes, filename: str, received_sha256: str
) -> PhotoUpload:
    """Put sizes that were packed into files of their own.

    Raises:
        ValueError: they are not what a child of ours writes.
    """
    stem = split_name(filename)[0]
    label = make_label(stem, SUFFIXES[MediaType.JPEG], gettext("未命名"))
    sizes = {}
    for name, made in unpack_sizes(packed).items():
        path = storage.new_incoming()
        path.write_bytes(made.data)
        sha256 = hashlib.sha256(made.data).hexdigest()
        upload = Upload(
            storage, path, label, MediaType.JPEG, len(made.data), sha256, received_sha256
        )
        sizes[name] = (made, upload)
    return PhotoUpload(sizes)
