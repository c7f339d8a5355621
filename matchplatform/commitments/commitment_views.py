"""Commitments in the browser: one of them, an organisation's, and those of an office."""

from flask import Blueprint, render_template, request

from matchplatform.access.answers import Answer
from matchplatform.access.current import current_actor
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.audit.actions import tell_history
from matchplatform.audit.queries import list_history
from matchplatform.commitments.promised import list_groups, list_promises
from matchplatform.commitments.queries import (
    get_commitment,
    list_commitments,
    list_versions,
)
from matchplatform.commitments.signing import OWNER
from matchplatform.commitments.states import STATE_WORDS
from matchplatform.commitments.terms import read_day
from matchplatform.files.kinds import Purpose
from matchplatform.files.queries import list_files
from matchplatform.kernel.paging import page_number
from matchplatform.kernel.text import tidy

bp = Blueprint("commitments", __name__)

LONGEST_WORDS = 60


@bp.get("/commitments/<int:commitment_id>")
@requires(Permission.AGREEMENT_READ)
def show(commitment_id: int) -> Answer:
    """Show what was promised, by whom, until when, and on which paper."""
    actor = current_actor()
    commitment = get_commitment(actor, commitment_id)
    terms = commitment.agreement.terms
    papers = [one for one in list_versions(commitment.claim_id) if one.is_fixed or one.is_open]
    return render_template(
        "commitments/commitment.html",
        commitment=commitment,
        terms=terms,
        starts_on=read_day(terms.get("starts_on", "")),
        ends_on=read_day(terms.get("ends_on", "")),
        promises=list_promises(commitment.claim),
        papers=papers,
        scans={one.id: list_files(actor, OWNER, one.id, Purpose.AGREEMENT) for one in papers},
        state_words=STATE_WORDS,
        story=tell_history(list_history("commitment", commitment.id)),
    )


@bp.get("/my/commitments")
@requires(Permission.MATCHES_VIEW)
def mine() -> Answer:
    """List what one's own organisation has promised, alone or with others."""
    return _list_page("commitments/mine.html")


@bp.get("/desk/commitments")
@requires(Permission.COMMITMENT_FOLLOW)
def desk_list() -> Answer:
    """List the commitments of the region, or all of them."""
    return _list_page("commitments/desk_list.html")


def read_words() -> str:
    """Read what is looked for."""
    return tidy(request.args.get("words", ""))[:LONGEST_WORDS]


def _list_page(template: str) -> str:
    words = read_words()
    page = list_commitments(current_actor(), page_number(request.args.get("page")), words)
    groups = {row.id: list_groups(row.claim) for row in page.items}
    return render_template(template, page=page, words=words, groups=groups)
