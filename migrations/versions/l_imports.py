"""Spreadsheets brought in, and who entered an organisation for it.

Revision ID: l_imports
Revises: l_quality
"""

import sqlalchemy as sa
from alembic import op

revision = "l_imports"
down_revision = "l_quality"
branch_labels = None
depends_on = None

KINDS = ("projects", "organisations", "poor_people", "prices")
STATES = ("uploaded", "previewing", "previewed", "applying", "applied", "failed", "dropped")
ROW_STATES = ("new", "changed", "unchanged", "bad", "added", "updated", "refused")
ENTERED_BY = "fk_organisations_entered_by_id"


def upgrade() -> None:
    _create_imports()
    _create_rows()
    op.create_table(
        "import_keys",
        sa.Column("kind", _words("importkind", *KINDS), nullable=False),
        sa.Column("office", sa.String(length=6), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("target", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("kind", "office", "key", name=op.f("pk_import_keys")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE organisations ADD COLUMN entered_by_id INTEGER"
            f" CONSTRAINT {ENTERED_BY} REFERENCES users (id)"
        )
        return
    op.add_column("organisations", sa.Column("entered_by_id", sa.Integer(), nullable=True))
    op.create_foreign_key(op.f(ENTERED_BY), "organisations", "users", ["entered_by_id"], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(ENTERED_BY), "organisations", type_="foreignkey")
    op.drop_column("organisations", "entered_by_id")
    op.drop_table("import_keys")
    op.drop_table("import_rows")
    op.drop_table("imports")


def _words(name: str, *states: str) -> sa.Enum:
    return sa.Enum(*states, name=name, native_enum=False, create_constraint=True, length=24)


def _create_imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _words("importkind", *KINDS), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("user_label", sa.String(length=120), nullable=False),
        sa.Column("office", sa.String(length=6), nullable=False),
        sa.Column("status", _words("importstate", *STATES), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("stored_name", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sheet", sa.String(length=40), nullable=False),
        sa.Column("encoding", sa.String(length=20), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("total", "looked", "done")),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "looked >= 0 AND looked <= total", name=op.f("ck_imports_looked_in_bounds")
        ),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_imports_done_in_bounds")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_imports_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_imports_stored_name")),
    )
    op.create_index("ix_imports_office_created_at", "imports", ["office", "created_at"])
    for column in ("user_id", "status"):
        op.create_index(op.f(f"ix_imports_{column}"), "imports", [column])


def _create_rows() -> None:
    op.create_table(
        "import_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("status", _words("rowstate", *ROW_STATES), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("problems", "changes")),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("target", sa.String(length=60), nullable=False),
        sa.Column("target_version", sa.Integer(), nullable=True),
        sa.Column("url", sa.String(length=120), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_import_rows_import_id_number")),
    )
    op.create_index(
        "ix_import_rows_import_id_status_number", "import_rows", ["import_id", "status", "number"]
    )
