"""Pictures and papers of a project as the public, claimants and officers get them."""

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from matchplatform.files.storage import Storage
from matchplatform.kernel.db import db
from matchplatform.projects import pictures
from matchplatform.projects.models import Project
from matchplatform.projects.picture_models import ProjectPicture
from matchplatform.projects.states import ProjectState
from tests.factories import (
    actor_for,
    make_claim,
    make_officer,
    make_organisation,
    make_project,
    sign_in,
)
from tests.files import samples
from tests.projects.attaching import attach, make_public

REASON = "家长打来电话，不愿意公开"


@pytest.fixture(autouse=True)
def storage(db_session: Flask) -> Iterator[Storage]:
    """The site's own folder of uploads, empty."""
    root: Path = db_session.extensions["settings"].files_path
    shutil.rmtree(root, ignore_errors=True)
    yield Storage(root)
    shutil.rmtree(root, ignore_errors=True)


def address(project: Project, picture: ProjectPicture, size: str = "page") -> str:
    return f"/projects/{project.number}/pictures/{picture.id}/{size}.jpg"


class TestPicture:
    def test_it_is_sent_in_every_size_and_may_lie_in_caches_when_public(
        self, storage: Storage, client: FlaskClient
    ) -> None:
        project = make_project(state=ProjectState.DRAFT)
        (picture,), _ = attach(storage, project, samples.photo((2400, 1800)))
        here = {size: address(project, picture, size) for size in ("thumb", "page", "large")}
        assert {client.get(each).status_code for each in here.values()} == {404}
        make_public(project)
        for size, side in (("thumb", 240), ("page", 960), ("large", 1920)):
            answer = client.get(here[size])
            assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
            assert answer.headers["Cache-Control"] == "public, max-age=300"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Disposition"].startswith("inline")
            with Image.open(BytesIO(answer.data)) as shown:
                assert shown.size == (side, side * 3 // 4)
        assert client.get(here["page"].replace("page.jpg", "huge.jpg")).status_code == 404

    def test_nothing_of_what_the_camera_wrote_is_left(
        self, storage: Storage, client: FlaskClient
    ) -> None:
        data = samples.photo_with_gps(orientation=6)
        assert samples.CANARY.encode() in data
        project = make_project(state=ProjectState.DRAFT)
        (picture,), _ = attach(storage, project, data)
        make_public(project)
        for size in ("thumb", "page", "large"):
            sent = client.get(address(project, picture, size)).data
            assert samples.CANARY.encode() not in sent
            assert b"Exif" not in sent
            with Image.open(BytesIO(sent)) as shown:
                assert not shown.getexif()
                assert shown.width < shown.height, "upright before the words of the camera go"

    def test_a_draft_is_its_officers_to_see_and_never_cached(
        self, storage: Storage, client: FlaskClient
    ) -> None:
        project = make_project(state=ProjectState.DRAFT)
        (picture,), _ = attach(storage, project, samples.photo())
        here = address(project, picture)
        for region, status in (("130722", 200), ("1307", 200), ("130723", 404)):
            sign_in(client, make_officer(region))
            answer = client.get(here)
            assert answer.status_code == status
            assert answer.headers["Cache-Control"] == "no-store"

    def test_a_doubted_one_is_gone_for_the_public(
        self, storage: Storage, client: FlaskClient
    ) -> None:
        project = make_project(state=ProjectState.DRAFT)
        (first, second), _ = attach(
            storage, project, samples.photo((300, 200)), samples.photo((400, 200))
        )
        make_public(project)
        county = actor_for(make_officer())
        pictures.doubt_consent(actor=county, project=project, picture=first, reason=REASON)
        db.session.commit()
        gone, stays = address(project, first), address(project, second)
        large = f"/projects/{project.number}/pictures/{first.id}"
        page = client.get(f"/projects/{project.number}").get_data(as_text=True)
        assert (gone in page, stays in page) == (False, True)
        assert REASON not in page
        assert client.get(gone).status_code == 404
        assert client.get(large).status_code == 404
        sign_in(client, make_officer())
        shown = client.get(large)
        assert REASON in shown.get_data(as_text=True)
        assert client.get(gone).headers["Cache-Control"] == "no-store"


class TestGallery:
    def test_nothing_moves_and_a_browser_chooses_the_size(
        self, storage: Storage, client: FlaskClient
    ) -> None:
        project = make_project(state=ProjectState.DRAFT)
        (picture,), _ = attach(storage, project, samples.photo((2400, 1800)))
        make_public(project)
        page = client.get(f"/projects/{project.number}").get_data(as_text=True)
        assert 'width="960" height="720"' in page
        assert 'loading="lazy"' in page
        for size, width in (("thumb", 240), ("page", 960), ("large", 1920)):
            assert f"{address(project, picture, size)} {width}w" in page
        assert picture.alt_text in page

    def test_a_project_without_any_says_nothing_of_them(self, client: FlaskClient) -> None:
        page = client.get(f"/projects/{make_project().number}").get_data(as_text=True)
        assert "h-pictures" not in page
        assert "h-papers" not in page

    def test_one_turns_the_pages_without_a_script(
        self, storage: Storage, client: FlaskClient
    ) -> None:
        project = make_project(state=ProjectState.DRAFT)
        photos = [samples.photo((width, 200)) for width in (300, 400, 500)]
        added, _ = attach(storage, project, *photos)
        make_public(project)
        here = [f"/projects/{project.number}/pictures/{each.id}" for each in added]
        number = project.number
        first, middle, last = (client.get(each).get_data(as_text=True) for each in here)
        assert ('rel="prev"' in first, 'rel="next"' in first) == (False, True)
        assert f'rel="prev" href="{here[0]}"' in middle
        assert f'rel="next" href="{here[2]}"' in middle
        assert ('rel="prev"' in last, 'rel="next"' in last) == (True, False)
        assert "照片 2／3" in middle
        assert client.get(f"/projects/{number}/pictures/99999").status_code == 404


class TestPapers:
    def test_a_public_one_is_for_everybody_to_save(
        self, storage: Storage, client: FlaskClient
    ) -> None:
        project = make_project(state=ProjectState.DRAFT)
        _, (for_all, _) = attach(storage, project)
        here = f"/projects/{project.number}/papers/{for_all.id}"
        assert client.get(here).status_code == 404
        make_public(project)
        answer = client.get(here)
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.data == samples.pdf(pages=2)

    def test_another_one_is_for_officers_and_whoever_claims(
        self, storage: Storage, client: FlaskClient
    ) -> None:
        project = make_project(state=ProjectState.DRAFT)
        _, (_, for_some) = attach(storage, project)
        make_public(project)
        number = project.number
        here = f"/projects/{number}/papers/{for_some.id}"
        page = client.get(f"/projects/{number}").get_data(as_text=True)
        assert "预算明细" in page
        assert here not in page
        assert client.get(here).status_code == 404
        organisation, agent = make_organisation()
        sign_in(client, agent)
        assert client.get(here).status_code == 404
        make_claim(project, organisation, agent)
        assert here in client.get(f"/projects/{number}").get_data(as_text=True)
        assert client.get(here).status_code == 200
        for region, status in (("130722", 200), ("13", 200), ("130723", 404), ("11", 404)):
            sign_in(client, make_officer(region))
            assert client.get(here).status_code == status, region
