"""Verbs of the authenticator (TOTP): turn it on, use a code, turn it off, reset it.

Source: RFC 6238, with its section 5.2: a code is accepted once.
"""

import hmac

import pyotp
from sqlalchemy import CursorResult, delete, update

from matchplatform.access.actor import Actor, Role
from matchplatform.access.policy import Permission, check
from matchplatform.accounts import recovery, vault
from matchplatform.accounts.models import LoginAttempt, TotpDevice, User
from matchplatform.accounts.services import close_sessions_of, hash_token
from matchplatform.audit.services import record
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Conflict, Forbidden, InvalidInput
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.text import fold, tidy

# Who must have the second step where the setting asks for it.
NEEDED_BY = frozenset({Role.OFFICER, Role.ORGANISER, Role.ADMIN})
STEP_SECONDS = 30


def start_enrolment(*, actor: Actor, user: User) -> TotpDevice:
    """Make a secret for an authenticator; it counts only when a first code confirms it."""
    _check_oneself(actor, user)
    device = db.session.get(TotpDevice, user.id)
    if device is not None and device.confirmed_at is not None:
        raise Conflict(_("两步验证已经开启。"))
    if device is None:
        device = TotpDevice(user_id=user.id)
        db.session.add(device)
    device.sealed_secret = vault.seal(pyotp.random_base32())
    device.created_at = clock.now()
    device.last_step = 0
    _record(actor, "account.start_second_step", user)
    return device


def confirm_enrolment(*, actor: Actor, user: User, typed: str) -> list[str]:
    """Turn the second step on with a first code; return the recovery codes, shown this once.

    It ends the user's other sessions: they were opened by the password alone.
    """
    _check_oneself(actor, user)
    device = db.session.get(TotpDevice, user.id)
    if device is None or device.confirmed_at is not None:
        raise Conflict(_("请从“我的账号”重新开始设置。"))
    if not spend_code(device, typed):
        raise InvalidInput(
            fields={"code": _("验证码不对。请核对手机的时间，用最新的 6 位数字再试。")}
        )
    device.confirmed_at = clock.now()
    codes = recovery.give_codes(user)
    close_sessions_of(user)
    _record(actor, "account.enable_second_step", user)
    return codes


def regenerate_codes(*, actor: Actor, user: User) -> list[str]:
    """Give ten new recovery codes; the old ones are worth nothing."""
    _check_oneself(actor, user)
    if not has_second_step(user.id):
        raise Conflict(_("还没有开启两步验证。"))
    codes = recovery.give_codes(user)
    _record(actor, "account.renew_recovery_codes", user)
    return codes


def remove_second_step(*, actor: Actor, user: User, required: bool) -> None:
    """Turn one's own second step off, where it is voluntary."""
    _check_oneself(actor, user)
    if required and user.role in NEEDED_BY:
        raise Conflict(_("您的角色必须使用两步验证，不能关闭。"))
    if not has_second_step(user.id):
        raise Conflict(_("还没有开启两步验证。"))
    _drop(user)
    _record(actor, "account.remove_second_step", user)


def reset_second_step(*, actor: Actor, user: User, reason: str) -> None:
    """Take a lost authenticator off somebody else's account, as the admin; ends its sessions."""
    check(actor, Permission.ACCOUNT_MANAGE, user)
    if user.id == actor.user_id:
        raise Conflict(_("不能重置自己的两步验证，请另一位管理员办理。"))
    reason = tidy(reason)
    if not reason:
        raise InvalidInput(fields={"why": _("请写明原因。")})
    if db.session.get(TotpDevice, user.id) is None:
        raise Conflict(_("这个账号没有开启两步验证。"))
    _drop(user)
    forget_attempts(user)
    close_sessions_of(user)
    _record(actor, "account.reset_second_step", user, reason)


def counter_of(user: User) -> str:
    """Return the name under which a user's wrong codes are counted."""
    # Names that people type are folded to small letters, so none of them is counted here.
    return hash_token(f"SECOND STEP {user.id}")


def forget_attempts(user: User) -> None:
    """Begin to count a user's wrong codes anew."""
    db.session.execute(delete(LoginAttempt).where(LoginAttempt.name_hash == counter_of(user)))


def has_second_step(user_id: int) -> bool:
    """Tell whether a user's sign-in asks for a code."""
    device = db.session.get(TotpDevice, user_id)
    return device is not None and device.confirmed_at is not None


def find_secret(user_id: int) -> str | None:
    """Return the secret that waits for its first code; a confirmed one is never shown again."""
    device = db.session.get(TotpDevice, user_id)
    if device is None or device.confirmed_at is not None:
        return None
    return vault.unseal(device.sealed_secret)


def provisioning_uri(secret: str, username: str, issuer: str) -> str:
    """Return what the QR code says to the authenticator."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def spend_code(device: TotpDevice, typed: str) -> bool:
    """Use a code up; False where it does not fit now, or was used before."""
    code = fold(typed).replace(" ", "")
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        return False
    totp = pyotp.TOTP(vault.unseal(device.sealed_secret), interval=STEP_SECONDS)
    now = int(clock.now().timestamp()) // STEP_SECONDS
    fitting = [
        step
        for step in (now - 1, now, now + 1)
        if hmac.compare_digest(totp.generate_otp(step), code)
    ]
    return any(spend_step(device.user_id, step) for step in fitting)


def spend_step(user_id: int, step: int) -> bool:
    """Note that the code of a step was used; False where it, or a later one, was used before."""
    spent = db.session.execute(
        update(TotpDevice)
        .where(TotpDevice.user_id == user_id, TotpDevice.last_step < step)
        .values(last_step=step)
    )
    return isinstance(spent, CursorResult) and spent.rowcount == 1


def _drop(user: User) -> None:
    recovery.drop_codes(user)
    db.session.execute(delete(TotpDevice).where(TotpDevice.user_id == user.id))


def _check_oneself(actor: Actor, user: User) -> None:
    if actor.user_id != user.id:
        raise Forbidden()


def _record(actor: Actor, action: str, user: User, reason: str = "") -> None:
    record(
        actor=actor,
        action=action,
        subject_type="user",
        subject_id=user.id,
        subject_label=user.display_name,
        reason=reason,
    )
