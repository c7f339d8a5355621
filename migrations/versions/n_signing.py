"""Claims that were signed.

Revision ID: n_signing
Revises: l_pictures
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "n_signing"
down_revision = "l_pictures"
branch_labels = None
depends_on = None

OLD_STATES = (
    "reserved", "submitted", "accepted", "declined", "withdrawn", "expired", "released",
)  # fmt: skip
NEW_STATES = (*OLD_STATES, "signed")
OLD_DECIDED = (
    "(decided_at IS NOT NULL) = (status IN ('accepted', 'declined'))"
    " OR status IN ('withdrawn', 'released')"
)
NEW_DECIDED = (
    "(decided_at IS NOT NULL) = (status IN ('accepted', 'declined', 'signed'))"
    " OR status IN ('withdrawn', 'released')"
)
HAS_TIME = "(signed_at IS NOT NULL) = (status = 'signed')"
HAS_TIME_NAME = "ck_claims_signed_has_time"
INDEX = "ix_claims_status_signed"


def upgrade() -> None:
    _change_checks(NEW_STATES, NEW_DECIDED)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE claims ADD COLUMN signed_at DATETIME"
            f" CONSTRAINT {HAS_TIME_NAME} CHECK ({HAS_TIME})"
        )
    else:
        op.add_column("claims", sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True))
        op.create_check_constraint(op.f(HAS_TIME_NAME), "claims", HAS_TIME)
    op.create_index(INDEX, "claims", ["status", "signed_at"])


def downgrade() -> None:
    op.drop_index(INDEX, "claims")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(HAS_TIME_NAME), "claims", type_="check")
    op.drop_column("claims", "signed_at")
    # The old schema knows no signing; what was signed had been accepted.
    op.execute("UPDATE claims SET status = 'accepted' WHERE status = 'signed'")
    _change_checks(OLD_STATES, OLD_DECIDED)


def _change_checks(states: tuple[str, ...], decided: str) -> None:
    """Widen or narrow what a claim can be, and which states have a decision."""
    listed = ", ".join(f"'{state}'" for state in states)
    checks = {
        "ck_claims_claimstate": f"status IN ({listed})",
        "ck_claims_decided_has_time": decided,
    }
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(checks)
        return
    for name, condition in checks.items():
        op.drop_constraint(op.f(name), "claims", type_="check")
        op.create_check_constraint(op.f(name), "claims", condition)


def _rebuild(checks: dict[str, str]) -> None:
    # SQLite cannot change a CHECK: the table is made anew under its name. Until the commit nobody
    # asks whether the rows that point to it find theirs, and by then they do.
    bind = op.get_bind()
    made = dict(
        bind.execute(
            sa.text(
                "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'claims' AND sql IS NOT NULL"
            )
        ).all()
    )
    table = made.pop("claims")
    for name, condition in checks.items():
        table, count = re.subn(
            rf"(CONSTRAINT {name} CHECK) \(.*\)(,?\s*\n)",
            lambda found, condition=condition: f"{found[1]} ({condition}){found[2]}",
            table,
        )
        if count != 1:
            raise RuntimeError(f"{name} was not found")
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE kept_claims AS SELECT * FROM claims")
    op.execute("DROP TABLE claims")
    bind.exec_driver_sql(table)
    op.execute("INSERT INTO claims SELECT * FROM kept_claims")
    op.execute("DROP TABLE kept_claims")
    for index in made.values():
        bind.exec_driver_sql(index)
