"""On PostgreSQL the site's role may not change, delete or empty the trail."""

from alembic import op

revision = "k_trail"
down_revision = "j_messages"
branch_labels = None
depends_on = None

RIGHTS = "UPDATE, DELETE, TRUNCATE"


def upgrade() -> None:
    """Go up."""
    if op.get_bind().dialect.name != "postgresql":
        return
    # The row trigger does not see TRUNCATE; and a role that owns a table can lose its rights to it.
    op.execute(
        "CREATE TRIGGER audit_entries_never_emptied BEFORE TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
    )
    op.execute(f"REVOKE {RIGHTS} ON audit_entries FROM CURRENT_USER, PUBLIC")


def downgrade() -> None:
    """Go down."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"GRANT {RIGHTS} ON audit_entries TO CURRENT_USER")
    op.execute("DROP TRIGGER audit_entries_never_emptied ON audit_entries")
