"""Sending and getting files over HTTP, with a form such as features have."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Blueprint, Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from matchplatform.access.current import current_actor
from matchplatform.access.fields import PlainForm
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import signed_in
from matchplatform.accounts.models import User
from matchplatform.app import create_app
from matchplatform.files.forms import UploadField, upload_needed
from matchplatform.files.kinds import Place, Purpose
from matchplatform.files.models import StoredFile
from matchplatform.files.queries import list_files
from matchplatform.files.receiving import accepts_upload, received_upload
from matchplatform.files.services import store_upload
from matchplatform.files.storage import INCOMING, Storage
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput
from matchplatform.organisations.models import Organisation
from tests.client import CheckingClient
from tests.factories import make_admin, make_auditor, make_organisation, sign_in
from tests.files import samples

MEGABYTE = 1024 * 1024
PAGE = """{% extends "layout.html" %}
{% from "components/forms.html" import hidden, error_summary, actions %}
{% from "components/upload.html" import upload_field, file_list %}
{% block title %}证书{% endblock %}
{% block main %}<h1>证书</h1>
<form class="form" method="post" enctype="multipart/form-data" novalidate>
{{ hidden(form) }}{{ error_summary(form) }}{{ upload_field(form.paper) }}
{% call actions() %}<button class="btn">上传</button>{% endcall %}
</form>{{ file_list(files) }}{% endblock %}"""

bp = Blueprint("probe", __name__)


class PaperForm(PlainForm):
    """One paper."""

    paper = UploadField("登记证书", validators=[upload_needed()])


def page(form: PaperForm, owner_id: int) -> str:
    files = list_files(current_actor(), "organisation", owner_id, Purpose.CERTIFICATE)
    return render_template_string(PAGE, form=form, files=files)


@bp.route("/probe/<int:owner_id>", methods=["GET", "POST"])
@signed_in
@accepts_upload()
def papers(owner_id: int) -> str | tuple[str, int]:
    """Do what a feature's view does."""
    form = PaperForm()
    if not form.is_submitted():
        return page(form, owner_id)
    if not form.validate():
        return page(form, owner_id), 400
    try:
        with received_upload(form.paper) as upload:
            place = Place("organisation", owner_id, Purpose.CERTIFICATE)
            store_upload(actor=current_actor(), upload=upload, place=place)
            db.session.commit()
    except InvalidInput as error:
        db.session.rollback()
        show_wrongs(form, error)
        return page(form, owner_id), 400
    return page(PaperForm(formdata=None), owner_id)


@bp.post("/probe/small/<int:owner_id>")
@signed_in
def small(owner_id: int) -> str:
    """Take a form without files."""
    return page(PaperForm(), owner_id)


@pytest.fixture
def site(
    db_session: Flask, organisations_own: None, site_storage: Storage
) -> Iterator[FlaskClient]:
    """A client of the same site with one route that takes a file."""
    probing = create_app(db_session.extensions["settings"])
    probing.register_blueprint(bp)
    probing.test_client_class = CheckingClient
    yield probing.test_client()
    with probing.app_context():
        db.engine.dispose()


@pytest.fixture
def agent_id(site: FlaskClient) -> int:
    """The id of an organisation whose agent is signed in."""
    organisation, agent = make_organisation()
    number = organisation.id
    sign_in(site, agent)
    return number


def send(
    client: FlaskClient, owner_id: int, data: bytes, name: str, where: str = ""
) -> TestResponse:
    answer = client.post(
        f"/probe/{where}{owner_id}",
        data={"paper": (BytesIO(data), name, "application/x-lies")},
        content_type="multipart/form-data",
    )
    # The body lies in a file of the test client, which nobody reads when it is refused unread.
    answer.request.environ["wsgi.input"].close()
    return answer


def only_file() -> StoredFile:
    return db.session.scalars(select(StoredFile)).one()


class TestUpload:
    def test_a_certificate_arrives_and_is_listed(
        self, site: FlaskClient, agent_id: int, site_storage: Storage
    ) -> None:
        answer = send(site, agent_id, samples.pdf(), "登记证书（正本）.pdf")
        assert answer.status_code == 200
        assert "登记证书（正本）.pdf" in answer.text
        assert "PDF，1 KB" in answer.text
        assert list((site_storage.root / INCOMING).iterdir()) == []

    def test_the_form_says_what_is_taken(self, site: FlaskClient, agent_id: int) -> None:
        text = site.get(f"/probe/{agent_id}").text
        assert "最大 10 MB" in text
        assert 'accept=".pdf,.jpg,.jpeg,.png"' in text

    def test_the_browsers_word_for_the_type_counts_for_nothing(
        self, site: FlaskClient, agent_id: int
    ) -> None:
        send(site, agent_id, samples.photo(), "a.jpg")
        assert str(only_file().media_type) == "image/jpeg"

    @pytest.mark.parametrize(
        ("data", "name", "words"),
        [
            (samples.archive(), "证书.pdf", "不是 PDF、JPEG 或 PNG"),
            (samples.photo()[:900], "证书.jpg", "没有传完整"),
            (samples.pdf(b"<< /S /JavaScript /JS (1) >>"), "证书.pdf", "脚本、附件"),
            (samples.pdf(), "证书.exe", "只收 PDF、JPEG、PNG"),
            (b"", "证书.pdf", "是空的"),
            (b"", "", "请选一个文件"),
        ],
    )
    def test_a_bad_one_is_said_at_the_field_and_nothing_is_kept(
        self,
        site: FlaskClient,
        agent_id: int,
        site_storage: Storage,
        data: bytes,
        name: str,
        words: str,
    ) -> None:
        answer = send(site, agent_id, data, name)
        assert answer.status_code == 400
        assert answer.text.count(words) == 2
        assert 'id="paper-err"' in answer.text
        assert not db.session.scalars(select(StoredFile)).all()
        assert not list(site_storage.shards())
        folder = site_storage.root / INCOMING
        assert not folder.exists() or not list(folder.iterdir())

    @pytest.mark.parametrize(
        "name", ["<script>alert(1)</script>.pdf", "\u202egpj.pdf", "../../../etc/cron.d/x.pdf"]
    )
    def test_an_evil_name_is_only_a_label(
        self, site: FlaskClient, agent_id: int, name: str
    ) -> None:
        text = send(site, agent_id, samples.pdf(), name).text
        assert "<script>alert" not in text
        assert "\u202e" not in text
        assert "cron.d" not in text

    def test_somebody_elses_page_takes_nothing(self, site: FlaskClient, agent_id: int) -> None:
        other, _agent = make_organisation()
        assert send(site, other.id, samples.pdf(), "a.pdf").status_code == 403
        assert not db.session.scalars(select(StoredFile)).all()

    def test_without_a_token_nothing_is_taken(self, site: FlaskClient, agent_id: int) -> None:
        answer = site.post(
            f"/probe/{agent_id}",
            data={"paper": (BytesIO(samples.pdf()), "a.pdf")},
            content_type="multipart/form-data",
            csrf=False,
        )
        assert answer.status_code == 400
        assert not db.session.scalars(select(StoredFile)).all()


class TestSize:
    def test_up_to_the_setting_is_read_and_beyond_is_413(
        self, site: FlaskClient, agent_id: int
    ) -> None:
        big = b"\x89PNG\r\n\x1a\n" + bytes(10 * MEGABYTE - 8)
        assert send(site, agent_id, big, "a.png").status_code == 400
        at_the_field = send(site, agent_id, big + b"1", "a.png")
        assert (at_the_field.status_code, "超过 10 MB" in at_the_field.text) == (400, True)
        beyond = send(site, agent_id, big + bytes(MEGABYTE), "a.png")
        assert (beyond.status_code, "一个文件最大 10 MB" in beyond.text) == (413, True)
        # Whoever sent it is still signed in, and finds back.
        assert "退出" in beyond.text
        assert f'href="/probe/{agent_id}"' in beyond.text

    def test_other_routes_and_passers_by_have_the_usual_limit(
        self, site: FlaskClient, agent_id: int
    ) -> None:
        data = bytes(2 * MEGABYTE)
        assert send(site, agent_id, data, "a.png", "small/").status_code == 413
        stranger = site.application.test_client()
        assert send(stranger, agent_id, data, "a.png").status_code == 413


class TestDownload:
    def test_it_is_an_attachment_under_its_chinese_name(
        self, site: FlaskClient, agent_id: int
    ) -> None:
        send(site, agent_id, samples.pdf(), "登记证书.pdf")
        with site.get(f"/files/{only_file().id}") as answer:
            assert answer.status_code == 200
            assert answer.data == samples.pdf()
        told = answer.headers["Content-Disposition"]
        assert told.startswith("attachment;")
        assert "filename*=UTF-8''%E7%99%BB%E8%AE%B0%E8%AF%81%E4%B9%A6.pdf" in told
        assert answer.mimetype == "application/pdf"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.content_length == len(samples.pdf())
        for name in ("ETag", "Last-Modified", "Accept-Ranges"):
            assert name not in answer.headers

    def test_who_may_not_see_it_sees_nothing_there(self, site: FlaskClient, agent_id: int) -> None:
        send(site, agent_id, samples.pdf(), "证书.pdf")
        where = f"/files/{only_file().id}"
        _other, stranger = make_organisation()
        people = {stranger.id: 404, make_admin().id: 404, make_auditor().id: 200}
        for user_id, status in people.items():
            sign_in(site, db.session.get_one(User, user_id))
            with site.get(where) as answer:
                assert answer.status_code == status
                assert ("Content-Disposition" in answer.headers) is (status == 200)
        nobody = site.application.test_client()
        for address in (where, "/files/999999"):
            assert nobody.get(address).status_code == 303

    def test_a_number_without_a_file_is_404(self, site: FlaskClient, agent_id: int) -> None:
        for number in ("999999", "0", str(2**63), "-1", "1/../1"):
            assert site.get(f"/files/{number}").status_code == 404

    def test_lost_bytes_are_404_and_logged(
        self,
        site: FlaskClient,
        agent_id: int,
        site_storage: Storage,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        send(site, agent_id, samples.pdf(), "a.pdf")
        file = only_file()
        site_storage.remove(file.stored_name)
        assert site.get(f"/files/{file.id}").status_code == 404
        assert "missing" in caplog.text

    def test_an_organisation_that_is_gone_shows_nothing(
        self, site: FlaskClient, agent_id: int
    ) -> None:
        send(site, agent_id, samples.pdf(), "a.pdf")
        file = only_file()
        file.owner_id = 10**6
        db.session.commit()
        assert db.session.get(Organisation, 10**6) is None
        assert site.get(f"/files/{file.id}").status_code == 404
