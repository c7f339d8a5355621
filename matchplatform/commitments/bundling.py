"""What the worker does for bundles: one agreement a step, nobody waiting while it is rendered."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.exc import DataError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.accounts.models import User
from matchplatform.commitments.archives import Entry, add_entries, clean_name, is_sound
from matchplatform.commitments.bundle_models import AgreementBundle
from matchplatform.commitments.bundle_queries import find_next_bundle_id
from matchplatform.commitments.bundles import fail_bundle, finish_bundle
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.papers import text_of
from matchplatform.commitments.states import (
    BUNDLE_WORKFLOW,
    AgreementState,
    BundleAction,
    BundleState,
)
from matchplatform.config.settings import Settings
from matchplatform.documents import AgreementText, render_agreement_docx, render_agreement_pdf
from matchplatform.files.storage import INCOMING, Storage
from matchplatform.kernel import clock, facts
from matchplatform.kernel.db import db, reading
from matchplatform.kernel.errors import Busy
from matchplatform.kernel.i18n import gettext
from matchplatform.organisations.actors import actor_of

log = logging.getLogger(__name__)

# The rest of the worker's round waits meanwhile.
SECONDS_A_ROUND = 2.0


@dataclass(frozen=True)
class Job:
    """What a step has to do, read beforehand; ``left_out`` says why the next paper cannot go in."""

    bundle_id: int
    actor: Actor | None
    status: BundleState
    done: int
    total: int
    papers: int
    partial: str
    with_docx: bool
    name: str = ""
    text: AgreementText | None = None
    left_out: str = ""


@dataclass
class Bundler:
    """Works off bundles; ``under_way`` is the bundle of this step."""

    settings: Settings
    under_way: int | None = field(default=None)

    def do_round(
        self,
        is_stopping: Callable[[], bool] = lambda: False,
        seconds: float = SECONDS_A_ROUND,
    ) -> None:
        """Do steps until there is nothing to do or the time is over."""
        until = time.monotonic() + seconds
        while not is_stopping() and self.do_step() and time.monotonic() < until:
            pass

    def do_step(self) -> bool:
        """Do one step in a transaction of its own; tell whether there was one to do."""
        try:
            return self._do_step()
        except (StaleDataError, Busy):
            # Every place where papers are made is taken: look again later.
            db.session.rollback()
            return False
        except Exception as error:
            # The database comes back some day; what it cannot hold it cannot hold the next time.
            if isinstance(error, SQLAlchemyError) and not isinstance(error, DataError):
                raise
            # A fault of ours must not keep the worker from everything else.
            db.session.rollback()
            log.exception("a bundle failed")
            self._give_up()
            return True

    def _give_up(self) -> None:
        found = db.session.get(AgreementBundle, self.under_way) if self.under_way else None
        if found is not None and found.is_at_work:
            why = gettext("系统出了意外，没有打成包，请稍后重新打包。")
            fail_bundle(actor=_owner(found), bundle=found, why=why)
            db.session.commit()

    def _do_step(self) -> bool:
        with reading():
            self.under_way = bundle_id = find_next_bundle_id()
            job = None if bundle_id is None else self._read(bundle_id)
            db.session.rollback()
        if job is None:
            return False
        if job.status is BundleState.MAKING and not self._is_whole(job):
            self._start_again(job)
        elif job.done < job.total and job.actor is not None and job.partial:
            self._add_next(job)
        else:
            self._turn(job)
        db.session.commit()
        return True

    def _read(self, bundle_id: int) -> Job:
        bundle = db.session.get_one(AgreementBundle, bundle_id)
        user = db.session.get_one(User, bundle.user_id)
        actor = actor_of(user) if user.is_active else None
        name, text, why = "", None, ""
        if actor is not None and bundle.partial and bundle.done < bundle.total:
            name, text, why = self._next_paper(actor, bundle)
        return Job(
            bundle.id,
            actor,
            bundle.status,
            bundle.done,
            bundle.total,
            (bundle.done - len(bundle.left_out)) * (2 if bundle.with_docx else 1),
            bundle.partial,
            bundle.with_docx,
            name,
            text,
            why,
        )

    def _next_paper(
        self, actor: Actor, bundle: AgreementBundle
    ) -> tuple[str, AgreementText | None, str]:
        key = bundle.agreement_ids[bundle.done]
        agreement = db.session.get(Agreement, key)
        if agreement is None or not permits(actor, Permission.AGREEMENT_READ, agreement):
            return "", None, gettext("第 %(n)s 份：您已经不能看这份协议", n=bundle.done + 1)
        if agreement.status is AgreementState.VOID:
            return "", None, gettext("%(number)s：已经作废", number=agreement.number)
        claim = agreement.claim
        name = f"{agreement.number} {claim.organisation.name} {claim.project.name}"
        demo = facts.find_fact(facts.DEMO) is not None
        return name, text_of(agreement, base_url=self.settings.base_url, demo=demo), ""

    def _is_whole(self, job: Job) -> bool:
        return bool(job.partial) and is_sound(self._path(job.partial), job.papers)

    def _path(self, partial: str) -> Path:
        return self._storage().root / INCOMING / partial

    def _storage(self) -> Storage:
        return Storage(self.settings.files_path)

    def _start_again(self, job: Job) -> None:
        """Begin from nothing: what was made is lost, or was cut by a sudden end."""
        partial = self._storage().new_incoming().name
        bundle = db.session.get_one(AgreementBundle, job.bundle_id)
        if job.partial:
            self._path(job.partial).unlink(missing_ok=True)
        bundle.partial, bundle.done, bundle.left_out = partial, 0, []

    def _add_next(self, job: Job) -> None:
        why = job.left_out
        if job.text is not None:
            try:
                entries = _render(job.text, job.name, with_docx=job.with_docx)
            except Busy:
                raise
            except Exception:
                # One paper that cannot be made must not keep the others from being had.
                log.exception("an agreement could not be rendered")
                why = gettext("%(number)s：生成时出错", number=job.text.number)
            else:
                at = clock.now().astimezone(clock.SHANGHAI).timetuple()
                add_entries(
                    self._path(job.partial), entries, (at[0], at[1], at[2], at[3], at[4], 0)
                )
        bundle = db.session.get_one(AgreementBundle, job.bundle_id)
        if bundle.done != job.done:
            db.session.rollback()
            return
        bundle.done += 1
        if why:
            bundle.left_out = [*bundle.left_out, why]

    def _turn(self, job: Job) -> None:
        """Take a bundle up, or end it."""
        bundle = db.session.get_one(AgreementBundle, job.bundle_id)
        owner = _owner(bundle)
        if job.actor is None:
            why = gettext("要这一包的人已经停用，没有再往下做。")
            fail_bundle(actor=owner, bundle=bundle, why=why)
        elif job.status is BundleState.WAITING:
            bundle.status = BUNDLE_WORKFLOW.after(bundle.status, BundleAction.BEGIN)
            bundle.partial = self._storage().new_incoming().name
        elif not job.papers:
            fail_bundle(actor=owner, bundle=bundle, why=gettext("选的协议一份也不能放进来。"))
        else:
            path = self._path(job.partial)
            size = path.stat().st_size
            name = self._storage().keep(path)
            finish_bundle(actor=owner, bundle=bundle, stored_name=name, size=size)


def _render(text: AgreementText, name: str, *, with_docx: bool) -> list[Entry]:
    plain = clean_name(name)
    entries = [Entry(f"{plain}.pdf", render_agreement_pdf(text))]
    if with_docx:
        entries.append(Entry(f"{plain}.docx", render_agreement_docx(text)))
    return entries


def _owner(bundle: AgreementBundle) -> Actor:
    return actor_of(db.session.get_one(User, bundle.user_id))
