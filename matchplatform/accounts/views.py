"""Signing in and out, one's own account, and setting a password by a one-time link."""

import json
import re
from typing import cast

from flask import flash, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from matchplatform.access.actor import ROLE_WORDS, Actor
from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import public, signed_in
from matchplatform.access.homes import home_of
from matchplatform.accounts import passwords, services
from matchplatform.accounts.admin import bp
from matchplatform.accounts.forms import ChangePasswordForm, NewPasswordForm, SignInForm
from matchplatform.accounts.models import User
from matchplatform.accounts.queries import find_user, get_user
from matchplatform.accounts.sessions import load_session_user
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput, TooMany
from matchplatform.kernel.facts import find_fact
from matchplatform.kernel.i18n import gettext

__all__ = ["bp"]

Answer = str | Response | tuple[str, int]

# Printable, no space, no backslash, and nothing that a browser could take for another host.
_OUR_OWN = re.compile(r"/[A-Za-z0-9][^\\\s]*")


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Answer:
    """Sign somebody in and send them on to where they were going."""
    form = SignInForm(next=request.args.get("next", ""))
    if not form.is_submitted():
        if current_actor().is_signed_in:
            return redirect(_onward(form.next.data, current_actor()), 303)
        return _sign_in_page(form)
    if not form.validate():
        return _sign_in_page(form), 400
    try:
        user = _find_by_password(form.username.data, form.password.data)
    except TooMany as error:
        form.form_errors = [str(error.words)]
        return _sign_in_page(form), 429
    if user is None:
        db.session.commit()
        form.form_errors = [gettext("用户名或密码不对，或者账号已停用。")]
        return _sign_in_page(form), 400
    actor = Actor(user.id, user.display_name, user.role)
    if current_user.is_authenticated:
        services.close_session(actor=current_actor(), token=current_user.token)
    token = services.open_session(actor=actor, user=user)
    db.session.commit()
    # Nothing of the visitor's cookie outlives the sign-in.
    session.clear()
    login_user(load_session_user(token))
    return redirect(_onward(form.next.data, actor), 303)


@bp.post("/sign-out")
@signed_in
def sign_out() -> Response:
    """End this session; its cookie is worth nothing from now on."""
    services.close_session(actor=current_actor(), token=current_user.token)
    db.session.commit()
    _forget()
    flash(gettext("已退出登录。"), "ok")
    return redirect(url_for("home.front"), 303)


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
        user = _find_by_password(username, form.old_password.data)
        if user is None:
            db.session.commit()
            raise InvalidInput(fields={"old_password": gettext("现在的密码不对。")})
        password_hash = _hash_aside(form.password.data, username)
    except TooMany as error:
        form.form_errors = [str(error.words)]
        return _own_page(actor, form), 429
    except InvalidInput as error:
        show_wrongs(form, error)
        return _own_page(actor, form), 400
    user = get_user(cast(int, actor.user_id))
    services.change_password(actor=actor, user=user, password_hash=password_hash)
    db.session.commit()
    _forget()
    flash(gettext("密码已更换，所有登录都已退出。请用新密码登录。"), "ok")
    return redirect(url_for("accounts.sign_in"), 303)


@bp.route("/password/<token>", methods=["GET", "POST"])
@public
def password_link(token: str) -> Answer:
    """Set a new password by a one-time link."""
    form = NewPasswordForm()
    user = services.get_password_link(token).user
    if not form.is_submitted():
        return _link_page(form, user, 200)
    if not form.validate():
        return _link_page(form, user, 400)
    try:
        password_hash = _hash_aside(form.password.data, user.username)
    except InvalidInput as error:
        show_wrongs(form, error)
        return _link_page(form, services.get_password_link(token).user, 400)
    link = services.get_password_link(token)
    actor = Actor(link.user.id, link.user.display_name, link.user.role)
    services.use_password_link(actor=actor, link=link, password_hash=password_hash)
    db.session.commit()
    flash(gettext("密码已设好，请登录。"), "ok")
    return redirect(url_for("accounts.sign_in"), 303)


def _find_by_password(username: str, typed: str) -> User | None:
    """Return the active user whom name and password fit, or count a wrong password.

    Raises:
        TooMany: the sixth attempt in five minutes.
    """
    services.check_attempts(username)
    user = find_user(username)
    known = user.id if user and user.is_active else None
    stored = user.password_hash if user and user.is_active else ""
    # Hashing takes long; nobody waits for our transaction meanwhile.
    db.session.rollback()
    fits = passwords.verify_password(stored, typed)
    # Guesses sent all at once passed the first count together; the second sees them one by one.
    services.check_attempts(username)
    if known is None or not fits:
        services.note_failed_attempt(username)
        return None
    return get_user(known)


def _hash_aside(typed: str, username: str) -> str:
    db.session.rollback()
    return services.prepare_password(typed, username)


def _forget() -> None:
    logout_user()
    session.clear()


def _onward(wanted: str | None, actor: Actor) -> str:
    if wanted and _OUR_OWN.fullmatch(wanted) and wanted.isprintable():
        return wanted
    return url_for(home_of(actor)[0])


def _sign_in_page(form: SignInForm) -> str:
    people = json.loads(find_fact("demo_accounts") or "[]")
    return render_template(
        "accounts/sign_in.html",
        form=form,
        demo_people=people,
        demo_password=find_fact("demo_password"),
    )


def _own_page(actor: Actor, form: ChangePasswordForm) -> str:
    user = get_user(cast(int, actor.user_id))
    return render_template(
        "accounts/account.html", user=user, form=form, role_word=ROLE_WORDS[user.role]
    )


def _link_page(form: NewPasswordForm, user: User, status: int) -> Response:
    page = make_response(render_template("accounts/password_link.html", form=form, user=user))
    page.status_code = status
    page.headers["Cache-Control"] = "no-store"
    # The address is the secret: other requests of this page name only the site.
    page.headers["Referrer-Policy"] = "strict-origin"
    return page
