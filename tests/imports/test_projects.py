"""Projects brought in: new, again, changed, overtaken, and what is wrong with them."""

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import func, select

from matchplatform.audit.models import AuditEntry
from matchplatform.imports.states import ImportKind, ImportState, RowState
from matchplatform.kernel.db import db
from matchplatform.projects.details import ProjectDetails
from matchplatform.projects.models import Project
from matchplatform.projects.services import edit_project
from matchplatform.projects.states import ProjectState
from tests.factories import DETAILS, QUILTS, actor_for, make_project
from tests.imports.conftest import Desk, newest, rows_of, said
from tests.imports.sheets import FIRST, SECOND_LINE, text, xlsx

KIND = ImportKind.PROJECTS


def projects() -> list[Project]:
    return list(db.session.scalars(select(Project).order_by(Project.number)))


class TestNew:
    def test_nothing_is_written_before_somebody_says_yes(self, desk: Desk) -> None:
        found = desk.preview(KIND, [FIRST, SECOND_LINE])
        assert found.status is ImportState.PREVIEWED
        assert found.counts == {"new": 1}
        assert projects() == []

    def test_a_project_with_two_lines_becomes_a_draft(self, desk: Desk) -> None:
        found = desk.bring_in(KIND, [FIRST, SECOND_LINE])
        assert (found.status, found.counts) == (ImportState.APPLIED, {"added": 1})
        (project,) = projects()
        assert project.status is ProjectState.DRAFT
        assert project.region_code == "130722"
        assert [line.quantity for line in project.lines] == [Decimal(240), Decimal(12000)]
        assert project.author_ids == [desk.officer.id]
        assert str(project.starts_on) == "2020-12-01"

    def test_it_goes_through_the_verb_with_its_trail(self, desk: Desk) -> None:
        desk.bring_in(KIND, [FIRST])
        created = select(AuditEntry.actor_id).where(AuditEntry.action == "project.create")
        assert db.session.scalars(created).all() == [desk.officer.id]
        actions = set(db.session.scalars(select(AuditEntry.action)))
        assert {"import.take_in", "import.preview", "import.apply", "import.finish"} <= actions

    def test_a_csv_of_an_old_spreadsheet_program_is_read(self, desk: Desk) -> None:
        found = desk.preview_file(KIND, text(KIND, [FIRST], "gb18030"), "需求.csv")
        assert found.counts == {"new": 1}
        assert "gb18030" in found.encoding.lower()


class TestTheSameFileTwice:
    def test_changes_nothing(self, desk: Desk) -> None:
        desk.bring_in(KIND, [FIRST, SECOND_LINE])
        version = projects()[0].version
        found = desk.preview(KIND, [FIRST, SECOND_LINE])
        assert found.counts == {"unchanged": 1}
        desk.say_yes(found, status=409)
        assert [project.version for project in projects()] == [version]

    def test_sent_twice_before_a_decision_leads_to_the_first(self, desk: Desk) -> None:
        data = xlsx(KIND, [FIRST])
        first, second = desk.send(KIND, data), desk.send(KIND, data)
        assert first.location == second.location

    def test_previewed_twice_and_said_yes_to_twice_adds_one(self, desk: Desk) -> None:
        one = desk.preview(KIND, [FIRST])
        two = desk.preview(KIND, [FIRST, {**FIRST, "own_key": "K-2"}])
        desk.say_yes(one)
        desk.work()
        desk.say_yes(two)
        desk.work()
        assert newest().counts == {"refused": 1, "added": 1}
        assert len(projects()) == 2
        assert "已经导入过" in rows_of(newest(), RowState.REFUSED)[0].said


class TestChanged:
    def test_a_changed_row_shows_before_and_after_and_is_written(self, desk: Desk) -> None:
        desk.bring_in(KIND, [FIRST, SECOND_LINE])
        found = desk.preview(KIND, [{**FIRST, "place": "西水泉村", "quantity": "250"}, SECOND_LINE])
        (row,) = rows_of(found, RowState.CHANGED)
        assert row.changes[0] == ["村或单位", "东水泉村", "西水泉村"]
        assert "240" in row.changes[1][1]
        assert "250" in row.changes[1][2]
        desk.say_yes(found)
        desk.work()
        (project,) = projects()
        assert (project.place, project.lines[0].quantity) == ("西水泉村", Decimal(250))

    def test_a_line_or_project_that_the_file_lacks_stays(self, desk: Desk) -> None:
        desk.bring_in(KIND, [FIRST, SECOND_LINE, {**FIRST, "own_key": "K-2"}])
        found = desk.bring_in(KIND, [{**FIRST, "place": "西水泉村"}])
        assert found.counts == {"updated": 1}
        assert [len(project.lines) for project in projects()] == [2, 1]

    def test_a_column_that_the_file_lacks_leaves_what_is_there(self, desk: Desk) -> None:
        desk.bring_in(KIND, [FIRST])
        found = desk.preview(KIND, [FIRST], without=["place", "direct_people"])
        assert found.counts == {"unchanged": 1}

    def test_it_is_found_by_its_number_as_well(self, desk: Desk) -> None:
        project = make_project(state=ProjectState.DRAFT)
        found = desk.preview(KIND, [{"number": project.number, "place": "西水泉村"}])
        assert rows_of(found)[0].target == project.number
        assert found.count(RowState.CHANGED) == 1

    def test_one_that_was_overtaken_is_refused_with_words(self, desk: Desk) -> None:
        desk.bring_in(KIND, [FIRST])
        found = desk.preview(KIND, [{**FIRST, "place": "西水泉村"}])
        (project,) = projects()
        edit_project(
            actor=actor_for(desk.officer),
            project=project,
            version=project.version,
            details=ProjectDetails(project.name, project.kind, project.sector, place="别处"),
            lines=[QUILTS],
        )
        db.session.commit()
        desk.say_yes(found)
        desk.work()
        found = newest()
        assert (found.status, found.counts) == (ImportState.APPLIED, {"refused": 1})
        assert "被别人改过" in rows_of(found)[0].said
        assert projects()[0].place == "别处"

    def test_a_published_one_is_not_changed_by_a_file(self, desk: Desk) -> None:
        project = make_project()
        found = desk.preview(KIND, [{"number": project.number, "place": "西水泉村"}])
        assert found.counts == {"bad": 1}
        assert "不能用表格改" in said(found)[0]


class TestBad:
    def test_each_cell_is_named_with_its_reason(self, desk: Desk) -> None:
        rows = [FIRST, {**FIRST, "own_key": "K-2", "unit_price": "五百多", "kind": "别的"}]
        found = desk.preview(KIND, rows)
        assert found.counts == {"new": 1, "bad": 1}
        page = desk.client.get(f"/desk/imports/{found.id}").text
        assert "五百多" in page
        assert "第 3 行“单价（元）”" in page

    def test_what_the_verb_would_refuse_stands_at_its_cell(self, desk: Desk) -> None:
        found = desk.preview(KIND, [{**FIRST, "min_lot": "500"}])
        (problem,) = rows_of(found)[0].problems
        assert (problem["key"], problem["row"]) == ("min_lot", 2)

    def test_a_row_without_number_and_key_is_refused(self, desk: Desk) -> None:
        found = desk.preview(KIND, [{**FIRST, "own_key": None}])
        assert "至少填一个" in said(found)[0]

    def test_rows_that_contradict_each_other_are_refused(self, desk: Desk) -> None:
        found = desk.preview(KIND, [FIRST, {**SECOND_LINE, "name": "另一个名字"}])
        assert said(found) == ["和第 2 行写的不一样；同一个项目只能有一种写法"]

    def test_another_county_is_refused_with_words(self, desk: Desk) -> None:
        found = desk.preview(KIND, [{**FIRST, "county": "康保县"}])
        assert "不是您的辖区" in said(found)[0]

    def test_another_countys_draft_is_not_named(self, desk: Desk) -> None:
        secret = replace(DETAILS, name="康保还没公开的事")
        theirs = make_project(state=ProjectState.DRAFT, region="130723", details=secret)
        rows = [{"number": theirs.number, "line_kind": "物资", "item": "被褥"}]
        found = desk.preview(KIND, rows)
        assert [row.status for row in rows_of(found)] == [RowState.BAD]
        for page in ("", "/rows.csv?rows=bad"):
            assert "康保还没公开的事" not in desk.client.get(f"/desk/imports/{found.id}{page}").text

    def test_another_countys_number_sounds_like_no_number(self, desk: Desk) -> None:
        theirs = make_project(state=ProjectState.DRAFT, region="130723")
        found = desk.preview(KIND, [{"number": theirs.number}, {"number": "130722-999"}])
        one, two = said(found)
        assert one.replace(theirs.number, "") == two.replace("130722-999", "")

    def test_the_good_ones_are_written_when_that_is_said(self, desk: Desk) -> None:
        found = desk.preview(KIND, [FIRST, {**FIRST, "own_key": "K-2", "quantity": "许多"}])
        answer = desk.say_yes(found, status=400)
        assert "请勾选确认" in answer.text
        assert projects() == []
        desk.say_yes(found, leave_bad="y")
        desk.work()
        assert newest().counts == {"added": 1, "bad": 1}
        assert len(projects()) == 1

    def test_what_was_typed_is_escaped(self, desk: Desk) -> None:
        evil = "<script>alert(1)</script>"
        found = desk.preview(KIND, [{**FIRST, "name": evil, "quantity": f"{evil}"}])
        page = desk.client.get(f"/desk/imports/{found.id}").text
        assert evil not in page
        assert "&lt;script&gt;" in page


def test_a_verifying_officer_is_still_somebody_else(desk: Desk) -> None:
    desk.bring_in(KIND, [FIRST])
    assert desk.officer.id in projects()[0].author_ids
    assert db.session.scalar(select(func.count(Project.id))) == 1
