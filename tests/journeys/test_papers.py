"""A certificate is handed in: what is no certificate is refused in plain words and kept nowhere."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.files import samples
from tests.journeys.person import Person

pytestmark = pytest.mark.journey

Come = Callable[..., Person]
MEGABYTE = 1024 * 1024
BAD = [
    ("说明.pdf", "北京澄眸眼健康基金会登记说明".encode(), "文件内容不是 PDF、JPEG 或 PNG"),
    ("证书.docx", b"PK\x03\x04", "只收 PDF、JPEG、PNG 文件"),
    ("证书.pdf", b"", "这个文件是空的"),
    ("扫描件.pdf", samples.pdf() + b" " * MEGABYTE, "文件超过 1 MB，请压缩后再传"),
    ("加密.pdf", samples.locked_pdf(), "这个 PDF 加了密码或限制"),
    ("证书.png", samples.pdf(), "文件名说是 PNG，内容却是 PDF"),
    ("证书.pdf", samples.photo(kind="PNG"), "文件名说是 PDF，内容却是 PNG"),
]


def hand_in(person: Person, name: str, content: bytes) -> None:
    chosen = person.main.get_by_label("登记证书").and_(person.page.locator("input[type=file]"))
    chosen.set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
    person.fill("有效期到", (date.today() + timedelta(days=700)).isoformat())
    person.press("传上证书")


def stored(person: Person) -> set[Path]:
    """Return every file that the site keeps of uploads."""
    return {path for path in (person.site.log.parent / "files").rglob("*") if path.is_file()}


class TestCertificate:
    def test_bad_files_are_refused_one_by_one_and_a_good_one_is_accepted(self, agent: Come) -> None:
        person = agent("agent100")
        person.go("/my/organisation")
        person.follow("登记证书", within=person.main)
        person.sees("还没有传过证书")
        person.look()
        before = stored(person)
        person.press("传上证书")
        person.sees("请选证书的扫描件或照片")
        person.look()
        for name, content, words in BAD:
            hand_in(person, name, content)
            person.sees(words)
            assert person.read_of("有效期到")
        person.look()
        person.go("/my/organisation/papers")
        person.sees("还没有传过证书")
        hand_in(person, "很大.pdf", samples.pdf() + b" " * 6 * MEGABYTE)
        person.sees("一个文件最大 1 MB。这次没有保存")
        person.look()
        person.follow("回到刚才的页面")
        person.sees("还没有传过证书")
        assert stored(person) == before

        hand_in(person, "登记证书（副本）.pdf", samples.pdf())
        person.sees("证书已传上，北京市民政局核对后生效")
        person.sees("登记证书（副本）.pdf")
        person.look()

        officer = agent("beijing")
        officer.go("/desk/organisations?q=北京澄眸眼")
        officer.follow("北京澄眸眼健康基金会", within=officer.main)
        expect(officer.main.get_by_role("heading", level=1)).to_have_text("北京澄眸眼健康基金会")
        officer.look()
        with officer.page.expect_download() as download:
            officer.main.get_by_role("link", name="登记证书（副本）.pdf").first.click()
        assert download.value.suggested_filename == "登记证书（副本）.pdf"
        officer.press("证书相符")
        officer.sees("证书已核对，到期日已记下")
        officer.look()
        person.go("/my/organisation/papers")
        person.sees("的证书有效到")
        person.look()
