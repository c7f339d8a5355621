"""A test client that looks at every page it gets as a strict reader would."""

from html.parser import HTMLParser
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from matchplatform.kernel.db import db, set_only_reading

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
LABELLED = frozenset({"input", "select", "textarea"})
UNLABELLED_TYPES = frozenset({"hidden", "submit", "button", "image", "reset"})


class PageReader(HTMLParser):
    """Gathers what a page must have: title, h1, labels, tokens in forms, and no inline code."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.problems: list[str] = []
        self.title = ""
        self.h1 = 0
        self.ids: list[str] = []
        self.label_for: set[str] = set()
        self.controls: list[dict[str, str | None]] = []
        self.form: dict[str, Any] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if "style" in found or any(name.startswith("on") for name in found):
            self.problems.append(f"inline style or script on <{tag}>")
        if tag == "style" or (tag == "script" and "src" not in found):
            self.problems.append(f"inline <{tag}>")
        if tag == "h1":
            self.h1 += 1
        if tag == "label" and found.get("for"):
            self.label_for.add(str(found["for"]))
        if tag == "form":
            self.form = {"method": (found.get("method") or "get").lower(), "names": set()}
        if tag in LABELLED and (found.get("type") or "text") not in UNLABELLED_TYPES:
            self.controls.append({**found, "wrapped": "yes" if "label" in self.open else None})
        if self.form is not None and found.get("name"):
            self.form["names"].add(found["name"])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> closes {self.open[-1:]}")
        if tag in self.open:
            while self.open.pop() != tag:
                pass
        if tag == "form" and self.form is not None:
            if self.form["method"] == "post" and "csrf_token" not in self.form["names"]:
                self.problems.append("a POST form without a CSRF token")
            self.form = None

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.title += data

    def finish(self) -> list[str]:
        """Return everything that is wrong with the page."""
        if not self.title.strip():
            self.problems.append("no title")
        if self.h1 != 1:
            self.problems.append(f"{self.h1} h1")
        if len(self.ids) != len(set(self.ids)):
            self.problems.append(
                f"ids twice: {sorted({name for name in self.ids if self.ids.count(name) > 1})}"
            )
        for control in self.controls:
            named = control.get("aria-label") or control.get("aria-labelledby")
            if not (named or control["wrapped"] or control.get("id") in self.label_for):
                self.problems.append(f"no label for {control.get('name') or control.get('id')}")
        if self.open:
            self.problems.append(f"left open: {self.open}")
        return self.problems


class CheckingClient(FlaskClient):
    """The client of the tests; it also adds the CSRF token to POSTs, unless told not to."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request and look at the page that comes back."""
        if kwargs.get("method") == "POST" and kwargs.pop("csrf", True):
            kwargs["data"] = {**(kwargs.get("data") or {}), "csrf_token": self._token()}
        # What the test itself has not committed is invisible to the request, as in life; and the
        # request has a context of its own, or it would share `g` and the session with the test.
        if has_app_context():
            db.session.rollback()
        kwargs.setdefault("buffered", True)
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        set_only_reading(False)
        has_body = kwargs.get("method") not in ("HEAD", "OPTIONS")
        is_page = response.status_code not in (301, 302, 303)
        if response.mimetype == "text/html" and has_body and is_page:
            reader = PageReader()
            reader.feed(response.get_data(as_text=True))
            assert not reader.finish(), f"{response.request.path}: {reader.problems}"
        return response

    def _token(self) -> str:
        from flask import g
        from flask_wtf.csrf import generate_csrf

        with self.application.test_request_context():
            with self.session_transaction() as kept:
                raw = kept.get("csrf_token")
            from flask import session

            if raw:
                session["csrf_token"] = raw
            token: str = generate_csrf()
            made = session["csrf_token"]
            g.pop("csrf_token", None)
        with self.session_transaction() as kept:
            kept["csrf_token"] = made
        return token
