"""The trail, for auditors."""

import json
from typing import Any

from flask import Blueprint, render_template, request, url_for

from matchplatform.access.actor import ROLE_WORDS
from matchplatform.access.current import current_actor
from matchplatform.access.fields import choices_of
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.audit.actions import SUBJECT_WORDS, path_of, words_of
from matchplatform.audit.forms import FilterForm
from matchplatform.audit.queries import (
    current_seq,
    find_breaches,
    get_entry,
    list_actions,
    list_entries,
)
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.paging import page_number

bp = Blueprint("audit", __name__)

BREACHES_SHOWN = 100


@bp.get("/audit")
@requires(Permission.AUDIT_READ)
def index() -> str:
    """List what happened, newest first, as far as it fits the filter."""
    form = FilterForm(request.args)
    form.action.choices = choices_of(
        {"": gettext("全部")} | {action: words_of(action) for action in list_actions()}
    )
    form.validate()
    page = list_entries(current_actor(), form.wanted(), page_number(request.args.get("page")))
    asked: dict[str, Any] = {
        name: value for name, value in request.args.items() if name in form and value
    }
    return render_template(
        "audit/index.html",
        form=form,
        page=page,
        asked=asked,
        href=lambda number: url_for("audit.index", page=number, **asked),
        words_of=words_of,
        role_words=ROLE_WORDS,
    )


@bp.get("/audit/<int:seq>")
@requires(Permission.AUDIT_READ)
def entry(seq: int) -> str:
    """Show one link of the chain whole."""
    found = get_entry(current_actor(), seq)
    return render_template(
        "audit/entry.html",
        entry=found,
        detail=json.dumps(found.detail, ensure_ascii=False, indent=2, sort_keys=True),
        fits=found.computed_hash() == found.hash,
        last=current_seq(),
        path=path_of(found),
        words_of=words_of,
        role_words=ROLE_WORDS,
        subject_words=SUBJECT_WORDS,
    )


@bp.get("/audit/verify")
@requires(Permission.AUDIT_READ)
def verify() -> str:
    """Walk the whole chain and say whether it holds."""
    breaches = list(find_breaches())
    return render_template(
        "audit/verify.html",
        total=current_seq(),
        found=len(breaches),
        breaches=breaches[:BREACHES_SHOWN],
    )
