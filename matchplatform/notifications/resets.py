"""Whoever forgot the password and has a proved address gets a letter with a one-time link."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from matchplatform.accounts.links import LINK_LIFE, issue_mailed_link
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.notifications.models import MailPreference
from matchplatform.notifications.queueing import queue_reset


def mail_reset(payload: Mapping[str, Any]) -> None:
    """Issue a link and enqueue its letter; do nothing for nobody, or where it is long ago."""
    if payload["user_id"] is None:
        return
    if clock.now() - datetime.fromisoformat(payload["asked_at"]) > LINK_LIFE:
        return
    preference = db.session.get(MailPreference, int(payload["user_id"]))
    if preference is None or not preference.is_ready:
        return
    link = issue_mailed_link(preference.user)
    if link is not None:
        queue_reset(link)
