"""What is typed to receive notices by mail."""

from wtforms import SelectChoice, SelectField, StringField

from matchplatform.access.fields import PlainForm, at_most, choices_of, needed
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.notifications.kinds import KIND_WORDS, MODE_WORDS, MailMode, NoticeKind
from matchplatform.notifications.models import LONGEST_ADDRESS, MailPreference

_AS_IN_GENERAL = [SelectChoice("", _("和上面一样")), *choices_of(MODE_WORDS)]


class AddressForm(PlainForm):
    """One's mail address."""

    address = StringField(
        _("邮箱"),
        validators=[needed(_("请填邮箱。")), at_most(LONGEST_ADDRESS)],
        render_kw={
            "type": "email",
            "autocomplete": "email",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )


class ChoiceForm(PlainForm):
    """When letters come, in general and for each kind of notice."""

    mode = SelectField(_("一般情况"), choices=choices_of(MODE_WORDS))
    claims = SelectField(KIND_WORDS[NoticeKind.CLAIMS], choices=_AS_IN_GENERAL)
    projects = SelectField(KIND_WORDS[NoticeKind.PROJECTS], choices=_AS_IN_GENERAL)
    organisation = SelectField(KIND_WORDS[NoticeKind.ORGANISATION], choices=_AS_IN_GENERAL)
    searches = SelectField(KIND_WORDS[NoticeKind.SEARCHES], choices=_AS_IN_GENERAL)
    other = SelectField(KIND_WORDS[NoticeKind.OTHER], choices=_AS_IN_GENERAL)

    @property
    def by_kind(self) -> dict[NoticeKind, MailMode]:
        """Return the kinds for which something else was chosen than in general."""
        typed = {kind: self[kind.value].data for kind in NoticeKind}
        return {kind: MailMode(mode) for kind, mode in typed.items() if mode}


def choices_as_kept(preference: MailPreference) -> ChoiceForm:
    """Return the form with what was chosen before."""
    kept = {choice.kind.value: choice.mode.value for choice in preference.choices}
    return ChoiceForm(formdata=None, mode=preference.mode.value, **kept)


class EmptyForm(PlainForm):
    """A button and its token."""
