"""Texts, codes, choices and yes or no as people type them into a spreadsheet."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from matchplatform.confined.troubles import Trouble
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.text import fold, tidy
from matchplatform.sheets.amounts import unquoted
from matchplatform.sheets.grid import Raw
from matchplatform.sheets.layout import ColumnSpec
from matchplatform.sheets.problems import Misread, enumerated, quoted
from matchplatform.sheets.separated import neutral

EXACT_DIGITS = 15
_USCC_LENGTH = 18
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?e\+?[0-9]{1,2}", re.IGNORECASE)
_YES = {"是", "有", "对", "√", "✓", "✔", "y", "yes", "true", "1"}
_NO = {"否", "无", "没有", "不是", "×", "✗", "✘", "x", "n", "no", "false", "0"}


def read_text(raw: Raw, column: ColumnSpec) -> str | None:
    """Read a text; a number or a day is taken as it shows.

    Raises:
        Misread: it is too long.
    """
    text = _shown(raw)
    # What our own exports keep from acting comes back without its apostrophe.
    if text.startswith("'") and neutral(text[1:]) == text:
        text = text[1:]
    if len(text) > column.longest:
        raise Misread(
            Trouble.TOO_LONG,
            _(
                "有 %(count)s 个字，最多 %(most)s 个，请删短",
                count=len(text),
                most=column.longest,
            ),
        )
    return text or None


def read_code(raw: Raw, column: ColumnSpec) -> str | None:
    """Read a number that is a name: of a division, of a project, of a certificate.

    Raises:
        Misread: the spreadsheet has made a number of it and lost its last digits.
    """
    text = unquoted(unicodedata.normalize("NFKC", _shown(raw))).replace(" ", "")
    lost = isinstance(raw, Decimal) and len(text.partition(".")[0]) > EXACT_DIGITS
    if lost or _SCIENTIFIC.fullmatch(text):
        raise Misread(
            Trouble.NOT_CODE,
            _(
                "“%(typed)s”被表格软件当成了数字，后几位已经丢了。请先把单元格格式改成文本，再重新填",
                typed=quoted(text),
            ),
        )
    return read_text(text, column)


def read_uscc(raw: Raw, column: ColumnSpec) -> str | None:
    """Read a unified social credit code in capitals, without the spaces people set in it.

    Raises:
        Misread: it has not eighteen characters.
    """
    code = read_code(raw, column)
    if code is None:
        return None
    code = code.replace("-", "").upper()
    if len(code) != _USCC_LENGTH:
        words = _("统一社会信用代码是 18 位，这里有 %(count)s 位", count=len(code))
        raise Misread(Trouble.NOT_CODE, words)
    return code


def choices_of(column: ColumnSpec) -> dict[str, str]:
    """Return the key of each choice by its words, and by itself, as they are compared."""
    keys = {key.casefold(): key for key in column.choices}
    return keys | {_folded(str(words)): key for key, words in column.choices.items()}


def read_choice(raw: Raw, column: ColumnSpec, choices: Mapping[str, str]) -> str | None:
    """Read one of the column's choices and return its key; ``choices`` are choices_of(column).

    Raises:
        Misread: it is none of them.
    """
    text = _folded(raw)
    if not text:
        return None
    if text in choices:
        return choices[text]
    raise Misread(
        Trouble.NOT_CHOICE,
        _(
            "“%(typed)s”不在可选的内容里，请从下拉单里选：%(choices)s",
            typed=quoted(raw),
            choices=enumerated([str(words) for words in column.choices.values()]),
        ),
    )


def read_yes_no(raw: Raw, column: ColumnSpec) -> bool | None:
    """Read yes or no.

    Raises:
        Misread: it is neither.
    """
    if isinstance(raw, bool):
        return raw
    text = _folded(raw)
    if not text:
        return None
    if text in _YES or text in _NO:
        return text in _YES
    raise Misread(Trouble.NOT_CHOICE, _("看不懂“%(typed)s”，请填“是”或“否”", typed=quoted(raw)))


def _shown(raw: Raw) -> str:
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return str(_("是") if raw else _("否"))
    if isinstance(raw, Decimal):
        return f"{raw.normalize():f}"
    return raw.isoformat() if isinstance(raw, date) else tidy(raw)


def _folded(raw: Raw) -> str:
    return unquoted(fold(_shown(raw))).replace(" ", "")
