"""Pictures and papers of projects, and photographs in three sizes.

Revision ID: l_pictures
Revises: l_poor_people
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "l_pictures"
down_revision = "l_poor_people"
branch_labels = None
depends_on = None

OLD_PURPOSES = ("certificate", "evidence", "agreement")
NEW_PURPOSES = (*OLD_PURPOSES, "picture", "paper")


def upgrade() -> None:
    _change_purposes(NEW_PURPOSES)
    op.create_table(
        "stored_sizes",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("name", _one_of("sizename", "thumb", "page", "large"), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_name", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "size > 0 AND width > 0 AND height > 0", name=op.f("ck_stored_sizes_measures_positive")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_stored_sizes_file_id")
        ),
        sa.PrimaryKeyConstraint("file_id", "name", name=op.f("pk_stored_sizes")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_stored_sizes_stored_name")),
    )
    _create_attachments(
        "project_pictures",
        sa.Column("alt_text", sa.String(length=120), nullable=False),
        sa.Column("caption", sa.String(length=200), nullable=False),
        sa.Column("taken_by", sa.String(length=60), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column("doubt", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "consent = (doubt = '')", name=op.f("ck_project_pictures_doubt_has_words")
        ),
    )
    _create_attachments(
        "project_papers",
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("project_papers")
    op.drop_table("project_pictures")
    op.drop_table("stored_sizes")
    # The old schema has no place for them; their bytes are swept when no row wants them.
    op.execute("DELETE FROM stored_files WHERE purpose IN ('picture', 'paper')")
    _change_purposes(OLD_PURPOSES)


def _create_attachments(table: str, *columns: sa.Column | sa.CheckConstraint) -> None:  # type: ignore[type-arg]
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_reason", sa.Text(), nullable=False),
        *columns,
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_reason = '')", name=op.f(f"ck_{table}_removed_has_why")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f(f"fk_{table}_project_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f(f"fk_{table}_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("file_id", name=op.f(f"uq_{table}_file_id")),
    )
    op.create_index(op.f(f"ix_{table}_project_id"), table, ["project_id"])


def _one_of(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def _change_purposes(purposes: tuple[str, ...]) -> None:
    """Widen or narrow what a file can be for."""
    listed = ", ".join(f"'{purpose}'" for purpose in purposes)
    name = op.f("ck_stored_files_purpose")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(name, "stored_files", type_="check")
        op.create_check_constraint(name, "stored_files", f"purpose IN ({listed})")
        return
    # SQLite cannot change a CHECK: the table is made anew under its name. Until the commit nobody
    # asks whether the rows that point to it find theirs, and by then they do.
    bind = op.get_bind()
    made = dict(
        bind.execute(
            sa.text(
                "SELECT name, sql FROM sqlite_master"
                " WHERE tbl_name = 'stored_files' AND sql IS NOT NULL"
            )
        ).all()
    )
    table, count = re.subn(
        rf"(CONSTRAINT {name} CHECK \(purpose IN )\([^)]*\)",
        rf"\1({listed})",
        made.pop("stored_files"),
    )
    if count != 1:
        raise RuntimeError("the check of what a file is for was not found")
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE kept_stored_files AS SELECT * FROM stored_files")
    op.execute("DROP TABLE stored_files")
    bind.exec_driver_sql(table)
    op.execute("INSERT INTO stored_files SELECT * FROM kept_stored_files")
    op.execute("DROP TABLE kept_stored_files")
    for index in made.values():
        bind.exec_driver_sql(index)
