"""Ceremonies: plan, agenda, guests, who signs what, and the steps of the day.

Revision ID: n_ceremonies
Revises: n_agreements
"""

import sqlalchemy as sa
from alembic import op

revision = "n_ceremonies"
down_revision = "n_agreements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_ceremonies()
    _create_ceremony_agenda()
    _create_ceremony_guests()
    _create_ceremony_attendees()
    _create_ceremony_entries()
    _create_ceremony_snapshots()
    _create_ceremony_steps()


def downgrade() -> None:
    op.drop_table("ceremony_steps")
    op.drop_table("ceremony_snapshots")
    op.drop_table("ceremony_entries")
    op.drop_table("ceremony_attendees")
    op.drop_table("ceremony_guests")
    op.drop_table("ceremony_agenda")
    op.drop_table("ceremonies")


def _words(name: str, *states: str) -> sa.Enum:
    return sa.Enum(*states, name=name, native_enum=False, create_constraint=True, length=24)


def _create_ceremonies() -> None:
    op.create_table(
        "ceremonies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("host", sa.String(length=120), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("stage_slots", sa.Integer(), nullable=False),
        sa.Column("round_minutes", sa.Integer(), nullable=False),
        sa.Column("grouping", _words("grouping", "none", "sector", "city", "type"), nullable=False),
        sa.Column(
            "status",
            _words(
                "ceremonystate",
                "planning",
                "intake",
                "locked",
                "live",
                "closed",
                "tracking",
                "archived",
                "postponed",
                "cancelled",
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hall_token", sa.String(length=43), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_ceremonies_capacity_positive")),
        sa.CheckConstraint(
            "round_minutes BETWEEN 1 AND 60", name=op.f("ck_ceremonies_round_minutes_in_bounds")
        ),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_ceremonies_seq_not_negative")),
        sa.CheckConstraint(
            "stage_slots BETWEEN 1 AND 20", name=op.f("ck_ceremonies_stage_slots_in_bounds")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_ceremonies_created_by_id")
        ),
        sa.UniqueConstraint("hall_token", name=op.f("uq_ceremonies_hall_token")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremonies")),
    )
    op.create_index(op.f("ix_ceremonies_region_code"), "ceremonies", ["region_code"])
    op.create_index(op.f("ix_ceremonies_starts_at"), "ceremonies", ["starts_at"])
    op.create_index(op.f("ix_ceremonies_status"), "ceremonies", ["status"])


def _create_ceremony_agenda() -> None:
    op.create_table(
        "ceremony_agenda",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ceremony_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind", _words("agendakind", "speech", "signing", "break", "other"), nullable=False
        ),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("speaker", sa.String(length=80), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "minutes BETWEEN 0 AND 480", name=op.f("ck_ceremony_agenda_minutes_in_bounds")
        ),
        sa.ForeignKeyConstraint(
            ["ceremony_id"], ["ceremonies.id"], name=op.f("fk_ceremony_agenda_ceremony_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_agenda")),
    )
    op.create_index(op.f("ix_ceremony_agenda_ceremony_id"), "ceremony_agenda", ["ceremony_id"])


def _create_ceremony_guests() -> None:
    op.create_table(
        "ceremony_guests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ceremony_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _words("guestkind", "organisation", "office", "receiver", "press", "other"),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.Column(
            "status",
            _words("gueststate", "listed", "invited", "accepted", "declined", "removed"),
            nullable=False,
        ),
        sa.Column("walk_in", sa.Boolean(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NOT NULL) OR status NOT IN ('accepted', 'declined')",
            name=op.f("ck_ceremony_guests_answered_has_time"),
        ),
        sa.CheckConstraint(
            "(kind = 'organisation') = (organisation_id IS NOT NULL)",
            name=op.f("ck_ceremony_guests_organisation_is_named"),
        ),
        sa.ForeignKeyConstraint(
            ["ceremony_id"], ["ceremonies.id"], name=op.f("fk_ceremony_guests_ceremony_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_ceremony_guests_organisation_id"),
        ),
        sa.UniqueConstraint(
            "ceremony_id",
            "organisation_id",
            name=op.f("uq_ceremony_guests_ceremony_id_organisation_id"),
        ),
        sa.UniqueConstraint("token", name=op.f("uq_ceremony_guests_token")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_guests")),
    )
    op.create_index(op.f("ix_ceremony_guests_ceremony_id"), "ceremony_guests", ["ceremony_id"])
    op.create_index(
        op.f("ix_ceremony_guests_organisation_id"), "ceremony_guests", ["organisation_id"]
    )


def _create_ceremony_attendees() -> None:
    op.create_table(
        "ceremony_attendees",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("post", sa.String(length=60), nullable=False),
        sa.Column("is_signer", sa.Boolean(), nullable=False),
        sa.Column("seat", sa.String(length=20), nullable=False),
        sa.Column("proxy_for", sa.String(length=40), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(arrived_at IS NULL) = (arrived_by_id IS NULL)",
            name=op.f("ck_ceremony_attendees_arrival_has_witness"),
        ),
        sa.ForeignKeyConstraint(
            ["arrived_by_id"], ["users.id"], name=op.f("fk_ceremony_attendees_arrived_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["ceremony_guests.id"], name=op.f("fk_ceremony_attendees_guest_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_attendees")),
    )
    op.create_index(op.f("ix_ceremony_attendees_guest_id"), "ceremony_attendees", ["guest_id"])


def _create_ceremony_entries() -> None:
    op.create_table(
        "ceremony_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ceremony_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("addendum", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            _words("entrystate", "listed", "signed", "dropped", "freed", "unsigned"),
            nullable=False,
        ),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("commitment_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("addendum >= 0", name=op.f("ck_ceremony_entries_addendum_not_negative")),
        sa.CheckConstraint(
            "(status = 'signed') = (commitment_id IS NOT NULL)",
            name=op.f("ck_ceremony_entries_signed_has_commitment"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_ceremony_entries_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["ceremony_id"], ["ceremonies.id"], name=op.f("fk_ceremony_entries_ceremony_id")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_ceremony_entries_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitments.id"], name=op.f("fk_ceremony_entries_commitment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_entries")),
    )
    op.create_index(op.f("ix_ceremony_entries_ceremony_id"), "ceremony_entries", ["ceremony_id"])
    op.create_index(op.f("ix_ceremony_entries_claim_id"), "ceremony_entries", ["claim_id"])
    where = sa.text("status IN ('listed', 'signed')")
    op.create_index(
        "uq_ceremony_entries_counts",
        "ceremony_entries",
        ["ceremony_id", "claim_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
    where = sa.text("status = 'listed'")
    op.create_index(
        "uq_ceremony_entries_listed",
        "ceremony_entries",
        ["claim_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def _create_ceremony_snapshots() -> None:
    op.create_table(
        "ceremony_snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ceremony_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("locked_by_id", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number >= 0", name=op.f("ck_ceremony_snapshots_number_not_negative")),
        sa.ForeignKeyConstraint(
            ["ceremony_id"], ["ceremonies.id"], name=op.f("fk_ceremony_snapshots_ceremony_id")
        ),
        sa.ForeignKeyConstraint(
            ["locked_by_id"], ["users.id"], name=op.f("fk_ceremony_snapshots_locked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_snapshots")),
    )
    op.create_index(
        op.f("ix_ceremony_snapshots_ceremony_id"), "ceremony_snapshots", ["ceremony_id"]
    )


def _create_ceremony_steps() -> None:
    op.create_table(
        "ceremony_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ceremony_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _words(
                "stepkind",
                "begin",
                "item",
                "call",
                "sign",
                "pass",
                "pause",
                "resume",
                "undo",
                "close",
            ),
            nullable=False,
        ),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("entry_ids", sa.JSON(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor_label", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seq > 0", name=op.f("ck_ceremony_steps_seq_positive")),
        sa.CheckConstraint(
            "(kind = 'undo') = (undoes IS NOT NULL)",
            name=op.f("ck_ceremony_steps_undo_names_a_step"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_ceremony_steps_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["ceremony_id"], ["ceremonies.id"], name=op.f("fk_ceremony_steps_ceremony_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ceremony_entries.id"], name=op.f("fk_ceremony_steps_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["ceremony_agenda.id"], name=op.f("fk_ceremony_steps_item_id")
        ),
        sa.UniqueConstraint("ceremony_id", "seq", name=op.f("uq_ceremony_steps_ceremony_id_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_steps")),
    )
    op.create_index(op.f("ix_ceremony_steps_ceremony_id"), "ceremony_steps", ["ceremony_id"])
