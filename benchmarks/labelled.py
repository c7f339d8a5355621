"""Read labelled needs from a file of anybody's: say plainly what is wrong with a malformed one."""

import json
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

TEXTS = (
    "name kind sector region_code place scope_text outcome_target owner_unit supervising_unit"
    " contact_name contact_phone"
).split()
NUMBERS = ("direct_people", "households", "person_times")
DATES = ("starts_on", "ends_on", "claim_deadline")
LINE_TEXTS = ("kind", "item", "unit", "note")
LINE_NUMBERS = ("quantity", "unit_price", "min_lot")


def read_rows(path: Path, *, is_spoiled: bool) -> list[dict[str, Any]]:
    """Return the needs of a JSON list, with what is left out filled in as empty.

    A row may hold its fields itself or under "need"; a spoiled one stops unless "must" is "ask".

    Raises:
        SystemExit: the file cannot be read, with the row and the field that are wrong.
    """
    try:
        read = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path}: not readable as JSON: {error}") from error
    if isinstance(read, dict):
        read = read.get("needs", read)
    if not isinstance(read, list):
        raise SystemExit(f"{path}: a list of needs is expected")
    return [_row(path, place, row, is_spoiled) for place, row in enumerate(read, 1)]


def _row(path: Path, place: int, row: Any, is_spoiled: bool) -> dict[str, Any]:
    at = f"{path}: need {place}"
    if not isinstance(row, dict):
        raise SystemExit(f"{at}: an object is expected")
    given = {**row, **row["need"]} if isinstance(row.get("need"), dict) else row
    made: dict[str, Any] = {field: _text(given.get(field)) for field in TEXTS}
    if not made["name"] and not made["scope_text"]:
        raise SystemExit(f"{at}: neither name nor scope_text is filled in")
    made |= {field: int(_number(at, field, given.get(field)) or 0) for field in NUMBERS}
    made |= {field: _date(at, field, given.get(field)) for field in DATES}
    lines = given.get("lines") or []
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise SystemExit(f"{at}: lines: a list of objects is expected")
    made["lines"] = [_line(f"{at}: line {order}", line) for order, line in enumerate(lines, 1)]
    rules = row.get("rules") or row.get("rule") or []
    made["rules"] = [rules] if isinstance(rules, str) else list(rules)
    made["id"] = str(row.get("id") or f"{path.stem}-{place}")
    made["part"] = "given" if is_spoiled else "good"
    made["must"] = row.get("must", "stop") if is_spoiled else ""
    return made


def _line(at: str, line: dict[str, Any]) -> dict[str, str]:
    made = {field: _text(line.get(field)) for field in LINE_TEXTS}
    made["kind"] = made["kind"] or ("money" if made["unit"] == "元" else "goods")
    made |= {field: _number(at, field, line.get(field)) for field in LINE_NUMBERS}
    made["quantity"] = made["quantity"] or "0"
    return made


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _number(at: str, field: str, value: Any) -> str:
    text = _text(value).replace(",", "").strip()
    try:
        return str(Decimal(text)) if text else ""
    except InvalidOperation as error:
        raise SystemExit(f"{at}: {field}: {value!r} is no number") from error


def _date(at: str, field: str, value: Any) -> str:
    text = _text(value).strip()
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as error:
        raise SystemExit(f"{at}: {field}: {value!r} is no date such as 2020-06-15") from error
