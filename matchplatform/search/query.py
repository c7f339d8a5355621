"""What a visitor typed, turned into plain terms. There is no query language."""

import re

from matchplatform.search.normal import fold_chars

MAX_CHARS = 100
MAX_TERMS = 10

# A hyphen holds a project number together (130722-047) and means nothing anywhere else.
_LOOSE_HYPHEN = re.compile(r"(?<![0-9])-|-(?![0-9])")


def parse_query(raw: str) -> list[str]:
    """Return the folded terms of what was typed, in order, each once."""
    # An ideograph may fold into several characters, so the length is held before and after.
    folded = fold_chars(raw.strip()[:MAX_CHARS])[:MAX_CHARS]
    return list(dict.fromkeys(_LOOSE_HYPHEN.sub(" ", folded).split()))[:MAX_TERMS]
