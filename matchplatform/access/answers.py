"""What a form is answered with: done once, or shown again with why it was refused."""

from collections.abc import Callable

from flask import flash, redirect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from matchplatform.access import once
from matchplatform.access.actor import Actor
from matchplatform.kernel.db import db, reading
from matchplatform.kernel.errors import (
    AskAgain,
    Conflict,
    DomainError,
    InvalidInput,
    KeyReused,
    StaleVersion,
    TooMany,
)
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _

Answer = str | Response | tuple[str, int]
Again = Callable[[DomainError], Answer]


def done_once(actor: Actor, do: Callable[[], str], again: Again, said: Words = "") -> Answer:
    """Do what a form asks for, once, and lead to where ``do`` says; or show the form ``again``.

    A refusal is rolled back first, also one that the database speaks at the last moment, so that
    what was typed is never lost.
    """
    try:
        earlier = once.earlier_answer(actor)
        if earlier:
            return redirect(earlier, 303)
        url = do()
        once.remember_answer(actor, url)
        db.session.commit()
    except (InvalidInput, AskAgain, Conflict, KeyReused, TooMany) as error:
        db.session.rollback()
        return _shown(again, error)
    except StaleDataError:
        db.session.rollback()
        return _shown(again, StaleVersion())
    except IntegrityError:
        db.session.rollback()
        return _overtaken(actor, again)
    if said:
        flash(str(said), "ok")
    return redirect(url, 303)


def _shown(again: Again, error: DomainError) -> Answer:
    # Nothing is written any more, so nobody waits for the page.
    with reading():
        return again(error)


def _overtaken(actor: Actor, again: Again) -> Answer:
    # The same form at the same moment was not refused, it was done.
    try:
        earlier = once.earlier_answer(actor)
    except KeyReused as error:
        return again(error)
    if earlier:
        return redirect(earlier, 303)
    return again(Conflict(_("刚刚有人办了同一件事，请对照现在的内容再试一次。")))


def said_by(error: DomainError) -> tuple[Words, int]:
    """Return what a refusal says at a form of one text, and the status of the answer."""
    if isinstance(error, InvalidInput):
        return next(iter(error.fields.values()), error.words), 400
    if isinstance(error, KeyReused):
        return error.words, 422
    return error.words, 429 if isinstance(error, TooMany) else 409
