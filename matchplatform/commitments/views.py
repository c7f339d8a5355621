"""Agreements in the browser: draft, write, confirm, freeze, sign outside a ceremony, print."""

from collections.abc import Callable

from flask import Blueprint, Response, current_app, redirect, request, url_for

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Again, Answer, done_once, said_by
from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import get_claim
from matchplatform.commitments import freezing, services, signing
from matchplatform.commitments.forms import OutsideForm, ScanForm
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.page import Tried, agreement_page
from matchplatform.commitments.papers import file_name, text_of
from matchplatform.commitments.queries import get_agreement, get_party
from matchplatform.commitments.readiness import NotReady
from matchplatform.commitments.terms import TERMS
from matchplatform.config.settings import Settings
from matchplatform.documents import AgreementText, render_agreement_docx, render_agreement_pdf
from matchplatform.files.receiving import accepts_upload, received_upload
from matchplatform.kernel import facts
from matchplatform.kernel.attachment import disposition
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, DomainError, InvalidInput, KeyReused
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import read_version

bp = Blueprint("agreements", __name__)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/claims/<int:claim_id>/agreement")
@requires(Permission.AGREEMENT_READ)
def show(claim_id: int) -> Answer:
    """Show the agreement of a claim: its text, who said yes, what misses, what can be done."""
    actor = current_actor()
    return agreement_page(actor, get_claim(actor, claim_id))


@bp.post("/claims/<int:claim_id>/agreement")
@requires(Permission.AGREEMENT_DRAFT)
def draft(claim_id: int) -> Answer:
    """Draft the agreement of a claim."""
    actor = current_actor()
    claim = get_claim(actor, claim_id)

    def draft_it() -> str:
        services.draft_agreement(actor=actor, claim=claim)
        return _page_of(claim)

    return done_once(
        actor, draft_it, _again(actor, claim_id, "draft"), _("协议已起草，请补上缺的内容。")
    )


@bp.post("/agreements/<int:agreement_id>/terms")
@requires(Permission.AGREEMENT_DRAFT)
def edit(agreement_id: int) -> Answer:
    """Write the terms."""

    def edit_it(found: Agreement) -> None:
        services.edit_terms(
            actor=current_actor(), agreement=found, version=_version(), terms=_typed()
        )

    return _moved(agreement_id, "edit", edit_it, _("协议的条款已保存。"))


@bp.post("/agreements/<int:agreement_id>/confirm/<int:organisation_id>")
@requires(Permission.AGREEMENT_CONFIRM)
def confirm(agreement_id: int, organisation_id: int) -> Answer:
    """Say yes for an organisation to the text."""

    def confirm_it(found: Agreement) -> None:
        services.confirm_text(
            actor=current_actor(),
            agreement=found,
            organisation=get_party(found.claim, organisation_id),
            version=_version(),
            seen=request.form.get("text"),
        )

    return _moved(agreement_id, "confirm", confirm_it, _("已为贵会确认协议文本。"))


@bp.post("/agreements/<int:agreement_id>/freeze")
@requires(Permission.AGREEMENT_FREEZE)
def freeze(agreement_id: int) -> Answer:
    """Fix the text."""

    def freeze_it(found: Agreement) -> None:
        freezing.freeze_agreement(actor=current_actor(), agreement=found, version=_version())

    return _moved(agreement_id, "freeze", freeze_it, _("协议已定稿，可以打印签署。"))


@bp.post("/agreements/<int:agreement_id>/discard")
@requires(Permission.AGREEMENT_DRAFT)
def discard(agreement_id: int) -> Answer:
    """Throw a text away that was not signed."""

    def discard_it(found: Agreement) -> None:
        services.discard_agreement(
            actor=current_actor(),
            agreement=found,
            version=_version(),
            reason=request.form.get("words", ""),
        )

    return _moved(agreement_id, "discard", discard_it, _("这份文本已作废。"))


@bp.post("/agreements/<int:agreement_id>/supplement")
@requires(Permission.AGREEMENT_DRAFT)
def supplement(agreement_id: int) -> Answer:
    """Begin a supplementary agreement."""

    def begin_it(found: Agreement) -> None:
        services.begin_supplement(actor=current_actor(), agreement=found)

    return _moved(agreement_id, "supplement", begin_it, _("补充协议已开始，请改要变更的条款。"))


@bp.post("/agreements/<int:agreement_id>/sign")
@requires(Permission.CLAIM_SIGN)
@accepts_upload()
def sign(agreement_id: int) -> Answer:
    """Enter what was signed outside a ceremony, with its scan."""
    actor, form = current_actor(), OutsideForm()

    def sign_it() -> None:
        with received_upload(form.scan) as upload:
            signing.sign_outside(
                actor=actor,
                agreement=get_agreement(actor, agreement_id),
                version=read_version(form.version.data),
                upload=upload,
                signed_on=form.signed_on.data,
            )
            db.session.commit()

    return _received(actor, agreement_id, form, sign_it)


@bp.post("/agreements/<int:agreement_id>/unsign")
@requires(Permission.CLAIM_SIGN)
def unsign(agreement_id: int) -> Answer:
    """Take back a signature outside a ceremony that was entered by mistake."""

    def unsign_it(found: Agreement) -> None:
        signing.undo_outside(
            actor=current_actor(),
            agreement=found,
            version=_version(),
            reason=request.form.get("words", ""),
        )

    return _moved(agreement_id, "unsign", unsign_it, _("签署已撤销，协议等待重新签署。"))


@bp.post("/agreements/<int:agreement_id>/scans")
@requires(Permission.CLAIM_SIGN)
@accepts_upload()
def add_scan(agreement_id: int) -> Answer:
    """Keep a scan of the signed paper."""
    actor, form = current_actor(), ScanForm()

    def add_it() -> None:
        with received_upload(form.scan) as upload:
            signing.attach_scan(
                actor=actor, agreement=get_agreement(actor, agreement_id), upload=upload
            )
            db.session.commit()

    return _received(actor, agreement_id, form, add_it)


@bp.get("/agreements/<int:agreement_id>.pdf")
@requires(Permission.AGREEMENT_READ)
def pdf(agreement_id: int) -> Response:
    """Give the agreement to print."""
    found = get_agreement(current_actor(), agreement_id)
    return _paper(found, render_agreement_pdf(_text(found)), "pdf", "application/pdf")


@bp.get("/agreements/<int:agreement_id>.docx")
@requires(Permission.AGREEMENT_READ)
def docx(agreement_id: int) -> Response:
    """Give the agreement for a word processor."""
    found = get_agreement(current_actor(), agreement_id)
    return _paper(found, render_agreement_docx(_text(found)), "docx", DOCX)


def _text(found: Agreement) -> AgreementText:
    settings: Settings = current_app.extensions["settings"]
    demo = facts.find_fact(facts.DEMO) is not None
    return text_of(found, base_url=settings.base_url, demo=demo)


def _paper(found: Agreement, made: bytes, ending: str, media_type: str) -> Response:
    answer = Response(made, content_type=media_type)
    plain = f"agreement-{found.id}.{ending}"
    answer.headers["Content-Disposition"] = disposition(f"{file_name(found)}.{ending}", plain)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page_of(claim: Claim) -> str:
    return url_for("agreements.show", claim_id=claim.id)


def _version() -> int:
    return read_version(request.form.get("version"))


def _typed() -> dict[str, str]:
    return {term.name: request.form.get(term.name, "") for term in TERMS}


def _moved(
    agreement_id: int, what: str, move: Callable[[Agreement], object], said: Words
) -> Answer:
    """Answer a form that moves an agreement: to its page, or again with why it was refused."""
    actor = current_actor()
    found = get_agreement(actor, agreement_id)

    def move_it() -> str:
        move(found)
        return _page_of(found.claim)

    return done_once(actor, move_it, _again(actor, found.claim_id, what), said)


def _again(actor: Actor, claim_id: int, what: str) -> Again:
    def again(error: DomainError) -> Answer:
        words, status = said_by(error)
        tried = Tried(what, {**_typed(), "words": request.form.get("words", "")}, said=words)
        if isinstance(error, InvalidInput):
            tried.wrongs = error.fields
        if isinstance(error, NotReady):
            tried.missing = error.missing
        if isinstance(error, KeyReused):
            tried.earlier = error.answer
        return agreement_page(actor, get_claim(actor, claim_id), tried), status

    return again


def _received(actor: Actor, agreement_id: int, form: ScanForm, do: Callable[[], None]) -> Answer:
    found = get_agreement(actor, agreement_id)
    claim_id = found.claim_id
    if form.validate():
        try:
            do()
            return redirect(url_for("agreements.show", claim_id=claim_id), 303)
        except InvalidInput as error:
            db.session.rollback()
            show_wrongs(form, error)
            status = 400
        except Conflict as error:
            db.session.rollback()
            form.form_errors = [str(error.words)]
            status = 409
    else:
        status = 400
    claim = get_claim(actor, claim_id)
    if isinstance(form, OutsideForm):
        return agreement_page(actor, claim, outside=form), status
    return agreement_page(actor, claim, scan=form), status
