"""Pictures and papers on the desk, through the browser's door."""

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from matchplatform.kernel.db import db
from matchplatform.projects.models import Project
from matchplatform.projects.picture_models import ProjectPaper, ProjectPicture
from matchplatform.projects.picture_queries import list_papers, list_pictures
from matchplatform.projects.states import ProjectState
from tests.factories import make_auditor, make_officer, make_project, sign_in
from tests.files import samples

ALT = "村小学的水泥操场，围墙有一段塌了"
REASON = "拍到了别人家的院子"


@pytest.fixture(autouse=True)
def folder(db_session: Flask) -> Iterator[None]:
    """An empty folder of uploads."""
    root: Path = db_session.extensions["settings"].files_path
    shutil.rmtree(root, ignore_errors=True)
    yield
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def draft(client: FlaskClient) -> Project:
    """A draft of Zhangbei; one of its officers has signed in."""
    project = make_project(state=ProjectState.DRAFT)
    sign_in(client, make_officer())
    return project


def desk(number: str) -> str:
    return f"/desk/projects/{number}/pictures"


def send_photo(
    client: FlaskClient,
    number: str,
    data: bytes | None = None,
    name: str = "操场.jpg",
    **typed: Any,
) -> TestResponse:
    form = {"alt_text": ALT, "taken_by": "张北县民政局", "taken_on": "2020-05-06", "consent": "y"}
    photo = (BytesIO(data or samples.photo()), name)
    return client.post(
        desk(number), data={**form, "photo": photo, **typed}, content_type="multipart/form-data"
    )


def send_paper(client: FlaskClient, number: str, **typed: Any) -> TestResponse:
    form = {"label": "立项批复", "readers": "claimants"}
    paper = (BytesIO(typed.pop("data", None) or samples.pdf()), typed.pop("name", "批复.pdf"))
    return client.post(
        f"/desk/projects/{number}/papers",
        data={**form, "paper": paper, **typed},
        content_type="multipart/form-data",
    )


def only_picture() -> ProjectPicture:
    return db.session.scalars(select(ProjectPicture)).one()


class TestAdding:
    def test_a_photograph_is_added_and_shown(self, client: FlaskClient, draft: Project) -> None:
        number = draft.number
        assert send_photo(client, number).status_code == 303
        page = client.get(desk(number)).get_data(as_text=True)
        assert "照片已传上" in page
        assert f'alt="{ALT}"' in page
        assert "1 张，最多 12 张" in page
        assert "照片和文件" in client.get(f"/desk/projects/{number}").get_data(as_text=True)

    def test_the_same_form_sent_twice_adds_one(self, client: FlaskClient, draft: Project) -> None:
        number = draft.number
        for _ in range(2):
            assert send_photo(client, number, form_key="one-and-the-same-key").status_code == 303
        assert only_picture().alt_text == ALT

    def test_without_consent_nothing_is_kept_and_nothing_typed_is_lost(
        self, client: FlaskClient, draft: Project
    ) -> None:
        answer = send_photo(client, draft.number, consent="")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 400
        assert "书面同意才能传" in page
        assert ALT in page
        assert "再选一次" in page
        assert list_pictures(draft) == []

    def test_what_is_no_photograph_is_refused_at_the_field(
        self, client: FlaskClient, draft: Project
    ) -> None:
        number = draft.number
        for data, name, words in (
            (samples.pdf(), "批复.pdf", "只收 JPEG、PNG 文件"),
            (samples.pdf(), "批复.jpg", "内容却是 PDF"),
            (b"\xff\xd8\xff" + b"0" * 500, "坏的.jpg", "打不开"),
        ):
            answer = send_photo(client, number, data, name)
            assert answer.status_code == 400
            assert words in answer.get_data(as_text=True)
        assert db.session.scalars(select(ProjectPicture)).all() == []

    def test_a_paper_is_a_pdf_and_says_who_may_open_it(
        self, client: FlaskClient, draft: Project
    ) -> None:
        number = draft.number
        refused = send_paper(client, number, data=samples.photo(), name="批复.jpg")
        assert "只收 PDF 文件" in refused.get_data(as_text=True)
        unsaid = send_paper(client, number, readers="")
        assert unsaid.status_code == 400
        assert "请选谁能打开" in unsaid.get_data(as_text=True)
        assert send_paper(client, number).status_code == 303
        paper = db.session.scalars(select(ProjectPaper)).one()
        assert (paper.label, paper.is_public) == ("立项批复", False)
        assert "只给民政部门和认领这个项目的社会组织" in client.get(desk(number)).get_data(
            as_text=True
        )

    def test_what_was_submitted_takes_no_more(self, client: FlaskClient) -> None:
        number = make_project(state=ProjectState.SUBMITTED).number
        sign_in(client, make_officer())
        assert send_photo(client, number).status_code == 409
        assert send_paper(client, number).status_code == 409
        page = client.get(desk(number)).get_data(as_text=True)
        assert "项目提交以后不能再加" in page
        assert "传上照片" not in page


class TestChanging:
    def test_words_are_corrected_on_a_page_of_their_own(
        self, client: FlaskClient, draft: Project
    ) -> None:
        number = draft.number
        send_photo(client, number)
        address = f"{desk(number)}/{only_picture().id}"
        assert ALT in client.get(address).get_data(as_text=True)
        form = {"version": "1", "alt_text": "照片", "taken_by": "县民政局", "consent": "y"}
        short = client.post(address, data=form)
        assert short.status_code == 400
        assert "一句话" in short.get_data(as_text=True)
        assert (
            client.post(address, data={**form, "alt_text": "操场的围墙塌了十米"}).status_code == 303
        )
        assert only_picture().alt_text == "操场的围墙塌了十米"
        stale = client.post(address, data={**form, "alt_text": "操场的围墙塌了九米"})
        assert stale.status_code == 409
        assert "塌了九米" in stale.get_data(as_text=True)

    def test_buttons_change_the_order_without_a_script(
        self, client: FlaskClient, draft: Project
    ) -> None:
        number = draft.number
        send_photo(client, number, samples.photo((300, 200)))
        send_photo(client, number, samples.photo((400, 200)))
        first, second = (picture.id for picture in list_pictures(draft))
        assert client.post(f"{desk(number)}/{second}/up").status_code == 303
        assert [picture.id for picture in list_pictures(draft)] == [second, first]
        assert client.post(f"{desk(number)}/{second}/down").status_code == 303
        assert [picture.id for picture in list_pictures(draft)] == [first, second]
        for pages in (1, 2):
            send_paper(client, number, data=samples.pdf(pages=pages))
        one, two = (paper.id for paper in list_papers(draft))
        assert client.post(f"/desk/projects/{number}/papers/{two}/up").status_code == 303
        assert [paper.id for paper in list_papers(draft)] == [two, one]

    def test_removing_wants_a_reason_and_keeps_what_was_typed(
        self, client: FlaskClient, draft: Project
    ) -> None:
        number = draft.number
        send_photo(client, number)
        send_paper(client, number)
        paper_id = list_papers(draft)[0].id
        for address in (
            f"{desk(number)}/{only_picture().id}/remove",
            f"/desk/projects/{number}/papers/{paper_id}/remove",
        ):
            short = client.post(address, data={"reason": "错了"})
            assert short.status_code == 400
            assert "错了</textarea>" in short.get_data(as_text=True)
            assert client.post(address, data={"reason": REASON}).status_code == 303
        assert list_pictures(draft) == []
        assert list_papers(draft) == []

    def test_the_city_doubts_and_the_county_confirms(
        self, client: FlaskClient, draft: Project
    ) -> None:
        number = draft.number
        send_photo(client, number)
        step = f"{desk(number)}/{only_picture().id}"
        sign_in(client, make_officer("1307"))
        assert client.post(f"{step}/doubt", data={"reason": REASON}).status_code == 303
        page = client.get(desk(number)).get_data(as_text=True)
        assert f"没有本人同意，不公开：{REASON}" in page
        assert client.post(f"{step}/confirm", data={"reason": REASON}).status_code == 403
        assert client.post(f"{step}/remove", data={"reason": REASON}).status_code == 403
        sign_in(client, make_officer())
        assert client.post(f"{step}/doubt", data={"reason": REASON}).status_code == 409
        assert client.post(f"{step}/confirm", data={"reason": REASON}).status_code == 303
        assert only_picture().consent

    def test_a_picture_is_found_under_its_own_project_only(
        self, client: FlaskClient, draft: Project
    ) -> None:
        number = draft.number
        send_photo(client, number)
        other = make_project(state=ProjectState.DRAFT).number
        picture_id = only_picture().id
        assert client.get(f"{desk(other)}/{picture_id}").status_code == 404
        for step in ("up", "remove", "doubt"):
            address = f"{desk(other)}/{picture_id}/{step}"
            assert client.post(address, data={"reason": REASON}).status_code == 404


class TestWhoComes:
    def test_an_auditor_looks_and_changes_nothing(
        self, client: FlaskClient, draft: Project
    ) -> None:
        number = draft.number
        send_photo(client, number)
        send_paper(client, number)
        sign_in(client, make_auditor())
        page = client.get(desk(number)).get_data(as_text=True)
        assert ALT in page
        assert "<details" not in page
        assert "上移" not in page
        assert send_photo(client, number).status_code == 403
