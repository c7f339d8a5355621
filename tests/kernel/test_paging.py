"""Pages of lists, and page numbers as visitors type them."""

import pytest

from matchplatform.kernel.paging import Page, clamp_page, page_number, read_version


class TestPage:
    @pytest.mark.parametrize(
        ("number", "total", "pages", "first", "last"),
        [
            (1, 0, 1, 0, 0),
            (1, 1, 1, 1, 1),
            (1, 10, 1, 1, 10),
            (2, 11, 2, 11, 11),
            (2, 25, 3, 11, 20),
        ],
    )
    def test_it_knows_its_place(
        self, number: int, total: int, pages: int, first: int, last: int
    ) -> None:
        page = Page[int]([], number, 10, total)
        assert (page.pages, page.first, page.last) == (pages, first, last)


class TestPageNumber:
    @pytest.mark.parametrize(
        "text",
        [
            None,
            "",
            "0",
            "-1",
            "1.5",
            "abc",
            "٣",
            "²",
            "1e3",
            " 2",
            "1000000",
            "9" * 5000,
            "9" * 10**6,
        ],
        ids=lambda text: str(text)[:8],
    )
    def test_anything_odd_is_page_one(self, text: str | None) -> None:
        assert page_number(text) == 1

    @pytest.mark.parametrize(("text", "number"), [("1", 1), ("42", 42), ("999999", 999999)])
    def test_a_number_is_that_page(self, text: str, number: int) -> None:
        assert page_number(text) == number


class TestClampPage:
    @pytest.mark.parametrize(
        ("number", "total", "shown"), [(1, 0, 1), (5, 0, 1), (3, 20, 2), (2, 20, 2), (9, 21, 3)]
    )
    def test_past_the_end_is_the_last_page(self, number: int, total: int, shown: int) -> None:
        assert clamp_page(number, 10, total) == shown


class TestReadVersion:
    @pytest.mark.parametrize("typed", [None, "", " ", "abc", "-1", "1.0", "１", "9" * 5000])
    def test_what_is_no_version_is_none_that_a_row_has(self, typed: str | None) -> None:
        assert read_version(typed) == 0

    def test_it_reads_a_version(self) -> None:
        assert (read_version("1"), read_version("1207")) == (1, 1207)
