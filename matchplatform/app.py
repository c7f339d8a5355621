"""Put the floors together: create_app."""

from flask import Flask, request
from flask_babel import Babel
from flask_login import current_user
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from matchplatform import handlers, templating
from matchplatform.access.current import current_actor, set_actor
from matchplatform.accounts.sessions import login_manager, note_use, refuse_before_enrolment
from matchplatform.audit.services import set_address
from matchplatform.config import paths
from matchplatform.config.settings import Settings, read_settings, secret_of
from matchplatform.files.receiving import raise_limit
from matchplatform.kernel.db import db, set_only_reading
from matchplatform.organisations.actors import actor_of
from matchplatform.wiring import BLUEPRINTS, wire

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def create_app(settings: Settings | None = None) -> Flask:
    """Return the site as a WSGI application."""
    settings = settings or read_settings()
    app = handlers.Site(
        "matchplatform", template_folder=paths.TEMPLATES, static_folder=paths.STATIC
    )
    app.config.from_mapping(handlers.flask_config(settings, secret_of(settings)))
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(paths.TRANSLATIONS)
    app.extensions["settings"] = settings
    wire(app, settings)
    db.init_app(app)
    Babel(app, default_locale="zh_Hans_CN", default_timezone="Asia/Shanghai")
    app.before_request(raise_limit)
    app.before_request(_begin)
    CSRFProtect(app)
    # Pages ask for `actor`; a `current_user` in every template would read the database again.
    login_manager.init_app(app, add_context_processor=False)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.before_request(_admit)
    templating.install(app)
    handlers.install(app)
    if settings.proxy_hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, settings.proxy_hops, settings.proxy_hops, settings.proxy_hops
        )
    return app


def _begin() -> None:
    set_only_reading(request.method in SAFE_METHODS)
    set_address(request.remote_addr or "")
    handlers.refuse_broken_input()


def _admit() -> Response | None:
    if request.endpoint != "static" and current_user.is_authenticated:
        note_use(current_user, only_reading=request.method in SAFE_METHODS)
        set_actor(actor_of(current_user.user))
        elsewhere = refuse_before_enrolment(current_user)
        if elsewhere is not None:
            return elsewhere
    handlers.guard_route(current_actor())
    return None
