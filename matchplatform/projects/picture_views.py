"""Pictures and papers of a project on the desk: add, word, order, remove, doubt."""

from flask import Blueprint, render_template, request

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Answer
from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission, check
from matchplatform.files.receiving import accepts_upload, received_photo, received_upload
from matchplatform.kernel.errors import DomainError
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects import papers, pictures
from matchplatform.projects.attachments import Direction
from matchplatform.projects.picture_answers import (
    desk_page,
    done_here,
    load_project,
    plain_again,
    reason_again,
    refused_form,
)
from matchplatform.projects.picture_forms import (
    EVERYBODY,
    PaperForm,
    PictureForm,
    PictureWordsForm,
)
from matchplatform.projects.picture_queries import get_paper, get_picture
from matchplatform.projects.states import WORKFLOW, ProjectAction

bp = Blueprint("pictures", __name__)

DONE: dict[str, Words] = {
    "remove": _("已删除，原因已记下。"),
    "doubt": _("已标记，公众看不到这张照片了，已通知写项目的人。"),
    "confirm": _("已记下，这张照片可以公开。"),
}
VERBS = {
    "remove": pictures.remove_picture,
    "doubt": pictures.doubt_consent,
    "confirm": pictures.confirm_consent,
}


@bp.get("/desk/projects/<string:number>/pictures")
@requires(Permission.PROJECT_READ_UNPUBLISHED)
def desk(number: str) -> str:
    """Show the pictures and papers of a project, and what can be done with them."""
    return desk_page(number)


@bp.post("/desk/projects/<string:number>/pictures")
@requires(Permission.PROJECT_WRITE)
@accepts_upload()
def add_picture(number: str) -> Answer:
    """Add a photograph."""
    _open(number)
    form = PictureForm()
    if not form.validate():
        return desk_page(number, picture_form=form), 400

    def add(actor: Actor) -> None:
        with received_photo(form.photo) as upload:
            pictures.add_picture(
                actor=actor, project=load_project(number), upload=upload, words=form.words()
            )

    def again(error: DomainError) -> Answer:
        status = refused_form(form, error, show_wrongs)
        return desk_page(number, picture_form=form), status

    return done_here(add, number, again, _("照片已传上，拍摄地点等信息已去掉。"))


@bp.route("/desk/projects/<string:number>/pictures/<int:picture_id>", methods=["GET", "POST"])
@requires(Permission.PROJECT_WRITE)
def word_picture(number: str, picture_id: int) -> Answer:
    """Correct what is told of a picture."""
    _open(number)
    if request.method == "GET":
        return _words_page(number, picture_id)
    form = PictureWordsForm()
    if not form.validate():
        return _words_page(number, picture_id, form), 400

    def word(actor: Actor) -> None:
        project = load_project(number)
        pictures.word_picture(
            actor=actor,
            project=project,
            picture=get_picture(actor, project, picture_id),
            version=form.version.number,
            words=form.words(),
        )

    def again(error: DomainError) -> Answer:
        status = refused_form(form, error, show_wrongs)
        return _words_page(number, picture_id, form), status

    return done_here(word, number, again, _("照片的说明已改好。"))


@bp.post("/desk/projects/<string:number>/pictures/<int:picture_id>/<any(up, down):direction>")
@requires(Permission.PROJECT_WRITE)
def move_picture(number: str, picture_id: int, direction: str) -> Answer:
    """Move a picture one place up or down."""

    def move(actor: Actor) -> None:
        project = load_project(number)
        pictures.move_picture(
            actor=actor,
            project=project,
            picture=get_picture(actor, project, picture_id),
            direction=Direction(direction),
        )

    return done_here(move, number, plain_again(number), _("顺序已改好。"))


@bp.post(
    "/desk/projects/<string:number>/pictures/<int:picture_id>/<any(remove, doubt, confirm):step>"
)
@requires(Permission.DESK_VIEW)
def step_picture(number: str, picture_id: int, step: str) -> Answer:
    """Take a picture away, doubt that a person on it agreed, or confirm it; the verb judges who."""
    reason = request.form.get("reason", "")

    def act(actor: Actor) -> None:
        project = load_project(number)
        picture = get_picture(actor, project, picture_id)
        VERBS[step](actor=actor, project=project, picture=picture, reason=reason)

    again = reason_again(number, f"{step}-{picture_id}", reason)
    return done_here(act, number, again, DONE[step])


@bp.post("/desk/projects/<string:number>/papers")
@requires(Permission.PROJECT_WRITE)
@accepts_upload()
def add_paper(number: str) -> Answer:
    """Add a paper."""
    _open(number)
    form = PaperForm()
    if not form.validate():
        return desk_page(number, paper_form=form), 400

    def add(actor: Actor) -> None:
        with received_upload(form.paper) as upload:
            papers.add_paper(
                actor=actor,
                project=load_project(number),
                upload=upload,
                label=form.label.data or "",
                is_public=form.readers.data == EVERYBODY,
            )

    def again(error: DomainError) -> Answer:
        status = refused_form(form, error, show_wrongs)
        return desk_page(number, paper_form=form), status

    return done_here(add, number, again, _("文件已传上。"))


@bp.post("/desk/projects/<string:number>/papers/<int:paper_id>/<any(up, down):direction>")
@requires(Permission.PROJECT_WRITE)
def move_paper(number: str, paper_id: int, direction: str) -> Answer:
    """Move a paper one place up or down."""

    def move(actor: Actor) -> None:
        project = load_project(number)
        papers.move_paper(
            actor=actor,
            project=project,
            paper=get_paper(project, paper_id),
            direction=Direction(direction),
        )

    return done_here(move, number, plain_again(number), _("顺序已改好。"))


@bp.post("/desk/projects/<string:number>/papers/<int:paper_id>/remove")
@requires(Permission.PROJECT_WRITE)
def remove_paper(number: str, paper_id: int) -> Answer:
    """Take a paper away."""
    reason = request.form.get("reason", "")

    def remove(actor: Actor) -> None:
        project = load_project(number)
        papers.remove_paper(
            actor=actor, project=project, paper=get_paper(project, paper_id), reason=reason
        )

    again = reason_again(number, f"remove-paper-{paper_id}", reason)
    return done_here(remove, number, again, DONE["remove"])


def _open(number: str) -> None:
    """Refuse before a file is looked at where nothing could be added anyway."""
    project = load_project(number)
    check(current_actor(), Permission.PROJECT_WRITE, project)
    WORKFLOW.after(project.status, ProjectAction.EDIT)


def _words_page(number: str, picture_id: int, form: PictureWordsForm | None = None) -> str:
    project = load_project(number)
    picture = get_picture(current_actor(), project, picture_id)
    return render_template(
        "projects/picture_words.html",
        project=project,
        picture=picture,
        form=form or PictureWordsForm.of(picture),
    )
