"""Notices by mail: one's address, when letters come, and the links that letters carry."""

from typing import cast

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchplatform.access.actor import Actor
from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import public, signed_in
from matchplatform.accounts.models import User
from matchplatform.accounts.queries import get_user
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput, TooMany
from matchplatform.kernel.i18n import gettext
from matchplatform.notifications import mail
from matchplatform.notifications.forms import AddressForm, ChoiceForm, EmptyForm, choices_as_kept
from matchplatform.notifications.kinds import MailMode
from matchplatform.notifications.queries import find_preference

Answer = str | Response | tuple[str, int]

bp = Blueprint("notifications", __name__)


@bp.get("/notices/preferences")
@signed_in
def preferences() -> str:
    """Show one's address and choices, and the forms to change them."""
    return _page()


@bp.post("/notices/preferences")
@signed_in
def choose() -> Answer:
    """Keep when letters come."""
    form = ChoiceForm()
    if not form.validate():
        return _page(choices=form), 400
    mail.choose_mail(
        actor=current_actor(), user=_oneself(), mode=MailMode(form.mode.data), kinds=form.by_kind
    )
    db.session.commit()
    flash(gettext("已保存。"), "ok")
    return redirect(url_for("notifications.preferences"), 303)


@bp.post("/notices/preferences/address")
@signed_in
def ask_address() -> Answer:
    """Send a link to the address that was typed."""
    form = AddressForm()
    if not form.validate():
        return _page(address=form), 400
    if not _mail_is_on():
        raise Conflict(gettext("本站还没有接通邮件。"))
    try:
        kept = mail.ask_address(actor=current_actor(), user=_oneself(), typed=form.address.data)
    except (InvalidInput, TooMany) as error:
        db.session.rollback()
        if isinstance(error, TooMany):
            form.form_errors = [str(error.words)]
            return _page(address=form), 429
        show_wrongs(form, error)
        return _page(address=form), 400
    if kept.confirmed_at:
        flash(gettext("这个邮箱已经确认过，不用再确认。"), "ok")
    else:
        flash(gettext("确认信已发往 %(address)s，请打开信里的链接。", address=kept.address), "ok")
    db.session.commit()
    return redirect(url_for("notifications.preferences"), 303)


@bp.post("/notices/preferences/address/remove")
@signed_in
def remove_address() -> Response:
    """Forget one's address."""
    mail.remove_address(actor=current_actor(), user=_oneself())
    db.session.commit()
    flash(gettext("邮箱已删除，不再发邮件。"), "ok")
    return redirect(url_for("notifications.preferences"), 303)


@bp.get("/notices/confirm/<token>")
@signed_in
def confirm(token: str) -> Response:
    """Ask whether to receive notices at the address; opening the link alone changes nothing."""
    kept = mail.get_awaited(_oneself(), token)
    return _secret_page("notifications/confirm.html", kept.address)


@bp.post("/notices/confirm/<token>")
@signed_in
def confirm_address(token: str) -> Response:
    """Take the address as proved."""
    mail.confirm_address(actor=current_actor(), user=_oneself(), token=token)
    db.session.commit()
    flash(gettext("邮箱已确认，以后的通知也会发到那里。"), "ok")
    return redirect(url_for("notifications.preferences"), 303)


@bp.get("/notices/unsubscribe/<int:user_id>/<token>")
@public
def unsubscribe(user_id: int, token: str) -> Response:
    """Ask whether letters shall stop; the link is enough, nobody need sign in."""
    mail.get_stoppable(user_id, token)
    return _secret_page("notifications/unsubscribe.html", is_stopped=False)


@bp.post("/notices/unsubscribe/<int:user_id>/<token>")
@public
def stop(user_id: int, token: str) -> Response:
    """Stop all letters to whoever the link was sent to."""
    user = mail.get_stoppable(user_id, token).user
    mail.stop_mail(actor=Actor(user.id, user.display_name, user.role), user=user)
    db.session.commit()
    return _secret_page("notifications/unsubscribe.html", is_stopped=True)


def _page(address: AddressForm | None = None, choices: ChoiceForm | None = None) -> str:
    kept = find_preference(current_actor())
    if choices is None and kept is not None:
        choices = choices_as_kept(kept)
    return render_template(
        "notifications/preferences.html",
        kept=kept,
        address=address or AddressForm(formdata=None, address=kept.address if kept else ""),
        choices=choices,
        mail_is_on=_mail_is_on(),
        link_hours=int(mail.LINK_LASTS.total_seconds() // 3600),
    )


def _secret_page(template: str, address: str = "", *, is_stopped: bool = False) -> Response:
    page = make_response(
        render_template(template, form=EmptyForm(), address=address, is_stopped=is_stopped)
    )
    page.headers["Cache-Control"] = "no-store"
    # The address of the page is the secret: other requests of this page name only the site.
    page.headers["Referrer-Policy"] = "strict-origin"
    return page


def _mail_is_on() -> bool:
    return bool(current_app.extensions["settings"].mail_host)


def _oneself() -> User:
    return get_user(cast(int, current_actor().user_id))
