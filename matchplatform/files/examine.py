"""Look at a file that somebody sent before anything is made of it."""

import hashlib
import logging
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO

from matchplatform.files.kinds import (
    LONGEST_FIRST,
    SHORT_NAMES,
    SUFFIX_TYPES,
    SUFFIXES,
    MediaType,
    type_of,
)
from matchplatform.files.labels import make_label, split_name
from matchplatform.files.storage import FileTooLarge, Received, Storage
from matchplatform.files.verdicts import Limits, Verdict
from matchplatform.kernel.errors import Busy, InvalidInput, TooLarge
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.i18n import lazy_gettext as _

log = logging.getLogger(__name__)

CHILDREN = 2
LONGEST_QUEUE_SECONDS = 15.0
# Starting Python on a busy machine takes part of the wall clock before the child's own begins.
START_SECONDS = 10
_slots = BoundedSemaphore(CHILDREN)
_ABOVE_PACKAGE = str(Path(__file__).resolve().parents[2])
_MODULES = {
    MediaType.PDF: "matchplatform.files.pdfs",
    MediaType.JPEG: "matchplatform.files.pictures",
    MediaType.PNG: "matchplatform.files.pictures",
}


@dataclass(frozen=True)
class Upload:
    """A file that was found fit to keep; it waits in ``incoming/`` until a verb keeps it."""

    storage: Storage
    path: Path
    label: str
    media_type: MediaType
    size: int
    sha256: str
    received_sha256: str

    def keep(self) -> str:
        """Move the bytes among those that are kept and return the random name."""
        return self.storage.keep(self.path)

    def discard(self) -> None:
        """Remove the bytes where nobody kept them."""
        self.path.unlink(missing_ok=True)


def examine(
    storage: Storage, stream: IO[bytes], filename: str, limits: Limits, field: str = "file"
) -> Upload:
    """Return the file ready to keep; hold no transaction meanwhile, for it can take seconds.

    Raises:
        InvalidInput: it cannot be taken; the words stand at ``field``.
        TooLarge: it is larger than ``limits.megabytes``.
        Busy: too many files are being looked at just now.
    """
    stem, suffix = split_name(filename)
    if suffix not in SUFFIX_TYPES:
        raise _refused(field, _("只收 PDF、JPEG、PNG 文件，请按文件名的后缀选。"))
    try:
        received = storage.receive(stream, limits.size)
    except FileTooLarge as error:
        words = _("文件超过 %(most)s MB，请压缩后再传。", most=limits.megabytes)
        raise TooLarge(fields={field: words}) from error
    spare = [received.path]
    try:
        media_type = _agreed_type(received, suffix, field)
        made = storage.new_incoming()
        spare.append(made)
        verdict = judge(_MODULES[media_type], received.path, made, limits)
        if verdict is not Verdict.FINE:
            raise _refused(field, _words_of(verdict, media_type, limits))
        kept = received.path if media_type is MediaType.PDF else made
        spare.remove(kept)
    finally:
        for path in spare:
            path.unlink(missing_ok=True)
    return Upload(
        storage=storage,
        path=kept,
        label=make_label(stem, SUFFIXES[media_type], gettext("未命名")),
        media_type=media_type,
        size=kept.stat().st_size,
        sha256=_hash_of(kept),
        received_sha256=received.sha256,
    )


def judge(
    module: str, source: Path, target: Path, limits: Limits, command: Sequence[str] = ()
) -> Verdict:
    """Let a child process of its own look at ``source`` and write to ``target``.

    ``command`` stands in for the child in tests.

    Raises:
        Busy: no child was free in time.
    """
    if not _slots.acquire(timeout=LONGEST_QUEUE_SECONDS):
        raise Busy(_("正在检查的文件太多，请过一会儿再传。"))
    try:
        with source.open("rb") as given, target.open("wb") as made:
            done = subprocess.run(
                [*(command or (sys.executable, "-P", "-s", "-m", module)), limits.to_text()],
                stdin=given,
                stdout=made,
                stderr=subprocess.DEVNULL,
                # Nothing of ours is in the child's environment: no secret, no database address.
                env={"PYTHONPATH": _ABOVE_PACKAGE, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
                cwd="/",
                timeout=limits.seconds + START_SECONDS,
                check=False,
            )
    except subprocess.TimeoutExpired:
        log.warning("a file took longer than %s s to look at", limits.seconds)
        return Verdict.TOO_HEAVY
    finally:
        _slots.release()
    try:
        return Verdict(done.returncode)
    except ValueError:
        log.warning("the child that looks at files ended with %s", done.returncode)
        return Verdict.TOO_HEAVY if done.returncode < 0 else Verdict.UNREADABLE


def _agreed_type(received: Received, suffix: str, field: str) -> MediaType:
    """Return what name and first bytes both say; what the browser says counts for nothing."""
    if not received.size:
        raise _refused(field, _("这个文件是空的，请重新选一个。"))
    found = type_of(received.first_bytes[:LONGEST_FIRST])
    if found is None:
        raise _refused(
            field, _("文件内容不是 PDF、JPEG 或 PNG，只改后缀不行，请另存为这几种格式再传。")
        )
    if SUFFIX_TYPES[suffix] is not found:
        raise _refused(
            field,
            _(
                "文件名说是 %(named)s，内容却是 %(found)s，请改对后缀再传。",
                named=SHORT_NAMES[SUFFIX_TYPES[suffix]],
                found=SHORT_NAMES[found],
            ),
        )
    return found


def _words_of(verdict: Verdict, media_type: MediaType, limits: Limits) -> Words:
    return {
        Verdict.UNREADABLE: _(
            "这个 %(kind)s 打不开，可能没有传完整或已损坏，请重新导出后再传。",
            kind=SHORT_NAMES[media_type],
        ),
        Verdict.ENCRYPTED: _("这个 PDF 加了密码或限制，请去掉后再传。"),
        Verdict.ACTIVE: _("这个 PDF 里有脚本、附件或可执行的动作，请用“打印成 PDF”另存一份再传。"),
        Verdict.TOO_MANY_PAGES: _("PDF 超过 %(most)s 页，请只传需要的几页。", most=limits.pages),
        Verdict.TOO_MANY_PIXELS: _(
            "图片超过 %(most)s 万像素，请缩小后再传。", most=limits.pixels // 10_000
        ),
        Verdict.TWO_IN_ONE: _("这个文件里还藏着别的格式，请用“打印成 PDF”另存一份再传。"),
        Verdict.TOO_HEAVY: _("这个文件处理起来太费力，请缩小或另存一份再传。"),
    }[verdict]


def _refused(field: str, words: Words) -> InvalidInput:
    return InvalidInput(fields={field: words})


def _hash_of(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
