"""A notice as a person reads it."""

from matchplatform.kernel.i18n import gettext
from matchplatform.notifications.models import Notice


def words_of(notice: Notice) -> str:
    """Return the notice's words as plain text; pages escape what people typed into them."""
    return str(gettext(notice.template, **notice.params))
