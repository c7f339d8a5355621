"""What every template can use: filters, the site, the viewer."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

import rjieba
from flask import Flask, current_app, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from matchplatform.access.actor import Actor
from matchplatform.access.current import current_actor
from matchplatform.access.homes import home_of
from matchplatform.access.once import FIELD
from matchplatform.access.policy import Permission, permits, role_holds
from matchplatform.config import paths
from matchplatform.config.settings import Settings
from matchplatform.kernel import clock, facts
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import Words, gettext
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.idempotency import new_key
from matchplatform.kernel.money import capital_numerals, format_number, format_wan
from matchplatform.notifications.queries import count_unread
from matchplatform.organisations.states import TYPE_WORDS
from matchplatform.projects.states import KIND_WORDS, LINE_WORDS, SECTOR_WORDS
from matchplatform.regions.divisions import full_name_of, name_of
from matchplatform.regions.maps import locator_view
from matchplatform.regions.quarters import quarter_words

NBSP = "\u00a0"
_MEASURE = re.compile(r"(?<=[0-9]) (?=[\u4e00-\u9fff])")
_PUNCTUATION = frozenset("，。、；：？！）》”’…·,.;:?!)-/")
_OPENING = frozenset("（《“‘(")


@dataclass(frozen=True)
class Viewer:
    """Who looks at the page, as the layout needs it."""

    actor: Actor
    home_url: str
    home_label: Words

    @property
    def is_signed_in(self) -> bool:
        """Tell whether somebody is signed in."""
        return self.actor.is_signed_in

    @property
    def label(self) -> str:
        """Return the person's name."""
        return self.actor.label

    @property
    def unit(self) -> str:
        """Return the unit that the person acts for."""
        return self.actor.unit


def install(app: Flask) -> None:
    """Give the templates their filters and variables."""
    if not app.extensions["settings"].is_production:
        # A name that is mistyped would else just show nothing.
        app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        wan=format_wan,
        num=format_number,
        capital=_capital,
        date_zh=date_zh,
        datetime_zh=datetime_zh,
        hour_zh=hour_zh,
        words=break_words,
        region=name_of,
        quarter=quarter_words,
        region_full=full_name_of,
        paragraphs=paragraphs,
        marked=marked,
    )
    app.jinja_env.globals.update(
        asset_version=asset_version(),
        new_form_key=new_key,
        form_key_name=FIELD,
        can=_can,
        can_here=_can_here,
        today=clock.today,
        locator_view=locator_view,
        sector_words=SECTOR_WORDS,
        kind_words=KIND_WORDS,
        line_words=LINE_WORDS,
        org_type_words=TYPE_WORDS,
    )
    app.context_processor(_page_variables)


def date_zh(value: date | datetime | None) -> Markup:
    """Write a day as 11 月 23 日, with its year where it is not this one."""
    if value is None:
        return Markup("")
    day = value.astimezone(clock.SHANGHAI).date() if isinstance(value, datetime) else value
    parts = {"year": day.year, "month": day.month, "day": day.day}
    if day.year == clock.today().year:
        text = gettext("%(month)s 月 %(day)s 日", **parts)
    else:
        text = gettext("%(year)s 年 %(month)s 月 %(day)s 日", **parts)
    # Figures stay with their measure words; a line may break before the month.
    text = _MEASURE.sub(NBSP, text)
    return escape(text)


def datetime_zh(value: datetime | None) -> Markup:
    """Write a moment as 11 月 23 日 15:07, Shanghai time."""
    if value is None:
        return Markup("")
    local = value.astimezone(clock.SHANGHAI)
    return date_zh(local.date()) + f" {local:%H:%M}"


def hour_zh(value: datetime) -> str:
    """Write the time of a day as 15:07, Shanghai time."""
    return f"{value.astimezone(clock.SHANGHAI):%H:%M}"


@lru_cache(maxsize=8192)
def break_words(text: str) -> Markup:
    """Put <wbr> between the words of a heading, and keep numbers with their measure words."""
    pieces: list[str] = []
    for word in rjieba.cut(_MEASURE.sub(NBSP, text)):
        joins = word[0] in _PUNCTUATION or word[0] == NBSP
        after_opening = bool(pieces) and (pieces[-1][-1] in _OPENING or pieces[-1][-1] == NBSP)
        if pieces and (joins or after_opening):
            pieces[-1] += word
        else:
            pieces.append(word)
    return Markup("<wbr>").join(pieces)


def paragraphs(text: str) -> Markup:
    """Write plain text as paragraphs."""
    parts = [part for part in text.split("\n") if part.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(part) for part in parts)


def marked(pieces: list[tuple[str, bool]]) -> Markup:
    """Write highlight pieces with <mark> around the hits; everything is escaped."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if hit else escape(piece) for piece, hit in pieces
    )


@cache
def asset_version() -> str:
    """Return a short fingerprint of everything under static/, for the addresses of assets."""
    digest = hashlib.sha256()
    for path in sorted(paths.STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:10]


def _capital(yuan: Decimal) -> str:
    # A form is shown again with whatever was typed into it; no bill says such a sum.
    try:
        return capital_numerals(yuan)
    except ValueError:
        return ""


def _can(permission: str, thing: object) -> bool:
    return permits(current_actor(), Permission(permission), thing)


def _can_here(permission: str) -> bool:
    return role_holds(current_actor(), Permission(permission))


def _page_variables() -> dict[str, Any]:
    actor = current_actor()
    home, label = home_of(actor)
    own = [(label, url_for(home), "home")] if home != "notifications.index" else []
    return {
        "actor": Viewer(actor, url_for(home), label),
        "site": _site(),
        "nav_items": [
            *own,
            (_("项目与需求"), url_for("catalogue.project_list"), "projects"),
            (_("各县"), url_for("home.counties"), "counties"),
            (_("签约大会"), url_for("ceremonies.public_list"), "ceremonies"),
            (_("帮助"), url_for("home.help_page"), "help"),
        ],
        "notice_count": _quietly(lambda: count_unread(actor), 0) if actor.is_signed_in else 0,
    }


def _site() -> dict[str, Any]:
    settings: Settings = _settings()
    return {
        "name": settings.site_name,
        "host_unit": settings.host_unit,
        "icp": settings.icp,
        "police": settings.police,
        "contact": settings.contact,
        "demo": _quietly(lambda: facts.find_fact(facts.DEMO) is not None, False),
    }


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _quietly(read: Callable[[], Any], otherwise: Any) -> Any:
    # The layout is also that of the page which says that the database is away.
    try:
        return read()
    except Exception:
        db.session.rollback()
        return otherwise
