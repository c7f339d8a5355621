"""Verbs of a project's papers (立项批复 and the like): add, open to the public or not, order, remove."""

from matchplatform.access.actor import Actor
from matchplatform.files.examine import Upload
from matchplatform.files.kinds import Purpose
from matchplatform.files.services import store_upload
from matchplatform.kernel import clock
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.text import tidy
from matchplatform.projects.attachments import (
    Direction,
    check_room,
    check_there,
    move,
    note_author,
    open_for_writing,
    place_of,
    take_away,
)
from matchplatform.projects.models import Project
from matchplatform.projects.picture_models import ProjectPaper
from matchplatform.projects.picture_privacy import find_private
from matchplatform.projects.picture_queries import last_position, list_papers
from matchplatform.projects.telling import record_project

MOST_PAPERS = 10
SHORTEST_LABEL, LONGEST_LABEL = 2, 60


def add_paper(
    *, actor: Actor, project: Project, upload: Upload, label: str, is_public: bool
) -> ProjectPaper:
    """Add a PDF to a draft, after those that are there.

    Raises:
        InvalidInput: it has no name, there is no room, or it is there.
    """
    open_for_writing(actor, project)
    label = tidy(label)
    if not SHORTEST_LABEL <= len(label) <= LONGEST_LABEL:
        raise _at("label", _("请写是什么文件，例如“立项批复”，2 到 60 个字。"))
    private = find_private(project, {"label": label})
    if private:
        raise InvalidInput(fields=private)
    there = list_papers(project)
    if len(there) >= MOST_PAPERS:
        raise _at("paper", _("一个项目最多 %(most)s 份文件。", most=MOST_PAPERS))
    check_room(project, adding=upload.size, field="paper")
    file = store_upload(actor=actor, upload=upload, place=place_of(project, Purpose.PAPER))
    if file.id in {paper.file_id for paper in there}:
        raise _at("paper", _("这份文件已经传过了。"))
    note_author(actor, project)
    paper = ProjectPaper(
        project_id=project.id,
        file=file,
        position=last_position(there) + 1,
        label=label,
        is_public=is_public,
        added_at=clock.now(),
    )
    db.session.add(paper)
    _record(actor, "paper.add", project, paper)
    return paper


def move_paper(
    *, actor: Actor, project: Project, paper: ProjectPaper, direction: Direction
) -> ProjectPaper:
    """Move a paper one place up or down."""
    open_for_writing(actor, project)
    check_there(paper)
    move(list_papers(project), paper, direction)
    _record(actor, "paper.move", project, paper)
    return paper


def remove_paper(*, actor: Actor, project: Project, paper: ProjectPaper, reason: str) -> None:
    """Take a paper away, also from a public project."""
    take_away(actor, project, paper, "paper.remove", reason)


def _at(field: str, words: Words) -> InvalidInput:
    return InvalidInput(fields={field: words})


def _record(actor: Actor, action: str, project: Project, paper: ProjectPaper) -> None:
    db.session.flush()
    detail: dict[str, object] = {
        "id": paper.id,
        "file": paper.file_id,
        "position": paper.position,
        "public": paper.is_public,
    }
    record_project(actor, action, project, detail=detail)
