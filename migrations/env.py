"""How Alembic meets the database: the connection comes from the command that calls it."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

import matchplatform.accounts.models
import matchplatform.audit.models
import matchplatform.claims.asked
import matchplatform.claims.message_models
import matchplatform.claims.models
import matchplatform.files.models
import matchplatform.interests.models
import matchplatform.invitations.models
import matchplatform.kernel.facts
import matchplatform.kernel.idempotency
import matchplatform.kernel.outbox
import matchplatform.notifications.models
import matchplatform.offers.models
import matchplatform.organisations.models
import matchplatform.projects.models
import matchplatform.projects.picture_models
import matchplatform.projects.posting_models
import matchplatform.regions.models  # noqa: F401
from matchplatform.kernel.db import Base, Money, Quantity, UtcDateTime


def render_item(kind: str, thing: Any, _autogen: Any) -> str | Literal[False]:
    """Write our own types as what they are in the database, so that migrations stand alone."""
    if kind == "type" and isinstance(thing, Money | Quantity):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_item=render_item,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
