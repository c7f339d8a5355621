"""Signing in, in one step or two, and out."""

import json
import re
from typing import cast

from flask import flash, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from matchplatform.access.actor import Actor
from matchplatform.access.current import current_actor
from matchplatform.access.guards import public, signed_in
from matchplatform.access.homes import home_of
from matchplatform.accounts import recovery, services, totp
from matchplatform.accounts import second_step as second
from matchplatform.accounts.admin import bp
from matchplatform.accounts.forms import CodeForm, SignInForm
from matchplatform.accounts.models import User
from matchplatform.accounts.proof import find_by_password
from matchplatform.accounts.sessions import load_session_user
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import TooMany
from matchplatform.kernel.facts import find_fact
from matchplatform.kernel.i18n import gettext

Answer = str | Response | tuple[str, int]

# Where the cookie keeps that the password was right and a code is due.
PENDING = "second_step"
FEW_CODES = 3

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
        user = find_by_password(form.username.data, form.password.data)
    except TooMany as error:
        form.form_errors = [str(error.words)]
        return _sign_in_page(form), 429
    if user is None:
        db.session.commit()
        form.form_errors = [gettext("用户名或密码不对，或者账号已停用。")]
        return _sign_in_page(form), 400
    if current_user.is_authenticated:
        services.close_session(actor=current_actor(), token=current_user.token)
    if totp.has_second_step(user.id):
        return _ask_for_code(user, form.next.data or "")
    actor = Actor(user.id, user.display_name, user.role)
    token = services.open_session(
        actor=actor,
        user=user,
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
    )
    db.session.commit()
    return _enter(token, actor, form.next.data)


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def second_step() -> Answer:
    """Ask for the code that follows the password, and sign in."""
    form = CodeForm(next=request.args.get("next", ""))
    pending = second.find_pending(session.get(PENDING, ""))
    if pending is None:
        return redirect(url_for("accounts.sign_in"), 303)
    if not form.is_submitted():
        return _code_page(form)
    if not form.validate():
        return _code_page(form), 400
    actor = Actor(pending.user.id, pending.user.display_name, pending.user.role)
    try:
        fits = second.check_code(actor=actor, user=pending.user, typed=form.code.data)
    except TooMany as error:
        db.session.rollback()
        form.form_errors = [str(error.words)]
        return _code_page(form), 429
    if not fits:
        db.session.commit()
        form.code.errors = [gettext("这个码不对，或已经用过。请等手机上出现下一个码再试。")]
        return _code_page(form), 400
    token = second.complete_sign_in(
        actor=actor,
        pending=pending,
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
    )
    db.session.commit()
    answer = _enter(token, actor, form.next.data)
    left = recovery.count_codes(cast(int, actor.user_id))
    if left < FEW_CODES:
        flash(gettext("恢复码还剩 %(left)s 个，请在“我的账号”里换一组新的。", left=left), "warning")
    return answer


@bp.post("/sign-out")
@signed_in
def sign_out() -> Response:
    """End this session; its cookie is worth nothing from now on."""
    services.close_session(actor=current_actor(), token=current_user.token)
    db.session.commit()
    forget()
    flash(gettext("已退出登录。"), "ok")
    return redirect(url_for("home.front"), 303)


def forget() -> None:
    """Let the cookie hold nothing any more."""
    logout_user()
    session.clear()


def _ask_for_code(user: User, following: str) -> Response:
    token = second.open_pending(user)
    db.session.commit()
    session.clear()
    session[PENDING] = token
    return redirect(url_for("accounts.second_step", next=following or None), 303)


def _enter(token: str, actor: Actor, following: str | None) -> Response:
    # Nothing of the visitor's cookie outlives the sign-in.
    session.clear()
    login_user(load_session_user(token))
    return redirect(_onward(following, actor), 303)


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


def _code_page(form: CodeForm) -> str:
    return render_template("accounts/second_step.html", form=form)
