"""Supply-side offers: what an organisation would give.

Revision ID: g_offers
Revises: o_organisations
"""

import sqlalchemy as sa
from alembic import op

revision = "g_offers"
down_revision = "o_organisations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "supply_offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _words("linekind", "money", "goods", "service", "purchase", "jobs"),
            nullable=False,
        ),
        sa.Column("item", sa.String(60), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(10), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=True),
        sa.Column("sectors", sa.JSON(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("status", _words("offerstate", "open", "closed"), nullable=False),
        sa.Column("outcome", _words("offeroutcome", "elsewhere", "withdrawn"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_supply_offers_quantity_positive")),
        sa.CheckConstraint(
            "unit_price IS NULL OR unit_price >= 0",
            name=op.f("ck_supply_offers_price_not_negative"),
        ),
        sa.CheckConstraint(
            "kind <> 'money' OR (unit = '元' AND unit_price = 100)",
            name=op.f("ck_supply_offers_money_is_yuan"),
        ),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)",
            name=op.f("ck_supply_offers_closed_has_time"),
        ),
        sa.CheckConstraint(
            "(status = 'closed') = (outcome IS NOT NULL)",
            name=op.f("ck_supply_offers_closed_has_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_supply_offers_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_supply_offers_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_offers")),
    )
    op.create_index(op.f("ix_supply_offers_organisation_id"), "supply_offers", ["organisation_id"])
    op.create_index("ix_supply_offers_status_until", "supply_offers", ["status", "valid_until"])


def downgrade() -> None:
    op.drop_table("supply_offers")


def _words(name: str, *states: str) -> sa.Enum:
    return sa.Enum(*states, name=name, native_enum=False, create_constraint=True, length=24)
