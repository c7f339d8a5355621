"""Second step at sign-in, a list of one's own sessions, memberships that come and go."""

import sqlalchemy as sa
from alembic import op

revision = "p_people"
down_revision = "f_files"
branch_labels = None
depends_on = None

STATES = ("pending", "approved", "expired", "revoked")


def upgrade() -> None:
    """Go up."""
    _create_second_step()
    _widen_sessions()
    _widen_memberships()
    _create_invitations()
    _create_handovers()


def downgrade() -> None:
    """Go down."""
    op.drop_table("membership_handovers")
    op.drop_table("membership_invitations")
    # The old schema knows no end of a membership: who had left must not come back in.
    op.execute("DELETE FROM memberships WHERE status <> 'approved' OR expires_on IS NOT NULL")
    with op.batch_alter_table("memberships") as batch:
        batch.drop_index("ix_memberships_user_id")
        batch.drop_constraint(op.f("fk_memberships_invited_by_id"), type_="foreignkey")
        batch.drop_constraint(op.f("ck_memberships_membershipstate"), type_="check")
        for name in ("version", "invited_by_id", "end_reason", "ended_on", "expires_on", "status"):
            batch.drop_column(name)
    # A password alone opened nothing where a code was due.
    op.execute("DELETE FROM user_sessions WHERE is_pending")
    with op.batch_alter_table("user_sessions") as batch:
        for name in ("is_pending", "has_second_step", "user_agent", "address"):
            batch.drop_column(name)
    op.drop_table("recovery_codes")
    op.drop_table("totp_devices")


def _time(name: str, *, nullable: bool = True) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"))


def _create_second_step() -> None:
    op.create_table(
        "totp_devices",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sealed_secret", sa.String(length=300), nullable=False),
        _time("created_at", nullable=False),
        _time("confirmed_at"),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        _key("totp_devices", "user_id", "users.id"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_totp_devices")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        _time("used_at"),
        _key("recovery_codes", "user_id", "users.id"),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_user_id"), "recovery_codes", ["user_id"])


def _widen_sessions() -> None:
    with op.batch_alter_table("user_sessions") as batch:
        for column in (
            sa.Column("address", sa.String(length=60), nullable=False, server_default=""),
            sa.Column("user_agent", sa.String(length=300), nullable=False, server_default=""),
            sa.Column("has_second_step", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("is_pending", sa.Boolean(), nullable=False, server_default=sa.false()),
        ):
            batch.add_column(column)
    _drop_defaults("user_sessions", "address", "user_agent", "has_second_step", "is_pending")


def _widen_memberships() -> None:
    with op.batch_alter_table("memberships") as batch:
        for column in (
            sa.Column("status", sa.String(length=24), nullable=False, server_default="approved"),
            sa.Column("expires_on", sa.Date(), nullable=True),
            sa.Column("ended_on", sa.Date(), nullable=True),
            sa.Column("end_reason", sa.Text(), nullable=False, server_default=""),
            sa.Column("invited_by_id", sa.Integer(), nullable=True),
            sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        ):
            batch.add_column(column)
        words = ", ".join(f"'{state}'" for state in STATES)
        batch.create_check_constraint(
            op.f("ck_memberships_membershipstate"), f"status IN ({words})"
        )
        batch.create_foreign_key(
            op.f("fk_memberships_invited_by_id"), "users", ["invited_by_id"], ["id"]
        )
        batch.create_index(op.f("ix_memberships_user_id"), ["user_id"])
    _drop_defaults("memberships", "status", "end_reason", "version")


def _drop_defaults(table: str, *columns: str) -> None:
    with op.batch_alter_table(table) as batch:
        for column in columns:
            batch.alter_column(column, server_default=None)


def _create_invitations() -> None:
    table = "membership_invitations"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("as_signer", sa.Boolean(), nullable=False),
        sa.Column("member_until", sa.Date(), nullable=True),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        _time("issued_at", nullable=False),
        _time("expires_at", nullable=False),
        _time("used_at"),
        _time("cancelled_at"),
        _key(table, "organisation_id", "organisations.id"),
        _key(table, "user_id", "users.id"),
        _key(table, "invited_by_id", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("token_hash", name=op.f(f"uq_{table}_token_hash")),
    )
    op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])
    op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])


def _create_handovers() -> None:
    table = "membership_handovers"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("from_user_id", sa.Integer(), nullable=False),
        sa.Column("to_user_id", sa.Integer(), nullable=False),
        _time("at", nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        _key(table, "organisation_id", "organisations.id"),
        _key(table, "from_user_id", "users.id"),
        _key(table, "to_user_id", "users.id"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])
