"""The desk's page of pictures and papers, and what its forms answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for

from matchplatform.access.actor import Actor
from matchplatform.access.answers import Again, Answer, done_once
from matchplatform.access.current import current_actor
from matchplatform.access.policy import Permission, check, permits
from matchplatform.kernel.errors import DomainError, InvalidInput, KeyReused
from matchplatform.kernel.i18n import Words
from matchplatform.projects.attachments import MOST_MEGABYTES, may_attach
from matchplatform.projects.models import Project
from matchplatform.projects.papers import MOST_PAPERS
from matchplatform.projects.picture_forms import PaperForm, PictureForm
from matchplatform.projects.picture_queries import list_papers, list_pictures
from matchplatform.projects.pictures import MOST_PICTURES
from matchplatform.projects.queries import get_project


@dataclass(frozen=True)
class Refused:
    """A reason that was typed at a picture or paper and not taken: where, what, and why not."""

    at: str
    typed: str
    said: Words


def load_project(number: str) -> Project:
    """Return a project whose desk page the actor may open."""
    actor = current_actor()
    project = get_project(actor, number)
    check(actor, Permission.PROJECT_READ_UNPUBLISHED, project)
    return project


def page_of(number: str) -> str:
    """Return the address of the page."""
    return url_for("pictures.desk", number=number)


def desk_page(
    number: str,
    *,
    picture_form: PictureForm | None = None,
    paper_form: PaperForm | None = None,
    refused: Refused | None = None,
    problem: Words = "",
) -> str:
    """Show a project's pictures and papers, with the forms that the actor may use."""
    actor, project = current_actor(), load_project(number)
    return render_template(
        "projects/pictures.html",
        project=project,
        pictures=list_pictures(project),
        papers=list_papers(project),
        may_attach=may_attach(actor, project),
        may_remove=permits(actor, Permission.PROJECT_WRITE, project),
        may_doubt=permits(actor, Permission.PICTURE_DOUBT, project),
        picture_form=picture_form or PictureForm(formdata=None),
        paper_form=paper_form or PaperForm(formdata=None),
        refused=refused,
        problem=problem,
        most_pictures=MOST_PICTURES,
        most_papers=MOST_PAPERS,
        most_megabytes=MOST_MEGABYTES,
    )


def done_here(do: Callable[[Actor], None], number: str, again: Again, said: Words) -> Answer:
    """Do what a form asks for, once, and lead to the page; or show the form ``again``."""
    actor = current_actor()

    def do_it() -> str:
        do(actor)
        return page_of(number)

    return done_once(actor, do_it, again, said)


def status_of(error: DomainError) -> int:
    """Return the status of a form that is shown again."""
    return {InvalidInput: 400, KeyReused: 422}.get(type(error), 409)


def refused_form(form: Any, error: DomainError, show: Callable[[Any, InvalidInput], None]) -> int:
    """Put what a verb said at the fields of a form; return the status of the answer."""
    if isinstance(error, InvalidInput):
        show(form, error)
        return 400
    form.form_errors = [str(error.words)]
    return status_of(error)


def reason_again(number: str, at: str, typed: str) -> Again:
    """Return how a form of one reason is shown again."""

    def again(error: DomainError) -> Answer:
        said = error.words
        if isinstance(error, InvalidInput):
            said = next(iter(error.fields.values()), said)
        return desk_page(number, refused=Refused(at, typed, said)), status_of(error)

    return again


def plain_again(number: str) -> Again:
    """Return how the page is shown after a button that could not be followed."""

    def again(error: DomainError) -> Answer:
        return desk_page(number, problem=error.words), status_of(error)

    return again
