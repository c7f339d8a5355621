"""Many agreements as one archive: asked for, made step by step, taken away, cleared."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from matchplatform.access.actor import Actor, Role
from matchplatform.accounts.models import User
from matchplatform.cli.housekeeping import drop_old_rows
from matchplatform.commitments import bundling
from matchplatform.commitments.archives import Entry, add_entries, clean_name, is_sound
from matchplatform.commitments.bundle_models import AgreementBundle
from matchplatform.commitments.bundle_queries import find_bundle_breaches, stored_names
from matchplatform.commitments.bundles import MOST_AGREEMENTS, MOST_AT_WORK, begin_bundle
from matchplatform.commitments.bundling import Bundler
from matchplatform.commitments.models import Agreement
from matchplatform.commitments.services import discard_agreement
from matchplatform.commitments.states import BundleState
from matchplatform.config.settings import Settings
from matchplatform.documents import AgreementText
from matchplatform.files.storage import INCOMING, Storage
from matchplatform.kernel import clock
from matchplatform.kernel.clock import set_clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Busy, Conflict, Hidden, InvalidInput
from tests.commitments.making import make_draft, make_frozen, make_organiser, make_signed
from tests.factories import ZHANGBEI, actor_for, make_officer, make_user, sign_in

AT = (2026, 5, 1, 9, 0, 0)


def settings_of(app: Flask) -> Settings:
    found: Settings = app.extensions["settings"]
    return found


def ask(*agreements: Agreement, actor: Actor | None = None, docx: bool = False) -> AgreementBundle:
    bundle = begin_bundle(
        actor=actor or make_organiser(),
        agreement_ids=[one.id for one in agreements],
        title="张北签约大会协议",
        with_docx=docx,
    )
    db.session.commit()
    return bundle


def work(bundler: Bundler, most: int = 50) -> int:
    for count in range(most):
        if not bundler.do_step():
            return count
    return most


def newest() -> AgreementBundle:
    db.session.rollback()
    newest_first = select(AgreementBundle).order_by(AgreementBundle.id.desc()).limit(1)
    return db.session.scalars(newest_first).one()


@pytest.fixture
def bundler(db_session: Flask) -> Bundler:
    return Bundler(settings_of(db_session))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Papers that are made at once; the list tells which."""
    made: list[str] = []

    def render(text: AgreementText) -> bytes:
        made.append(text.number)
        return f"paper {text.number}".encode()

    monkeypatch.setattr(bundling, "render_agreement_pdf", render)
    monkeypatch.setattr(bundling, "render_agreement_docx", render)
    return made


def path_of(bundler: Bundler, bundle: AgreementBundle) -> Path:
    return Storage(bundler.settings.files_path).path_of(bundle.stored_name)


class TestAskingForOne:
    def test_each_must_be_ones_own_business(self, db_session: Flask) -> None:
        mine = make_frozen()
        stranger = actor_for(make_officer("130826"))
        with pytest.raises(Hidden):
            ask(mine, actor=stranger)
        with pytest.raises(Hidden):
            begin_bundle(
                actor=make_organiser(), agreement_ids=[mine.id, 999_999], title="", with_docx=False
            )
        db.session.rollback()

    def test_none_and_too_many_are_refused(self, db_session: Flask) -> None:
        for count in (0, MOST_AGREEMENTS + 1):
            with pytest.raises(InvalidInput):
                begin_bundle(
                    actor=make_organiser(),
                    agreement_ids=range(1, count + 1),
                    title="",
                    with_docx=False,
                )
        db.session.rollback()

    def test_one_that_was_thrown_away_is_refused(self, db_session: Flask) -> None:
        agreement = make_draft()
        discard_agreement(
            actor=make_organiser(),
            agreement=agreement,
            version=agreement.row_version,
            reason="不签了，另外商量",
        )
        db.session.commit()
        with pytest.raises(InvalidInput):
            ask(agreement)
        db.session.rollback()

    def test_nobody_fills_the_worker_alone(self, db_session: Flask) -> None:
        agreement, actor = make_draft(), make_organiser()
        for _ in range(MOST_AT_WORK):
            ask(agreement, actor=actor)
        with pytest.raises(Conflict):
            ask(agreement, actor=actor)
        db.session.rollback()

    def test_the_same_twice_is_once_and_a_title_is_given(self, db_session: Flask) -> None:
        agreement = make_draft()
        bundle = begin_bundle(
            actor=make_organiser(),
            agreement_ids=[agreement.id, agreement.id],
            title="  ",
            with_docx=False,
        )
        db.session.commit()
        assert bundle.total == 1
        assert bundle.title == "认领协议 1 份"


class TestTheWorker:
    def test_it_makes_a_zip_of_real_papers_with_chinese_names(self, bundler: Bundler) -> None:
        agreement = make_signed().agreement
        ask(agreement, docx=True)
        work(bundler)
        bundle = newest()
        assert (bundle.status, bundle.done, bundle.left_out) == (BundleState.READY, 1, [])
        with zipfile.ZipFile(path_of(bundler, bundle)) as archive:
            names = archive.namelist()
            assert archive.testzip() is None
            assert [name.rpartition(".")[2] for name in names] == ["pdf", "docx"]
            assert all(name.startswith(agreement.number) for name in names)
            assert agreement.claim.organisation.name in names[0]
            assert archive.read(names[0]).startswith(b"%PDF")
            assert archive.read(names[1]).startswith(b"PK")

    def test_one_a_step(self, bundler: Bundler, quick: list[str]) -> None:
        first, second = make_draft(), make_draft()
        ask(first, second)
        seen = []
        while bundler.do_step():
            bundle = newest()
            seen.append((bundle.status, bundle.done))
        making = BundleState.MAKING
        assert seen == [(making, 0), (making, 1), (making, 2), (BundleState.READY, 2)]
        assert quick == [first.number, second.number]

    def test_nobody_waits_while_a_paper_is_made(
        self, bundler: Bundler, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ask(make_draft())
        bundler.do_step()
        open_then: list[bool] = []

        def render(text: AgreementText) -> bytes:
            open_then.append(db.session().in_transaction())
            return b"paper"

        monkeypatch.setattr(bundling, "render_agreement_pdf", render)
        bundler.do_step()
        assert open_then == [False]

    def test_killed_between_the_file_and_its_row_it_goes_on(
        self, bundler: Bundler, quick: list[str]
    ) -> None:
        ask(make_draft(), make_draft())
        bundler.do_step()
        with killed_at_commit(), pytest.raises(KeyboardInterrupt):
            bundler.do_step()
        assert newest().done == 0
        work(Bundler(bundler.settings))
        bundle = newest()
        assert bundle.status is BundleState.READY
        with zipfile.ZipFile(path_of(bundler, bundle)) as archive:
            assert len(archive.namelist()) == 2

    @pytest.mark.parametrize("harm", ["cut", "gone"])
    def test_what_was_lost_is_made_again(
        self, bundler: Bundler, quick: list[str], harm: str
    ) -> None:
        first, second = make_draft(), make_draft()
        ask(first, second)
        bundler.do_step()
        bundler.do_step()
        partial = bundler.settings.files_path / INCOMING / newest().partial
        partial.write_bytes(partial.read_bytes()[:-9]) if harm == "cut" else partial.unlink()
        work(Bundler(bundler.settings))
        bundle = newest()
        assert (bundle.status, bundle.done) == (BundleState.READY, 2)
        assert quick == [first.number, first.number, second.number]
        with zipfile.ZipFile(path_of(bundler, bundle)) as archive:
            assert len(archive.namelist()) == 2

    def test_what_went_void_meanwhile_is_left_out_and_said(
        self, bundler: Bundler, quick: list[str], client: FlaskClient
    ) -> None:
        user = make_user(Role.ORGANISER)
        kept, gone = make_draft(), make_draft()
        ask(kept, gone, actor=actor_for(user))
        discard_agreement(
            actor=make_organiser(), agreement=gone, version=gone.row_version, reason="另外商量再签"
        )
        db.session.commit()
        work(bundler)
        bundle = newest()
        assert bundle.status is BundleState.READY
        assert bundle.left_out == [f"{gone.number}：已经作废"]
        sign_in(client, user)
        assert bundle.left_out[0] in client.get(f"/bundles/{bundle.id}").text

    def test_one_that_cannot_be_made_does_not_keep_the_others(
        self, bundler: Bundler, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        bad, good = make_draft(), make_draft()

        def render(text: AgreementText) -> bytes:
            if text.number == bad.number:
                raise ValueError("no glyph")
            return b"paper"

        monkeypatch.setattr(bundling, "render_agreement_pdf", render)
        ask(bad, good)
        work(bundler)
        bundle = newest()
        assert bundle.status is BundleState.READY
        assert len(bundle.left_out) == 1
        assert "could not be rendered" in caplog.text

    def test_an_empty_one_fails(self, bundler: Bundler, monkeypatch: pytest.MonkeyPatch) -> None:
        def render(text: AgreementText) -> bytes:
            raise ValueError("no glyph")

        monkeypatch.setattr(bundling, "render_agreement_pdf", render)
        ask(make_draft())
        work(bundler)
        assert newest().status is BundleState.FAILED

    def test_while_every_place_is_taken_it_waits(
        self, bundler: Bundler, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def render(text: AgreementText) -> bytes:
            raise Busy()

        ask(make_draft())
        bundler.do_step()
        monkeypatch.setattr(bundling, "render_agreement_pdf", render)
        assert not bundler.do_step()
        assert (newest().status, newest().done) == (BundleState.MAKING, 0)

    def test_whoever_is_disabled_gets_nothing(self, bundler: Bundler, quick: list[str]) -> None:
        user = make_user(Role.ORGANISER)
        ask(make_draft(), actor=actor_for(user))
        db.session.get_one(User, user.id).is_active = False
        db.session.commit()
        work(bundler)
        assert newest().status is BundleState.FAILED
        assert quick == []


@contextmanager
def killed_at_commit() -> Iterator[None]:
    session = db.session()

    def die(_session: object) -> None:
        raise KeyboardInterrupt

    event.listen(session, "before_commit", die)
    try:
        yield
    finally:
        event.remove(session, "before_commit", die)
        session.rollback()


class TestThePages:
    def test_a_list_asks_the_page_follows_and_the_archive_is_taken(
        self, client: FlaskClient, bundler: Bundler, quick: list[str]
    ) -> None:
        commitment = make_signed()
        user = make_user(Role.ORGANISER)
        sign_in(client, user)
        assert "打包选中的" in client.get("/desk/commitments").text
        form = {"agreement": str(commitment.agreement_id), "title": "签约/大会", "which": "ticked"}
        answer = client.post("/bundles", data=form)
        assert answer.status_code == 303
        here = answer.location
        page = client.get(here).text
        assert "等着打包" in page
        assert "data-refresh" in page
        assert client.get(f"{here}/archive.zip").status_code == 404
        work(bundler)
        assert "下载 ZIP" in client.get(here).text
        answer = client.get(f"{here}/archive.zip")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            assert len(archive.namelist()) == 1
        assert "签约/大会" in client.get("/bundles").text

    def test_all_that_a_page_shows_go_in_at_one_press(
        self, client: FlaskClient, quick: list[str]
    ) -> None:
        commitment = make_signed()
        sign_in(client, make_user(Role.ORGANISER))
        form = {"shown": str(commitment.agreement_id), "which": "all"}
        assert client.post("/bundles", data=form).status_code == 303
        assert newest().agreement_ids == [commitment.agreement_id]

    def test_nothing_chosen_is_said_and_nothing_typed_is_lost(self, client: FlaskClient) -> None:
        sign_in(client, make_user(Role.ORGANISER))
        answer = client.post("/bundles", data={"title": "春季", "which": "ticked"})
        assert answer.status_code == 400
        assert "请至少选一份协议" in answer.text

    def test_nobody_else_has_it(self, client: FlaskClient) -> None:
        bundle = ask(make_draft())
        sign_in(client, make_user(Role.ORGANISER))
        assert client.get(f"/bundles/{bundle.id}").status_code == 404
        assert client.get(f"/bundles/{bundle.id}/archive.zip").status_code == 404

    def test_who_may_no_longer_read_what_is_in_it_does_not_get_it(
        self, client: FlaskClient, bundler: Bundler, quick: list[str]
    ) -> None:
        user = make_officer(ZHANGBEI)
        bundle_id = ask(make_draft(), actor=actor_for(user)).id
        work(bundler)
        sign_in(client, user)
        url = f"/bundles/{bundle_id}/archive.zip"
        assert client.get(url).status_code == 200
        user.region_prefix = "130828"
        db.session.commit()
        assert client.get(url).status_code == 404


class TestKeeping:
    def test_after_seven_days_it_is_gone_and_the_page_says_so(
        self, client: FlaskClient, bundler: Bundler, quick: list[str]
    ) -> None:
        user = make_user(Role.ORGANISER)
        bundle = ask(make_draft(), actor=actor_for(user))
        work(bundler)
        bundle = newest()
        prefix = bundle.stored_name[:2]
        assert stored_names(prefix) == {bundle.stored_name}
        with set_clock(clock.now() + timedelta(days=7, minutes=1)):
            assert stored_names(prefix) == set()
            sign_in(client, user)
            assert "文件清理掉了" in client.get(f"/bundles/{bundle.id}").text
            assert client.get(f"/bundles/{bundle.id}/archive.zip").status_code == 404
        with set_clock(clock.now() + timedelta(days=31)):
            drop_old_rows()
            db.session.commit()
        assert db.session.scalars(select(AgreementBundle)).all() == []

    def test_a_missing_or_cut_archive_is_found(self, bundler: Bundler, quick: list[str]) -> None:
        ask(make_draft())
        work(bundler)
        storage, bundle = Storage(bundler.settings.files_path), newest()
        assert list(find_bundle_breaches(storage)) == []
        path = path_of(bundler, bundle)
        path.write_bytes(b"x")
        assert "bytes on disk" in next(find_bundle_breaches(storage))
        path.unlink()
        assert "missing" in next(find_bundle_breaches(storage))


class TestTheArchive:
    def test_what_it_holds_is_not_added_twice(self, tmp_path: Path) -> None:
        path = tmp_path / "a"
        path.touch()
        assert is_sound(path, 0)
        add_entries(path, [Entry("协议.pdf", b"1")], AT)
        add_entries(path, [Entry("协议.pdf", b"2"), Entry("乙.pdf", b"3")], AT)
        with zipfile.ZipFile(path) as archive:
            assert archive.namelist() == ["协议.pdf", "乙.pdf"]
            assert archive.read("协议.pdf") == b"1"
        assert is_sound(path, 2)
        assert not is_sound(path, 3)
        assert not is_sound(tmp_path / "b", 0)

    def test_a_name_fits_any_system(self) -> None:
        assert clean_name('冀/社:帮*?"<>|\n一.') == "冀 社 帮 一"
        assert len(clean_name("长" * 300)) == 90
