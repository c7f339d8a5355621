"""One's own account: where one is signed in, and the second step."""

from typing import cast

import segno
from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import signed_in
from matchplatform.accounts import recovery, services, totp
from matchplatform.accounts.admin import bp
from matchplatform.accounts.forms import CodeForm, PasswordAgainForm
from matchplatform.accounts.models import User, UserSession
from matchplatform.accounts.proof import find_by_password
from matchplatform.accounts.queries import get_user, is_anothers_session
from matchplatform.accounts.sessions import list_own_sessions, load_session_user, totp_required
from matchplatform.config.settings import Settings
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Hidden, InvalidInput, NotFound, TooMany
from matchplatform.kernel.i18n import gettext

Answer = str | Response | tuple[str, int]


@bp.post("/account/sessions/<handle>/end")
@signed_in
def end_session(handle: str) -> Response:
    """End one other session of one's own."""
    others = [found for found in _others() if found.handle == handle]
    if not others:
        if is_anothers_session(handle, _own_id()):
            raise Hidden()
        raise NotFound(gettext("这个登录已经退出了。"))
    services.end_sessions(actor=current_actor(), sessions=others)
    db.session.commit()
    flash(gettext("那个登录已退出。"), "ok")
    return redirect(url_for("accounts.account") + "#sessions", 303)


@bp.post("/account/sessions/end-others")
@signed_in
def end_other_sessions() -> Response:
    """End every session of one's own but this one."""
    count = services.end_sessions(actor=current_actor(), sessions=_others())
    db.session.commit()
    flash(gettext("已退出其他 %(count)s 个登录。", count=count), "ok")
    return redirect(url_for("accounts.account") + "#sessions", 303)


@bp.get("/account/second-step")
@signed_in
def enrolment() -> str:
    """Show how the second step stands, and what to do next."""
    return _page(PasswordAgainForm(formdata=None), CodeForm(formdata=None))


@bp.post("/account/second-step/start")
@signed_in
def start_enrolment() -> Answer:
    """Make a secret and go on to its QR code."""
    form = PasswordAgainForm()
    user = _prove(form)
    if user is None:
        return _page(form, CodeForm(formdata=None)), _status(form)
    totp.start_enrolment(actor=current_actor(), user=user)
    db.session.commit()
    return redirect(url_for("accounts.enrolment"), 303)


@bp.post("/account/second-step/confirm")
@signed_in
def confirm_enrolment() -> Answer:
    """Turn the second step on; the session that proved it goes on under a new token."""
    form = CodeForm()
    if not form.validate():
        return _page(PasswordAgainForm(formdata=None), form), 400
    actor, user = current_actor(), _oneself()
    try:
        codes = totp.confirm_enrolment(actor=actor, user=user, typed=form.code.data)
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return _page(PasswordAgainForm(formdata=None), form), 400
    token = services.open_session(
        actor=actor,
        user=user,
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
        second_step=True,
    )
    db.session.commit()
    login_user(load_session_user(token))
    return _codes_page(codes)


@bp.post("/account/second-step/codes")
@signed_in
def renew_codes() -> Answer:
    """Give new recovery codes and show them, this once."""
    form = PasswordAgainForm()
    user = _prove(form)
    if user is None:
        return _page(form, CodeForm(formdata=None)), _status(form)
    codes = totp.regenerate_codes(actor=current_actor(), user=user)
    db.session.commit()
    return _codes_page(codes)


@bp.post("/account/second-step/remove")
@signed_in
def remove_second_step() -> Answer:
    """Turn the second step off where it is voluntary."""
    form = PasswordAgainForm()
    user = _prove(form)
    if user is None:
        return _page(form, CodeForm(formdata=None)), _status(form)
    totp.remove_second_step(actor=current_actor(), user=user, required=totp_required(user))
    db.session.commit()
    flash(gettext("两步验证已关闭，以后登录只要密码。"), "ok")
    return redirect(url_for("accounts.account"), 303)


def _others() -> list[UserSession]:
    sessions = list_own_sessions(_own_id())
    return [found for found in sessions if found.handle != current_user.session.handle]


def _oneself() -> User:
    return get_user(_own_id())


def _own_id() -> int:
    return cast(int, current_actor().user_id)


def _prove(form: PasswordAgainForm) -> User | None:
    """Return who is signed in when the password fits; else the form says what is wrong."""
    if not form.validate():
        return None
    try:
        user = find_by_password(_oneself().username, form.password.data)
    except TooMany as error:
        form.form_errors = [str(error.words)]
        return None
    if user is None:
        db.session.commit()
        form.password.errors = [gettext("密码不对。")]
    return user


def _status(form: PasswordAgainForm) -> int:
    return 429 if form.form_errors else 400


def _page(password_form: PasswordAgainForm, code_form: CodeForm) -> str:
    user = _oneself()
    on = totp.has_second_step(user.id)
    secret = None if on else totp.find_secret(user.id)
    settings: Settings = current_app.extensions["settings"]
    uri = totp.provisioning_uri(secret, user.username, settings.site_name) if secret else ""
    return render_template(
        "accounts/enrolment.html",
        user=user,
        is_on=on,
        codes_left=recovery.count_codes(user.id),
        required=totp_required(user),
        must_sign_in_again=on and not current_user.session.has_second_step,
        password_form=password_form,
        code_form=code_form,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)) if secret else "",
        qr=_draw(uri) if uri else "",
    )


def _draw(uri: str) -> Markup:
    """Return the QR code as SVG, on white: cameras do not read it reversed."""
    drawn = segno.make(uri, error="l", micro=False).svg_inline(
        scale=4, dark="#000", light="#fff", title=gettext("两步验证的二维码")
    )
    return Markup(drawn)


def _codes_page(codes: list[str]) -> str:
    return render_template("accounts/recovery_codes.html", codes=codes)
