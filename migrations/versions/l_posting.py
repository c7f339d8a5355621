"""Posting made whole: changes after publication, remarks at fields, kept forms, merged projects.

Revision ID: l_posting
Revises: k_trail
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "l_posting"
down_revision = "k_trail"
branch_labels = None
depends_on = None

OLD_OUTCOMES = ("met", "expired", "cancelled")
NEW_OUTCOMES = (*OLD_OUTCOMES, "merged")


def upgrade() -> None:
    _change_outcomes(NEW_OUTCOMES)
    _add_merged_into()
    _create_versions()
    _create_proposals()
    _create_remarks()
    _create_kept_forms()


def downgrade() -> None:
    op.drop_table("kept_forms")
    op.drop_table("field_remarks")
    op.drop_table("change_proposals")
    op.drop_table("project_versions")
    _drop_merged_into()
    # The old schema knows no merging; what was merged is not asked for any more.
    op.execute("UPDATE projects SET close_outcome = 'cancelled' WHERE close_outcome = 'merged'")
    _change_outcomes(OLD_OUTCOMES)


def _create_versions() -> None:
    op.create_table(
        "project_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_label", sa.String(length=120), nullable=False),
        sa.Column("by_region", sa.String(length=6), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_versions_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_versions")),
        sa.UniqueConstraint(
            "project_id", "serial", name=op.f("uq_project_versions_project_id_serial")
        ),
    )


def _create_proposals() -> None:
    op.create_table(
        "change_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_label", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "in_force", "refused", "withdrawn",
                name="proposalstate", native_enum=False, create_constraint=True, length=24,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_label", sa.String(length=120), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)",
            name=op.f("ck_change_proposals_decided_has_when"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_change_proposals_project_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_change_proposals_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_proposals")),
    )  # fmt: skip
    op.create_index(op.f("ix_change_proposals_project_id"), "change_proposals", ["project_id"])
    op.create_index(
        "uq_change_proposals_open",
        "change_proposals",
        ["project_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def _create_remarks() -> None:
    op.create_table(
        "field_remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_label", sa.String(length=120), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_field_remarks_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_remarks")),
    )
    op.create_index(op.f("ix_field_remarks_project_id"), "field_remarks", ["project_id"])


def _create_kept_forms() -> None:
    op.create_table(
        "kept_forms",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_kept_forms_user_id")),
        sa.PrimaryKeyConstraint("user_id", "number", name=op.f("pk_kept_forms")),
    )


def _add_merged_into() -> None:
    name = op.f("fk_projects_merged_into_id")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE projects ADD COLUMN merged_into_id INTEGER"
            f" CONSTRAINT {name} REFERENCES projects (id)"
        )
        return
    op.add_column("projects", sa.Column("merged_into_id", sa.Integer(), nullable=True))
    op.create_foreign_key(name, "projects", "projects", ["merged_into_id"], ["id"])


def _drop_merged_into() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("fk_projects_merged_into_id"), "projects", type_="foreignkey")
    op.drop_column("projects", "merged_into_id")


def _change_outcomes(outcomes: tuple[str, ...]) -> None:
    """Widen or narrow how a project can be closed."""
    listed = ", ".join(f"'{outcome}'" for outcome in outcomes)
    name = op.f("ck_projects_closeoutcome")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(name, "projects", type_="check")
        op.create_check_constraint(name, "projects", f"close_outcome IN ({listed})")
        return
    # SQLite cannot change a CHECK: the table is made anew under its name. Until the commit nobody
    # asks whether the rows that point to it find theirs, and by then they do.
    bind = op.get_bind()
    made = dict(
        bind.execute(
            sa.text(
                "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'projects' AND sql IS NOT NULL"
            )
        ).all()
    )
    table, count = re.subn(
        rf"(CONSTRAINT {name} CHECK \(close_outcome IN )\([^)]*\)",
        rf"\1({listed})",
        made.pop("projects"),
    )
    if count != 1:
        raise RuntimeError("the check of how a project was closed was not found")
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE kept_projects AS SELECT * FROM projects")
    op.execute("DROP TABLE projects")
    bind.exec_driver_sql(table)
    op.execute("INSERT INTO projects SELECT * FROM kept_projects")
    op.execute("DROP TABLE kept_projects")
    for index in made.values():
        bind.exec_driver_sql(index)
