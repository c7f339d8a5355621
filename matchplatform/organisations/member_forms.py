"""What is typed about members: invitations, rights, ends, and the account of who joins."""

from collections.abc import Iterable

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import EqualTo, Optional

from matchplatform.access.fields import PlainForm, at_most, needed
from matchplatform.accounts.forms import folded, id_or_none, username_rule
from matchplatform.accounts.models import User
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.paging import read_version


class RightsForm(PlainForm):
    """What a member may do, and until when."""

    as_signer = BooleanField(_("也是签署人"))
    until = DateField(_("到期日"), validators=[Optional()])

    def validate(self, extra_validators: object = None) -> bool:
        """Say in plain words when the day cannot be read."""
        valid = super().validate()
        if self.until.process_errors and "".join(self.until.raw_data or ()).strip():
            self.until.errors = [str(_("请填这样的日期：2027-06-30。"))]
        return valid


class InviteForm(RightsForm):
    """Somebody who has an account, by name and user name."""

    name = StringField(_("姓名"), validators=[needed(), at_most(60)])
    username = StringField(
        _("用户名"),
        validators=[needed(_("请填对方的用户名。")), at_most(64)],
        filters=[folded],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )


class InviteLinkForm(RightsForm):
    """Somebody without an account, by a one-time link."""

    link_name = StringField(_("对方姓名"), validators=[needed(), at_most(60)])


class ChangeForm(RightsForm):
    """New rights or a new last day; ``version`` is the one that the page showed."""

    version = HiddenField(default="")

    @property
    def version_number(self) -> int:
        """Return the version that the page showed."""
        return read_version(self.version.data)


class EndForm(PlainForm):
    """Why somebody is taken off, and who takes over."""

    successor = SelectField(_("由谁接手"), coerce=id_or_none, validate_choice=False)
    reason = TextAreaField(_("原因"), validators=[needed(_("请写明原因。")), at_most(500)])
    version = HiddenField(default="")

    def offer(self, users: Iterable[User]) -> None:
        """Offer these to take over."""
        self.successor.choices = [
            SelectChoice("", _("请选接手的人")),
            *(SelectChoice(str(user.id), user.display_name) for user in users),
        ]

    @property
    def version_number(self) -> int:
        """Return the version that the page showed."""
        return read_version(self.version.data)


class JoinForm(PlainForm):
    """The account of somebody who joins by a link."""

    display_name = StringField(
        _("姓名"), validators=[needed(), at_most(60)], render_kw={"autocomplete": "name"}
    )
    username = StringField(
        _("用户名"),
        validators=[needed(), username_rule()],
        filters=[folded],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _("密码"), validators=[needed(_("请设密码。"))], render_kw={"autocomplete": "new-password"}
    )
    again = PasswordField(
        _("再输一遍密码"),
        validators=[EqualTo("password", message=_("两次输入的密码不一样。"))],
        render_kw={"autocomplete": "new-password"},
    )
