"""What official papers say by themselves. Papers are Chinese, whatever language the pages are in."""

from collections.abc import Collection
from datetime import date

from matchplatform.projects.states import LineKind

ROLES = ("甲方", "乙方", "丙方", "丁方", "戊方", "己方", "庚方")
ORGANISATION_ROLE = "丙方"
MEMBER_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
LEAD_NOTE = "（牵头单位）"
RURAL_OFFICE = "乡村振兴局"

_TITLES = {
    frozenset({LineKind.PURCHASE}): "消费帮扶采购协议",
    frozenset({LineKind.SERVICE}): "社会组织帮扶服务协议",
    frozenset({LineKind.JOBS}): "就业帮扶协议",
    frozenset({LineKind.MONEY}): "社会组织帮扶捐赠协议",
    frozenset({LineKind.GOODS}): "社会组织帮扶捐赠协议",
    frozenset({LineKind.MONEY, LineKind.GOODS}): "社会组织帮扶捐赠协议",
}
MIXED_TITLE = "社会组织认领帮扶协议"
SUPPLEMENT = "补充协议"

CONTENT, USE, DELIVERY, QUALITY = "帮扶内容", "用途", "交付时间和方式", "质量要求"
DONEE, DUTIES, RECEIPTS = "受赠（受益）单位", "各方义务", "票据与签收"
PUBLICITY, REPORTING, AMENDMENT = "信息公开", "项目报告", "变更与终止"
BREACH, DISPUTE, OTHER, EFFECT = "违约责任", "争议解决", "其他约定", "生效"
CHANGES, UNCHANGED = "变更内容", "其他条款"

CHANGES_TEXT = "经各方协商一致，对原协议作如下变更，变更前后的文字见所附对照表。"
UNCHANGED_TEXT = "原协议其他条款不变，继续有效。本补充协议与原协议不一致的，以本补充协议为准。"

LABELS = {
    "project": "项目",
    "number": "项目编号",
    "claim": "认领编号",
    "place": "实施地点",
    "period": "实施期限",
    "donee": "受赠（受益）单位",
    "receipt_issuer": "捐赠票据开具单位",
    "original": "原协议",
}
NOT_PRICED = "不折算金额"
SHARE_OF = "承担："


def title_of(kinds: Collection[LineKind]) -> str:
    """Return what an agreement about these kinds of thing is called."""
    return _TITLES.get(frozenset(kinds), MIXED_TITLE)


def recitals_of(region: str, organisations: str, project: str) -> tuple[str, ...]:
    """Return what the parties say first."""
    return (
        f"{organisations}自愿参加京津冀社会组织帮扶对接，认领{region}“{project}”。",
        "各方本着自愿、平等、诚实信用的原则，依据《中华人民共和国民法典》《中华人民共和国慈善法》"
        "等有关法律法规，订立本协议，共同遵守。",
    )


def content_text(total: str, capital: str) -> str:
    """Return what is promised, in one sentence; the table beside it says it line by line."""
    if not total:
        return f"{ORGANISATION_ROLE}承担本协议所列条目的内容和数量。"
    return (
        f"{ORGANISATION_ROLE}承担本协议所列条目的内容和数量，折合人民币 {total} 元"
        f"（大写：{capital}）。不折算金额的条目以数量为准。"
    )


def effect_text(parties: int) -> str:
    """Return when it comes into force, and how many copies there are."""
    return (
        f"本协议自各方签字并加盖公章之日起生效，一式 {parties} 份，各方各执一份，具有同等效力。"
        "纸面文本与定稿文本的校验码应当一致；任何人都可以扫描协议上的二维码核对真伪和效力。"
    )


def day_text(day: date | None) -> str:
    """Write a day as papers do."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def period_text(first: date | None, last: date | None) -> str:
    """Write a period as papers do."""
    return f"{day_text(first)}至{day_text(last)}" if first and last else ""


def number_of(region: str, year: int, serial: int, version: int) -> str:
    """Return the number that an agreement carries: 冀社帮〔2026〕张北-0001, or with 补1 after it."""
    number = f"冀社帮〔{year}〕{region}-{serial:04d}"
    return f"{number}-补{version}" if version else number


def heading_of(title: str, version: int) -> str:
    """Return the title of an agreement, or of its supplementary agreement of that number."""
    return f"{title}{SUPPLEMENT}（{MEMBER_NUMERALS[version - 1]}）" if version else title


def role_of_member(place: int) -> str:
    """Return the role of one of several organisations, counted from 0."""
    return f"{ORGANISATION_ROLE}{MEMBER_NUMERALS[place] if place < 10 else place + 1}"


ACCOUNT_LABELS = {"donee": "受赠（受益）单位", "donee_account": "受赠账户"}
TERM_LABELS = {
    "donee": "受赠（受益）单位",
    "donee_account": "受赠账户",
    "receipt_issuer": "捐赠票据开具单位",
    "place": "实施地点",
    "starts_on": "开始日期",
    "ends_on": "结束日期",
    "use": "用途",
    "delivery": "交付时间和方式",
    "quality": "质量要求",
    "duties": "各方义务",
    "receipts": "票据与签收",
    "publicity": "信息公开",
    "reporting": "项目报告",
    "amendment": "变更与终止",
    "breach": "违约责任",
    "dispute": "争议解决",
    "other": "其他约定",
    "organisation_contact": "社会组织联系人",
    "county_contact": "县里联系人",
}
YUAN, COMMA, STOP = "人民币", "、", "。"
DRAFT_STAMP, VOID_STAMP = "草稿", "作废"


def labelled(label: str, text: str) -> str:
    """Write a text behind its label."""
    return f"{label}：{text}"
