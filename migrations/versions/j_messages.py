"""Messages between those who hold a claim and the county.

Revision ID: j_messages
Revises: i_invitations
"""

import sqlalchemy as sa
from alembic import op

revision = "j_messages"
down_revision = "i_invitations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author_label", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(text) BETWEEN 1 AND 1000", name=op.f("ck_claim_messages_text_length")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_claim_messages_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_claim_messages_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_claim_messages_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_messages")),
    )
    op.create_index("ix_claim_messages_claim", "claim_messages", ["claim_id", "id"])
    op.create_index("ix_claim_messages_author", "claim_messages", ["author_id", "written_at"])


def downgrade() -> None:
    op.drop_index("ix_claim_messages_author", table_name="claim_messages")
    op.drop_index("ix_claim_messages_claim", table_name="claim_messages")
    op.drop_table("claim_messages")
