"""Eight people at work: agents claim, officers answer, posters write needs and publish them."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from itertools import count

from matchplatform.accounts.models import User
from matchplatform.projects.states import LineKind
from matchplatform.seeding.rows import ProjectRow, read_projects
from tests.factories import make_officer, make_organisation, make_project
from tests.faults.browser import Browser, Intent, Page
from tests.faults.servers import Person, Site

AGENTS, DECIDERS, POSTERS = 4, 2, 2
FIRST_PROJECTS = 4
SMALLEST = 1000
# Asking for so much money, a need outlasts the claims on it.
LEAST_YUAN = 100_000
_TYPED = (
    "name", "kind", "sector", "place", "scope_text", "outcome_target", "direct_people",
    "households", "person_times", "owner_unit", "supervising_unit", "contact_name",
    "contact_phone",
)  # fmt: skip
_CLAIM = re.compile(r"/claims/(\d+)")

Act = Callable[[Browser], None]


@dataclass
class Town:
    """What the people share: the projects known so far, and numbers that nobody used yet."""

    today: date
    projects: list[str]
    numbers: "count[int]" = field(default_factory=lambda: count(SMALLEST))
    needs: Iterator[ProjectRow] = field(default_factory=lambda: iter(_read_needs()))


def gather_people(site: Site, today: date) -> list[Act]:
    """Make the first projects and the people; return what each of them does again and again."""
    town = Town(today, [make_project().number for _ in range(FIRST_PROJECTS)])

    def person(user: User) -> Person:
        return site.sign_in(user)

    agents = [Agent(town, person(make_organisation()[1])) for _ in range(AGENTS)]
    deciders = [Decider(town, person(make_officer())) for _ in range(DECIDERS)]
    posters = [
        Poster(town, *(person(make_officer(region)) for region in ("130722", "130722", "1307")))
        for _ in range(POSTERS)
    ]
    return [*(x.act for x in agents), *(x.act for x in deciders), *(x.act for x in posters)]


@dataclass
class Agent:
    """Claims for one organisation: reserves, extends, writes, submits, withdraws."""

    town: Town
    person: Person

    def act(self, browser: Browser) -> None:
        """Go on with the claim on some project, or make one."""
        number = browser.choices.choice(self.town.projects)
        page = browser.open(self.person, f"/projects/{number}/claim")
        path = f"/projects/{number}/claims"
        if path in page.forms:
            self._claim(browser, path, page)
            return
        # An undecided claim of one's own stands in the way; now and then it is given up.
        own = next(filter(_CLAIM.fullmatch, page.links), None)
        if own is not None and browser.choices.random() < 0.5:
            self._give_up(browser, own)

    def _claim(self, browser: Browser, path: str, page: Page) -> None:
        line = next(name for name in page.forms[path].names if name.startswith("line-"))
        amount = str(next(self.town.numbers))
        intent = Intent(("claim.reserve", self.person.user_id, amount))
        claim = browser.send(self.person, path, page, {line: amount}, intent)
        if claim is None or browser.choices.random() < 0.15:
            return
        here = intent.led_to
        if browser.choices.random() < 0.3:
            claim = self._do(browser, here, claim, "extend") or claim
        if browser.choices.random() < 0.5:
            claim = self._write(browser, here, claim)
        if browser.choices.random() < 0.8:
            self._do(browser, here, claim, "submit", f"第 {amount} 号认领，我们想尽快开始。")
        else:
            self._give_up(browser, here)

    def _write(self, browser: Browser, here: str, page: Page) -> Page:
        path = f"{here}/messages"
        if path not in page.forms:
            return page
        words = f"第 {next(self.town.numbers)} 句：请问什么时候方便签约？"
        intent = Intent(("message", self.person.user_id, words))
        return browser.send(self.person, path, page, {"words": words}, intent) or page

    def _give_up(self, browser: Browser, here: str) -> None:
        reason = f"第 {next(self.town.numbers)} 次改变主意，今年的预算不够了。"
        self._do(browser, here, browser.open(self.person, here), "withdraw", reason)

    def _do(
        self, browser: Browser, here: str, page: Page, action: str, words: str = ""
    ) -> Page | None:
        return _step_claim(browser, self.person, here, page, action, words)


@dataclass
class Decider:
    """Answers claims for the county, from the desk."""

    town: Town
    person: Person

    def act(self, browser: Browser) -> None:
        """Take a claim from the desk and accept or decline it."""
        desk = browser.open(self.person, "/desk?queue=claims")
        waiting = sorted(set(filter(_CLAIM.fullmatch, desk.links)))
        if not waiting:
            return
        here = browser.choices.choice(waiting)
        page = browser.open(self.person, here)
        if browser.choices.random() < 0.5:
            _step_claim(browser, self.person, here, page, "accept", "")
        else:
            reason = f"第 {next(self.town.numbers)} 次答复：这一条县里已另有安排。"
            _step_claim(browser, self.person, here, page, "decline", reason)


@dataclass
class Poster:
    """Three officers at one screen: one writes a need, the second verifies, the city publishes."""

    town: Town
    writer: Person
    second: Person
    city: Person

    def act(self, browser: Browser) -> None:
        """Bring one more need from nothing to the public."""
        number = self._write(browser)
        if number is None:
            return
        steps = ((self.writer, "submit"), (self.second, "verify"), (self.city, "publish"))
        for person, action in steps:
            here = f"/desk/projects/{number}"
            page = browser.open(person, here)
            path = f"{here}/{action}"
            if path not in page.forms:
                return
            # These forms carry no key: their version keeps them from being done twice.
            intent = Intent((f"project.{action}", person.user_id, number), is_keyed=False)
            browser.send(person, path, page, {}, intent)
        self.town.projects.append(number)

    def _write(self, browser: Browser) -> str | None:
        need = next(self.town.needs, None)
        if need is None:
            return None
        path = "/desk/projects/new"
        page = browser.open(self.writer, path)
        intent = Intent(("project.create", self.writer.user_id, need.name))
        if path not in page.forms:
            return None
        browser.send(self.writer, path, page, self._typed(need), intent)
        found = re.search(r"/projects/([0-9-]+)", intent.led_to)
        return found[1] if found else None

    def _typed(self, need: ProjectRow) -> dict[str, str]:
        later = (self.town.today + timedelta(days=90)).isoformat()
        days = {"starts_on": self.town.today.isoformat(), "ends_on": later, "claim_deadline": later}
        texts = {name: str(getattr(need, name)) for name in _TYPED}
        lines = {
            f"lines-{place}-{name}": str("" if value is None else value)
            for place, line in enumerate(need.lines)
            for name, value in asdict(line).items()
        }
        return {**texts, **days, **lines, "lines-0-min_lot": str(SMALLEST), "go": "save"}


def _read_needs() -> list[ProjectRow]:
    """Return needs of the demo of which the first line is money: no two are alike."""
    return [
        need
        for need in read_projects()
        if need.lines[0].kind is LineKind.MONEY and need.lines[0].quantity >= LEAST_YUAN
    ]


def _step_claim(
    browser: Browser, person: Person, here: str, page: Page, action: str, words: str
) -> Page | None:
    path = f"{here}/{action}"
    if path not in page.forms:
        return None
    intent = Intent((f"claim.{action}", person.user_id, here.rpartition("/")[2]), words)
    return browser.send(person, path, page, {"words": words}, intent)


def work(act: Act, browser: Browser, is_over: threading.Event) -> None:
    """Do one thing after another until it is over; what was begun is finished."""
    try:
        while not is_over.is_set():
            act(browser)
            is_over.wait(browser.choices.uniform(0.01, 0.1))
    finally:
        browser.close()
