"""The file given back with what is wrong marked in its cells."""

from matchplatform.confined.troubles import Trouble
from matchplatform.files.storage import Storage
from matchplatform.imports.kinds import adapter_of
from matchplatform.imports.models import Import, ImportRow
from matchplatform.imports.packing import unpack_problem
from matchplatform.imports.queries import list_unfit
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import NotFound
from matchplatform.sheets import Problem, ReadLimits, Severity, annotated_copy


def marked_copy(found: Import, storage: Storage, limits: ReadLimits) -> bytes:
    """Return an XLSX of the file's rows with its problems; hold no transaction meanwhile.

    Raises:
        NotFound: the bytes are gone.
    """
    problems = [unpack_problem(kept) for kept in found.problems]
    for row in list_unfit(found):
        problems += _problems_of(row)
    layout, name = adapter_of(found.kind).layout(), found.label
    path = storage.path_of(found.stored_name)
    db.session.rollback()
    try:
        return annotated_copy(path.read_bytes(), name, layout, problems, limits)
    except FileNotFoundError as error:
        raise NotFound() from error


def _problems_of(row: ImportRow) -> list[Problem]:
    found = [unpack_problem(kept) for kept in row.problems]
    if row.said:
        found.append(Problem(Trouble.NOT_CHOICE, row.said, Severity.SPOILS, row=row.number))
    return found
