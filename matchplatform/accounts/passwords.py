"""Hashing of passwords, with a limit on how many at once.

Source: OWASP Password Storage Cheat Sheet (argon2id, 19 MiB, two passes).
"""

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from matchplatform.kernel.errors import Busy, InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _

SHORTEST, LONGEST = 12, 128

# Pieces that the most used passwords are built from; a password that is only these is refused.
_COMMON = (
    "password", "passw0rd", "qwertyuiop", "qwerty", "asdfghjkl", "zxcvbnm", "1qaz2wsx", "qazwsx",
    "admin", "administrator", "welcome", "letmein", "iloveyou", "woaini", "zhangsan", "minzheng",
    "123456789", "12345678", "123456", "1234", "abcdef", "abcd", "abc", "000000", "111111",
    "666666", "888888", "520", "1314", "5201314", "2020", "2021", "2022", "2023", "2024", "2025",
    "2026", "@", "!", "#", ".", "_", "-", "123", "321",
)  # fmt: skip

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_slots = BoundedSemaphore(2)
_decoy = ""


def configure(memory_kib: int, time_cost: int, slots: int) -> None:
    """Set the cost of a hash and how many may run at once in this process."""
    global _hasher, _slots, _decoy
    _hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
    _slots = BoundedSemaphore(slots)
    _decoy = _hasher.hash("nobody has this password")


def check_strength(password: str, username: str = "") -> None:
    """Let a password pass that is long enough and not a common one.

    Raises:
        InvalidInput: too short, too long, or easily guessed.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInput(
            fields={"password": _("密码需要 12 到 128 个字符，可以用一句话。")},
        )
    rest = unicodedata.normalize("NFKC", password).casefold()
    for piece in sorted((*_COMMON, username.casefold()), key=len, reverse=True):
        if piece:
            rest = rest.replace(piece, "")
    if len(set(rest)) < 4:
        raise InvalidInput(
            fields={"password": _("这个密码太常见，容易被猜到，请换一个。")},
        )


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password.

    Raises:
        Busy: no place among the hashes under way within a second.
    """
    with _Slot():
        return _hasher.hash(_normal(password))


def verify_password(stored: str, password: str) -> bool:
    """Tell whether the password fits; an empty ``stored`` costs the same time and never fits.

    Raises:
        Busy: no place among the hashes under way within a second.
    """
    with _Slot():
        try:
            _hasher.verify(stored or _decoy or _hasher.hash(""), _normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return bool(stored)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


class _Slot:
    def __enter__(self) -> None:
        self.taken = _slots
        if not self.taken.acquire(timeout=0.9):
            raise Busy()

    def __exit__(self, *_exc: object) -> None:
        self.taken.release()
