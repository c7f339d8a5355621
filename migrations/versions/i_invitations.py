"""Invitations to claim a project, and their answers."""

import sqlalchemy as sa
from alembic import op

revision = "i_invitations"
down_revision = "g_offers"
branch_labels = None
depends_on = None

TABLE = "project_invitations"
STATES = ("sent", "interested", "declined", "withdrawn", "lapsed")


def upgrade() -> None:
    """Go up."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("invited_by_label", sa.String(length=120), nullable=False),
        sa.Column("invited_from", sa.String(length=6), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                *STATES,
                name="invitationstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('interested', 'declined')) = (answered_at IS NOT NULL)"
            " OR status = 'withdrawn'",
            name=op.f("ck_project_invitations_answered_has_time"),
        ),
        sa.CheckConstraint(
            "(status IN ('withdrawn', 'lapsed')) = (ended_at IS NOT NULL)",
            name=op.f("ck_project_invitations_ended_has_time"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [there], name=op.f(f"fk_{TABLE}_{column}"))
            for column, there in (
                ("project_id", "projects.id"),
                ("organisation_id", "organisations.id"),
                ("line_id", "project_lines.id"),
                ("offer_id", "supply_offers.id"),
                ("invited_by_id", "users.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_invitations")),
    )
    for column in ("project_id", "organisation_id", "offer_id"):
        op.create_index(op.f(f"ix_{TABLE}_{column}"), TABLE, [column])
    op.create_index("ix_project_invitations_status_answer_by", TABLE, ["status", "answer_by"])
    where = sa.text("status = 'sent'")
    op.create_index(
        "uq_project_invitations_sent",
        TABLE,
        ["project_id", "organisation_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    """Go down."""
    op.drop_table(TABLE)
