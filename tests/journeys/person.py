"""Somebody at a browser: goes by the words on the page, and notes whatever goes wrong there."""

import re
from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from tests.journeys.looking import Seen, find_faults, make_of

if TYPE_CHECKING:
    from tests.journeys.site import Site

PASSWORD = "Yanshan-2020-demo"
# A browser reports the status of every page it opens; a refusal shown as a page is no trouble.
REFUSED = re.compile(r"status of 4\d\d")


class Person:
    """A person with a browser of their own."""

    def __init__(self, site: "Site", context: BrowserContext, seen: Seen) -> None:
        self.site = site
        self.context = context
        self.seen = seen
        self.troubles: list[str] = []
        self.page: Page = self._open_tab()

    @property
    def main(self) -> Locator:
        """Return the part of the page that is about something."""
        return self.page.get_by_role("main")

    def go(self, path: str) -> None:
        """Open an address of the site."""
        self.page.goto(self.site.url + path)

    def close_and_come_back(self) -> None:
        """Close the page as it stands, and open another that is still blank."""
        self.page.close(run_before_unload=True)
        self.page = self._open_tab()

    def download(self, words: str) -> bytes:
        """Press a link that gives a file; return what is in it."""
        with self.page.expect_download() as download:
            self.main.get_by_role("link", name=words).first.click()
        return Path(download.value.path()).read_bytes()

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """Sign in with name and password, on the page for it."""
        expect(self.page).to_have_url(re.compile("/sign-in"))
        self.fill("用户名", username)
        self.fill("密码", password)
        self.main.get_by_role("button", name="登录", exact=True).click()
        expect(self.page.get_by_role("button", name="退出")).to_be_visible()

    def fill(self, label: str, typed: str, *, within: Locator | None = None) -> None:
        """Type into the field that the words stand at."""
        self._field(label, within).fill(typed)

    def choose(self, label: str, words: str, *, within: Locator | None = None) -> None:
        """Choose from a list."""
        self._field(label, within).select_option(label=words)

    def tick(self, words: str) -> None:
        """Tick a box or choose a round button."""
        self.main.get_by_label(_beginning(words)).first.check()

    def press(self, words: str, *, within: Locator | None = None) -> None:
        """Press a button."""
        (within or self.main).get_by_role("button", name=words, exact=True).click()

    def follow(self, words: str, *, within: Locator | None = None) -> None:
        """Follow a link."""
        (within or self.page.locator("body")).get_by_role("link", name=words).first.click()

    def unfold(self, words: str) -> None:
        """Open something that is folded away."""
        self.main.locator("summary").filter(has_text=words).click()

    def sees(self, words: str) -> None:
        """Find words on the page, soon."""
        expect(self.page.locator("body")).to_contain_text(words)

    def misses(self, words: str) -> None:
        """Find that the page does not say so."""
        expect(self.page.locator("body")).not_to_contain_text(words)

    def waits_for(self, words: str) -> None:
        """Reload the page until it says so: the worker needs a moment."""
        for _ in range(60):
            if words in self.page.locator("body").inner_text():
                return
            self.page.wait_for_timeout(250)
            self.page.reload()
        self.sees(words)

    def waits_at(self, path: str, typed: str, *, in_field: str) -> None:
        """Open an address until a field there holds this: what was sent may still be on its way."""
        for _ in range(60):
            self.go(path)
            if self.read_of(in_field) == typed:
                return
            self.page.wait_for_timeout(250)
        assert self.read_of(in_field) == typed

    def read_of(self, label: str) -> str:
        """Return what a field holds."""
        return self._field(label, None).input_value()

    def look(self) -> None:
        """Look at the page with all care, unless one of the same make was looked at before."""
        if self.seen.is_first(make_of(self.page)):
            where = self.page.url.removeprefix(self.site.url)
            self.troubles += [f"{where} {fault}" for fault in find_faults(self.page)]

    def _open_tab(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("requestfailed", self._note_request)
        page.on("response", lambda answer: self._note_status(answer.status, answer.url))
        return page

    def _field(self, label: str, within: Locator | None) -> Locator:
        # A bar is labelled with the name of its line, too.
        labelled = (within or self.main).get_by_label(_beginning(label))
        return labelled.and_(self.page.locator("input, select, textarea")).first

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in CONSOLE and not REFUSED.search(message.text):
            self.troubles.append(f"console at {self.page.url}: {message.text}")

    def _note_request(self, request: Request) -> None:
        # A page that is left does not wait for what it still loads.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"request failed: {request.url} {request.failure}")

    def _note_status(self, status: int, url: str) -> None:
        if status >= 500 or (status >= 400 and "/static/" in url):
            self.troubles.append(f"{status} at {url}")


CONSOLE: Set[str] = frozenset({"error", "warning"})


def _beginning(label: str) -> re.Pattern[str]:
    # A label goes on with 选填, a count or a unit.
    return re.compile(rf"^\s*{re.escape(label)}(?!\w)|^\s*{re.escape(label)}\s*(选填|\d)")
