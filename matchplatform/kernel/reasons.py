"""Why somebody did something adverse: written down, and long enough to say something."""

from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.text import tidy

SHORTEST, LONGEST = 5, 500


def clean_reason(typed: str, *, needed: bool = True, field: str = "reason") -> str:
    """Return a reason, tidied; empty only where none is ``needed``.

    Raises:
        InvalidInput: too little to tell anybody anything, or too long; at ``field``.
    """
    reason = tidy(typed)
    if needed and len(reason) < SHORTEST:
        raise InvalidInput(fields={field: _("请写明原因，至少五个字。")})
    if len(reason) > LONGEST:
        raise InvalidInput(fields={field: _("原因最多 500 个字。")})
    return reason
