"""Read a spreadsheet from standard input and write its rows, one JSON value a line.

Run as ``python -m matchplatform.confined.spreadsheets``; see child. Each row is
``[number, cells, marks]``; the last line is an object that says how it ended.
"""

import json
import logging
import os
import sys
from collections.abc import Iterable
from typing import IO, Any, NoReturn

from matchplatform.confined import separated, workbook
from matchplatform.confined.archive import Archive
from matchplatform.confined.child import confine
from matchplatform.confined.limits import ReadLimits
from matchplatform.confined.troubles import Trouble, Unfit
from matchplatform.confined.workbook import Line

# Titles, notes and a heading may stand over the rows of data, and a note below.
OTHER_ROWS = 50
OUTPUT_TIMES_UNPACKED = 2
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def main() -> NoReturn:
    """Read under the limits of the command line; nothing that goes wrong goes further."""
    asked = json.loads(sys.argv[1])
    limits = ReadLimits(**asked["limits"])
    confine(
        memory_megabytes=limits.memory_megabytes,
        seconds=limits.seconds,
        written=limits.unpacked * OUTPUT_TIMES_UNPACKED,
    )
    logging.disable()
    end: dict[str, Any]
    try:
        end = read(sys.stdin.buffer.read(limits.size + 1), asked, limits, sys.stdout.buffer)
    except Unfit as unfit:
        end = {"trouble": unfit.trouble, "about": dict(unfit.about)}
    except (MemoryError, RecursionError):
        end = {"trouble": Trouble.TOO_HEAVY, "about": {}}
    except BaseException:
        # Whatever a parser stumbles over; calamine's own panics are no Exception.
        end = {"trouble": Trouble.UNREADABLE, "about": {}}
    _write_line(sys.stdout.buffer, end)
    sys.stdout.buffer.flush()
    # No way out through the interpreter's own end, which may want memory that is not there.
    os._exit(0)


def read(data: bytes, asked: dict[str, Any], limits: ReadLimits, made: IO[bytes]) -> dict[str, Any]:
    """Write the rows of a spreadsheet and return what else there is to say of it."""
    if asked["suffix"] == ".csv":
        text, encoding = separated.decode(data)
        _write_rows(separated.read_lines(text, limits), limits, made)
        return {"sheet": "", "sheets": [], "encoding": encoding, "merged": []}
    archive = Archive(data, limits)
    chosen = workbook.choose_sheet(archive, asked["sheet"], asked["passed_over"])
    told = workbook.SheetBytes(archive.part(chosen.part), limits)
    _write_rows(workbook.read_lines(data, chosen, told.marks), limits, made)
    return {
        "sheet": chosen.name,
        "sheets": chosen.names,
        "encoding": "XLSX",
        "merged": told.merged,
    }


def _write_rows(lines: Iterable[Line], limits: ReadLimits, made: IO[bytes]) -> None:
    for count, line in enumerate(lines):
        if count >= limits.rows + OTHER_ROWS:
            raise Unfit(Trouble.TOO_MANY_ROWS)
        _write_line(made, [line.number, line.cells, line.marks])


def _write_line(made: IO[bytes], value: object) -> None:
    made.write(_ENCODER.encode(value).encode())
    made.write(b"\n")


if __name__ == "__main__":
    main()
