"""Numbers of people that must not stand in a text that others read."""

import re
import unicodedata
from datetime import date

from stdnum.cn import ric

_PERSON = re.compile(r"(?<![0-9])[1-9](?:[ .\-]?[0-9]){16}[ .\-]?[0-9X](?![0-9])")
_NOT_OF_IT = re.compile(r"[ .\-]")


def holds_id_number(text: str) -> bool:
    """Tell whether a text holds a citizen's ID number: 18 places, a birthday, its check digit.

    Full-width figures, and spaces or hyphens between groups, hide nothing.

    Source: GB 11643-1999.
    """
    folded = unicodedata.normalize("NFKC", text).upper()
    return any(_is_id_number(_NOT_OF_IT.sub("", found)) for found in _PERSON.findall(folded))


def _is_id_number(number: str) -> bool:
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return str(ric.calc_check_digit(number)) == number[-1]
