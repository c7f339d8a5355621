"""One's own account page, and setting a password by a one-time link."""

from typing import cast

from flask import flash, make_response, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from matchplatform.access.actor import ROLE_WORDS, Actor
from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import public, signed_in
from matchplatform.accounts import forgotten_views, links, own, recovery, services, totp
from matchplatform.accounts.admin import bp
from matchplatform.accounts.browsers import describe_browser
from matchplatform.accounts.forms import ChangePasswordForm, NewPasswordForm
from matchplatform.accounts.models import User
from matchplatform.accounts.proof import find_by_password, hash_aside
from matchplatform.accounts.queries import get_user
from matchplatform.accounts.sessions import list_own_sessions
from matchplatform.accounts.signing import forget
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput, TooMany
from matchplatform.kernel.i18n import gettext

# The pages of these hang on the same blueprint, as those of signing.py do.
__all__ = ["bp", "forgotten_views", "own"]

Answer = str | Response | tuple[str, int]


@bp.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> Answer:
    """Show who one is; set a new password, which ends every session."""
    form = ChangePasswordForm()
    actor = current_actor()
    if not form.is_submitted():
        return _own_page(actor, form)
    if not form.validate():
        return _own_page(actor, form), 400
    username = get_user(cast(int, actor.user_id)).username
    try:
        user = find_by_password(username, form.old_password.data)
        if user is None:
            db.session.commit()
            raise InvalidInput(fields={"old_password": gettext("现在的密码不对。")})
        password_hash = hash_aside(form.password.data, username)
    except TooMany as error:
        form.form_errors = [str(error.words)]
        return _own_page(actor, form), 429
    except InvalidInput as error:
        show_wrongs(form, error)
        return _own_page(actor, form), 400
    user = get_user(cast(int, actor.user_id))
    services.change_password(actor=actor, user=user, password_hash=password_hash)
    db.session.commit()
    forget()
    flash(gettext("密码已更换，所有登录都已退出。请用新密码登录。"), "ok")
    return redirect(url_for("accounts.sign_in"), 303)


@bp.route("/password/<token>", methods=["GET", "POST"])
@public
def password_link(token: str) -> Answer:
    """Set a new password by a one-time link."""
    form = NewPasswordForm()
    user = links.get_password_link(token).user
    if not form.is_submitted():
        return _link_page(form, user, 200)
    if not form.validate():
        return _link_page(form, user, 400)
    try:
        password_hash = hash_aside(form.password.data, user.username)
    except InvalidInput as error:
        show_wrongs(form, error)
        return _link_page(form, links.get_password_link(token).user, 400)
    link = links.get_password_link(token)
    actor = Actor(link.user.id, link.user.display_name, link.user.role)
    links.use_password_link(actor=actor, link=link, password_hash=password_hash)
    db.session.commit()
    flash(gettext("密码已设好，请登录。"), "ok")
    return redirect(url_for("accounts.sign_in"), 303)


def _own_page(actor: Actor, form: ChangePasswordForm) -> str:
    user = get_user(cast(int, actor.user_id))
    return render_template(
        "accounts/account.html",
        user=user,
        form=form,
        role_word=ROLE_WORDS[user.role],
        sessions=list_own_sessions(user.id),
        describe=describe_browser,
        this_handle=current_user.session.handle,
        second_step_on=totp.has_second_step(user.id),
        codes_left=recovery.count_codes(user.id),
    )


def _link_page(form: NewPasswordForm, user: User, status: int) -> Response:
    page = make_response(render_template("accounts/password_link.html", form=form, user=user))
    page.status_code = status
    page.headers["Cache-Control"] = "no-store"
    # The address is the secret: other requests of this page name only the site.
    page.headers["Referrer-Policy"] = "strict-origin"
    return page
