"""Recovery codes: ten, each good for one sign-in on the day when the authenticator is lost."""

import secrets

from sqlalchemy import CursorResult, delete, func, select, update

from matchplatform.accounts import vault
from matchplatform.accounts.models import RecoveryCode, User
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.text import fold

CODES_GIVEN = 10
CODE_LENGTH = 12
# Neither 0 and O nor 1, I and L: people copy these from paper.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def give_codes(user: User) -> list[str]:
    """Put ten new codes in the place of the old ones; return them, for the tables cannot."""
    drop_codes(user)
    codes = []
    for _number in range(CODES_GIVEN):
        plain = "".join(secrets.choice(_LETTERS) for _place in range(CODE_LENGTH))
        codes.append("-".join(plain[at : at + 4] for at in range(0, CODE_LENGTH, 4)))
        db.session.add(RecoveryCode(code_hash=_hash(user, plain), user_id=user.id))
    return codes


def spend_recovery_code(user: User, typed: str) -> bool:
    """Use a code up; False where it is not one of the user's, or was used before."""
    spent = db.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.code_hash == _hash(user, typed),
            RecoveryCode.user_id == user.id,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )
    return isinstance(spent, CursorResult) and spent.rowcount == 1


def count_codes(user_id: int) -> int:
    """Count the codes that are left."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(RecoveryCode)
            .where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
        )
        or 0
    )


def drop_codes(user: User) -> None:
    """Make every code of a user worthless; the verb that asks for it writes the trail."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def _hash(user: User, typed: str) -> str:
    plain = "".join(letter for letter in fold(typed).upper() if letter.isalnum())
    return vault.keyed_hash(f"recovery code of {user.id}: {plain}")
