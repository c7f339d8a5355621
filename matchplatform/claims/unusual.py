"""What is out of the ordinary about a claim and is asked once more."""

from collections.abc import Mapping
from decimal import Decimal
from statistics import median

from sqlalchemy import select

from matchplatform.claims.models import Claim, ClaimLine
from matchplatform.kernel.db import db
from matchplatform.kernel.i18n import Words
from matchplatform.kernel.i18n import lazy_gettext as _
from matchplatform.kernel.money import WAN, format_number, format_wan
from matchplatform.projects.models import Project, ProjectLine
from matchplatform.projects.states import LineKind, Sector

TIMES_MEDIAN = 10
FEWEST_TO_COMPARE = 5
LOOKS_LIKE_WAN = Decimal(1000)


def find_questions(
    project: Project, quantities: Mapping[int, Decimal], value: Decimal
) -> list[Words]:
    """List what should be asked again before these quantities are reserved; mostly nothing."""
    lines = [line for line in project.lines if line.id in quantities]
    asked = [ask_for_wan(line, quantities[line.id]) for line in lines]
    questions = [question for question in asked if question is not None]
    typical = typical_value(project.sector)
    if typical is not None and value > TIMES_MEDIAN * typical:
        questions.append(
            _(
                "这次认领合 %(value)s 万元，同类认领一般在 %(typical)s 万元上下。确定要认领这么多吗？",
                value=format_wan(value),
                typical=format_wan(typical),
            )
        )
    return questions


def typical_value(sector: Sector) -> Decimal | None:
    """Return the median value in yuan of claims in a sector; of all where it has too few."""
    for only in (sector, None):
        values = _claim_values(only)
        if len(values) >= FEWEST_TO_COMPARE:
            return Decimal(median(values))
    return None


def ask_for_wan(line: ProjectLine, quantity: Decimal) -> Words | None:
    """Ask whether a few yuan on a line of ten thousands were meant as 万元."""
    if line.kind is not LineKind.MONEY or quantity >= LOOKS_LIKE_WAN or line.quantity < WAN:
        return None
    if quantity * WAN > line.quantity:
        return _(
            "“%(item)s”您填了 %(typed)s 元，这一条共需 %(all)s 元。单位是元，不是万元，确定是 %(typed)s 元吗？",
            item=line.item,
            typed=format_number(quantity),
            all=format_number(line.quantity),
        )
    return _(
        "“%(item)s”您填了 %(typed)s 元。这一条以元计，您是不是想填 %(typed)s 万元（%(yuan)s 元）？",
        item=line.item,
        typed=format_number(quantity),
        yuan=format_number(quantity * WAN),
    )


def _claim_values(sector: Sector | None) -> list[Decimal]:
    parts = select(ClaimLine).join(Claim, Claim.id == ClaimLine.claim_id)
    if sector is not None:
        parts = parts.join(Project, Project.id == Claim.project_id).where(Project.sector == sector)
    sums: dict[int, Decimal] = {}
    columns = parts.with_only_columns(ClaimLine.claim_id, ClaimLine.quantity, ClaimLine.unit_price)
    for claim_id, quantity, price in db.session.execute(columns):
        if price is not None:
            sums[claim_id] = sums.get(claim_id, Decimal(0)) + quantity * price
    return list(sums.values())
