"""Batches: the province begins them, counties write and copy into them."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchplatform.audit.models import AuditEntry
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import Forbidden, InvalidInput
from matchplatform.projects.batches import begin_batch, count_by_batch
from matchplatform.projects.copying import copy_project
from matchplatform.projects.models import Project
from matchplatform.projects.queries import list_batches
from tests.factories import actor_for, make_officer, make_project, sign_in
from tests.projects.test_views import text_of

pytestmark = pytest.mark.usefixtures("db_session")


def begin(name: str, region: str = "13") -> int:
    """Begin a batch and commit."""
    batch = begin_batch(actor=actor_for(make_officer(region)), name=name)
    db.session.commit()
    return batch.id


class TestBeginBatch:
    def test_the_newest_stands_first_and_the_trail_has_it(self) -> None:
        begin("第一批")
        begin("  第二批 ")
        assert [batch.name for batch in list_batches()] == ["第二批", "第一批"]
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert entry is not None
        assert (entry.action, entry.subject_label) == ("batch.begin", "第二批")

    @pytest.mark.parametrize("region", ["130722", "1307", "11"])
    def test_only_the_province_begins_one(self, region: str) -> None:
        with pytest.raises(Forbidden):
            begin("第二批", region)

    @pytest.mark.parametrize("name", ["", " ", "批", "长" * 61, "第一批"])
    def test_it_wants_a_name_of_its_own(self, name: str) -> None:
        begin("第一批")
        with pytest.raises(InvalidInput) as refused:
            begin(name)
        assert set(refused.value.fields) == {"name"}
        db.session.rollback()


class TestPages:
    def test_from_the_province_to_a_county_that_copies(self, client: FlaskClient) -> None:
        project = make_project()
        sign_in(client, make_officer("13"))
        assert "还没有批次" in text_of(client.get("/desk/batches"))
        assert client.post("/desk/batches", data={"name": "批"}).status_code == 400
        assert client.post("/desk/batches", data={"name": "第二批"}).status_code == 303
        assert "第二批" in text_of(client.get("/desk/batches"))
        sign_in(client, make_officer())
        assert "建立批次" not in text_of(client.get("/desk/batches"))
        batch = list_batches()[0].id
        page = text_of(client.get(f"/desk/projects/{project.number}"))
        assert f'<option selected value="{batch}">第二批' in page

    def test_a_copy_is_counted_there(self) -> None:
        batch = begin("第二批")
        made = copy_project(actor=actor_for(make_officer()), project=make_project(), batch_id=batch)
        db.session.commit()
        assert db.session.get_one(Project, made.id).batch_id == batch
        assert count_by_batch() == {batch: 1}
