"""Look at a file that somebody sent before anything is made of it."""

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from matchplatform.confined.process import NoneFree, TooSlow, run_child
from matchplatform.files.kinds import (
    LONGEST_FIRST,
    SHORT_NAMES,
    SUFFIX_TYPES,
    SUFFIXES,
    MediaType,
    kinds_of,
    type_of,
)
from matchplatform.files.labels import make_label, split_name
from matchplatform.files.storage import FileTooLarge, Received, Storage
from matchplatform.files.verdicts import Limits, Verdict
from matchplatform.kernel.errors import Busy, InvalidInput, TooLarge
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.i18n import lazy_gettext as _

log = logging.getLogger(__name__)

# What looks at each kind of file, and by that the kinds that are taken.
MODULES: Mapping[MediaType, str] = {
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
    storage: Storage,
    stream: IO[bytes],
    filename: str,
    limits: Limits,
    field: str = "file",
    modules: Mapping[MediaType, str] = MODULES,
) -> Upload:
    """Return the file ready to keep; hold no transaction meanwhile, for it can take seconds.

    ``modules``: what looks at each kind of file that is taken here.

    Raises:
        InvalidInput: it cannot be taken; the words stand at ``field``.
        TooLarge: it is larger than ``limits.megabytes``.
        Busy: too many files are being looked at just now.
    """
    stem, suffix = split_name(filename)
    if SUFFIX_TYPES.get(suffix) not in modules:
        raise refused(field, words_on_kinds(modules))
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
        verdict = judge(modules[media_type], received.path, made, limits)
        if verdict is not Verdict.FINE:
            raise refused(field, _words_of(verdict, media_type, limits))
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
        sha256=hash_of(kept),
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
    try:
        with source.open("rb") as given, target.open("wb") as made:
            code = run_child(module, limits.to_text(), given, made, limits.seconds, command)
    except NoneFree as error:
        raise Busy(_("正在检查的文件太多，请过一会儿再传。")) from error
    except TooSlow:
        log.warning("a file took longer than %s s to look at", limits.seconds)
        return Verdict.TOO_HEAVY
    try:
        return Verdict(code)
    except ValueError:
        log.warning("the child that looks at files ended with %s", code)
        return Verdict.TOO_HEAVY if code < 0 else Verdict.UNREADABLE


def _agreed_type(received: Received, suffix: str, field: str) -> MediaType:
    """Return what name and first bytes both say; what the browser says counts for nothing."""
    if not received.size:
        raise refused(field, _("这个文件是空的，请重新选一个。"))
    found = type_of(received.first_bytes[:LONGEST_FIRST])
    if found is None:
        raise refused(
            field, _("文件内容不是 PDF、JPEG 或 PNG，只改后缀不行，请另存为这几种格式再传。")
        )
    if SUFFIX_TYPES[suffix] is not found:
        raise refused(
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


def words_on_kinds(taken: Iterable[MediaType]) -> Words:
    """Say which kinds of file are taken."""
    return _("只收 %(kinds)s 文件，请按文件名的后缀选。", kinds=kinds_of(taken))


def refused(field: str, words: Words) -> InvalidInput:
    """Return the error of a file that cannot be taken, with its words at the field."""
    return InvalidInput(fields={field: words})


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
