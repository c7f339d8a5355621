"""The state of a ceremony as JSON: everything that a screen needs, and nobody's name."""

from typing import Any

from matchplatform.ceremonies.live_queries import Board
from matchplatform.ceremonies.rows import Row, Totals, Unpriced
from matchplatform.ceremonies.streams import told_of
from matchplatform.kernel import clock
from matchplatform.kernel.money import format_number, format_wan
from matchplatform.projects.states import LINE_WORDS, SECTOR_WORDS
from matchplatform.regions.divisions import name_of


def state_of(board: Board) -> dict[str, Any]:
    """Return a board as JSON; money as text, in 万元 (``wan``) and exactly in yuan."""
    item = board.item
    return {
        **told_of(board.head),
        "number": board.number,
        "title": board.title,
        "place": board.place,
        "status": str(board.head.status),
        "starts_at": board.starts_at.astimezone(clock.SHANGHAI).isoformat(timespec="minutes"),
        "paused": board.stage.paused,
        "item": item.title if item else "",
        "count": len(board.rows),
        "now": [_row(board, row) for row in board.now],
        "next": [_row(board, row) for row in board.next],
        "after": [_row(board, row) for row in board.after],
        "signed": _totals(board.signed),
        "intended": _totals(board.intended),
        "order": [board.mark_of(row) for row in board.rows],
    }


def _row(board: Board, row: Row) -> dict[str, Any]:
    return {
        "place": row.place,
        "mark": board.mark_of(row),
        "units": list(row.units),
        "county": name_of(row.region_code),
        "project": row.project,
        "project_number": row.project_number,
        "sector": str(SECTOR_WORDS[row.sector]),
        "people": row.people,
        **_worth(row.value, row.unpriced),
    }


def _totals(totals: Totals) -> dict[str, Any]:
    return {
        "claims": totals.claims,
        "projects": totals.projects,
        "counties": totals.counties,
        "organisations": totals.organisations,
        **_worth(totals.value, totals.unpriced),
    }


def _worth(value: Any, unpriced: tuple[Unpriced, ...]) -> dict[str, Any]:
    return {
        "wan": format_wan(value),
        "yuan": str(value),
        "unpriced": [
            {
                "kind": str(LINE_WORDS[part.kind]),
                "quantity": format_number(part.quantity),
                "unit": part.unit,
            }
            for part in unpriced
        ],
    }
