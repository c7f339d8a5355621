"""Find the partners of a joint claim, and read the table of shares that was sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import or_, select

from matchplatform.claims.models import Claim, ClaimMember
from matchplatform.kernel.db import db
from matchplatform.kernel.errors import InvalidInput, NotFound
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.numbers import parse_decimal
from matchplatform.kernel.paging import read_version
from matchplatform.organisations.models import Organisation
from matchplatform.organisations.queries import may_claim_today, name_contains
from matchplatform.projects.models import Project

MOST_FOUND = 10
MOST_PARTNERS = 29
LONGEST_TYPED = 30


@dataclass
class JointForm:
    """The table as typed: texts and messages by ``share-<organisation>-<line>``.

    ``earlier`` is where an earlier sending of the same form led; ``items`` are the lines' names
    by ``line-<line>``.
    """

    version: int
    items: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    wrongs: dict[str, Words] = field(default_factory=dict)
    shares: dict[int, dict[int, Decimal]] = field(default_factory=dict)
    over_the_form: list[Words] = field(default_factory=list)
    questions: list[Words] = field(default_factory=list)
    confirmed: bool = False
    earlier: str = ""

    def check_readable(self) -> None:
        """Refuse a table with a share that could not be read.

        Raises:
            InvalidInput: with a message at each share.
        """
        if self.wrongs:
            raise InvalidInput(fields=self.wrongs)

    def show(self, error: InvalidInput) -> None:
        """Put a verb's messages at their places; what has none in the table stands over it."""
        for name, words in error.fields.items():
            if name.startswith("share-"):
                self.wrongs[name] = words
            elif name in self.items:
                # The sum of what all take does not fit: it is nobody's field.
                item = self.items[name]
                self.over_the_form.append(_("“%(item)s”：%(words)s", item=item, words=words))
            else:
                self.over_the_form.append(words)
        if not error.fields:
            self.over_the_form.append(error.words)


def read_shares(
    project: Project, together: list[Organisation], sent: Mapping[str, str]
) -> JointForm:
    """Read the table that was sent."""
    form = JointForm(
        version=read_version(sent.get("version")),
        items={f"line-{line.id}": line.item for line in project.lines},
        confirmed=sent.get("confirmed") == "yes",
    )
    for each in together:
        parts = form.shares.setdefault(each.id, {})
        for line in project.lines:
            name = f"share-{each.id}-{line.id}"
            form.typed[name] = sent.get(name, "")[:LONGEST_TYPED]
            try:
                quantity = parse_decimal(form.typed[name])
            except InvalidInput as error:
                form.wrongs[name] = error.words
                continue
            if quantity is not None and quantity != 0:
                parts[line.id] = quantity
    return form


def find_partners(words: str, without: set[int]) -> list[Organisation]:
    """Find verified organisations by a part of their name, former ones among them, or by their whole code."""
    words = words.strip()
    if not words:
        return []
    return list(
        db.session.scalars(
            select(Organisation)
            .where(
                may_claim_today(),
                Organisation.id.not_in(without),
                or_(
                    name_contains(words),
                    Organisation.uscc == words.upper(),
                ),
            )
            .order_by(Organisation.name, Organisation.id)
            .limit(MOST_FOUND)
        )
    )


def list_partners(ids: list[str], lead: Organisation) -> list[Organisation]:
    """List the verified organisations that were chosen, in the order of choosing."""
    wanted = [read_version(key) for key in dict.fromkeys(ids)][:MOST_PARTNERS]
    found = {
        each.id: each
        for each in db.session.scalars(
            select(Organisation).where(
                Organisation.id.in_(wanted),
                Organisation.id != lead.id,
                may_claim_today(),
            )
        )
    }
    return [found[key] for key in dict.fromkeys(wanted) if key in found]


def get_member(claim: Claim, member_id: int) -> ClaimMember:
    """Return a member of a claim.

    Raises:
        NotFound: the claim has no such member.
    """
    for member in claim.members:
        if member.id == member_id:
            return member
    raise NotFound()


def find_own_member(claim: Claim, organisation_ids: frozenset[int]) -> ClaimMember | None:
    """Return the member that the actor acts for, or None."""
    return next((m for m in claim.members if m.organisation_id in organisation_ids), None)
