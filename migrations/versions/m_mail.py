"""Notices by mail: where, when, and for which kinds."""

import sqlalchemy as sa
from alembic import op

revision = "m_mail"
down_revision = "p_people"
branch_labels = None
depends_on = None

MODES = ("at_once", "daily", "none")
KINDS = ("claims", "projects", "organisation", "searches", "other")


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "mail_preferences",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mode", _words(MODES, "mailmode"), nullable=False),
        sa.Column("digested_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_mail_preferences_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_mail_preferences")),
    )
    op.create_table(
        "mail_choices",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", _words(KINDS, "noticekind"), nullable=False),
        sa.Column("mode", _words(MODES, "mailmode"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["mail_preferences.user_id"], name=op.f("fk_mail_choices_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_mail_choices")),
    )


def downgrade() -> None:
    """Go down."""
    op.drop_table("mail_choices")
    op.drop_table("mail_preferences")
    # The old schema knows no letters: what waits would wait for ever.
    op.execute("DELETE FROM outbox WHERE topic = 'mail'")


def _words(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=24, create_constraint=True)
