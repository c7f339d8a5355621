"""Pictures and papers attached to projects, through the real verbs."""

from dataclasses import replace
from io import BytesIO

from matchplatform.files.photo_uploads import examine_photo
from matchplatform.files.storage import Storage
from matchplatform.files.verdicts import Limits
from matchplatform.kernel.db import db
from matchplatform.projects import papers, pictures
from matchplatform.projects.models import Project
from matchplatform.projects.picture_models import ProjectPaper, ProjectPicture
from matchplatform.projects.pictures import PictureWords
from matchplatform.projects.services import publish_project, submit_project, verify_project
from tests.factories import actor_for, let_pass, make_officer
from tests.files import samples
from tests.files.conftest import take

WORDS = PictureWords("村小学的操场，围墙有一段塌了", "操场", "张北县民政局", None, consent=True)


def attach(
    storage: Storage, project: Project, *photos: bytes
) -> tuple[list[ProjectPicture], list[ProjectPaper]]:
    """Attach photographs to a draft, and a paper for all and one that is not."""
    county = actor_for(make_officer(project.region_code))
    added = [
        pictures.add_picture(
            actor=county,
            project=project,
            upload=examine_photo(storage, BytesIO(data), "操场.jpg", Limits()),
            words=replace(WORDS, alt_text=f"{WORDS.alt_text}，第 {place} 张"),
        )
        for place, data in enumerate(photos, start=1)
    ]
    both = [
        papers.add_paper(
            actor=county,
            project=project,
            upload=take(storage, samples.pdf(pages=1 + is_public), "批复.pdf"),
            label="立项批复" if is_public else "预算明细",
            is_public=is_public,
        )
        for is_public in (True, False)
    ]
    db.session.commit()
    return added, both


def make_public(project: Project) -> None:
    """Take a draft through its steps."""
    county = project.region_code
    writer, second = actor_for(make_officer(county)), actor_for(make_officer(county))
    let_pass(writer, project)
    submit_project(actor=writer, project=project, version=project.version)
    verify_project(actor=second, project=project, version=project.version)
    city = actor_for(make_officer(county[:4]))
    let_pass(city, project)
    publish_project(actor=city, project=project, version=project.version)
    db.session.commit()
