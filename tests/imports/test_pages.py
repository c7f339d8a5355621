"""The pages of imports: who sees what, spoiled files, templates, marked copies."""

import io
import zipfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from matchplatform.audit.models import AuditEntry
from matchplatform.files.storage import Storage
from matchplatform.imports.kinds import adapter_of
from matchplatform.imports.models import Import, ImportRow
from matchplatform.imports.spreadsheet import receive_spreadsheet
from matchplatform.imports.states import ImportKind, ImportState
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import TooLarge
from matchplatform.projects.models import Project
from matchplatform.sheets import ReadLimits
from tests.factories import make_auditor, make_officer, make_organisation, sign_in
from tests.imports.conftest import Desk, desk_of, newest
from tests.imports.sheets import FIGURES, FIRST, organisation, text, xlsx

KIND = ImportKind.PROJECTS
SPOILED = {
    "空的.xlsx": b"",
    "文本.xlsx": b"a,b\n1,2\n",
    "图片.csv": b"\x89PNG\r\n\x1a\n",
    "加密.xlsx": bytes.fromhex("d0cf11e0a1b11ae1") + b"E\0n\0c\0r\0y\0p\0t\0i\0o\0n\0I\0n\0f\0o\0",
    "老的.xls": b"x",
    "无后缀": b"a,b",
}


def truncated() -> bytes:
    return xlsx(KIND, [FIRST])[:-400]


def with_macros() -> bytes:
    stream = io.BytesIO(xlsx(KIND, [FIRST]))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    return stream.getvalue()


class TestUploading:
    @pytest.mark.parametrize("name", SPOILED)
    def test_what_is_no_spreadsheet_is_refused_at_the_field(self, desk: Desk, name: str) -> None:
        answer = desk.send(KIND, SPOILED[name], name, status=400)
        assert 'id="file-err"' in answer.text
        assert "Traceback" not in answer.text
        assert db.session.scalar(select(func.count(Import.id))) == 0

    @pytest.mark.parametrize("make", [truncated, with_macros])
    def test_what_is_wrong_inside_fails_with_words(self, desk: Desk, make: object) -> None:
        found = desk.preview_file(KIND, make())  # type: ignore[operator]
        assert found.status is ImportState.FAILED
        page = desk.client.get(f"/desk/imports/{found.id}")
        assert "什么也没有写入" in page.text
        assert db.session.scalar(select(func.count(ImportRow.id))) == 0

    def test_one_without_a_file_is_asked_for_it(self, desk: Desk) -> None:
        answer = desk.client.post(f"/desk/imports/new/{KIND}", data={})
        assert answer.status_code == 400
        assert "请选填好的表格" in answer.text

    def test_a_file_too_large_is_refused_and_leaves_nothing(self, tmp_path: Path) -> None:
        storage, layout = Storage(tmp_path), adapter_of(KIND).layout()
        stream = io.BytesIO(b"a," * 1024 * 1024)
        with pytest.raises(TooLarge) as refused:
            receive_spreadsheet(storage, stream, "大.csv", layout, ReadLimits(megabytes=1))
        assert "1 MB" in str(refused.value.fields["file"])
        assert storage.leftovers(timedelta(0)) == []

    def test_its_name_is_shown_and_never_a_path(self, desk: Desk) -> None:
        found = desk.preview_file(KIND, xlsx(KIND, [FIRST]), "../../<b>需求.xlsx")
        assert "/" not in found.label
        page = desk.client.get("/desk/imports").text
        assert "&lt;b&gt;需求.xlsx" in page
        assert "<b>需求" not in page


class TestWhoSeesWhat:
    def test_a_colleague_sees_it_and_cannot_say_yes(self, desk: Desk) -> None:
        found = desk.preview(KIND, [FIRST])
        colleague = desk_of(desk.client, make_officer())
        page = colleague.client.get(f"/desk/imports/{found.id}")
        assert page.status_code == 200
        assert "/apply" not in page.text
        colleague.say_yes(found, status=403)
        assert newest().status is ImportState.PREVIEWED

    @pytest.mark.parametrize("region", ["130723", "1307", "13", "11"])
    def test_other_offices_do_not_know_of_it(self, desk: Desk, region: str) -> None:
        found = desk.preview(KIND, [FIRST])
        other = desk_of(desk.client, make_officer(region))
        for path in ("", "/marked.xlsx"):
            assert other.client.get(f"/desk/imports/{found.id}{path}").status_code == 404
        other.say_yes(found, status=404)
        assert found.label not in other.client.get("/desk/imports").text
        refused = select(func.count()).where(AuditEntry.action == "access.refused")
        assert db.session.scalar(refused) == 3

    def test_agents_have_no_business_here(self, client: FlaskClient) -> None:
        sign_in(client, make_organisation()[1])
        assert client.get("/desk/imports").status_code == 403

    def test_an_auditor_reads_and_does_nothing(self, desk: Desk) -> None:
        found = desk.preview(KIND, [FIRST])
        auditor = desk_of(desk.client, make_auditor())
        assert found.label in auditor.client.get("/desk/imports").text
        assert auditor.client.get(f"/desk/imports/{found.id}").status_code == 200
        auditor.say_yes(found, status=403)

    def test_a_city_imports_no_projects(self, client: FlaskClient) -> None:
        city = desk_of(client, make_officer("1307"))
        city.send(KIND, xlsx(KIND, [FIRST]), status=404)
        assert "社会组织" in city.client.get("/desk/imports").text


class TestDeciding:
    def test_a_form_sent_twice_is_done_once(self, desk: Desk) -> None:
        found = desk.preview(KIND, [FIRST])
        url = f"/desk/imports/{found.id}/apply"
        form = {"version": str(found.version), "form_key": "a-key"}
        answers = [desk.client.post(url, data=form) for _ in range(2)]
        assert {(answer.status_code, answer.location) for answer in answers} == {
            (303, f"/desk/imports/{found.id}")
        }
        desk.work()
        assert db.session.scalar(select(func.count(Project.id))) == 1

    def test_an_old_page_is_refused(self, desk: Desk) -> None:
        found = desk.preview(KIND, [FIRST])
        url = f"/desk/imports/{found.id}/apply"
        assert desk.client.post(url, data={"version": "1"}).status_code == 409

    def test_what_was_written_cannot_be_dropped(self, desk: Desk) -> None:
        found = desk.bring_in(KIND, [FIRST])
        assert desk.client.post(f"/desk/imports/{found.id}/drop", data={}).status_code == 409

    def test_the_result_leads_to_what_was_made(self, desk: Desk) -> None:
        found = desk.bring_in(KIND, [FIRST])
        project = db.session.scalars(select(Project)).one()
        page = desk.client.get(f"/desk/imports/{found.id}").text
        assert f"/desk/projects/{project.number}" in page
        assert "已新增" in page


class TestFiles:
    @pytest.mark.parametrize("kind", ["projects", "organisations", "poor_people"])
    def test_a_template_comes_back_empty_as_no_rows(self, desk: Desk, kind: str) -> None:
        template = desk.client.get(f"/desk/imports/template/{kind}.xlsx")
        assert template.status_code == 200
        found = desk.preview_file(ImportKind(kind), template.data)
        assert found.status is ImportState.FAILED
        assert [kept["kind"] for kept in found.problems] == ["no_rows"]

    @pytest.mark.parametrize(
        ("kind", "row"),
        [
            (ImportKind.PROJECTS, FIRST),
            (ImportKind.ORGANISATIONS, organisation()),
            (ImportKind.POOR_PEOPLE, FIGURES),
        ],
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_every_kind_is_read_as_csv(
        self, desk: Desk, kind: ImportKind, row: dict[str, object], encoding: str
    ) -> None:
        found = desk.preview_file(kind, text(kind, [row], encoding), "表.csv")
        assert found.counts == {"new": 1}

    def test_the_marked_copy_names_the_wrong_cell(self, desk: Desk) -> None:
        found = desk.preview(KIND, [FIRST, {**FIRST, "own_key": "K-2", "quantity": "=1+1"}])
        copy = desk.client.get(f"/desk/imports/{found.id}/marked.xlsx")
        page = openpyxl.load_workbook(io.BytesIO(copy.data)).worksheets[0]
        last = [cell.value for cell in page[3]][-1]
        assert "数量" in str(last)
        assert page.cell(2, page.max_column).value is None

    def test_the_list_is_given_as_a_file(self, desk: Desk) -> None:
        desk.preview(KIND, [FIRST])
        data = desk.client.get("/desk/imports/export.csv").data.decode("utf-8-sig")
        assert "需求.xlsx" in data
        assert desk.client.get("/desk/imports/export.xlsx").status_code == 200


def test_a_table_of_several_pages_is_paged(desk: Desk) -> None:
    rows = [{**FIRST, "own_key": f"K-{number}", "quantity": "许多"} for number in range(60)]
    found = desk.preview(KIND, rows)
    url = f"/desk/imports/{found.id}?rows=bad"
    assert "第 2 行" in desk.client.get(url).text
    second = desk.client.get(f"{url}&page=2").text
    assert "第 61 行" in second
    assert "第 2 行" not in second
    assert Decimal(found.count("bad")) == 60
