"""What may be wrong with a spreadsheet, by name; the words for it are the site's."""

from collections.abc import Mapping
from enum import StrEnum


class Trouble(StrEnum):
    """Every kind of problem, of a file, of its sheet, of a cell."""

    # The file cannot be opened, or is not to be.
    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    WRONG_SUFFIX = "wrong_suffix"
    OTHER_CONTENT = "other_content"
    OLD_EXCEL = "old_excel"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    EXTERNAL_LINKS = "external_links"
    STRANGE_PARTS = "strange_parts"
    UNFOLDS = "unfolds"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"
    TOO_HEAVY = "too_heavy"
    ENCODING = "encoding"
    # The sheet is not the table that is wanted.
    WRONG_SHEET = "wrong_sheet"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    STRAY_CELL = "stray_cell"
    NO_HEADINGS = "no_headings"
    TWO_HEADINGS = "two_headings"
    REPEATED_HEADING = "repeated_heading"
    MISSING_COLUMNS = "missing_columns"
    UNKNOWN_COLUMNS = "unknown_columns"
    OTHER_UNIT = "other_unit"
    MERGED = "merged"
    NO_ROWS = "no_rows"
    # A row or a cell cannot be taken.
    TOTAL_ROW = "total_row"
    EXAMPLE_ROW = "example_row"
    FORMULA = "formula"
    ERROR_VALUE = "error_value"
    BLANK = "blank"
    NOT_NUMBER = "not_number"
    NEGATIVE = "negative"
    TOO_MUCH = "too_much"
    TOO_EXACT = "too_exact"
    NOT_DATE = "not_date"
    VAGUE_DATE = "vague_date"
    NOT_CHOICE = "not_choice"
    NOT_CODE = "not_code"
    TOO_LONG = "too_long"
    # It can be read, and a rule of the site stands against it.
    AGAINST_RULE = "against_rule"


class Unfit(Exception):
    """The file cannot be taken; ``about`` holds what its words are to name."""

    def __init__(self, trouble: Trouble, **about: object) -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.about: Mapping[str, object] = about
