"""Names of files: kept as labels, harmless as names."""

import pytest

from matchplatform.files.labels import LONGEST_STEM, clean_name, make_label, split_name


class TestCleanName:
    @pytest.mark.parametrize(
        ("sent", "kept"),
        [
            ("登记证书（正本）.pdf", "登记证书（正本）.pdf"),
            ("证书：2020 年.pdf", "证书：2020 年.pdf"),
            ("C:\\Users\\赵一\\桌面\\证书.pdf", "证书.pdf"),
            ("../../etc/passwd.pdf", "passwd.pdf"),
            ("a／..／b＼c.pdf", "a_.._b_c.pdf"),
            ("..", ""),
            (".htaccess.pdf", "htaccess.pdf"),
            ("章程.pdf. . ", "章程.pdf"),
            ("a\x00b\x1fc\x7f.pdf", "abc.pdf"),
            ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
            ("证书\u202efdp.exe", "证书fdp.exe"),
            ("\u2066证\u061c书\u200b\ufeff\u00ad.pdf", "证书.pdf"),
            ("\ud800证书.pdf", "证书.pdf"),
            ("a\u2028b.pdf", "ab.pdf"),
            ("e\u0301.pdf", "\u00e9.pdf"),
            ("𠮷野.pdf", "𠮷野.pdf"),
        ],
    )
    def test_it_keeps_the_words_and_drops_what_misleads(self, sent: str, kept: str) -> None:
        assert clean_name(sent) == kept


class TestSplitName:
    @pytest.mark.parametrize(
        ("sent", "parts"),
        [
            ("证书.PDF", ("证书", ".pdf")),
            ("a.pdf.exe", ("a.pdf", ".exe")),
            ("a.exe.pdf", ("a.exe", ".pdf")),
            ("证书", ("证书", "")),
            (".pdf", ("pdf", "")),
            ("证书．pdf", ("证书．pdf", "")),
            ("", ("", "")),
        ],
    )
    def test_the_suffix_is_what_stands_last(self, sent: str, parts: tuple[str, str]) -> None:
        assert split_name(sent) == parts


class TestMakeLabel:
    def test_a_long_name_is_cut_and_keeps_its_suffix(self) -> None:
        label = make_label("长" * 500, ".pdf", "未命名")
        assert label == "长" * LONGEST_STEM + ".pdf"
        assert len(label.encode()) <= 255

    def test_a_name_of_nothing_gets_one(self) -> None:
        assert make_label("", ".png", "未命名") == "未命名.png"
