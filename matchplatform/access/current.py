"""The actor of the request under way, for views and templates; verbs take theirs as an argument."""

from typing import cast

from flask import g, has_request_context

from matchplatform.access.actor import VISITOR, Actor


def current_actor() -> Actor:
    """Return who is asking; a visitor when nobody is signed in."""
    if not has_request_context():
        return VISITOR
    return cast(Actor, g.get("actor", VISITOR))


def set_actor(actor: Actor) -> None:
    """Say who is asking for the rest of this request."""
    g.actor = actor
