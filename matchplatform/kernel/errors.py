"""The domain's errors: one small class a kind. Only handlers turns them into HTTP answers."""

from collections.abc import Mapping

from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _


class DomainError(Exception):
    """Something a person asked for cannot be done; ``words`` say why, for the page."""

    default_words: Words = _("这一步现在做不了。")

    def __init__(self, words: Words | None = None) -> None:
        self.words = words if words is not None else self.default_words
        super().__init__(str(self.words))


class NotFound(DomainError):
    """No such thing, or its existence is private."""

    default_words = _("没有找到您要的内容。")


class Hidden(NotFound):
    """There is such a thing, but it is none of the actor's business: told as if there were none."""


class Forbidden(DomainError):
    """The actor may not do this to this thing."""

    default_words = _("您没有办理这件事的权限。")


class SignInNeeded(DomainError):
    """The page is for people who are signed in."""

    default_words = _("请先登录。")


class Conflict(DomainError):
    """Somebody else was quicker, or a rule of the domain stands against it."""


class IllegalMove(Conflict):
    """The thing's state does not allow this action."""

    default_words = _("当前状态下不能这样办理，可能刚被别人处理过。")


class StaleVersion(Conflict):
    """The page that was sent had been overtaken by a newer version."""

    default_words = _("您打开页面之后，这份内容有了变化。请对照现在的内容再试一次。")


class InvalidInput(DomainError):
    """What was typed cannot be used; ``fields`` name the places, each with its words."""

    default_words = _("有内容需要更正。")

    def __init__(
        self, words: Words | None = None, fields: Mapping[str, Words] | None = None
    ) -> None:
        super().__init__(words)
        self.fields = dict(fields or {})


class TooLarge(InvalidInput):
    """What was sent is larger than what is taken."""


class AskAgain(DomainError):
    """What was typed is out of the ordinary and wants a second yes; ``questions`` say what."""

    default_words = _("请再确认一次。")

    def __init__(self, questions: list[Words]) -> None:
        super().__init__()
        self.questions = questions


class KeyReused(DomainError):
    """A form's token came again with another body; ``answer`` is where the first one led."""

    default_words = _("这张表单已经提交过别的内容，请刷新页面后重填。")

    def __init__(self, answer: str = "") -> None:
        super().__init__()
        self.answer = answer


class TooMany(DomainError):
    """Too many attempts; wait."""

    default_words = _("尝试次数过多，请五分钟后再试。")


class Busy(DomainError):
    """The server is too busy for this just now."""

    default_words = _("现在有点忙，请稍后再试。")
