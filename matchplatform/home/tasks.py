"""What a desk is made of: things that wait, in queues."""

from dataclasses import dataclass, field
from datetime import datetime

from matchplatform.access.policy import Permission
from matchplatform.claims.models import ANSWER_DAYS
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _

QUEUES: dict[str, Words] = {
    "claims": _("认领受理"),
    "release": _("长期占用"),
    "capacity": _("超预算认领"),
    "returned": _("退回给我"),
    "verify": _("需求核验"),
    "publish": _("需求发布"),
    "changes": _("改动核准"),
    "organisations": _("组织核验"),
}

# Whose business the things of a queue can be; those of organisations are everybody's.
QUEUE_PERMISSIONS: dict[str, Permission] = {
    "claims": Permission.CLAIM_DECIDE,
    "release": Permission.CLAIM_DECIDE,
    "capacity": Permission.CLAIM_DECIDE,
    "returned": Permission.PROJECT_WRITE,
    "verify": Permission.PROJECT_VERIFY,
    "publish": Permission.PROJECT_PUBLISH,
    "changes": Permission.PROJECT_PUBLISH,
}

# What waits for nobody in particular and yet should not be forgotten.
WATCHES: dict[str, Words] = {
    "deadline": _("快到认领截止"),
    "unseen": _("发布后没人关注"),
    "unclaimed": _("30 天没人认领"),
}
WATCH_WORDS: dict[str, Words] = {
    "deadline": _("14 天内截止认领、还有缺口的，先截止的在前。"),
    "unseen": _("发布满 14 天，没有人关注、候补、认领，也没有答复邀请的，先发布的在前。"),
    "unclaimed": _("发布满 30 天，现在没有任何认领占着的，先发布的在前。"),
}


@dataclass(frozen=True)
class Task:
    """One thing that waits: ``days`` waited of ``limit``; ``due`` days are left (below 0: late)."""

    queue: str
    since: datetime
    title: str
    url: str
    meta: str
    by: str
    days: int
    limit: int = ANSWER_DAYS
    flag: Words = ""
    news: Words = ""

    @property
    def kind(self) -> Words:
        """Return the name of the queue."""
        return QUEUES[self.queue]

    @property
    def due(self) -> int:
        """Return the days left; below zero it is overdue."""
        return self.limit - self.days

    @property
    def late(self) -> bool:
        """Tell whether it is overdue."""
        return self.due < 0

    @property
    def today(self) -> bool:
        """Tell whether it is due today."""
        return self.due == 0

    @property
    def action(self) -> Words:
        """Return the words of the link."""
        return _("办理")

    @property
    def due_text(self) -> Words:
        """Say how much time is left."""
        if self.late:
            return _("超期 %(days)s 天", days=-self.due)
        return _("今天到期") if self.today else _("还有 %(days)s 天", days=self.due)


@dataclass(frozen=True)
class Watched(Task):
    """Something to keep an eye on: never late, for nobody promised to do anything about it."""

    says: Words = ""

    @property
    def kind(self) -> Words:
        """Return the name of the list."""
        return WATCHES[self.queue]

    @property
    def late(self) -> bool:
        """Return that it is not."""
        return False

    @property
    def today(self) -> bool:
        """Return that it is not due."""
        return False

    @property
    def action(self) -> Words:
        """Return the words of the link."""
        return _("看看")

    @property
    def due_text(self) -> Words:
        """Say what there is to know about its time."""
        return self.says


@dataclass
class Desk:
    """All that waits, and the same by queue."""

    tasks: list[Task] = field(default_factory=list)

    def of(self, queue: str) -> list[Task]:
        """List the tasks of one queue, or all for an empty name."""
        return [task for task in self.tasks if queue in ("", task.queue)]

    @property
    def late(self) -> int:
        """Count what is overdue."""
        return sum(1 for task in self.tasks if task.late)

    @property
    def pressing(self) -> int:
        """Count what is overdue or due today."""
        return sum(1 for task in self.tasks if task.late or task.today)

    @property
    def oldest(self) -> int:
        """Return the days that the oldest has waited."""
        return max((task.days for task in self.tasks), default=0)
