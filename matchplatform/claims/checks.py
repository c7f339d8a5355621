"""What stands against a claim before anything is held: the shared rules of the verbs."""

from collections.abc import Mapping
from decimal import Decimal

from matchplatform.claims.locks import lock_claim, lock_organisations
from matchplatform.claims.models import Claim
from matchplatform.claims.queries import find_undecided
from matchplatform.claims.states import MemberState
from matchplatform.claims.unusual import ask_for_wan
from matchplatform.kernel import clock
from matchplatform.kernel.errors import Conflict, InvalidInput, StaleVersion
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import format_number
from matchplatform.organisations.models import Organisation
from matchplatform.projects.details import fits_unit
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import ProjectState

LONGEST_MESSAGE = 500


def accepts_claims(project: Project) -> bool:
    """Tell whether a project can be claimed from today."""
    deadline = project.claim_deadline
    in_time = deadline is None or deadline >= clock.today()
    return project.status is ProjectState.PUBLISHED and in_time


def check_accepts(organisation: Organisation, project: Project) -> None:
    """Refuse organisations that may not claim today, and projects that take no claims.

    Raises:
        Conflict: one or the other.
    """
    # A ruling of this very moment must not miss a claim: it waits for us, or we for it.
    lock_organisations([organisation.id])
    if organisation.hindrance is not None:
        raise Conflict(organisation.hindrance)
    if project.status is not ProjectState.PUBLISHED:
        raise Conflict(_("这个项目现在不接受认领。"))
    if not accepts_claims(project):
        raise Conflict(_("这个项目的认领已经截止。"))


def check_may_claim(organisation: Organisation, project: Project) -> None:
    """Refuse also those who have an undecided claim on the project.

    Raises:
        Conflict: it may not be claimed by them or just now.
    """
    check_accepts(organisation, project)
    already = find_undecided(organisation.id, project.id)
    if already is not None:
        raise Conflict(
            _("贵会已有一笔认领在办（%(number)s），办结后才能再认领。", number=already.number)
        )


def check_quantities(lines: Mapping[int, ProjectLine], quantities: Mapping[int, Decimal]) -> None:
    """Refuse quantities that do not fit their lines.

    Raises:
        InvalidInput: with a message at each line.
    """
    wrong: dict[str, Words] = {}
    if not quantities:
        raise InvalidInput(_("请至少在一个条目里填上数量。"))
    for key, amount in quantities.items():
        line = lines.get(key)
        if line is None:
            raise InvalidInput(_("有个条目不属于这个项目，请刷新页面后重填。"))
        problem = quantity_problem(line, amount)
        if problem is not None:
            wrong[f"line-{key}"] = problem
    if wrong:
        raise InvalidInput(fields=wrong)


def quantity_problem(line: ProjectLine, amount: Decimal) -> Words | None:
    """Say what is wrong with a quantity of a line, or None."""
    if amount <= 0:
        return _("请填大于 0 的数量，不认领就留空。")
    if not fits_unit(amount, line.unit):
        return _("按“%(unit)s”计的数量，小数位太多。", unit=line.unit)
    if amount > line.quantity + line.extra:
        return _(
            "这一条总共只要 %(all)s %(unit)s。",
            all=format_number(line.quantity + line.extra),
            unit=line.unit,
        )
    if amount < line.min_lot and amount != line.left:
        return ask_for_wan(line, amount) or _(
            "这一条 %(lot)s %(unit)s 起领；剩余不足时可以一次领完。",
            lot=format_number(line.min_lot),
            unit=line.unit,
        )
    return None


def check_current(claim: Claim, version: int) -> None:
    """Keep a claim for oneself, and refuse what has run out and pages that were overtaken.

    Raises:
        Conflict: the reservation has lapsed.
        StaleVersion: the claim has moved since.
    """
    lock_claim(claim)
    if claim.has_lapsed:
        raise Conflict(_("这笔预留已经到期，需要的话请重新认领。"))
    if claim.version != version:
        raise StaleVersion()


def check_all_in(claim: Claim) -> None:
    """Refuse a joint claim that not everybody has confirmed, or of which a share is offered.

    Raises:
        Conflict: with who or what is wanting.
    """
    waiting = [m.organisation.name for m in claim.members if m.status is MemberState.INVITED]
    if waiting:
        raise Conflict(_("还没有确认的成员：%(names)s。", names="、".join(waiting)))
    if any(member.is_offered for member in claim.members):
        raise Conflict(_("有成员退出，它的份额还没有人接，先接下或放回项目。"))
