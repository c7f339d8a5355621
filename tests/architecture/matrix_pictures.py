"""Pictures and papers of projects."""

from matchplatform.files.storage import Storage
from matchplatform.kernel.db import db
from matchplatform.projects import pictures
from matchplatform.projects.models import Project
from matchplatform.projects.picture_models import ProjectPaper, ProjectPicture
from matchplatform.projects.states import ProjectState
from tests.architecture.matrix_people import REASON, People
from tests.architecture.matrix_things import Form, Thing, Things
from tests.factories import actor_for, make_claim, make_project
from tests.files import samples
from tests.projects.attaching import WORDS, attach, make_public

WORDED: Form = {"alt_text": WORDS.alt_text, "taken_by": WORDS.taken_by, "consent": "y"}
FORMS: dict[str, Form] = {
    "POST /desk/projects/<string:number>/pictures": {**WORDED, "photo": samples.photo()},
    "POST /desk/projects/<string:number>/papers": {
        "paper": samples.pdf(), "label": "立项批复", "readers": "everybody",
    },
}  # fmt: skip


def make_pictures(people: People, storage: Storage) -> Things:
    """Make a draft and a public project with pictures and papers, the claimant on the latter."""
    draft, shown = (make_project(state=ProjectState.DRAFT) for _ in range(2))
    (drafted,), (draft_paper, _) = attach(storage, draft, samples.photo())
    (open_one, doubted), (open_paper, kept_paper) = attach(
        storage, shown, samples.photo((300, 200)), samples.photo((400, 200))
    )
    make_public(shown)
    pictures.doubt_consent(
        actor=actor_for(people["cit"]), project=shown, picture=doubted, reason=REASON
    )
    db.session.commit()
    make_claim(shown, people.claimant, people["agt"])
    return {
        "draft picture": _picture(draft, drafted),
        "open picture": _picture(shown, open_one),
        "doubted picture": _picture(shown, doubted),
        "draft paper": _paper(draft, draft_paper),
        "open paper": _paper(shown, open_paper),
        "a claimants paper": _paper(shown, kept_paper),
    }


def _picture(project: Project, picture: ProjectPicture) -> Thing:
    form = {**WORDED, "version": str(picture.version), "reason": REASON}
    return Thing({"number": project.number, "picture_id": picture.id}, form)


def _paper(project: Project, paper: ProjectPaper) -> Thing:
    return Thing({"number": project.number, "paper_id": paper.id}, {"reason": REASON})


TEXT = """
#                    vis hlf agt sec riv pen ret sus non cty ct2 cit ci2 pro bei tia aud adm org rec
GET /desk/projects/<string:number>/pictures
  draft              in  in  403 403 403 403 403 403 403 200 404 200 404 200 404 404 200 403 403 403
  open               in  in  403 403 403 403 403 403 403 200 403 200 403 200 403 403 200 403 403 403
POST /desk/projects/<string:number>/pictures
  draft              in  in  403 403 403 403 403 403 403 303 404 403 404 403 404 404 403 403 403 403
  open               in  in  403 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 403 403
GET /desk/projects/<string:number>/pictures/<int:picture_id>
  draft picture      in  in  403 403 403 403 403 403 403 200 404 403 404 403 404 404 403 403 403 403
  open picture       in  in  403 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 403 403
POST /desk/projects/<string:number>/pictures/<int:picture_id>
  draft picture      in  in  403 403 403 403 403 403 403 303 404 403 404 403 404 404 403 403 403 403
  open picture       in  in  403 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 403 403
POST /desk/projects/<string:number>/pictures/<int:picture_id>/up
  draft picture      in  in  403 403 403 403 403 403 403 303 404 403 404 403 404 404 403 403 403 403
  open picture       in  in  403 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 403 403
POST /desk/projects/<string:number>/pictures/<int:picture_id>/down
  draft picture      in  in  403 403 403 403 403 403 403 303 404 403 404 403 404 404 403 403 403 403
  open picture       in  in  403 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 403 403
POST /desk/projects/<string:number>/pictures/<int:picture_id>/remove
  draft picture      in  in  403 403 403 403 403 403 403 303 404 403 404 403 404 404 403 403 403 403
  open picture       in  in  403 403 403 403 403 403 403 303 403 403 403 403 403 403 403 403 403 403
POST /desk/projects/<string:number>/pictures/<int:picture_id>/doubt
  draft picture      in  in  403 403 403 403 403 403 403 303 404 303 404 303 404 404 403 403 403 403
  open picture       in  in  403 403 403 403 403 403 403 303 403 303 403 303 403 403 403 403 403 403
POST /desk/projects/<string:number>/pictures/<int:picture_id>/confirm
  doubted picture    in  in  403 403 403 403 403 403 403 303 403 403 403 403 403 403 403 403 403 403
POST /desk/projects/<string:number>/papers
  draft              in  in  403 403 403 403 403 403 403 303 404 403 404 403 404 404 403 403 403 403
  open               in  in  403 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 403 403
POST /desk/projects/<string:number>/papers/<int:paper_id>/up
  draft paper        in  in  403 403 403 403 403 403 403 303 404 403 404 403 404 404 403 403 403 403
  open paper         in  in  403 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 403 403
POST /desk/projects/<string:number>/papers/<int:paper_id>/down
  draft paper        in  in  403 403 403 403 403 403 403 303 404 403 404 403 404 404 403 403 403 403
  open paper         in  in  403 403 403 403 403 403 403 409 403 403 403 403 403 403 403 403 403 403
POST /desk/projects/<string:number>/papers/<int:paper_id>/remove
  draft paper        in  in  403 403 403 403 403 403 403 303 404 403 404 403 404 404 403 403 403 403
  open paper         in  in  403 403 403 403 403 403 403 303 403 403 403 403 403 403 403 403 403 403
GET /projects/<number>/pictures/<int:picture_id>
  open picture       200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  draft picture      404 404 404 404 404 404 404 404 404 200 404 200 404 200 404 404 200 404 404 404
  doubted picture    404 404 404 404 404 404 404 404 404 200 404 200 404 200 404 404 200 404 404 404
GET /projects/<number>/pictures/<int:picture_id>/thumb.jpg
  open picture       200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  draft picture      404 404 404 404 404 404 404 404 404 200 404 200 404 200 404 404 200 404 404 404
  doubted picture    404 404 404 404 404 404 404 404 404 200 404 200 404 200 404 404 200 404 404 404
GET /projects/<number>/pictures/<int:picture_id>/page.jpg
  open picture       200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  draft picture      404 404 404 404 404 404 404 404 404 200 404 200 404 200 404 404 200 404 404 404
  doubted picture    404 404 404 404 404 404 404 404 404 200 404 200 404 200 404 404 200 404 404 404
GET /projects/<number>/pictures/<int:picture_id>/large.jpg
  open picture       200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  draft picture      404 404 404 404 404 404 404 404 404 200 404 200 404 200 404 404 200 404 404 404
  doubted picture    404 404 404 404 404 404 404 404 404 200 404 200 404 200 404 404 200 404 404 404
GET /projects/<number>/papers/<int:paper_id>
  open paper         200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
  draft paper        404 404 404 404 404 404 404 404 404 200 404 200 404 200 404 404 200 404 404 404
  a claimants paper  404 404 200 200 404 404 404 404 404 200 404 200 404 200 404 404 200 404 404 404
"""
