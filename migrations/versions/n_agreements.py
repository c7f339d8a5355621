"""Agreements, who confirmed them, commitments, and bundles of papers.

Revision ID: n_agreements
Revises: n_signing
"""

import sqlalchemy as sa
from alembic import op

revision = "n_agreements"
down_revision = "n_signing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_agreements()
    _create_agreement_confirmations()
    _create_commitments()
    _create_agreement_bundles()


def downgrade() -> None:
    op.drop_table("agreement_bundles")
    op.drop_table("commitments")
    op.drop_table("agreement_confirmations")
    op.drop_table("agreements")
    # Their scans are swept when no row wants them.
    op.execute("DELETE FROM stored_files WHERE owner_type = 'agreement'")


def _create_agreements() -> None:
    op.create_table(
        "agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "confirmed",
                "frozen",
                "in_force",
                "ended",
                "void",
                name="agreementstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("office", sa.String(length=6), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.Column("prepared_by_id", sa.Integer(), nullable=False),
        sa.Column("prepared_by", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(frozen_at IS NULL) = (sha256 = '')", name=op.f("ck_agreements_frozen_has_hash")
        ),
        sa.CheckConstraint(
            "(signed_at IS NOT NULL) = (status IN ('in_force', 'ended'))",
            name=op.f("ck_agreements_signed_has_time"),
        ),
        sa.CheckConstraint(
            "(status = 'void') = (ended_reason <> '')", name=op.f("ck_agreements_void_has_reason")
        ),
        sa.CheckConstraint(
            "status NOT IN ('frozen', 'in_force', 'ended') OR frozen_at IS NOT NULL",
            name=op.f("ck_agreements_frozen_has_time"),
        ),
        sa.CheckConstraint("version >= 0", name=op.f("ck_agreements_version_not_negative")),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_agreements_claim_id")),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["users.id"], name=op.f("fk_agreements_prepared_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("token", name=op.f("uq_agreements_token")),
    )
    op.create_index(op.f("ix_agreements_claim_id"), "agreements", ["claim_id"], unique=False)
    op.create_index(
        "ix_agreements_office_year_serial", "agreements", ["office", "year", "serial"], unique=False
    )
    op.create_index(op.f("ix_agreements_status"), "agreements", ["status"], unique=False)
    op.create_index(
        "uq_agreements_kept",
        "agreements",
        ["claim_id", "version"],
        unique=True,
        sqlite_where=sa.text("status <> 'void'"),
        postgresql_where=sa.text("status <> 'void'"),
    )
    op.create_index(
        "uq_agreements_number",
        "agreements",
        ["number"],
        unique=True,
        sqlite_where=sa.text("status <> 'void'"),
        postgresql_where=sa.text("status <> 'void'"),
    )


def _create_agreement_confirmations() -> None:
    op.create_table(
        "agreement_confirmations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("user_label", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreements.id"],
            name=op.f("fk_agreement_confirmations_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_agreement_confirmations_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_agreement_confirmations_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_confirmations")),
        sa.UniqueConstraint(
            "agreement_id",
            "organisation_id",
            name=op.f("uq_agreement_confirmations_agreement_id_organisation_id"),
        ),
    )
    op.create_index(
        op.f("ix_agreement_confirmations_organisation_id"),
        "agreement_confirmations",
        ["organisation_id"],
        unique=False,
    )


def _create_commitments() -> None:
    op.create_table(
        "commitments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "in_delivery",
                "revoked",
                name="commitmentstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occasion", sa.String(length=80), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'revoked') = (reason <> '') AND (status <> 'revoked' OR ended_at IS NOT NULL)",
            name=op.f("ck_commitments_revoked_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_commitments_agreement_id")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_commitments_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
    )
    op.create_index(
        op.f("ix_commitments_agreement_id"), "commitments", ["agreement_id"], unique=False
    )
    op.create_index(op.f("ix_commitments_claim_id"), "commitments", ["claim_id"], unique=False)
    op.create_index(op.f("ix_commitments_signed_at"), "commitments", ["signed_at"], unique=False)
    op.create_index(
        "uq_commitments_standing",
        "commitments",
        ["claim_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'revoked'"),
        postgresql_where=sa.text("status <> 'revoked'"),
    )


def _create_agreement_bundles() -> None:
    op.create_table(
        "agreement_bundles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("with_docx", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "making",
                "ready",
                "failed",
                name="bundlestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("agreement_ids", sa.JSON(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("partial", sa.String(length=40), nullable=False),
        sa.Column("stored_name", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'ready') = (stored_name <> '')",
            name=op.f("ck_agreement_bundles_ready_has_file"),
        ),
        sa.CheckConstraint(
            "done >= 0 AND done <= total AND total > 0",
            name=op.f("ck_agreement_bundles_done_in_bounds"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_agreement_bundles_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_bundles")),
    )
    op.create_index(
        op.f("ix_agreement_bundles_status"), "agreement_bundles", ["status"], unique=False
    )
    op.create_index(
        op.f("ix_agreement_bundles_user_id"), "agreement_bundles", ["user_id"], unique=False
    )
