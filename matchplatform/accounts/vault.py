"""What must be read again is sealed; what is only compared is kept as a keyed hash.

Both keys come from the site's secret, so a copy of the database alone opens neither.
Source: RFC 5869 (HKDF); Fernet is AES-128-CBC with HMAC-SHA256.
"""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from matchplatform.kernel.errors import Conflict
from matchplatform.kernel.i18n import lazy_gettext as _

_fernet = Fernet(Fernet.generate_key())
_hash_key = b""


def configure(secret: str) -> None:
    """Derive the keys from the site's secret."""
    global _fernet, _hash_key
    _fernet = Fernet(base64.urlsafe_b64encode(_derive(secret, b"matchplatform: sealed text, 1")))
    _hash_key = _derive(secret, b"matchplatform: keyed hashes, 1")


def seal(text: str) -> str:
    """Return the text as only this site can read it."""
    return _fernet.encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return what was sealed.

    Raises:
        Conflict: it was sealed under another secret.
    """
    try:
        return _fernet.decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Conflict(_("本站的密钥换过，原来的两步验证读不出来了，请系统管理员重置。")) from error


def keyed_hash(text: str) -> str:
    """Return a hash that nobody can compute without the site's secret."""
    return hmac.new(_hash_key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
