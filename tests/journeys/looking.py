"""Look at a page as a strict reader would: axe, two widths, day and night, no scrolling sideways."""

import importlib.util
import os
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

WIDE, NARROW = (1280, 900), (390, 844)
# Night changes colours and nothing else, and width changes no colour: one look at each finds nearly
# all; with the variable set, each is looked at in each light.
Look = tuple[tuple[int, int], Literal["light", "dark"]]
SOME: tuple[Look, ...] = ((WIDE, "light"), (NARROW, "dark"))
ALL: tuple[Look, ...] = (*SOME, (WIDE, "dark"), (NARROW, "light"))
EVERY_LOOK = "MATCHPLATFORM_TEST_EVERY_LOOK"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# What a page is made of, whatever it says: two pages of the same make need one look.
MAKE = """() => [...new Set([...document.querySelectorAll("*")].map((element) => [
    element.tagName, element.getAttribute("class"), element.getAttribute("role")].join(" ")))
].sort().join("|")"""

# The rows of a list are made alike; the first ones speak for the rest.
REST = [".tbl tbody tr:nth-child(n+7)", ".rows > li:nth-child(n+7)", ".columns li:nth-child(n+3)"]

# Colours are a matter of classes: where a part of a page stands a third time in the same place,
# made of the same things, the first two speak for it.
ALIKE = """() => {
    const make = (element) => [element.tagName, element.getAttribute("class"),
        element.getAttribute("role"), element.getAttribute("aria-current")].join(" ");
    const times = new Map();
    const look = (element, above) => {
        const place = `${above}>${make(element)}`;
        const inside = [...element.querySelectorAll("*")];
        const made = `${place}|${[...new Set(inside.map(make))].sort().join()}`;
        times.set(made, (times.get(made) || 0) + 1);
        if (times.get(made) <= 2) [...element.children].forEach((child) => look(child, place));
        else [element, ...inside].forEach((far) => far.setAttribute("data-alike", ""));
    };
    look(document.body, "");
    axe.configure({ rules: [{ id: "color-contrast", selector: ":not([data-alike])" }] });
}"""

UNLIKE = """() => document.querySelectorAll("[data-alike]").forEach(
    (element) => element.removeAttribute("data-alike"))"""

AXE = """async ([standard, rest]) => (await axe.run({
    include: [["html"]], exclude: rest.filter((far) => document.querySelector(far)).map((far) => [far]),
}, {
    runOnly: { type: "tag", values: standard },
    reporter: "no-passes",
    preload: false,
})).violations.map((rule) => `${rule.id}: ` + rule.nodes.slice(0, 3).map((node) =>
    `${node.html.slice(0, 160)} (${[...node.any, ...node.all, ...node.none].map((check) => check.message)[0]})`
).join("; "))"""

SIDEWAYS = """() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const out = [...document.body.querySelectorAll("*")].filter(
        (element) => element.getBoundingClientRect().right > root.clientWidth + 1);
    return [`scrolls sideways, ${root.scrollWidth} of ${root.clientWidth}: `
        + out.slice(0, 3).map((element) => element.outerHTML.slice(0, 100)).join("; ")];
}"""


class Seen:
    """Of what make the pages were that somebody has looked at: a file for each, in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder

    def is_first(self, made: str) -> bool:
        """Note a make; tell whether nobody had noted it, in this process or another."""
        try:
            (self._folder / sha256(made.encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


def find_faults(page: Page) -> list[str]:
    """List what is wrong with the page as it stands, and leave it as it was."""
    faults = []
    before = page.viewport_size
    page.evaluate(_axe_script())
    page.evaluate(ALIKE)
    for (width, height), light in ALL if os.environ.get(EVERY_LOOK) else SOME:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=light)
        faults += [f"{width} {light}: {fault}" for fault in page.evaluate(SIDEWAYS)]
        faults += [f"{width} {light}: {fault}" for fault in _run_axe(page)]
    page.emulate_media(color_scheme="light")
    page.evaluate(UNLIKE)
    if before is not None:
        page.set_viewport_size(before)
    return faults


def make_of(page: Page) -> str:
    """Return what the page is made of."""
    made: str = page.evaluate(MAKE)
    return made


def _run_axe(page: Page) -> list[str]:
    found: Any = page.evaluate(AXE, [STANDARD, REST])
    return [str(fault) for fault in found]


@cache
def _axe_script() -> str:
    package = importlib.util.find_spec("axe_playwright_python")
    assert package is not None
    assert package.origin is not None
    return (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")
