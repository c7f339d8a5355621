"""The admin's pages: who has an account, open one, stop one, issue one-time links."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access.actor import ROLE_WORDS, Role
from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.accounts import links, services, totp
from matchplatform.accounts.forms import AccountForm, ResetForm, StandingForm
from matchplatform.accounts.models import User
from matchplatform.accounts.queries import get_user, list_users
from matchplatform.accounts.standing import list_open_work, list_successors, set_active
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, InvalidInput
from matchplatform.kernel.i18n import gettext
from matchplatform.kernel.paging import page_number

bp = Blueprint("accounts", __name__)

Answer = str | Response | tuple[str, int]


@bp.get("/admin/accounts")
@requires(Permission.ACCOUNT_MANAGE)
def index() -> str:
    """List the accounts."""
    page = list_users(current_actor(), page_number(request.args.get("page")))
    return render_template("accounts/index.html", page=page, role_words=ROLE_WORDS)


@bp.route("/admin/accounts/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def new() -> Answer:
    """Open an account and show the one-time link with which its owner sets a password."""
    form = AccountForm()
    if not form.is_submitted():
        return render_template("accounts/new.html", form=form)
    if not form.validate():
        return render_template("accounts/new.html", form=form), 400
    actor = current_actor()
    try:
        user = services.create_account(
            actor=actor,
            username=form.username.data,
            display_name=form.display_name.data,
            role=Role(form.role.data),
            region_prefix=form.region_prefix.data or "",
            unit=form.unit.data or "",
        )
    except (InvalidInput, Conflict) as error:
        db.session.rollback()
        show_wrongs(form, _at_the_name(error))
        return render_template("accounts/new.html", form=form), 400
    token = links.issue_password_link(actor=actor, user=user, within=None)
    db.session.commit()
    return _link_page(user, token)


@bp.get("/admin/accounts/<int:user_id>")
@requires(Permission.ACCOUNT_MANAGE)
def show(user_id: int) -> str:
    """Show one account and what can be done with it."""
    return _account_page(get_user(user_id), StandingForm(formdata=None))


@bp.post("/admin/accounts/<int:user_id>/password-link")
@requires(Permission.PASSWORD_LINK_ISSUE)
def issue_link(user_id: int) -> str:
    """Issue a one-time link and show it, this once."""
    user = get_user(user_id)
    token = links.issue_password_link(actor=current_actor(), user=user, within=None)
    db.session.commit()
    return _link_page(user, token)


@bp.post("/admin/accounts/<int:user_id>/disable")
@requires(Permission.ACCOUNT_MANAGE)
def disable(user_id: int) -> Answer:
    """Stop an account and end its sessions."""
    return _set_active(user_id, active=False)


@bp.post("/admin/accounts/<int:user_id>/enable")
@requires(Permission.ACCOUNT_MANAGE)
def enable(user_id: int) -> Answer:
    """Let a stopped account sign in again."""
    return _set_active(user_id, active=True)


@bp.post("/admin/accounts/<int:user_id>/reset-second-step")
@requires(Permission.ACCOUNT_MANAGE)
def reset_second_step(user_id: int) -> Answer:
    """Take a lost authenticator off an account and end its sessions."""
    user = get_user(user_id)
    form = ResetForm()
    if not form.validate():
        return _account_page(user, StandingForm(formdata=None), form), 400
    totp.reset_second_step(actor=current_actor(), user=user, reason=form.why.data)
    name = user.display_name
    db.session.commit()
    flash(gettext("已重置 %(name)s 的两步验证，已经登录的地方也都退出了。", name=name), "ok")
    return redirect(url_for("accounts.show", user_id=user_id), 303)


def _set_active(user_id: int, *, active: bool) -> Answer:
    user = get_user(user_id)
    form = _standing_form(user)
    if not form.validate():
        return _account_page(user, form), 400
    try:
        set_active(
            actor=current_actor(),
            user=user,
            active=active,
            reason=form.reason.data,
            successor_id=form.successor.data,
        )
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return _account_page(get_user(user_id), form), 400
    name = user.display_name
    db.session.commit()
    if active:
        flash(gettext("已启用 %(name)s 的账号。", name=name), "ok")
    else:
        flash(gettext("已停用 %(name)s 的账号，已经登录的地方也都退出了。", name=name), "ok")
    return redirect(url_for("accounts.show", user_id=user_id), 303)


def _standing_form(user: User) -> StandingForm:
    form = StandingForm()
    form.offer(list_successors(user))
    return form


def _account_page(user: User, form: StandingForm, reset: ResetForm | None = None) -> str:
    successors = list_successors(user)
    form.offer(successors)
    return render_template(
        "accounts/show.html",
        user=user,
        form=form,
        reset_form=reset or ResetForm(formdata=None),
        role_words=ROLE_WORDS,
        open_work=list_open_work(user) if user.is_active else [],
        has_successors=bool(successors),
        second_step_on=totp.has_second_step(user.id),
    )


def _link_page(user: User, token: str) -> str:
    url = url_for("accounts.password_link", token=token, _external=True)
    return render_template("accounts/link_issued.html", user=user, url=url)


def _at_the_name(error: InvalidInput | Conflict) -> InvalidInput:
    # Only a name that is taken stands against a new account.
    return (
        error if isinstance(error, InvalidInput) else InvalidInput(fields={"username": error.words})
    )
