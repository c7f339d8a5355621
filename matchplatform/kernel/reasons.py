"""Why somebody did something adverse: written down, and long enough to say something."""

from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.identity import holds_id_number
from matchplatform.kernel.text import tidy

SHORTEST, LONGEST = 5, 500
ID_NUMBER = _("这里有身份证号。写下的会一直保存，别人也看得到，请把号码删掉。")


def clean_reason(typed: str, *, needed: bool = True, field: str = "reason") -> str:
    """Return a reason, tidied; empty only where none is ``needed``.

    Raises:
        InvalidInput: too little to tell anybody anything, too long, or with a citizen's ID number; at
            ``field``.
    """
    reason = tidy(typed)
    if needed and len(reason) < SHORTEST:
        raise InvalidInput(fields={field: _("请写明原因，至少五个字。")})
    if len(reason) > LONGEST:
        raise InvalidInput(fields={field: _("原因最多 500 个字。")})
    if holds_id_number(reason):
        raise InvalidInput(fields={field: ID_NUMBER})
    return reason
