"""Publish several verified projects at once, each judged by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from matchplatform.access.actor import Actor
from matchplatform.access.policy import Permission, permits
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import DomainError, Forbidden, Hidden, InvalidInput, NotFound
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.projects.forms import field_labels
from matchplatform.projects.models import Project
from matchplatform.projects.queries import get_project
from matchplatform.projects.services import publish_project

MOST = 50


@dataclass(frozen=True)
class Outcome:
    """What became of one project: published, or ``why_not``."""

    number: str
    name: str
    why_not: Words | None = None


def publish_many(*, actor: Actor, picks: Sequence[tuple[str, int]]) -> list[Outcome]:
    """Publish these (number and version as shown); one that may not be holds up no other.

    Raises:
        InvalidInput: none was picked, or too many at once.
        NotFound, Forbidden: not one of them is any business of the actor.
    """
    wanted = dict(picks)
    if not wanted:
        raise InvalidInput(_("没有选项目。请先在要发布的项目前打勾。"))
    if len(wanted) > MOST:
        raise InvalidInput(_("一次最多发布 50 个，请分几次。"))
    projects = [
        (number, version, _find(actor, number)) for number, version in sorted(wanted.items())
    ]
    theirs = [project for *_rest, project in projects if project is not None]
    if not theirs:
        raise Hidden()
    if not any(permits(actor, Permission.PROJECT_PUBLISH, project) for project in theirs):
        raise Forbidden()
    return [_publish(actor, number, version, project) for number, version, project in projects]


def _find(actor: Actor, number: str) -> Project | None:
    try:
        return get_project(actor, number)
    except NotFound:
        return None


def _publish(actor: Actor, number: str, version: int, project: Project | None) -> Outcome:
    if project is None:
        return Outcome(number, "", _("没有这个项目，或不归您管。"))
    name = project.name
    try:
        with db.session.begin_nested():
            publish_project(actor=actor, project=project, version=version)
    except InvalidInput as error:
        return Outcome(number, name, _wanting(error))
    except DomainError as error:
        return Outcome(number, name, error.words)
    return Outcome(number, name)


def _wanting(error: InvalidInput) -> Words:
    labels = field_labels()
    said = [
        f"{labels.get(field.partition('-')[0], field)}：{words}"
        for field, words in error.fields.items()
    ]
    return "；".join(said) or error.words
