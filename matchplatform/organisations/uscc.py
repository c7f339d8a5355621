"""The unified social credit code (统一社会信用代码).

Source: GB 32100-2015.
"""

import unicodedata

from stdnum.cn import uscc as standard

from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.organisations.states import TYPE_WORDS, USCC_PREFIX, OrganisationType

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def clean_uscc(typed: str, org_type: OrganisationType) -> str:
    """Return the code as the register writes it, checked against the type of organisation.

    Raises:
        InvalidInput: length, alphabet, check character or type prefix are wrong; says which.
    """
    code = unicodedata.normalize("NFKC", typed).replace(" ", "").replace("-", "").upper()
    if len(code) != 18:
        raise _wrong(_("统一社会信用代码是 18 位，您填了 %(count)s 位。", count=len(code)))
    odd = sorted({letter for letter in code if letter not in ALPHABET})
    if odd:
        raise _wrong(
            _(
                "代码里不会有 %(letters)s，请对照证书（常见的是把 0 看成 O、1 看成 I）。",
                letters="、".join(odd),
            )
        )
    if standard.calc_check_digit(code[:-1]) != code[-1]:
        raise _wrong(_("最后一位校验码对不上，前面可能有一位抄错了，请对照证书。"))
    prefix = USCC_PREFIX[org_type]
    if not code.startswith(prefix):
        raise _wrong(
            _(
                "%(kind)s的代码以 %(prefix)s 开头，请核对代码或组织类型。",
                kind=TYPE_WORDS[org_type],
                prefix=prefix,
            )
        )
    return code


def _wrong(words: Words) -> InvalidInput:
    return InvalidInput(fields={"uscc": words})
