"""Claiming made whole: waitlist, release, requests to release.

Revision ID: c_claiming
Revises: s_interests
"""

import sqlalchemy as sa
from alembic import op

revision = "c_claiming"
down_revision = "s_interests"
branch_labels = None
depends_on = None

OLD_STATES = ("reserved", "submitted", "accepted", "declined", "withdrawn", "expired")
NEW_STATES = (*OLD_STATES, "released")
OLD_DECIDED = (
    "(decided_at IS NOT NULL) = (status IN ('accepted', 'declined')) OR status = 'withdrawn'"
)
NEW_DECIDED = (
    "(decided_at IS NOT NULL) = (status IN ('accepted', 'declined'))"
    " OR status IN ('withdrawn', 'released')"
)
ASK_STATES = ("open", "granted", "refused", "moot")


def upgrade() -> None:
    _change_claims(NEW_STATES, NEW_DECIDED, promoted=True)
    _create_waitlist()
    _create_release_requests()
    _create_capacity_grants()
    _create_members()


def downgrade() -> None:
    op.drop_table("claim_shares")
    op.drop_table("claim_members")
    op.drop_table("capacity_grants")
    op.drop_table("release_requests")
    op.drop_table("waitlist_entries")
    # The old schema knows no release; a released claim had been given back against its will.
    op.execute("UPDATE claims SET decided_at = NULL, status = 'expired' WHERE status = 'released'")
    _change_claims(OLD_STATES, OLD_DECIDED, promoted=False)


def _words(name: str, *states: str) -> sa.Enum:
    return sa.Enum(*states, name=name, native_enum=False, create_constraint=True, length=24)


def _time(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _create_waitlist() -> None:
    op.create_table(
        "waitlist_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column(
            "status", _words("waitstate", "waiting", "promoted", "left", "dropped"), nullable=False
        ),
        _time("joined_at", nullable=False),
        _time("ended_at"),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_waitlist_entries_quantity_positive")),
        sa.CheckConstraint(
            "(status = 'waiting') = (ended_at IS NULL)",
            name=op.f("ck_waitlist_entries_ended_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["project_lines.id"], name=op.f("fk_waitlist_entries_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_waitlist_entries_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_waitlist_entries_claim_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_entries")),
    )
    for column in ("organisation_id", "status"):
        op.create_index(op.f(f"ix_waitlist_entries_{column}"), "waitlist_entries", [column])
    _unique_while(
        "uq_waitlist_entries_waiting",
        "waitlist_entries",
        ["line_id", "organisation_id"],
        "status = 'waiting'",
    )


def _create_release_requests() -> None:
    op.create_table(
        "release_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("status", _words("askstate", *ASK_STATES), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _time("asked_at", nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        _time("answered_at"),
        sa.Column("decision", sa.Text(), nullable=False),
        _time("decided_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'open') = (decided_at IS NULL)",
            name=op.f("ck_release_requests_decided_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_release_requests_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_release_requests_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_requests")),
    )
    for column in ("claim_id", "organisation_id"):
        op.create_index(op.f(f"ix_release_requests_{column}"), "release_requests", [column])
    _unique_while("uq_release_requests_open", "release_requests", ["claim_id"], "status = 'open'")


def _create_capacity_grants() -> None:
    op.create_table(
        "capacity_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("status", _words("askstate", *ASK_STATES), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        _time("asked_at", nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _time("decided_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("value > 0", name=op.f("ck_capacity_grants_value_positive")),
        sa.CheckConstraint(
            "(status = 'open') = (decided_at IS NULL)",
            name=op.f("ck_capacity_grants_decided_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_capacity_grants_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_capacity_grants_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_grants")),
    )
    for column in ("project_id", "organisation_id"):
        op.create_index(op.f(f"ix_capacity_grants_{column}"), "capacity_grants", [column])
    _unique_while(
        "uq_capacity_grants_open",
        "capacity_grants",
        ["project_id", "organisation_id"],
        "status = 'open'",
    )


def _create_members() -> None:
    op.create_table(
        "claim_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            _words("memberstate", "invited", "confirmed", "declined", "left"),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        _time("invited_at", nullable=False),
        _time("answered_at"),
        _time("offered_until"),
        sa.CheckConstraint(
            "(status IN ('declined', 'left')) = (offered_until IS NOT NULL)",
            name=op.f("ck_claim_members_gone_has_offer"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_claim_members_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_claim_members_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_members")),
        sa.UniqueConstraint(
            "claim_id", "organisation_id", name=op.f("uq_claim_members_claim_id_organisation_id")
        ),
    )
    op.create_index(op.f("ix_claim_members_organisation_id"), "claim_members", ["organisation_id"])
    op.create_table(
        "claim_shares",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_claim_shares_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["claim_members.id"], name=op.f("fk_claim_shares_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["project_lines.id"], name=op.f("fk_claim_shares_line_id")
        ),
        sa.PrimaryKeyConstraint("member_id", "line_id", name=op.f("pk_claim_shares")),
    )
    op.create_index(op.f("ix_claim_shares_line_id"), "claim_shares", ["line_id"])


def _unique_while(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def _change_claims(states: tuple[str, ...], decided: str, *, promoted: bool) -> None:
    """Widen (or narrow) what a claim can be, and add (or drop) whether the waitlist made it."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_claims(states, decided, promoted=promoted)
        return
    if promoted:
        op.add_column(
            "claims",
            sa.Column("promoted", sa.Boolean(), nullable=False, server_default=sa.false()),
        )
        op.alter_column("claims", "promoted", server_default=None)
    else:
        op.drop_column("claims", "promoted")
    listed = ", ".join(f"'{state}'" for state in states)
    for name, condition in (("claimstate", f"status IN ({listed})"), ("decided_has_time", decided)):
        op.drop_constraint(op.f(f"ck_claims_{name}"), "claims", type_="check")
        op.create_check_constraint(op.f(f"ck_claims_{name}"), "claims", condition)


def _rebuild_claims(states: tuple[str, ...], decided: str, *, promoted: bool) -> None:
    # SQLite cannot change a CHECK: the table is made anew. Its lines are set aside meanwhile, for
    # dropping a table that others point to counts as deleting its rows.
    kept = (
        "id, project_id, organisation_id, status, message, reason, reserved_at, hold_until, "
        "extended, submitted_at, decided_at, ended_at, version"
    )
    op.execute("CREATE TEMPORARY TABLE kept_lines AS SELECT * FROM claim_lines")
    op.execute("DELETE FROM claim_lines")
    op.create_table(
        "claims_new",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _time("reserved_at", nullable=False),
        _time("hold_until", nullable=False),
        sa.Column("extended", sa.Boolean(), nullable=False),
        *([sa.Column("promoted", sa.Boolean(), nullable=False)] if promoted else []),
        _time("submitted_at"),
        _time("decided_at"),
        _time("ended_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(sa.column("status").in_(states), name=op.f("ck_claims_claimstate")),
        sa.CheckConstraint(decided, name=op.f("ck_claims_decided_has_time")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_claims_organisation_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_claims_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
    )
    extra = ", promoted" if promoted else ""
    value = ", 0" if promoted else ""
    op.execute(f"INSERT INTO claims_new ({kept}{extra}) SELECT {kept}{value} FROM claims")
    op.drop_table("claims")
    op.rename_table("claims_new", "claims")
    op.create_index(op.f("ix_claims_organisation_id"), "claims", ["organisation_id"])
    op.create_index(op.f("ix_claims_project_id"), "claims", ["project_id"])
    op.create_index("ix_claims_status_hold", "claims", ["status", "hold_until"])
    _unique_while(
        "uq_claims_undecided",
        "claims",
        ["project_id", "organisation_id"],
        "status IN ('reserved', 'submitted')",
    )
    op.execute("INSERT INTO claim_lines SELECT * FROM kept_lines")
    op.execute("DROP TABLE kept_lines")
