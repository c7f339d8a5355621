"""The name that a person gave a file, made safe to show and to send; never a path of ours."""

import unicodedata

LONGEST_STEM = 76
# Cc, Cf and the rest: control characters, and marks that turn or hide what is read.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def clean_name(filename: str) -> str:
    """Return the last part of a file name without what cannot be seen, in composed form."""
    name = unicodedata.normalize("NFC", filename.replace("\\", "/").rpartition("/")[2])
    seen = "".join(
        " " if char in "\t\n\r" else char
        for char in name
        if char in "\t\n\r" or unicodedata.category(char) not in _UNSEEN
    )
    # Folded for old browsers, a full-width slash would become a path again.
    flat = "".join(
        "_" if {"/", "\\"} & set(unicodedata.normalize("NFKC", char)) else char for char in seen
    )
    return " ".join(flat.split()).strip(". ")


def split_name(filename: str) -> tuple[str, str]:
    """Return the stem and the suffix (``.pdf``, lower case) of a cleaned name."""
    stem, dot, suffix = clean_name(filename).rpartition(".")
    if not dot:
        return suffix, ""
    return stem.rstrip(". "), f".{suffix.lower()}"


def make_label(stem: str, suffix: str, otherwise: str) -> str:
    """Return a label that ends in the suffix of what the file really is."""
    return f"{stem[:LONGEST_STEM].rstrip('. ') or otherwise}{suffix}"
