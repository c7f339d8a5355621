"""A form sent twice is done once: the view's side of kernel/idempotency."""

from flask import request

from matchplatform.access.actor import Actor
from matchplatform.kernel.idempotency import find_answer, hash_body, new_key, spend_key

FIELD = "form_key"
_UNSTABLE = {FIELD, "csrf_token"}
# A fingerprint that is quick to compute must not be made over what may be guessed from it.
_SECRET = {"password", "again"}


def earlier_answer(actor: Actor) -> str | None:
    """Return where the first sending of this form led, or None.

    Raises:
        KeyReused: the form's key was spent on another body.
    """
    return find_answer(_key(), _owner(actor), _body())


def remember_answer(actor: Actor, url: str) -> None:
    """Spend the form's key on this answer; it counts only if the transaction commits."""
    spend_key(_key(), _owner(actor), _body(), url)


def _key() -> str:
    # A form without a key (an old page, a script) still works: it is only not protected.
    return request.form.get(FIELD, "")[:64] or new_key()


def _owner(actor: Actor) -> str:
    return f"user:{actor.user_id}" if actor.is_signed_in else "visitor"


def _body() -> str:
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in _UNSTABLE | _SECRET
    ]
    return hash_body([("path", request.path), *fields])
