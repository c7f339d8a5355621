"""The signed-in user as Flask-Login sees one: a live row of user_sessions behind the cookie."""

import logging
from datetime import timedelta

from flask import current_app, redirect, request, url_for
from flask_login import LoginManager, UserMixin
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from matchplatform.accounts.models import User, UserSession
from matchplatform.accounts.queries import list_live_sessions
from matchplatform.accounts.services import find_live_session, touch_session
from matchplatform.accounts.totp import NEEDED_BY
from matchplatform.config.settings import Settings
from matchplatform.kernel import clock
from matchplatform.kernel.db import db, set_only_reading
from matchplatform.kernel.errors import Forbidden
from matchplatform.kernel.i18n import lazy_gettext as _

TOUCH_EVERY = timedelta(minutes=1)
# All that somebody reaches who must have the second step and has not set it up.
OPEN_BEFORE_ENROLMENT = frozenset(
    {
        "static",
        "accounts.account",
        "accounts.sign_out",
        "accounts.end_session",
        "accounts.end_other_sessions",
        "accounts.enrolment",
        "accounts.start_enrolment",
        "accounts.confirm_enrolment",
    }
)

log = logging.getLogger(__name__)
login_manager = LoginManager()


class SessionUser(UserMixin):  # type: ignore[misc]
    """Who is signed in, and by which session; its id in the cookie is the session's token."""

    def __init__(self, token: str, session: UserSession) -> None:
        self.token = token
        self.session = session

    @property
    def user(self) -> User:
        """Return the account."""
        return self.session.user

    def get_id(self) -> str:
        """Return the session's token, which Flask-Login keeps in the signed cookie."""
        return self.token


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_session_user(token: str) -> SessionUser | None:
    """Return the user behind a cookie's token while the session counts."""
    settings: Settings = current_app.extensions["settings"]
    session = find_live_session(
        token, idle_minutes=settings.session_idle_minutes, hours=settings.session_hours
    )
    return SessionUser(token, session) if session else None


def list_own_sessions(user_id: int) -> list[UserSession]:
    """List where a user is signed in just now, within the limits that the settings set."""
    settings: Settings = current_app.extensions["settings"]
    return list_live_sessions(
        user_id, idle_minutes=settings.session_idle_minutes, hours=settings.session_hours
    )


def must_enrol(signed_in: SessionUser) -> bool:
    """Tell whether this session opens nothing before the second step is set up."""
    return totp_required(signed_in.user) and not signed_in.session.has_second_step


def totp_required(user: User) -> bool:
    """Tell whether the setting asks this user for the second step."""
    settings: Settings = current_app.extensions["settings"]
    return settings.require_totp and user.role in NEEDED_BY


def refuse_before_enrolment(signed_in: SessionUser) -> Response | None:
    """Send whoever must set up the second step there, from everywhere but a few pages.

    Raises:
        Forbidden: it was no page but an action.
    """
    if request.endpoint in OPEN_BEFORE_ENROLMENT or not must_enrol(signed_in):
        return None
    if request.method not in {"GET", "HEAD"}:
        raise Forbidden(_("请先设置两步验证，再办理业务。"))
    return redirect(url_for("accounts.enrolment"), 303)


def note_use(signed_in: SessionUser, *, only_reading: bool) -> None:
    """Keep the session awake: at most one short write a minute, apart from a GET's reads."""
    if clock.now() - signed_in.session.last_seen_at < TOUCH_EVERY:
        return
    if not only_reading:
        touch_session(signed_in.token)
        return
    db.session.rollback()
    set_only_reading(False)
    try:
        touch_session(signed_in.token)
        db.session.commit()
    except OperationalError as error:
        # Nobody can write just now (a full disk, a writer who takes long): reading goes on.
        db.session.rollback()
        log.warning("a session could not be kept awake: %s", error.orig)
    finally:
        set_only_reading(True)
