"""The only map from domain errors to HTTP, and what holds for every request and answer."""

import logging
from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import InternalError as DatabaseInternalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    RequestEntityTooLarge,
    SecurityError,
)
from werkzeug.wrappers import Response as BaseResponse

from matchplatform.access.actor import Actor
from matchplatform.access.current import current_actor, set_actor, told_path
from matchplatform.access.guards import guard_of
from matchplatform.audit.services import record
from matchplatform.config.settings import Settings
from matchplatform.files.receiving import most_megabytes
from matchplatform.kernel import errors
from matchplatform.kernel.db import db, engine_options, set_only_reading
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.retrying import with_retries
from matchplatform.organisations.actors import actor_of

log = logging.getLogger(__name__)

STATUS: dict[type[errors.DomainError], int] = {
    errors.InvalidInput: 400,
    errors.TooLarge: 413,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.AskAgain: 409,
    errors.KeyReused: 422,
    errors.TooMany: 429,
    errors.Busy: 503,
}

RETRY_AFTER = {429: {"Retry-After": "300"}, 503: {"Retry-After": "5"}}

TITLES: dict[int, Words] = {
    400: _("请求看不明白"),
    403: _("没有权限"),
    404: _("没有找到"),
    405: _("打开方式不对"),
    409: _("没有办成"),
    413: _("内容太大"),
    422: _("表单对不上"),
    429: _("请稍等"),
    500: _("系统出错了"),
    503: _("暂时不可用"),
}

WORDS: dict[int, Words] = {
    400: _("地址或表单里有系统不认识的内容。"),
    404: _("这个地址下没有内容，可能已经移走，也可能不对您开放。"),
    405: _("请从页面上的按钮或链接进入。"),
    413: _("一次提交的内容超过了上限。"),
    500: _("没有保存任何改动。问题已经记录，请稍后再试。"),
    503: _("数据库暂时连不上，几秒后请再试一次。已保存的内容不受影响。"),
}

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
YEAR = 31_536_000
LARGEST_ID = 2**31 - 1


class Site(Flask):
    """The application; it does a request again whose transaction met another one's."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer the request, up to five times while the database says 40001 or 40P01."""
        return with_retries(super().dispatch_request, _rewind_uploads)


def _rewind_uploads() -> None:
    for uploads in request.files.listvalues():
        for upload in uploads:
            upload.stream.seek(0)


def flask_config(settings: Settings, secret: str) -> dict[str, Any]:
    """Return Flask's own settings."""
    return {
        "SECRET_KEY": secret,
        "DEBUG": settings.debug,
        "TESTING": settings.env == "test",
        "SQLALCHEMY_DATABASE_URI": settings.database,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database, settings.web_threads),
        "SESSION_COOKIE_NAME": "session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.base_url.startswith("https://"),
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=30),
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "TRUSTED_HOSTS": settings.hosts or None,
        "WTF_CSRF_TIME_LIMIT": None,
        "REMEMBER_COOKIE_DURATION": timedelta(0),
    }


def install(app: Flask) -> None:
    """Give the application its error pages and headers."""
    app.register_error_handler(errors.DomainError, _answer_domain_error)
    app.register_error_handler(errors.SignInNeeded, _send_to_sign_in)
    app.register_error_handler(StaleDataError, _answer_stale)
    app.register_error_handler(IntegrityError, _answer_integrity)
    app.register_error_handler(DataError, _answer_data)
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(kind, _answer_database)
    app.register_error_handler(DatabaseInternalError, _answer_internal)
    app.register_error_handler(CSRFError, _answer_csrf)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(RequestEntityTooLarge, _answer_too_large)
    app.register_error_handler(SecurityError, _answer_strange_host)
    app.after_request(_add_headers)


def refuse_broken_input() -> None:
    """Refuse NUL characters and ids beyond any column, which no page of ours sends."""
    values = [request.path, *(part for pair in request.args.items(multi=True) for part in pair)]
    if request.method == "POST":
        values += (part for pair in request.form.items(multi=True) for part in pair)
    if any("\x00" in value for value in values):
        raise BadRequest()
    ids = [value for value in (request.view_args or {}).values() if isinstance(value, int)]
    if any(value > LARGEST_ID for value in ids):
        raise errors.NotFound()


def guard_route(actor: Actor) -> None:
    """Let the actor through to the route, as the route declares."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static":
        return
    guard = guard_of(view)
    if guard is None:
        raise RuntimeError(f"route {request.endpoint} declares no guard")
    guard.admit(actor)


def error_page(
    code: int, words: Words | None = None, back: tuple[str, str] | None = None
) -> tuple[str, int]:
    """Render the page of an error; with the database away it must not ask the database.

    ``back``: the words and the address of a way that comes before the usual ones.
    """
    title = TITLES.get(code, TITLES[400 if code < 500 else 500])
    shown = words or WORDS.get(code) or WORDS[400 if code < 500 else 500]
    page = render_template(
        "errors/error.html",
        code=code,
        title=title,
        words=shown,
        hint="",
        actions=[*([back] if back else []), *_ways_out()],
    )
    return page, code


def _ways_out() -> list[tuple[str, str]]:
    return [
        (str(_("回到首页")), url_for("home.front")),
        (str(_("查找项目")), url_for("catalogue.project_list")),
    ]


def _answer_domain_error(error: errors.DomainError) -> tuple[str, int, dict[str, str]]:
    db.session.rollback()
    code = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    # Strangers may guess addresses all day without growing the trail.
    if code == 403 or (isinstance(error, errors.Hidden) and current_actor().is_signed_in):
        _audit_refusal()
    return *error_page(code, error.words), RETRY_AFTER.get(code, {})


def _audit_refusal() -> None:
    set_only_reading(False)
    record(
        actor=current_actor(),
        action="access.refused",
        subject_type="route",
        subject_id=(request.endpoint or "")[:60],
        subject_label=f"{request.method} {told_path()}"[:200],
    )
    db.session.commit()


def _send_to_sign_in(error: errors.SignInNeeded) -> BaseResponse:
    db.session.rollback()
    following = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=following), 303)


def _answer_stale(error: StaleDataError) -> tuple[str, int]:
    db.session.rollback()
    return error_page(409, errors.StaleVersion.default_words)


def _answer_integrity(error: IntegrityError) -> tuple[str, int]:
    db.session.rollback()
    log.warning("integrity error: %s", error.orig)
    return error_page(409, _("刚刚有人办了同一件事，请刷新页面看看现在的情况。"))


def _answer_data(error: DataError) -> tuple[str, int]:
    db.session.rollback()
    log.error("the database refused a value on %s: %s", told_path(), error.orig)
    return error_page(
        400, _("填写的内容里有过长或无法保存的部分，没有保存。请返回检查后重新提交。")
    )


def _answer_database(error: DBAPIError | PoolTimeout) -> tuple[str, int, dict[str, str]]:
    log.error("database unavailable: %s", getattr(error, "orig", error))
    db.session.rollback()
    return *error_page(503), RETRY_AFTER[503]


def _answer_internal(error: DatabaseInternalError) -> tuple[str, int, dict[str, str]]:
    # psycopg counts it here that PostgreSQL hung up on a transaction nobody went on with.
    if getattr(error.orig, "sqlstate", None) == "25P03":
        return _answer_database(error)
    raise error


def _answer_csrf(error: CSRFError) -> tuple[str, int]:
    db.session.rollback()
    return error_page(400, _("这个页面放得太久或已退出登录，请返回刷新后重新提交。"))


def _answer_too_large(error: RequestEntityTooLarge) -> tuple[str, int]:
    db.session.rollback()
    # The body was refused before anybody looked who sent it.
    if current_user.is_authenticated:
        set_actor(actor_of(current_user.user))
    most = most_megabytes()
    words = (
        _("内容超过了上限：一个文件最大 %(most)s MB。这次没有保存，请压缩后再传。", most=most)
        if most
        else None
    )
    is_page = current_app.url_map.bind("").test(request.path, "GET")
    back = (str(_("回到刚才的页面")), request.path) if is_page else None
    return error_page(413, words, back)


def _answer_strange_host(error: SecurityError) -> tuple[str, int, dict[str, str]]:
    # Without a host that we trust no address can be written, and so no page.
    db.session.rollback()
    return f"400 {TITLES[400]}\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def _answer_http(error: HTTPException) -> BaseResponse | tuple[str, int, dict[str, str]]:
    db.session.rollback()
    code = error.code or 500
    if isinstance(error, InternalServerError):
        log.error("unhandled error on %s", told_path(), exc_info=error.original_exception)
    if code < 400:
        return error.get_response()  # type: ignore[return-value]
    allowed = {name: value for name, value in error.get_headers() if name == "Allow"}
    return *error_page(code), allowed


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
    if current_actor().is_signed_in and request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
