"""Certificates and names of organisations; restricted, suspended and deregistered ones."""

import re

import sqlalchemy as sa
from alembic import op

revision = "o_organisations"
down_revision = "m_mail"
branch_labels = None
depends_on = None

OLD_STATES = ("pending", "returned", "verified")
STATES = (*OLD_STATES, "restricted", "suspended", "deregistered", "merged")
PAPER_STATES = ("pending", "accepted", "refused", "replaced")


def upgrade() -> None:
    """Go up."""
    op.add_column("organisations", sa.Column("certificate_expires_on", sa.Date(), nullable=True))
    op.add_column(
        "organisations",
        sa.Column("standing_reason", sa.Text(), nullable=False, server_default=""),
    )
    op.add_column(
        "organisations", sa.Column("standing_since", sa.DateTime(timezone=True), nullable=True)
    )
    _change_states(STATES)
    _add_merged_into()
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("status", _words(PAPER_STATES, "paperstate"), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reminded_days", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'pending') = (decided_at IS NULL)",
            name=op.f("ck_certificates_decided_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_certificates_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_certificates_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
    )
    op.create_index(op.f("ix_certificates_organisation_id"), "certificates", ["organisation_id"])
    for state in ("pending", "accepted"):
        _unique_while(f"uq_certificates_{state}", "certificates", f"status = '{state}'")
    op.create_table(
        "name_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("old_name", sa.String(length=80), nullable=False),
        sa.Column("new_name", sa.String(length=80), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", _words(PAPER_STATES, "paperstate"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'pending') = (decided_at IS NULL)",
            name=op.f("ck_name_changes_decided_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_name_changes_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_changes")),
    )
    op.create_index(op.f("ix_name_changes_organisation_id"), "name_changes", ["organisation_id"])
    _unique_while("uq_name_changes_pending", "name_changes", "status = 'pending'")


def downgrade() -> None:
    """Go down."""
    op.drop_table("name_changes")
    op.drop_table("certificates")
    # The old schema knows no such standing: who was stopped must not claim again.
    op.execute(
        "UPDATE organisations SET return_reason = standing_reason, status = 'returned'"
        " WHERE status NOT IN ('pending', 'returned', 'verified')"
    )
    _drop_merged_into()
    _change_states(OLD_STATES)
    op.drop_column("organisations", "standing_since")
    op.drop_column("organisations", "standing_reason")
    op.drop_column("organisations", "certificate_expires_on")


def _add_merged_into() -> None:
    name = op.f("fk_organisations_merged_into_id")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE organisations ADD COLUMN merged_into_id INTEGER"
            f" CONSTRAINT {name} REFERENCES organisations (id)"
        )
        return
    op.add_column("organisations", sa.Column("merged_into_id", sa.Integer(), nullable=True))
    op.create_foreign_key(name, "organisations", "organisations", ["merged_into_id"], ["id"])


def _drop_merged_into() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(
            op.f("fk_organisations_merged_into_id"), "organisations", type_="foreignkey"
        )
    op.drop_column("organisations", "merged_into_id")


def _change_states(states: tuple[str, ...]) -> None:
    """Widen or narrow what the standing of an organisation can be."""
    listed = ", ".join(f"'{state}'" for state in states)
    name = op.f("ck_organisations_organisationstate")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(name, "organisations", type_="check")
        op.create_check_constraint(name, "organisations", f"status IN ({listed})")
        return
    # SQLite cannot change a CHECK: the table is made anew under its name. Until the commit nobody
    # asks whether the rows that point to it find theirs, and by then they do.
    bind = op.get_bind()
    made = dict(
        bind.execute(
            sa.text(
                "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'organisations' AND sql IS NOT NULL"
            )
        ).all()
    )
    table, count = re.subn(
        rf"(CONSTRAINT {name} CHECK \(status IN )\([^)]*\)",
        rf"\1({listed})",
        made.pop("organisations"),
    )
    if count != 1:
        raise RuntimeError("the check of an organisation's standing was not found")
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE kept_organisations AS SELECT * FROM organisations")
    op.execute("DROP TABLE organisations")
    bind.exec_driver_sql(table)
    op.execute("INSERT INTO organisations SELECT * FROM kept_organisations")
    op.execute("DROP TABLE kept_organisations")
    for index in made.values():
        bind.exec_driver_sql(index)


def _words(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=24, create_constraint=True)


def _unique_while(name: str, table: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(
        name, table, ["organisation_id"], unique=True, sqlite_where=where, postgresql_where=where
    )
