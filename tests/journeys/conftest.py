"""Fixtures of the journeys: a site for each worker, and people with browsers of their own."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys.looking import NARROW, WIDE, Seen
from tests.journeys.person import Person
from tests.journeys.site import Site, run_site, seed_instance

Visit = Callable[..., Person]

BROWSER_OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-sync "
    "--disable-component-update --no-first-run"
).split()
# Two busy cores make even a quick page wait.
PATIENCE_MS = 15_000

# Many small pieces of work that need nothing of each other.
LAST = "test_pages"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long journeys, so that two workers end at about the same time."""
    items.sort(
        key=lambda item: item.get_closest_marker("journey") is not None and item.path.stem == LAST
    )


def _shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all workers of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with its demo data, served and worked on; nothing may break behind its pages."""
    shared = _shared(tmp_path_factory)
    seeded = shared / "seeded"
    with (shared / "seeded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        seed_instance(seeded)
    instance = tmp_path_factory.mktemp("journeys") / "instance"
    shutil.copytree(seeded, instance)
    with run_site(instance) as running:
        yield running
    said = running.log.read_text()
    assert "Traceback" not in said, said


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all; each person gets a context."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail("The journeys need a browser: apt-get install chromium fonts-noto-cjk")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=BROWSER_OPTIONS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """What the pages were made of that somebody has looked at, in whichever worker."""
    return Seen(_shared(tmp_path_factory) / "seen")


@pytest.fixture
def visit(site: Site, browser: Browser, seen: Seen) -> Iterator[Visit]:
    """Let people come; in the end nothing may have gone wrong in any of their browsers."""
    people: list[Person] = []

    def come(*, script: bool = True, phone: bool = False, **more: Any) -> Person:
        width, height = NARROW if phone else WIDE
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=script,
            has_touch=phone,
            is_mobile=phone,
            locale="zh-CN",
            **more,
        )
        context.set_default_timeout(PATIENCE_MS)
        people.append(Person(site, context, seen))
        return people[-1]

    yield come
    for person in people:
        person.context.close()
    troubles = [trouble for person in people for trouble in person.troubles]
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def agent(visit: Visit) -> Callable[[str], Person]:
    """Somebody who has signed in."""

    def come(username: str, **more: Any) -> Person:
        person = visit(**more)
        person.go("/sign-in")
        person.sign_in(username)
        return person

    return come
