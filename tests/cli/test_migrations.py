"""The migrations run up, down and up again with data, and end where the models are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import text

from matchplatform.app import create_app
from matchplatform.claims.queries import find_breaches
from matchplatform.claims.services import decline_claim
from matchplatform.cli.database import config_of, is_current, migrate, migrate_down
from matchplatform.config.settings import read_settings
from matchplatform.kernel.db import Base, db, set_only_reading
from tests.cli.environ import environ_of
from tests.factories import actor_for, make_claim, make_officer, make_organisation, make_project

pytestmark = pytest.mark.database
# What every revision has, by table and order of its rows.
KEPT = {
    "organisations": "id, name, uscc, status, submitted_at",
    "projects": "id, number, name, status, region_code",
    "project_lines": "id, project_id, item, quantity, held, extra",
    "claims": "id, status, reserved_at, hold_until, submitted_at, decided_at, version",
    "claim_lines": "claim_id, line_id, quantity, unit_price",
    "audit_entries": "seq, at, action, subject_label, hash",
    "users": "id, username, role, created_at",
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    """A site of its own with organisations, projects and claims in several states."""
    set_only_reading(False)
    app = create_app(read_settings(environ_of(tmp_path)))
    with app.app_context():
        migrate(db.engine)
        organisation, agent = make_organisation()
        make_claim(make_project(), organisation, agent)
        make_claim(make_project(), organisation, agent, submitted=True)
        declined = make_claim(make_project(), organisation, agent, submitted=True)
        officer = actor_for(make_officer())
        decline_claim(
            actor=officer, claim=declined, version=declined.version, reason="今年不再安排。"
        )
        db.session.commit()
        db.session.remove()
        yield app
        db.session.remove()
        db.engine.dispose()


def rows() -> dict[str, list[object]]:
    """Return what must still be there after going down and up."""
    found: dict[str, list[object]] = {}
    for table, columns in KEPT.items():
        answer = db.session.execute(text(f"SELECT {columns} FROM {table} ORDER BY 1, 2"))
        found[table] = [tuple(row) for row in answer]
    db.session.rollback()
    return found


def revisions() -> list[str]:
    with db.engine.connect() as connection:
        script = ScriptDirectory.from_config(config_of(connection))
    return [revision.revision for revision in script.walk_revisions()]


class TestMigrations:
    def test_they_end_where_the_models_are(self, site: Flask) -> None:
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []

    def test_there_is_one_way_up(self, site: Flask) -> None:
        with db.engine.connect() as connection:
            assert len(ScriptDirectory.from_config(config_of(connection)).get_heads()) == 1

    def test_each_step_down_and_up_again_keeps_what_both_know(self, site: Flask) -> None:
        before = rows()
        assert all(before.values())
        for revision in revisions()[1:]:
            migrate_down(db.engine, revision)
            assert not is_current(db.engine)
            assert rows() == before, revision
            migrate(db.engine)
            assert is_current(db.engine)
            assert rows() == before, revision
            assert list(find_breaches()) == []
            db.session.rollback()

    def test_what_was_signed_is_accepted_where_signing_is_not_known(self, site: Flask) -> None:
        claim_id = make_claim(make_project(), *make_organisation(), signed=True).id
        db.session.remove()
        migrate_down(db.engine, "l_pictures")
        found = db.session.execute(
            text("SELECT status FROM claims WHERE id = :id"), {"id": claim_id}
        )
        assert found.scalar_one() == "accepted"
        db.session.rollback()
        migrate(db.engine)
        assert list(find_breaches()) == []
        db.session.rollback()

    def test_they_go_down_to_nothing_and_up_again(self, site: Flask) -> None:
        migrate_down(db.engine)
        migrate(db.engine)
        assert not any(rows().values())
        make_claim(make_project(), *make_organisation())
