"""People not out of poverty by county and quarter, and what was published of them.

The table before it held one figure a county, which only the demo data ever filled.

Revision ID: l_poor_people
Revises: l_imports
"""

import sqlalchemy as sa
from alembic import op

revision = "l_poor_people"
down_revision = "l_imports"
branch_labels = None
depends_on = None

CAUSES = (
    "cause_ill", "cause_disabled", "cause_schooling", "cause_labour", "cause_skills",
    "cause_disaster", "cause_other",
)  # fmt: skip
COUNTS = (
    "people", "households", *CAUSES,
    "need_education", "need_health", "need_housing", "need_water", "need_industry",
    "need_employment", "need_care", "watched_unstable", "watched_marginal",
    "unable_households", "unable_people", "paired_households", "paired_people",
)  # fmt: skip


def upgrade() -> None:
    op.drop_table("poor_people")
    op.create_table(
        "poor_releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_code", sa.String(length=6), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.JSON(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_poor_releases_number_positive")),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["users.id"], name=op.f("fk_poor_releases_released_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poor_releases")),
        sa.UniqueConstraint(
            "city_code", "quarter", "number", name=op.f("uq_poor_releases_city_code_quarter_number")
        ),
    )
    op.create_index("ix_poor_releases_quarter", "poor_releases", ["quarter"])
    op.create_table(
        "poor_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("hidden", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_label", sa.String(length=120), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_poor_figures_revision_positive")),
        *(
            sa.CheckConstraint(f"{name} >= 0", name=op.f(f"ck_poor_figures_{name}_not_negative"))
            for name in COUNTS
        ),
        sa.CheckConstraint(
            f"{' + '.join(CAUSES)} = people", name=op.f("ck_poor_figures_causes_add_up")
        ),
        sa.CheckConstraint(
            "households <= people", name=op.f("ck_poor_figures_households_within_people")
        ),
        sa.CheckConstraint(
            "paired_households <= unable_households",
            name=op.f("ck_poor_figures_paired_households_within"),
        ),
        sa.CheckConstraint(
            "paired_people <= unable_people", name=op.f("ck_poor_figures_paired_people_within")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_poor_figures_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["poor_releases.id"], name=op.f("fk_poor_figures_release_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poor_figures")),
        sa.UniqueConstraint(
            "region_code",
            "quarter",
            "revision",
            name=op.f("uq_poor_figures_region_code_quarter_revision"),
        ),
    )
    op.create_index("ix_poor_figures_quarter", "poor_figures", ["quarter"])
    op.create_index("ix_poor_figures_release_id", "poor_figures", ["release_id"])


def downgrade() -> None:
    op.drop_index("ix_poor_figures_release_id", table_name="poor_figures")
    op.drop_index("ix_poor_figures_quarter", table_name="poor_figures")
    op.drop_table("poor_figures")
    op.drop_index("ix_poor_releases_quarter", table_name="poor_releases")
    op.drop_table("poor_releases")
    op.create_table(
        "poor_people",
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.String(length=20), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_poor_people_people_not_negative")),
        sa.PrimaryKeyConstraint("region_code", name=op.f("pk_poor_people")),
    )
