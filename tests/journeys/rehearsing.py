"""A ceremony in the browser, step by step: planned, listed, invited, locked, held, reported.

Pages of the planning are looked at where all pages are; here only those that have a day to live.
"""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.journeys.agreeing import Ready
from tests.journeys.person import Person

Come = Callable[..., Person]
HALL = (1920, 1080)
WHY = "台上拿错了文本，重新签"


@dataclass
class Rehearsal:
    """One ceremony on its way; ``organiser`` sits at the laptop that runs it."""

    organiser: Person
    title: str
    claims: list[Ready]
    slots: int = 3
    path: str = ""
    screens: list[Page] = field(default_factory=list)

    @property
    def units(self) -> dict[int, Ready]:
        """Return one claim of each organisation, by its id."""
        return {claim.organisation_id: claim for claim in self.claims}

    def plan(self) -> None:
        """Write the particulars, add to the agenda, announce the day."""
        person = self.organiser
        person.go("/desk/ceremonies/new")
        day = date.today() + timedelta(days=40)
        for label, typed in (
            ("名称", self.title),
            ("会场", "会议中心一层"),
            ("日期", day.isoformat()),
            ("开始时间", "09:00"),
            ("答复期限", (day - timedelta(days=5)).isoformat()),
            ("会场容纳", "300"),
            ("台上一轮签几项", str(self.slots)),
            ("一轮几分钟", "2"),
            ("主办单位", "张北县民政局"),
        ):
            person.fill(label, typed)
        person.choose("承办县", "张北县")
        person.press("开始筹备")
        person.sees("已开始筹备")
        self.path = person.page.url.removeprefix(person.site.url).partition("?")[0]
        person.go(f"{self.path}/agenda")
        new = person.main.get_by_role("region", name="加一项")
        person.fill("内容", "受益村代表讲话", within=new)
        person.fill("分钟", "6", within=new)
        person.press("加在最后", within=new)
        person.sees("受益村代表讲话")
        person.go(self.path)
        person.press("公布并开始征集")
        person.sees("已公布")

    def list_claims(self) -> None:
        """Choose the accepted claims that will be signed."""
        person, wanted = self.organiser, {claim.claim_id for claim in self.claims}
        number = 1
        while wanted:
            person.go(f"{self.path}/intake?page={number}")
            boxes = person.main.locator("input[name=claim]")
            here = [
                int(value) for value in boxes.evaluate_all("all => all.map((one) => one.value)")
            ]
            assert here, f"nowhere to be found: {wanted}"
            chosen = wanted & set(here)
            for key in chosen:
                person.main.locator(f"#claim-{key}").check()
            if chosen:
                person.press("列入勾选的")
                person.sees("已列入")
            else:
                number += 1
            wanted -= chosen

    def invite(self) -> None:
        """Invite every organisation on the list."""
        person = self.organiser
        person.go(f"{self.path}/guests")
        person.press("全部列入")
        person.sees("已列入邀请名单")
        person.press("全部发出")
        person.sees("已发出邀请")

    def answer(self, phone: Person) -> None:
        """Answer each invitation on a telephone, by its link alone."""
        for at, (key, token) in enumerate(self.tokens().items()):
            phone.go(f"/invited/{token}")
            phone.sees(self.units[key].organisation)
            phone.fill("姓名，第 1 位", f"柳成{at}")
            phone.fill("职务，第 1 位", "理事长")
            phone.main.locator("#signer-0").check()
            phone.press("参加")
            phone.sees("答复已收到")
            if at < 1:
                phone.look()

    def order(self) -> list[str]:
        """Move the first claim down by keyboard alone and save; return the order of the list."""
        person = self.organiser
        person.go(f"{self.path}/list")
        rows = person.main.locator("ol.order > li")
        expect(rows).to_have_count(len(self.claims))
        before = ids_of(rows)
        rows.first.locator("[data-down]").focus()
        person.page.keyboard.press("Alt+ArrowDown")
        assert ids_of(rows)[:2] == [before[1], before[0]]
        person.sees("顺序还没有存")
        person.press("存好顺序")
        person.sees("顺序已存好")
        assert ids_of(rows) == [before[1], before[0], *before[2:]]
        return ids_of(rows)

    def lock(self) -> None:
        """Lock the list."""
        person = self.organiser
        person.go(f"{self.path}/lock")
        person.look()
        person.press("锁定名单")
        person.sees("名单已锁定")
        person.look()

    def check_in(self, phone: Person) -> None:
        """Check every organisation in by what its QR code opens."""
        for at, token in enumerate(self.tokens().values()):
            phone.go(f"/invited/{token}")
            phone.main.get_by_role("link", name=re.compile("^给.*签到")).click()
            phone.main.get_by_role("button", name=re.compile("^签到")).first.click()
            expect(phone.main.get_by_role("button", name=re.compile("^撤销"))).to_have_count(1)
            if at < 1:
                phone.look()

    def open_screens(self, visitor: Person) -> None:
        """Open the big screen and the stage view beside the console."""
        person = self.organiser
        person.go(f"{self.path}/console")
        person.look()
        for words in ("大屏", "台侧屏"):
            link = person.main.get_by_role("link", name=re.compile(f"^{words}")).first
            page = visitor.context.new_page()
            page.set_viewport_size({"width": HALL[0], "height": HALL[1]})
            page.goto(person.site.url + str(link.get_attribute("href")))
            self.screens.append(page)
        for screen in self.screens:
            expect(screen.locator("#hall")).to_contain_text(self.title)

    def close_and_open(self, visitor: Person) -> None:
        """Close the big screen in the middle and open it again: it is right at once."""
        away = self.screens.pop(0)
        address = away.url
        away.close()
        back = visitor.context.new_page()
        back.set_viewport_size({"width": HALL[0], "height": HALL[1]})
        back.goto(address)
        self.screens.insert(0, back)
        self.follow()

    def begin(self) -> None:
        """Begin the day."""
        self.organiser.page.keyboard.press("b")
        self.organiser.page.keyboard.press("Enter")
        expect(self.organiser.page.locator("#next")).to_be_visible()
        self.follow()

    def call(self) -> int:
        """Call the next round by its key; return how many are on the stage."""
        page = self.organiser.page
        expect(page.locator("#next")).to_be_visible()
        page.keyboard.press("n")
        expect(page.locator("#sign-all")).to_be_visible()
        return page.locator(".onstage li[data-row]").count()

    def sign_one(self) -> None:
        """Choose the first on the stage with j and sign it with Enter."""
        page = self.organiser.page
        done = page.locator(".onstage li.done").count()
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.locator(".onstage li.done")).to_have_count(done + 1)
        page.keyboard.press("j")
        expect(page.locator(".onstage li[aria-current]")).to_have_count(1)
        page.keyboard.press("Escape")

    def sign_rest(self, *, last: bool = False) -> None:
        """Sign whoever is on the stage with the space bar."""
        page = self.organiser.page
        page.keyboard.press(" ")
        if last:
            expect(page.locator(".onstage li[data-row]")).to_have_count(0)
        else:
            expect(page.locator("#next")).to_be_visible()

    def undo(self) -> None:
        """Take the last signature back, with a reason."""
        page = self.organiser.page
        page.keyboard.press("u")
        page.keyboard.type(WHY)
        page.keyboard.press("Enter")
        self.organiser.sees(WHY)

    def follow(self) -> None:
        """Wait until both screens stand where the console stands."""
        mark = str(self.organiser.page.locator("#console").get_attribute("data-mark"))
        for screen in self.screens:
            expect(screen.locator("#hall")).to_have_attribute("data-mark", mark)

    def signed(self) -> int:
        """Return how many the console says were signed."""
        text = self.organiser.main.locator("dl.sums dd").first.inner_text()
        return int(re.findall(r"\d+", text)[0])

    def close(self) -> None:
        """End the day."""
        person = self.organiser
        person.unfold("结束大会")
        person.press("结束大会")
        person.sees("已结束")
        self.follow()

    def tokens(self) -> dict[int, str]:
        """Return what the QR codes of the invitations hold, by organisation."""
        return self._read(
            "SELECT organisation_id, token FROM ceremony_guests WHERE ceremony_id = ?"
            " AND organisation_id IS NOT NULL ORDER BY id",
            int(self.path.rsplit("/", 1)[1]),
        )

    def verify(self, visitor: Person) -> None:
        """Open what the QR code of the first agreement holds: it is genuine and in force."""
        key = self.claims[0].claim_id
        tokens = self._read("SELECT claim_id, token FROM agreements WHERE claim_id = ?", key)
        visitor.go(f"/verify/{tokens[key]}")
        visitor.sees(self.claims[0].organisation)
        visitor.sees("这份协议是真的，现在有效")
        visitor.look()

    def _read(self, statement: str, key: int) -> dict[int, str]:
        with closing(sqlite3.connect(self.organiser.site.database, timeout=10)) as opened:
            return {int(found): str(token) for found, token in opened.execute(statement, (key,))}


def ids_of(rows: Locator) -> list[str]:
    """Return the ids of the rows of a list."""
    found: list[str] = rows.evaluate_all("all => all.map((one) => one.id)")
    return found
