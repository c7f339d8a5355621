"""Pictures and papers of a project, for whoever may see them."""

from dataclasses import dataclass
from itertools import chain

from flask import Blueprint, Response, render_template

from matchplatform.access.actor import Actor
from matchplatform.access.current import current_actor
from matchplatform.access.guards import public
from matchplatform.access.policy import Permission, permits
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import list_on_project
from matchplatform.files.labels import clean_name
from matchplatform.files.sending import NO_CACHE, PUBLIC_CACHE, send_stored
from matchplatform.files.sizes import SizeName
from matchplatform.kernel.errors import Hidden
from matchplatform.projects.models import Project
from matchplatform.projects.picture_queries import get_paper, get_picture, list_shown_pictures
from matchplatform.projects.queries import get_project

bp = Blueprint("attached", __name__)


@dataclass(frozen=True)
class Readers:
    """Who may open the papers of a project that are not public, for the policy."""

    region_code: str
    active_ids: list[int]


def may_open_all(actor: Actor, project: Project, claims: list[Claim]) -> bool:
    """Tell whether the actor may open papers that are not public; ``claims`` are the project's."""
    holding = (claim.active_ids for claim in claims if claim.holds and not claim.has_lapsed)
    readers = Readers(project.region_code, list(chain.from_iterable(holding)))
    return permits(actor, Permission.PAPER_READ, readers)


@bp.get("/projects/<number>/pictures/<int:picture_id>")
@public
def picture_page(number: str, picture_id: int) -> str:
    """Show one picture large, with the way to the one before and the next."""
    actor = current_actor()
    project = get_project(actor, number)
    picture = get_picture(actor, project, picture_id)
    pictures = list_shown_pictures(actor, project)
    place = pictures.index(picture)
    return render_template(
        "catalogue/picture.html",
        project=project,
        picture=picture,
        place=place + 1,
        count=len(pictures),
        before=pictures[place - 1] if place else None,
        after=pictures[place + 1] if place + 1 < len(pictures) else None,
    )


@bp.get("/projects/<number>/pictures/<int:picture_id>/<any(thumb, page, large):size>.jpg")
@public
def picture(number: str, picture_id: int, size: str) -> Response:
    """Send one size of a picture; a public one may lie in caches, for it never changes."""
    actor = current_actor()
    project = get_project(actor, number)
    found = get_picture(actor, project, picture_id)
    one = found.size_of(SizeName(size))
    return send_stored(
        one.stored_name,
        media_type=str(found.file.media_type),
        size=one.size,
        label=f"{project.number}-{found.id}-{size}.jpg",
        shown=True,
        cache=PUBLIC_CACHE if project.is_public and found.consent else NO_CACHE,
    )


@bp.get("/projects/<number>/papers/<int:paper_id>")
@public
def paper(number: str, paper_id: int) -> Response:
    """Send a paper, to be saved."""
    actor = current_actor()
    project = get_project(actor, number)
    found = get_paper(project, paper_id)
    if not found.is_public and not may_open_all(actor, project, list_on_project(project.id)):
        raise Hidden()
    return send_stored(
        found.file.stored_name,
        media_type=str(found.file.media_type),
        size=found.file.size,
        label=f"{clean_name(found.label)}.pdf",
    )
