"""Pictures and papers of projects: the verbs, on a real database and a real folder."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from matchplatform.access.actor import Actor
from matchplatform.audit.models import AuditEntry
from matchplatform.files.models import StoredFile
from matchplatform.files.photo_uploads import PhotoUpload, examine_photo
from matchplatform.files.sizes import SizeName
from matchplatform.files.storage import Storage
from matchplatform.files.verdicts import Limits
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import (
    Conflict,
    Forbidden,
    Hidden,
    IllegalMove,
    InvalidInput,
    NotFound,
    StaleVersion,
)
from matchplatform.kernel.outbox import OutboxEntry
from matchplatform.notifications.services import TOPIC
from matchplatform.projects import attachments, papers, pictures
from matchplatform.projects.attachments import Direction
from matchplatform.projects.models import Project
from matchplatform.projects.picture_models import ProjectPaper, ProjectPicture
from matchplatform.projects.picture_queries import (
    get_picture,
    list_papers,
    list_pictures,
    list_shown_pictures,
    pictures_without_consent,
)
from matchplatform.projects.pictures import PictureWords
from matchplatform.projects.services import publish_project
from matchplatform.projects.states import ProjectState
from tests.factories import actor_for, let_pass, make_auditor, make_officer, make_project
from tests.files import samples
from tests.files.conftest import take

WORDS = PictureWords(
    alt_text="村小学的水泥操场，围墙有一段塌了",
    caption="操场现状",
    taken_by="张北县民政局",
    taken_on=date(2020, 5, 6),
    consent=True,
)
REASON = "家长打来电话，不愿意公开"


@pytest.fixture(autouse=True)
def storage(db_session: Flask) -> Iterator[Storage]:
    """The site's own folder of uploads, empty."""
    root: Path = db_session.extensions["settings"].files_path
    shutil.rmtree(root, ignore_errors=True)
    yield Storage(root)
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def draft() -> Project:
    """A draft of Zhangbei."""
    return make_project(state=ProjectState.DRAFT)


@pytest.fixture
def writer(draft: Project) -> Actor:
    """An officer of Zhangbei."""
    return actor_for(make_officer())


def photo(storage: Storage, width: int = 400) -> PhotoUpload:
    data = samples.photo((width, 300))
    return examine_photo(storage, BytesIO(data), "操场.jpg", Limits())


def add(storage: Storage, actor: Actor, project: Project, width: int = 400) -> ProjectPicture:
    picture = pictures.add_picture(
        actor=actor, project=project, upload=photo(storage, width), words=WORDS
    )
    db.session.commit()
    return picture


def add_paper(
    storage: Storage, actor: Actor, project: Project, pages: int = 1, *, is_public: bool = True
) -> ProjectPaper:
    upload = take(storage, samples.pdf(pages=pages), "批复.pdf")
    paper = papers.add_paper(
        actor=actor, project=project, upload=upload, label="立项批复", is_public=is_public
    )
    db.session.commit()
    return paper


def published(storage: Storage) -> tuple[Project, ProjectPicture]:
    """Return a published project with a picture that was added while it was a draft."""
    project = make_project()
    project.status = ProjectState.DRAFT
    db.session.commit()
    picture = add(storage, actor_for(make_officer()), project)
    project.status = ProjectState.PUBLISHED
    db.session.commit()
    return project, picture


def actions(project: Project) -> list[str]:
    rows = select(AuditEntry.action).where(
        AuditEntry.subject_type == "project", AuditEntry.subject_id == project.number
    )
    return list(db.session.scalars(rows.order_by(AuditEntry.seq)))


class TestAddPicture:
    def test_it_keeps_three_sizes_and_tells_the_trail(
        self, storage: Storage, draft: Project, writer: Actor
    ) -> None:
        picture = add(storage, writer, draft, width=2400)
        assert [(size.name, size.width) for size in picture.file.sizes] == [
            (SizeName.THUMB, 240), (SizeName.PAGE, 960), (SizeName.LARGE, 1920),
        ]  # fmt: skip
        for size in picture.file.sizes:
            with Image.open(storage.path_of(size.stored_name)) as kept:
                assert (kept.format, kept.size) == ("JPEG", (size.width, size.height))
        assert picture.large.stored_name == picture.file.stored_name
        assert (picture.position, picture.consent, picture.taken_by) == (1, True, "张北县民政局")
        assert actions(draft)[-1] == "picture.add"

    def test_whoever_adds_one_is_an_author_and_cannot_verify(
        self, storage: Storage, draft: Project, writer: Actor
    ) -> None:
        assert writer.user_id not in draft.author_ids
        add(storage, writer, draft)
        assert writer.user_id in draft.author_ids

    def test_a_second_one_of_the_same_author_leaves_the_version(
        self, storage: Storage, draft: Project, writer: Actor
    ) -> None:
        add(storage, writer, draft)
        version = draft.version
        add(storage, writer, draft, width=500)
        assert draft.version == version

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("alt_text", ""),
            ("alt_text", "照片"),
            ("alt_text", "20200506"),
            ("alt_text", "IMG_2031.jpg"),
            ("alt_text", "长" * 121),
            ("alt_text", "登记表上写着 130722198203151218"),
            ("caption", "长" * 201),
            ("caption", "村民王桂英患尿毒症，躺在炕上"),
            ("taken_by", " "),
            ("taken_on", date(2999, 1, 1)),
            ("consent", False),
        ],
    )
    def test_it_wants_plain_words_and_consent(
        self, storage: Storage, draft: Project, writer: Actor, field: str, value: object
    ) -> None:
        words = replace(WORDS, **{field: value})  # type: ignore[arg-type]
        upload = photo(storage)
        with pytest.raises(InvalidInput) as caught:
            pictures.add_picture(actor=writer, project=draft, upload=upload, words=words)
        assert set(caught.value.fields) == {field}

    def test_the_same_photograph_twice_adds_nothing(
        self, storage: Storage, draft: Project, writer: Actor
    ) -> None:
        add(storage, writer, draft)
        with pytest.raises(InvalidInput) as caught:
            add(storage, writer, draft)
        assert "已经传过" in str(caught.value.fields["photo"])
        db.session.rollback()
        assert len(list_pictures(draft)) == 1

    def test_there_is_an_end_to_their_number_and_bytes(
        self, storage: Storage, draft: Project, writer: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        add(storage, writer, draft)
        monkeypatch.setattr(attachments, "MOST_MEGABYTES", 0)
        with pytest.raises(InvalidInput) as caught:
            add(storage, writer, draft, width=500)
        assert "MB" in str(caught.value.fields["photo"])
        db.session.rollback()
        monkeypatch.setattr(pictures, "MOST_PICTURES", 1)
        with pytest.raises(InvalidInput) as caught:
            add(storage, writer, draft, width=500)
        assert "最多 1 张" in str(caught.value.fields["photo"])

    def test_only_the_county_and_only_while_it_is_theirs(
        self, storage: Storage, draft: Project
    ) -> None:
        for other in ("1307", "13", "130723"):
            with pytest.raises(Forbidden):
                add(storage, actor_for(make_officer(other)), draft)
            db.session.rollback()
        with pytest.raises(Forbidden):
            add(storage, actor_for(make_auditor()), draft)
        db.session.rollback()
        for state in (ProjectState.SUBMITTED, ProjectState.PUBLISHED):
            with pytest.raises(IllegalMove):
                add(storage, actor_for(make_officer()), make_project(state=state))
            db.session.rollback()


class TestWordPicture:
    def test_it_corrects_what_is_told(
        self, storage: Storage, draft: Project, writer: Actor
    ) -> None:
        picture = add(storage, writer, draft)
        words = replace(WORDS, alt_text="操场的围墙从门口往东塌了十米", taken_on=None)
        pictures.word_picture(
            actor=writer, project=draft, picture=picture, version=picture.version, words=words
        )
        db.session.commit()
        assert (picture.alt_text, picture.taken_on, picture.version) == (words.alt_text, None, 2)
        with pytest.raises(StaleVersion):
            pictures.word_picture(
                actor=writer, project=draft, picture=picture, version=1, words=WORDS
            )


class TestMovePicture:
    def test_it_changes_places_with_its_neighbour(
        self, storage: Storage, draft: Project, writer: Actor
    ) -> None:
        first, second, third = (add(storage, writer, draft, width) for width in (300, 400, 500))
        for picture, direction, order in (
            (third, Direction.UP, [first, third, second]),
            (first, Direction.DOWN, [third, first, second]),
            (third, Direction.UP, [third, first, second]),
            (second, Direction.DOWN, [third, first, second]),
        ):
            pictures.move_picture(actor=writer, project=draft, picture=picture, direction=direction)
            db.session.commit()
            assert list_pictures(draft) == order

    def test_one_that_is_gone_cannot_be_moved(
        self, storage: Storage, draft: Project, writer: Actor
    ) -> None:
        picture = add(storage, writer, draft)
        pictures.remove_picture(actor=writer, project=draft, picture=picture, reason=REASON)
        db.session.commit()
        with pytest.raises(Conflict):
            pictures.move_picture(
                actor=writer, project=draft, picture=picture, direction=Direction.UP
            )


class TestRemovePicture:
    def test_it_goes_from_a_public_project_too_with_a_reason(self, storage: Storage) -> None:
        project, picture = published(storage)
        county = actor_for(make_officer())
        with pytest.raises(InvalidInput):
            pictures.remove_picture(actor=county, project=project, picture=picture, reason=" ")
        db.session.rollback()
        pictures.remove_picture(actor=county, project=project, picture=picture, reason=REASON)
        db.session.commit()
        assert list_pictures(project) == []
        assert picture.removed_reason == REASON
        assert db.session.get_one(StoredFile, picture.file_id).removed_at is not None
        assert actions(project)[-1] == "picture.remove"
        with pytest.raises(NotFound):
            get_picture(county, project, picture.id)

    def test_nobody_else_takes_it_away(self, storage: Storage) -> None:
        project, picture = published(storage)
        for other in ("1307", "130723"):
            with pytest.raises(Forbidden):
                pictures.remove_picture(
                    actor=actor_for(make_officer(other)), project=project, picture=picture,
                    reason=REASON,
                )  # fmt: skip


class TestConsent:
    def test_a_doubted_picture_is_hidden_at_once_and_its_authors_are_told(
        self, storage: Storage
    ) -> None:
        project, picture = published(storage)
        stranger = actor_for(make_officer("130723"))
        city = actor_for(make_officer("1307"))
        assert list_shown_pictures(stranger, project) == [picture]
        pictures.doubt_consent(actor=city, project=project, picture=picture, reason=REASON)
        db.session.commit()
        assert list_shown_pictures(stranger, project) == []
        assert list_shown_pictures(city, project) == [picture]
        assert pictures_without_consent(project) == [picture]
        with pytest.raises(Hidden):
            get_picture(stranger, project, picture.id)
        waiting = list(db.session.scalars(select(OutboxEntry).where(OutboxEntry.topic == TOPIC)))
        assert waiting[-1].payload["user_ids"] == project.author_ids
        assert waiting[-1].payload["params"]["reason"] == REASON

    def test_nothing_is_published_with_one(self, storage: Storage, draft: Project) -> None:
        picture = add(storage, actor_for(make_officer()), draft)
        draft.status = ProjectState.VERIFIED
        db.session.commit()
        city = actor_for(make_officer("1307"))
        pictures.doubt_consent(actor=city, project=draft, picture=picture, reason=REASON)
        db.session.commit()
        with pytest.raises(InvalidInput) as caught:
            publish_project(actor=city, project=draft, version=draft.version)
        assert "pictures" in caught.value.fields
        db.session.rollback()
        county = actor_for(make_officer())
        pictures.remove_picture(actor=county, project=draft, picture=picture, reason=REASON)
        let_pass(city, draft)
        publish_project(actor=city, project=draft, version=draft.version)
        db.session.commit()
        assert draft.is_public

    def test_the_county_confirms_who_agreed(self, storage: Storage) -> None:
        project, picture = published(storage)
        county, city = actor_for(make_officer()), actor_for(make_officer("1307"))
        pictures.doubt_consent(actor=county, project=project, picture=picture, reason=REASON)
        db.session.commit()
        with pytest.raises(Conflict):
            pictures.doubt_consent(actor=county, project=project, picture=picture, reason=REASON)
        with pytest.raises(Forbidden):
            pictures.confirm_consent(actor=city, project=project, picture=picture, reason=REASON)
        pictures.confirm_consent(
            actor=county, project=project, picture=picture, reason="监护人 5 月 8 日签了同意书"
        )
        db.session.commit()
        assert pictures_without_consent(project) == []
        assert actions(project)[-2:] == ["picture.doubt", "picture.confirm"]

    def test_an_officer_from_elsewhere_has_no_say(self, storage: Storage) -> None:
        project, picture = published(storage)
        for other in ("130723", "1308", "11"):
            with pytest.raises(Forbidden):
                pictures.doubt_consent(
                    actor=actor_for(make_officer(other)), project=project, picture=picture,
                    reason=REASON,
                )  # fmt: skip


class TestPapers:
    def test_they_are_added_moved_and_removed(
        self, storage: Storage, draft: Project, writer: Actor
    ) -> None:
        first, second = (add_paper(storage, writer, draft, pages) for pages in (1, 2))
        papers.move_paper(actor=writer, project=draft, paper=second, direction=Direction.UP)
        db.session.commit()
        assert list_papers(draft) == [second, first]
        papers.remove_paper(actor=writer, project=draft, paper=second, reason=REASON)
        db.session.commit()
        assert list_papers(draft) == [first]
        assert [action for action in actions(draft) if action.startswith("paper.")] == [
            "paper.add", "paper.add", "paper.move", "paper.remove",
        ]  # fmt: skip

    def test_one_that_was_removed_may_come_again(
        self, storage: Storage, draft: Project, writer: Actor
    ) -> None:
        paper = add_paper(storage, writer, draft)
        with pytest.raises(InvalidInput) as caught:
            add_paper(storage, writer, draft)
        assert "已经传过" in str(caught.value.fields["paper"])
        db.session.rollback()
        papers.remove_paper(actor=writer, project=draft, paper=paper, reason=REASON)
        db.session.commit()
        assert add_paper(storage, writer, draft).id != paper.id

    def test_it_wants_a_name_and_there_is_an_end_to_their_number(
        self, storage: Storage, draft: Project, writer: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        upload = take(storage, samples.pdf(), "a.pdf")
        with pytest.raises(InvalidInput) as caught:
            papers.add_paper(
                actor=writer, project=draft, upload=upload, label=" 批", is_public=True
            )
        assert set(caught.value.fields) == {"label"}
        db.session.rollback()
        monkeypatch.setattr(papers, "MOST_PAPERS", 1)
        add_paper(storage, writer, draft)
        with pytest.raises(InvalidInput) as caught:
            add_paper(storage, writer, draft, pages=3)
        assert "最多 1 份" in str(caught.value.fields["paper"])


class TestDays:
    def test_a_day_that_is_today_is_fine(
        self, storage: Storage, draft: Project, writer: Actor
    ) -> None:
        words = replace(WORDS, taken_on=clock.today())
        picture = pictures.add_picture(
            actor=writer, project=draft, upload=photo(storage), words=words
        )
        assert picture.taken_on == clock.today()
        with pytest.raises(InvalidInput):
            pictures.add_picture(
                actor=writer, project=draft, upload=photo(storage, 500),
                words=replace(WORDS, taken_on=clock.today() + timedelta(days=1)),
            )  # fmt: skip
