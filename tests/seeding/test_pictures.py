"""Pictures of the demo."""

import pytest
from flask import Flask
from sqlalchemy import select

from matchplatform.audit.models import AuditEntry
from matchplatform.kernel.db import db
from matchplatform.projects.picture_models import ProjectPicture
from matchplatform.seeding.drawings import SCENES, draw_scene
from matchplatform.seeding.pictures import read_pictures

pytestmark = pytest.mark.xdist_group("demo")


class TestDrawings:
    @pytest.mark.parametrize("kind", SCENES)
    def test_the_same_row_gives_the_same_bytes_and_another_one_others(self, kind: str) -> None:
        assert draw_scene(kind, 1) == draw_scene(kind, 1)

    def test_every_row_names_one_and_says_what_it_is(self) -> None:
        rows = read_pictures()
        assert {row.drawing for row in rows} <= set(SCENES)
        assert all(row.caption.startswith("演示图片：") for row in rows)
        assert len({row.number for row in rows}) >= 12
        drawn = {draw_scene(row.drawing, place) for place, row in enumerate(rows)}
        assert len(drawn) == len(rows)


class TestLoaded:
    def test_they_came_by_the_verb_while_the_projects_were_drafts(self, demo: Flask) -> None:
        loaded = list(db.session.scalars(select(ProjectPicture)))
        assert len(loaded) == len(read_pictures())
        assert all(picture.consent and len(picture.file.sizes) == 3 for picture in loaded)
        entries = list(
            db.session.scalars(select(AuditEntry).where(AuditEntry.action == "picture.add"))
        )
        assert len(entries) == len(loaded)
        assert {entry.detail["status"] for entry in entries} == {"draft"}
