"""Is this paper genuine? For everybody who holds one, without an account."""

from flask import Blueprint, render_template, request

from matchplatform.access.answers import Answer
from matchplatform.access.guards import public
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.queries import find_by_number, find_by_token
from matchplatform.commitments.verifying import (
    clean_hash,
    clean_number,
    describe_paper,
    is_token,
)
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _

bp = Blueprint("verify", __name__)

# An unknown number and a wrong hash get the very same answer.
NO_SUCH_PAPER = _(
    "没有编号和校验码都对得上的协议。请对照纸面再核对一遍；仍然不对，请谨慎对待这份纸。"
)
NO_SUCH_TOKEN = _(
    "这个二维码不对应任何一份协议：可能没有扫全，也可能这份纸不是本站的。可以用编号和校验码再核对一次。"
)


@bp.get("/verify")
@public
def ask() -> Answer:
    """Show where to type, or what a number and the beginning of its hash lead to."""
    number, digits = request.args.get("number", ""), request.args.get("hash", "")
    if not (number or digits):
        return _form()
    wrong: dict[str, Words] = {}
    if not clean_number(number):
        wrong["number"] = _("请填协议编号，印在协议第一页上方。")
    if not clean_hash(digits):
        wrong["hash"] = _("请填校验码的前 8 位，只有数字和字母 a 到 f。")
    if wrong:
        return _form(number, digits, wrong), 400
    found = find_by_number(clean_number(number), clean_hash(digits))
    if found is None:
        return _form(number, digits, {"number": NO_SUCH_PAPER}), 404
    return _paper(found)


@bp.get("/verify/<token>")
@public
def show(token: str) -> Answer:
    """Show what the QR code of a paper leads to."""
    found = find_by_token(token) if is_token(token) else None
    if found is None:
        return _form(wrong={"token": NO_SUCH_TOKEN}), 404
    return _paper(found)


def _form(number: str = "", digits: str = "", wrong: dict[str, Words] | None = None) -> str:
    return render_template(
        "commitments/verify.html", number=number[:120], digits=digits[:120], wrong=wrong or {}
    )


def _paper(agreement: Agreement) -> str:
    return render_template("commitments/verify_paper.html", paper=describe_paper(agreement))
