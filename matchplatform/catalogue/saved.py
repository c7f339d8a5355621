"""Saved searches: save the list's words and filters, run them again, be told of new projects."""

from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchplatform.access import once
from matchplatform.access.actor import Actor
from matchplatform.access.current import current_actor
from matchplatform.access.forms import show_wrongs
from matchplatform.access.guards import requires
from matchplatform.access.policy import Permission
from matchplatform.catalogue.asked import Asked, read_asked, tell_asked
from matchplatform.catalogue.facets import read_wanted
from matchplatform.catalogue.favourites import bp
from matchplatform.interests import services
from matchplatform.interests.forms import NameForm, SaveForm
from matchplatform.interests.models import SavedSearch
from matchplatform.interests.queries import get_search, list_searches
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput
from matchplatform.kernel.i18n import gettext

__all__ = ["bp"]

Answer = str | Response | tuple[str, int]


@bp.get("/my/searches")
@requires(Permission.SEARCH_KEEP)
def searches() -> str:
    """List one's saved searches, each with what it asks and the forms to change it."""
    return _page(current_actor())


@bp.get("/my/searches/new")
@requires(Permission.SEARCH_KEEP)
def new_search() -> str:
    """Ask for the name under which the words and filters of the address shall be kept."""
    asked = read_asked(request.args.getlist)
    return _save_page(asked, SaveForm(name=_first_name(asked)))


@bp.post("/my/searches")
@requires(Permission.SEARCH_KEEP)
def save() -> Answer:
    """Save words and filters under a name, or ask again for what is wrong."""
    actor = current_actor()
    earlier = once.earlier_answer(actor)
    if earlier:
        return redirect(earlier, 303)
    asked = read_asked(request.form.getlist)
    form = SaveForm()
    if not form.validate():
        return _save_page(asked, form), 400
    try:
        services.save_search(
            actor=actor,
            name=form.name.data,
            words=asked.words,
            filters=asked.filters(),
            notify=form.notify.data,
        )
    except InvalidInput as error:
        show_wrongs(form, error)
        return _save_page(asked, form), 400
    url = url_for("interests.searches")
    once.remember_answer(actor, url)
    db.session.commit()
    flash(gettext("已保存。以后在这里一点就能再查。"), "ok")
    return redirect(url, 303)


@bp.get("/my/searches/<int:search_id>")
@requires(Permission.SEARCH_KEEP)
def run(search_id: int) -> Response:
    """Lead to the list with the saved words and filters, the newest projects first."""
    search = get_search(current_actor(), search_id)
    query = read_saved(search, sort="new").query()
    return redirect(f"{url_for('catalogue.project_list')}?{urlencode(query)}", 302)


@bp.post("/my/searches/<int:search_id>/rename")
@requires(Permission.SEARCH_KEEP)
def rename(search_id: int) -> Answer:
    """Give a saved search another name, or show what is wrong with it."""
    actor = current_actor()
    search = get_search(actor, search_id)
    form = NameForm(prefix=_prefix(search_id))
    if not form.validate():
        return _page(actor, form, search_id), 400
    try:
        services.rename_search(actor=actor, search=search, name=form.name.data)
    except InvalidInput as error:
        show_wrongs(form, error)
        return _page(actor, form, search_id), 400
    db.session.commit()
    flash(gettext("已改名。"), "ok")
    return redirect(url_for("interests.searches"), 303)


@bp.post("/my/searches/<int:search_id>/notices/<any(on,off):how>")
@requires(Permission.SEARCH_KEEP)
def switch(search_id: int, how: str) -> Response:
    """Switch a saved search's notices on or off."""
    actor = current_actor()
    services.switch_notices(actor=actor, search=get_search(actor, search_id), on=how == "on")
    db.session.commit()
    flash(gettext("有新项目符合时会通知您。") if how == "on" else gettext("不再通知。"), "ok")
    return redirect(url_for("interests.searches"), 303)


@bp.post("/my/searches/<int:search_id>/delete")
@requires(Permission.SEARCH_KEEP)
def delete(search_id: int) -> Response:
    """Delete a saved search; one that is gone already stays gone."""
    actor = current_actor()
    services.delete_search(actor=actor, search=get_search(actor, search_id))
    db.session.commit()
    flash(gettext("已删除。"), "ok")
    return redirect(url_for("interests.searches"), 303)


def _page(actor: Actor, wrong: NameForm | None = None, wrong_id: int = 0) -> str:
    kept = list_searches(actor)
    forms = {
        search.id: wrong
        if wrong is not None and search.id == wrong_id
        else NameForm(formdata=None, prefix=_prefix(search.id), name=search.name)
        for search in kept
    }
    return render_template(
        "interests/searches.html",
        searches=kept,
        forms=forms,
        told={search.id: tell_asked(read_saved(search)) for search in kept},
        wrong=wrong,
        wrong_id=wrong_id,
    )


def _save_page(asked: Asked, form: SaveForm) -> str:
    return render_template(
        "interests/save.html", form=form, asked=asked, told=tell_asked(asked), pairs=asked.query()
    )


def read_saved(search: SavedSearch, sort: str = "") -> Asked:
    """Return what a saved search asks of the list."""
    return Asked(search.words, read_wanted(search.values), sort)


def _first_name(asked: Asked) -> str:
    # What it asks is the name that says most; nobody has to think of one.
    return tell_asked(asked)[:20] if not asked.is_everything else ""


def _prefix(search_id: int) -> str:
    return f"s{search_id}-"
