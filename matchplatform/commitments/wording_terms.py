"""What an agreement says where nobody wrote anything else, by what is promised.

Source: 民法典 articles 543, 562, 577, 617, 658, 660, 666; 慈善法 on charitable donations, on what a
donor owes who signed for poverty relief, and on how often charities with public fundraising report.
"""

from collections.abc import Collection
from datetime import date

from matchplatform.projects.states import LineKind

_MONEY, _GOODS = LineKind.MONEY, LineKind.GOODS
_SERVICE, _PURCHASE, _JOBS = LineKind.SERVICE, LineKind.PURCHASE, LineKind.JOBS

LONG_PROJECT_DAYS = 183

_DELIVERY = {
    _MONEY: "捐赠款由丙方在协议生效后 30 日内一次转入受赠账户；分次拨付的，按各方书面商定的日期办理。",
    _GOODS: "物资由丙方在实施期限内送到实施地点，运输费用由丙方承担；交付前 5 日通知受赠单位，"
    "由受赠单位当场清点，在签收单上签字盖章。",
    _SERVICE: "服务由丙方按实施期限派人到实施地点提供，每次服务填写服务记录，由受益单位签字确认。",
    _PURCHASE: "产品由丙方分批采购，每批在 10 日前通知供货单位数量和交货日期；验收合格后 15 日内付清该批货款。",
    _JOBS: "岗位由丙方在实施期限内提供，到岗名单由丙方和受益单位共同确认。",
}
_QUALITY = {
    _GOODS: "物资应当是合格产品，符合国家标准或行业标准，附合格证明；不合格、短少或损坏的，由丙方在 15 日内更换或补足。",
    _SERVICE: "服务人员应当具备相应的资格和经验；受益单位认为服务不符合约定的，可以要求丙方改进或更换人员。",
    _PURCHASE: "产品应当符合国家食品安全标准和约定的等级、规格；不符合的，丙方可以当场退回该批，由供货单位更换。",
}
_DUTIES = (
    "1. 甲方负责协调和监督本协议的履行，核实受赠（受益）单位和受益人的情况，协助丙方了解进度。",
    "2. 乙方负责把项目与当地防止返贫和乡村振兴的工作衔接，协调有关部门落实实施条件。",
    "3. 丙方按约定的数量、质量和时间履行，不附加与帮扶无关的条件，不借项目开展营利宣传。",
    "4. 受赠（受益）单位按约定的用途使用款物，专账管理，接受各方和审计监督，不得挪作他用。",
)
_RECEIPTS = "款物到位后，票据开具单位依法向丙方开具捐赠票据；受赠单位同时出具签收单，写明品名、数量、日期和经手人。"
_PUBLICITY = (
    "本协议的项目名称、丙方名称、认领内容、金额和履行进度，由平台向社会公开。涉及受益人的，"
    "不公开姓名、住址、证件号码和可以辨认本人的照片，本人或者监护人书面同意的除外。"
)
_REPORT_LAW_LONG = (
    "丙方是具有公开募捐资格的慈善组织，依照《中华人民共和国慈善法》，至少每三个月公开一次项目实施情况；"
    "项目结束后三个月内，全面公开项目实施情况和款物使用情况。每次公开的内容同时报送甲方、乙方。"
)
_REPORT_LAW_SHORT = (
    "丙方是具有公开募捐资格的慈善组织，依照《中华人民共和国慈善法》，在项目结束后三个月内，"
    "全面公开项目实施情况和款物使用情况，并报送甲方、乙方。"
)
_REPORT_AGREED = (
    "丙方在每次交付后 10 日内向甲方、乙方报告交付情况，在项目结束后三个月内提交总结报告，"
    "说明完成的数量、款物使用情况和成效。"
)
_AMENDMENT = (
    "变更本协议，应当由各方协商一致，签订书面补充协议（民法典第五百四十三条）。"
    "签署以后不得单方退出；确需终止的，由提出的一方书面说明原因，经各方同意后以补充协议办理。"
)
_HARDSHIP = (
    "丙方的经济状况显著恶化，严重影响其运行的，依法向登记管理的民政部门报告并向社会公开说明后，"
    "可以不再履行尚未交付的捐赠（民法典第六百六十六条，慈善法）。"
)
_BREACH_GIFT = (
    "本协议的捐赠具有扶贫济困的公益性质，丙方在款物交付前不得任意撤销（民法典第六百五十八条）；"
    "逾期不交付的，受赠单位和甲方可以要求交付（民法典第六百六十条，慈善法）。"
    "受赠单位未按约定用途使用的，应当改正并退回挪用的款物。"
)
_BREACH_CONTRACT = (
    "一方不履行或者履行不符合约定的，应当承担继续履行、采取补救措施或者赔偿损失等违约责任"
    "（民法典第五百七十七条）。"
)
_DISPUTE = "因本协议发生的争议，由各方协商，或者请上一级民政部门调解；不成的，可以向项目所在地人民法院起诉。"

_USE = "用于{region}“{project}”：{scope}"
_LONGEST_SCOPE = 300


def default_terms(
    *,
    kinds: Collection[LineKind],
    region: str,
    project: str,
    scope: str,
    first: date | None,
    last: date | None,
    by_law: bool,
) -> dict[str, str]:
    """Return the texts of the articles; ``by_law``: one of the organisations fundraises publicly."""
    ordered = [kind for kind in LineKind if kind in kinds]
    is_gift = bool({_MONEY, _GOODS} & set(kinds))
    is_contract = bool(set(kinds) - {_MONEY, _GOODS})
    quality = [_QUALITY[kind] for kind in ordered if kind in _QUALITY]
    breach = [_BREACH_GIFT] * is_gift + [_BREACH_CONTRACT] * is_contract
    return {
        "use": _USE.format(region=region, project=project, scope=scope[:_LONGEST_SCOPE]),
        "delivery": "\n".join(_DELIVERY[kind] for kind in ordered),
        "quality": "\n".join(quality),
        "duties": "\n".join(_DUTIES),
        "receipts": _RECEIPTS if is_gift else "",
        "publicity": _PUBLICITY,
        "reporting": _reporting(first, last, by_law=by_law),
        "amendment": _AMENDMENT + (_HARDSHIP if is_gift else ""),
        "breach": "\n".join(breach),
        "dispute": _DISPUTE,
    }


def _reporting(first: date | None, last: date | None, *, by_law: bool) -> str:
    if not by_law:
        return _REPORT_AGREED
    is_long = first is None or last is None or (last - first).days > LONG_PROJECT_DAYS
    return _REPORT_LAW_LONG if is_long else _REPORT_LAW_SHORT
