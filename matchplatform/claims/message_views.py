"""Messages on a claim, in the browser."""

from flask import request, url_for

from matchplatform.access.answers import Answer, done_once
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.claims import messages
from matchplatform.claims.blueprint import bp
from matchplatform.claims.page import claim_page_again
from matchplatform.claims.queries import get_claim


@bp.post("/claims/<int:claim_id>/messages")
@requires(Permission.CLAIM_MESSAGE)
def write_message(claim_id: int) -> Answer:
    """Write to the others on a claim."""
    actor = current_actor()
    claim = get_claim(actor, claim_id)
    words = request.form.get("words", "")

    def write() -> str:
        messages.write_message(actor=actor, claim=claim, text=words)
        return url_for("claims.show", claim_id=claim_id, _anchor="messages")

    return done_once(actor, write, claim_page_again(actor, claim_id, "message", words))
