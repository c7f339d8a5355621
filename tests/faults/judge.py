"""What came of a crash run: every promise against the database, the trail and the index."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from matchplatform.audit.models import AuditEntry
from matchplatform.catalogue.indexing import documents, domain_words, open_index
from matchplatform.claims.message_models import ClaimMessage
from matchplatform.claims.models import Claim
from matchplatform.claims.states import ClaimState
from matchplatform.cli.checks import find_breaches as check_breaches
from matchplatform.config.settings import read_settings
from matchplatform.files.queries import find_breaches as file_breaches
from matchplatform.files.storage import Storage
from matchplatform.kernel.db import db, reading
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.notifications.models import Notice
from matchplatform.notifications.services import TOPIC as NOTICE_TOPIC
from matchplatform.projects.models import Project
from matchplatform.search import SearchIndex
from matchplatform.search.document import Entry
from matchplatform.search.generation import Generation
from matchplatform.search.layout import read_pointer
from tests.faults.browser import Intent
from tests.faults.servers import Site

_S = ClaimState
_ENDED = {_S.WITHDRAWN, _S.RELEASED}
# After this was acknowledged, the claim may be in these states.
SINCE: dict[str, set[ClaimState]] = {
    "claim.reserve": set(ClaimState),
    "claim.extend": set(ClaimState) - {_S.EXPIRED},
    "claim.submit": {_S.SUBMITTED, _S.ACCEPTED, _S.DECLINED} | _ENDED,
    "claim.accept": {_S.ACCEPTED} | _ENDED,
    "claim.decline": {_S.DECLINED},
    "claim.withdraw": {_S.WITHDRAWN},
}
PROJECT_ACTIONS = {"project.create", "project.submit", "project.verify", "project.publish"}


class Verdict:
    """What was lost, done twice, wrongly refused, or is not as it must be; a line for each."""

    def __init__(self, intents: list[Intent]) -> None:
        self.lost: list[str] = []
        self.doubled: list[str] = []
        self.told_wrong: list[str] = []
        self._compare(intents)
        for intent in intents:
            if intent.is_acknowledged:
                self.lost += _not_as_acknowledged(intent)

    @property
    def is_right(self) -> bool:
        """Tell whether nothing was lost, done twice or told wrongly."""
        return not (self.lost or self.doubled or self.told_wrong)

    def _compare(self, intents: list[Intent]) -> None:
        done = _read_done({intent.key[1] for intent in intents})
        wanted: dict[tuple[str, int, str], list[Intent]] = {}
        for intent in intents:
            wanted.setdefault(intent.key, []).append(intent)
        for key in sorted(wanted.keys() | done.keys()):
            same = wanted.get(key, [])
            sure = sum(intent.is_acknowledged for intent in same)
            unsure = sum(map(_may_be_done, same))
            here = f"{key[0]} of user {key[1]} ({key[2]}): done {done[key]} times, told {sure}"
            if done[key] < sure:
                self.lost.append(here)
            elif done[key] > max(sure, 1) or (done[key] and not same):
                self.doubled.append(here)
            elif done[key] > sure + unsure:
                self.told_wrong.append(f"{here}, refused when it was sent again")


def _may_be_done(intent: Intent) -> bool:
    # Without an answer nobody knows; without a key the refusal of a second sending says nothing.
    return intent.status == 0 or (intent.cut > 0 and not intent.is_keyed and intent.status != 303)


def _read_done(users: set[int]) -> Counter[tuple[str, int, str]]:
    done: Counter[tuple[str, int, str]] = Counter()
    trail = select(AuditEntry).where(
        AuditEntry.actor_id.in_(users), AuditEntry.action.in_({*SINCE, *PROJECT_ACTIONS})
    )
    for entry in db.session.scalars(trail.order_by(AuditEntry.seq)):
        done[entry.action, entry.actor_id or 0, _mark_of(entry)] += 1
    written = select(ClaimMessage).where(ClaimMessage.author_id.in_(users))
    for message in db.session.scalars(written.order_by(ClaimMessage.id)):
        done["message", message.author_id, message.text] += 1
    return done


def _mark_of(entry: AuditEntry) -> str:
    if entry.action == "claim.reserve":
        return _plain(sum(map(Decimal, entry.detail["quantities"].values()), Decimal(0)))
    return entry.subject_label if entry.action == "project.create" else entry.subject_id


def _not_as_acknowledged(intent: Intent) -> Iterator[str]:
    action, user_id, mark = intent.key
    here = f"{action} of user {user_id} ({mark}) was acknowledged"
    if action in SINCE:
        claim = db.session.get(Claim, int(intent.led_to.rpartition("/")[2]))
        if claim is None:
            yield f"{here}: no such claim"
        elif claim.status not in SINCE[action]:
            yield f"{here}: the claim is {claim.status}"
        elif action == "claim.reserve" and mark not in {_plain(p.quantity) for p in claim.lines}:
            yield f"{here}: the claim is another one"
        elif intent.words and intent.words not in (claim.message, claim.reason):
            yield f"{here}: its words are gone"
    elif action in PROJECT_ACTIONS:
        column = Project.name if action == "project.create" else Project.number
        found = list(db.session.scalars(select(Project).where(column == mark)))
        if not found:
            yield f"{here}: no such project"
        elif action == "project.publish" and not found[0].is_public:
            yield f"{here}: the project is {found[0].status}"


def _plain(quantity: Decimal) -> str:
    return str(int(quantity))


def find_doubled_rows(intents: list[Intent]) -> Iterator[str]:
    """Yield a line for each claim or project that stands twice, whatever the trail says."""
    users = {intent.key[1] for intent in intents}
    amounts = Counter(
        _plain(part.quantity) for claim in db.session.scalars(select(Claim)) for part in claim.lines
    )
    wanted = {key[2] for key in (intent.key for intent in intents) if key[0] == "claim.reserve"}
    yield from (f"{amounts[mark]} claims of {mark}" for mark in sorted(wanted) if amounts[mark] > 1)
    names = select(Project.name).join(AuditEntry, AuditEntry.subject_id == Project.number)
    mine = names.where(AuditEntry.action == "project.create", AuditEntry.actor_id.in_(users))
    for name, times in Counter(db.session.scalars(mine)).items():
        if times > 1:
            yield f"{times} projects called {name}"


def find_breaches(site: Site) -> Iterator[str]:
    """Yield a line for whatever is wrong with the outbox, the notices, the index or the invariants."""
    with reading():
        for entry in db.session.scalars(select(OutboxEntry).order_by(OutboxEntry.id)):
            if entry.done_at is None:
                yield f"outbox {entry.id} ({entry.topic}) waits: {entry.last_error}"
        yield from _notice_breaches()
        yield from _index_breaches(site)
        # All that `matchplatform check` looks at.
        settings = read_settings(site.environ)
        yield from check_breaches(open_index(settings))
        yield from file_breaches(Storage(settings.files_path))
        db.session.rollback()


def _notice_breaches() -> Iterator[str]:
    made = dict(
        db.session.execute(select(Notice.outbox_id, func.count()).group_by(Notice.outbox_id)).all()
    )
    done = select(OutboxEntry).where(
        OutboxEntry.topic == NOTICE_TOPIC, OutboxEntry.done_at.is_not(None)
    )
    for entry in db.session.scalars(done.order_by(OutboxEntry.id)):
        wanted = len(entry.payload["user_ids"])
        if made.get(entry.id, 0) != wanted:
            yield f"outbox {entry.id}: {made.get(entry.id, 0)} notices for {wanted} people"


def _index_breaches(site: Site) -> Iterator[str]:
    held = _entries(site.folder / "index")
    with TemporaryDirectory(prefix="faults-index-") as folder:
        SearchIndex(Path(folder), domain_words()).rebuild(documents())
        wanted = _entries(Path(folder))
    for key in sorted(held.keys() | wanted.keys()):
        if key not in held:
            yield f"index: lacks project {key}"
        elif key not in wanted:
            yield f"index: holds project {key}, which is not public"
        elif held[key] != wanted[key]:
            yield f"index: project {key} is not as in the database"


def _entries(folder: Path) -> dict[int, Entry]:
    found = list(Generation(folder / read_pointer(folder)).open().entries())
    if len(found) != len({entry.id for entry in found}):
        raise AssertionError("the index holds a project twice")
    return {entry.id: entry for entry in found}
