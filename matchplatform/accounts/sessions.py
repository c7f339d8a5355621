"""The signed-in user as Flask-Login sees one: a live row of user_sessions behind the cookie."""

from datetime import timedelta

from flask import current_app
from flask_login import LoginManager, UserMixin

from matchplatform.accounts.models import User, UserSession
from matchplatform.accounts.services import find_live_session, touch_session
from matchplatform.config.settings import Settings
from matchplatform.kernel import clock
from matchplatform.kernel.db import db, set_only_reading

TOUCH_EVERY = timedelta(minutes=1)

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


def note_use(signed_in: SessionUser, *, only_reading: bool) -> None:
    """Keep the session awake: at most one short write a minute, apart from a GET's reads."""
    if clock.now() - signed_in.session.last_seen_at < TOUCH_EVERY:
        return
    if not only_reading:
        touch_session(signed_in.token)
        return
    db.session.rollback()
    set_only_reading(False)
    touch_session(signed_in.token)
    db.session.commit()
    set_only_reading(True)
