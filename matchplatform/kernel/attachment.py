"""The header under which a file with a Chinese name is given."""

from urllib.parse import quote


def disposition(name: str, plain: str) -> str:
    """Return the value of Content-Disposition; ``plain`` is for clients that cannot read ``name``.

    Source: RFC 6266, RFC 5987.
    """
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
