"""Prove who one is by a password, with the hashing outside every transaction."""

from matchplatform.accounts import passwords, services
from matchplatform.accounts.models import User
from matchplatform.accounts.queries import find_user, get_user
from matchplatform.kernel.db import db


def find_by_password(username: str, typed: str) -> User | None:
    """Return the active user whom name and password fit, or count a wrong password.

    It ends the transaction under way: load anew what you held.

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


def hash_aside(typed: str, username: str) -> str:
    """Check and hash a new password while nobody waits for our transaction."""
    db.session.rollback()
    return services.prepare_password(typed, username)
