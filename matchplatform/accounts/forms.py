"""What is typed to sign in, to set a password, and to manage accounts."""

from collections.abc import Iterable

from flask import current_app
from wtforms import (
    HiddenField,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import EqualTo, Regexp

from matchplatform.access.actor import ROLE_WORDS, Role
from matchplatform.access.fields import (
    Groups,
    PlainForm,
    at_most,
    choices_of,
    grouped_choices,
    needed,
)
from matchplatform.accounts.models import User
from matchplatform.accounts.passwords import LONGEST
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.text import fold

# The extension under which app.py leaves the regions; accounts stand on a lower floor than those.
REGIONS = "officer_regions"
USERNAME = r"[a-z0-9][a-z0-9._-]{2,31}"

_OPENED_BY_ADMIN = (Role.OFFICER, Role.ORGANISER, Role.AUDITOR, Role.ADMIN)


def folded(typed: str | None) -> str:
    """Return a user name as accounts keep it, whatever width or case it was typed in."""
    return fold(typed or "")


def username_rule() -> Regexp:
    """Return the rule for new user names."""
    return Regexp(
        USERNAME + r"\Z", message=_("用 3 到 32 个小写字母、数字或 . _ -，以字母或数字开头。")
    )


def id_or_none(typed: object) -> int | None:
    """Read an id that a select sent; anything odd is none."""
    text = str(typed or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class SignInForm(PlainForm):
    """User name and password; ``next`` is where the person was going."""

    username = StringField(
        _("用户名"),
        validators=[needed(_("请填用户名。")), at_most(64)],
        filters=[folded],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _("密码"),
        validators=[needed(_("请填密码。")), at_most(LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class ForgottenForm(PlainForm):
    """The user name of somebody who forgot the password."""

    username = StringField(
        _("用户名"),
        validators=[needed(_("请填用户名。")), at_most(64)],
        filters=[folded],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )


class CodeForm(PlainForm):
    """The code of an authenticator, or a recovery code."""

    code = StringField(
        _("验证码"),
        validators=[needed(_("请填验证码。")), at_most(40)],
        render_kw={
            "autocomplete": "one-time-code",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )
    next = HiddenField()


class PasswordAgainForm(PlainForm):
    """The password once more, before something that matters."""

    password = PasswordField(
        _("现在的密码"),
        validators=[needed(_("请填现在的密码。")), at_most(LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class NewPasswordForm(PlainForm):
    """A new password, twice."""

    password = PasswordField(
        _("新密码"),
        validators=[needed(_("请填新密码。"))],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _("再输一遍新密码"),
        validators=[
            needed(_("请再输一遍。")),
            EqualTo("password", message=_("两次输入的密码不一样。")),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    """The old password, and a new one twice."""

    old_password = PasswordField(
        _("现在的密码"),
        validators=[needed(_("请填现在的密码。")), at_most(LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class AccountForm(PlainForm):
    """A new account that the admin opens."""

    role = SelectField(
        _("角色"),
        choices=choices_of(
            {"": _("请选角色")} | {str(role): ROLE_WORDS[role] for role in _OPENED_BY_ADMIN}
        ),
        invalid_choice_message=_("请选角色。"),
        validators=[needed(_("请选角色。"))],
    )
    username = StringField(
        _("用户名"),
        validators=[needed(_("请填用户名。")), username_rule()],
        filters=[folded],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    display_name = StringField(
        _("姓名"), validators=[needed(), at_most(60)], render_kw={"autocomplete": "off"}
    )
    unit = StringField(_("单位"), validators=[at_most(80)])
    region_prefix = SelectField(
        _("所属地区"),
        choices=lambda: grouped_choices(_regions(), _("不选（只有民政工作人员要选）")),
        invalid_choice_message=_("请从列表里选一个地区。"),
    )


class StandingForm(PlainForm):
    """Why an account is stopped or let go on, and who takes over."""

    successor = SelectField(_("由谁接手"), coerce=id_or_none, validate_choice=False)
    reason = TextAreaField(_("原因"), validators=[needed(_("请写明原因。")), at_most(500)])

    def offer(self, users: Iterable[User]) -> None:
        """Offer these to take over."""
        self.successor.choices = [
            SelectChoice("", _("请选接手的人")),
            *(SelectChoice(str(user.id), f"{user.display_name}（{user.unit}）") for user in users),
        ]


class ResetForm(PlainForm):
    """Why somebody's second step is reset."""

    why = TextAreaField(_("重置的原因"), validators=[needed(_("请写明原因。")), at_most(500)])


def _regions() -> Groups:
    groups: Groups = current_app.extensions[REGIONS]()
    return groups
