"""The forms of a saved search: its name, and whether to be told."""

from wtforms import BooleanField, StringField

from matchplatform.access.fields import PlainForm, at_most, needed
from matchplatform.interests.models import LONGEST_NAME
from matchplatform.kernel.i18n import lazy_gettext as _


class NameForm(PlainForm):
    """A saved search's name."""

    name = StringField(_("名称"), [needed(_("请填一个名称。")), at_most(LONGEST_NAME)])


class SaveForm(NameForm):
    """What is typed when a search is saved; its words and filters come along unseen."""

    notify = BooleanField(_("有新项目符合时通知我"), default=True)
