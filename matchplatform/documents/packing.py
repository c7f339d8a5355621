"""Pack DOCX files so that the same content makes the same bytes."""

import io
import zipfile

_SOME_TIME = (2020, 1, 1, 0, 0, 0)


def pack(made: bytes) -> bytes:
    """Return the members of a ZIP file packed again in their order, all of one time."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            member = zipfile.ZipInfo(name, _SOME_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            new.writestr(member, old.read(name))
    return stream.getvalue()
