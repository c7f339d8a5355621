"""The actor of the request under way, for views and templates; verbs take theirs as an argument.

And what was asked for, as the trail and the log may tell it.
"""

from typing import cast

from flask import g, has_request_context, request

from matchplatform.access.actor import VISITOR, Actor


def current_actor() -> Actor:
    """Return who is asking; a visitor when nobody is signed in."""
    if not has_request_context():
        return VISITOR
    return cast(Actor, g.get("actor", VISITOR))


def set_actor(actor: Actor) -> None:
    """Say who is asking for the rest of this request."""
    g.actor = actor


def told_path() -> str:
    """Return the path of the request without a one-time link's token, which opens what it opens."""
    token = (request.view_args or {}).get("token")
    return request.path.replace(token, "…") if token else request.path
