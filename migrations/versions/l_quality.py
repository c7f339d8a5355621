"""The quality gate: the province's price table, findings with their answers, pairs that look alike.

Revision ID: l_quality
Revises: l_posting
"""

import sqlalchemy as sa
from alembic import op

revision = "l_quality"
down_revision = "l_posting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_prices()
    _create_findings()
    _create_pairs()


def downgrade() -> None:
    op.drop_table("project_pairs")
    op.drop_table("project_findings")
    op.drop_table("price_rows")


def _words(name: str, *states: str) -> sa.Enum:
    return sa.Enum(*states, name=name, native_enum=False, create_constraint=True, length=24)


def _create_prices() -> None:
    op.create_table(
        "price_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("by_label", sa.String(length=120), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_why", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("low > 0 AND high >= low", name=op.f("ck_price_rows_low_to_high")),
        sa.CheckConstraint(
            "removed_at IS NULL OR removed_why <> ''", name=op.f("ck_price_rows_removed_has_why")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_rows")),
    )
    live = sa.text("removed_at IS NULL")
    op.create_index(
        "uq_price_rows_live",
        "price_rows",
        ["item", "unit"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )


def _create_findings() -> None:
    op.create_table(
        "project_findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=30), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("severity", _words("severity", "blocker", "warning"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", _words("findingstate", "open", "explained", "gone"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_label", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'explained' OR reason <> ''",
            name=op.f("ck_project_findings_explained_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_findings_project_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_project_findings_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_findings")),
        sa.UniqueConstraint("project_id", "key", name=op.f("uq_project_findings_project_id_key")),
    )


def _create_pairs() -> None:
    op.create_table(
        "project_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("low_id", sa.Integer(), nullable=False),
        sa.Column("high_id", sa.Integer(), nullable=False),
        sa.Column("verdict", _words("verdict", "same", "not_same"), nullable=False),
        sa.Column("yields_id", sa.Integer(), nullable=True),
        sa.Column("alike", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_label", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_project_pairs_in_order")),
        sa.CheckConstraint(
            "(verdict = 'same') = (yields_id IS NOT NULL)",
            name=op.f("ck_project_pairs_same_yields"),
        ),
        sa.CheckConstraint(
            "alike BETWEEN 0 AND 100", name=op.f("ck_project_pairs_alike_in_hundredths")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["projects.id"], name=op.f(f"fk_project_pairs_{column}")
            )
            for column in ("low_id", "high_id", "yields_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_pairs")),
        sa.UniqueConstraint("low_id", "high_id", name=op.f("uq_project_pairs_low_id_high_id")),
    )
    op.create_index(op.f("ix_project_pairs_high_id"), "project_pairs", ["high_id"])
