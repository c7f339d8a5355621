"""A person's browser: pages, forms, and the same form sent again until an answer comes.

Some answers are lost on purpose, after the request went out: nobody knows then what was done.
"""

import http.client
import select
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random
from urllib.parse import urldefrag, urlencode

from tests.faults.servers import Person

DONE, AWAY = 303, (502, 503)
LOST_SHARE = 0.3
PATIENCE = 60.0
ANSWER_SECONDS = 20.0
LOOK_AGAIN = 3


@dataclass
class Form:
    """A form of a page: what it carries by itself, and the names of all its fields."""

    carried: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


@dataclass
class Page:
    """What came back."""

    status: int
    path: str
    forms: dict[str, Form] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)


@dataclass
class Intent:
    """Something that somebody means to do once; ``key`` is how the trail tells of it.

    ``cut`` counts the sendings whose answer never came; ``words`` is what was written with it.
    """

    key: tuple[str, int, str]
    words: str = ""
    is_keyed: bool = True
    cut: int = 0
    status: int = 0
    led_to: str = ""

    @property
    def is_acknowledged(self) -> bool:
        """Tell whether the site said that it was done."""
        return self.status == DONE


@dataclass
class Tally:
    """What all browsers did, in the order in which they did it."""

    intents: list[Intent] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        """Count something that happened."""
        with self.lock:
            self.counts[what] += 1

    def begin(self, intent: Intent) -> None:
        """Note what somebody is about to do."""
        with self.lock:
            self.intents.append(intent)

    def blame(self, error: str) -> None:
        """Note an answer that should not have come."""
        with self.lock:
            self.errors.append(error)

    @property
    def acknowledged(self) -> int:
        """Count what the site said was done."""
        return sum(intent.is_acknowledged for intent in list(self.intents))


class Browser:
    """One client of the site, with one connection that is kept open."""

    def __init__(self, port: int, seed: str, tally: Tally) -> None:
        self.port = port
        self.tally = tally
        self.choices = Random(seed)
        # Which answers are lost must not hang on how often somebody had to wait.
        self._losses = Random(f"{seed} losses")
        self._has_sent = False
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def open(self, person: Person, path: str) -> Page:
        """Return a page, however long the site is away."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            answer = self._ask("GET", path, person)
            if answer is not None and answer[0] not in AWAY:
                self.tally.count("pages")
                self._look_at(answer[0], "GET", path)
                return _read_page(answer[0], path, answer[2])
            self._wait()
        self.tally.blame(f"GET {path}: no answer")
        return Page(0, path)

    def send(
        self, person: Person, path: str, page: Page, typed: dict[str, str], intent: Intent
    ) -> Page | None:
        """Send a form of a page until the site answers; return the page it leads to when done."""
        self.tally.begin(intent)
        # Fields of two values do not occur in what is sent here.
        body = urlencode({**page.forms[path].carried, **typed})
        # Also the first answer of each browser, so that the shortest run tries it.
        losing = self._losses.random() < LOST_SHARE or not self._has_sent
        self._has_sent = True
        patiently = self._losses.random() < 0.6
        refusals = 0
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if losing:
                self._send_and_leave(path, person, body, patiently)
                answer, losing = None, False
            else:
                answer = self._ask("POST", path, person, body)
            if answer is None:
                intent.cut += 1
                self.tally.count("cut off")
            elif answer[0] in AWAY:
                self.tally.count("busy")
            elif answer[0] == DONE:
                return self._follow(person, path, intent, answer[1])
            else:
                self._look_at(answer[0], "POST", path)
                refusals += 1
                # What was sent first may be under way yet.
                if not intent.cut or refusals == LOOK_AGAIN:
                    intent.status = answer[0]
                    return None
            self.tally.count("sent again")
            self._wait()
        self.tally.blame(f"POST {path}: no answer")
        return None

    def _follow(self, person: Person, path: str, intent: Intent, led_to: str) -> Page | None:
        if led_to.startswith("/sign-in"):
            self.tally.blame(f"POST {path}: sent to sign in")
            return None
        intent.status, intent.led_to = DONE, led_to
        page = self.open(person, urldefrag(led_to).url)
        if page.status != 200:
            again = " after it was sent again" if intent.cut else ""
            self.tally.blame(f"POST {path}: led to {led_to}{again}, which answers {page.status}")
        return page

    def _look_at(self, status: int, method: str, path: str) -> None:
        if status >= 500:
            self.tally.blame(f"{method} {path}: {status}")

    def _wait(self) -> None:
        time.sleep(self.choices.uniform(0.05, 0.3))

    def _send_and_leave(self, path: str, person: Person, body: str, patiently: bool) -> None:
        # Patiently: the answer is there and nobody reads it. Else: gone at once, so that sending
        # again may overtake it.
        try:
            self._request("POST", path, person, body)
            if patiently:
                select.select([self._connection.sock], [], [], ANSWER_SECONDS)
        except (OSError, http.client.HTTPException):
            self.tally.count("cut off by a kill")
        else:
            self.tally.count("left without reading")
        self._connection.close()

    def _ask(
        self, method: str, path: str, person: Person, body: str = ""
    ) -> tuple[int, str, str] | None:
        try:
            self._request(method, path, person, body)
            response = self._connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self._connection.close()
            if method == "POST":
                self.tally.count("cut off by a kill")
            return None
        return response.status, response.getheader("Location", ""), text

    def _request(self, method: str, path: str, person: Person, body: str) -> None:
        headers = {"Cookie": person.cookie}
        if method == "POST":
            self.tally.count("requests")
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body or None, headers)


def _read_page(status: int, path: str, text: str) -> Page:
    reader = _Reader(Page(status, path))
    reader.feed(text)
    return reader.page


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in found:
            self.page.links.append(found["href"])
        elif tag == "form":
            self.form = self.page.forms.setdefault(found.get("action", ""), Form())
        elif self.form is not None and tag in ("input", "select", "textarea") and "name" in found:
            self.form.names.append(found["name"])
            if found.get("type") == "hidden":
                self.form.carried[found["name"]] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
