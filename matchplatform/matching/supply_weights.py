"""Every weight by which an offer and a line are compared. A fit is points out of a hundred.

What is offered weighs most: a wheelchair is no bed, however near it stands.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

TENTH = Decimal("0.1")

ITEM = Decimal(50)
TITLE = Decimal(10)
AMOUNT = Decimal(15)
SECTOR = Decimal(10)
PLACE = Decimal(10)
TIME = Decimal(5)

# The likeness from which a name counts in full, and the least at which a line is listed at all.
FULL_LIKENESS = 0.75
LEAST_LIKENESS = 0.15
# 轮椅 in 护理型轮椅: whoever names the same thing at the end of the name means the same thing.
SAME_HEAD = 0.75
HEAD_LENGTH = 2
# 学生笔记本 and 笔记本电脑: much in common, but at its end each name is about something else.
OTHER_HEAD = 0.6
# Up to this length one character in common says something: 棉被 and 被褥, not 打印机 and 制氧机.
SHORT_NAME = 2
# What stands before these says what a thing is: 缝纫工岗位 is no 护理岗位, 助学款 the same as 助学金.
GENERAL_ENDS = (
    *"岗位 服务 资金 经费 设备 器材 用品 物资 人员 补助 补贴 采购 项目".split(),
    *"款金费",
)
# Money that names no purpose serves any purpose half as well as money that names this one.
ANY_MONEY = 0.375
GENERAL_MONEY = frozenset(
    "资金 捐款 善款 现金 款项 资助 资助款 捐赠款 捐赠资金 爱心款 公益资金 帮扶资金 帮扶款".split()
)
# Two words of the title in common count in full.
FULL_WORDS = 2
# A part of the gap gives at least this, and the more the larger the part is.
PART_LEAST = Decimal(5)
# A county of the same city as a named one.
SAME_CITY = Decimal(4)
# Days in which both the offer stands and the line can be claimed.
ENOUGH_DAYS = 14
FEW_DAYS = 7


class FitGrade(StrEnum):
    """A fit in a word."""

    STRONG = "strong"
    FAIR = "fair"
    POSSIBLE = "possible"


GRADE_FROM: Mapping[FitGrade, Decimal] = {
    FitGrade.STRONG: Decimal(75),
    FitGrade.FAIR: Decimal(60),
}


def grade_of(score: Decimal) -> FitGrade:
    """Return the word for a score."""
    return next((grade for grade, least in GRADE_FROM.items() if score >= least), FitGrade.POSSIBLE)
