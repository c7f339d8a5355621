"""The page for a forgotten password."""

from typing import cast

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access.current import current_actor
from matchplatform.access.guards import public
from matchplatform.accounts.admin import bp
from matchplatform.accounts.forgotten import ask_for_link
from matchplatform.accounts.forms import ForgottenForm
from matchplatform.config.settings import Settings
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import TooMany
from matchplatform.kernel.i18n import gettext

Answer = str | Response | tuple[str, int]


@bp.route("/forgotten-password", methods=["GET", "POST"])
@public
def forgotten() -> Answer:
    """Ask for a letter with a one-time link; the answer is the same for every name."""
    form = ForgottenForm()
    if not form.is_submitted() or not has_mail():
        return _page(form)
    if not form.validate():
        return _page(form), 400
    try:
        ask_for_link(
            actor=current_actor(), username=form.username.data, address=request.remote_addr or ""
        )
    except TooMany as error:
        db.session.rollback()
        form.form_errors = [str(error.words)]
        return _page(form), 429
    db.session.commit()
    flash(
        gettext(
            "如果这个用户名有确认过的邮箱，重设密码的链接几分钟内就会寄到，30 分钟内有效。"
            "没有收到，请看看垃圾邮件，或用下面说的别的办法。"
        ),
        "ok",
    )
    return redirect(url_for("accounts.forgotten"), 303)


def has_mail() -> bool:
    """Tell whether the site can send letters."""
    return bool(cast(Settings, current_app.extensions["settings"]).mail_host)


def _page(form: ForgottenForm) -> str:
    return render_template("accounts/forgotten.html", form=form, has_mail=has_mail())
