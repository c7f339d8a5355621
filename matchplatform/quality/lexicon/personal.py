"""Patterns of numbers that belong to a person or an account."""

import re

_GAP = r"[ \-·._/]{0,2}"
_EDGE = r"(?<![0-9a-z])"
# Eighteen or fifteen digits with anything people put between them; folded text, so x is small.
ID_18 = re.compile(_EDGE + _GAP.join([r"\d"] * 17 + [r"[\dx×]"]) + r"(?![0-9a-z])")
ID_15 = re.compile(_EDGE + _GAP.join([r"\d"] * 15) + r"(?![0-9a-z])")
# Numbers that are written out to hide them.
WRITTEN_OUT = str.maketrans("零〇○一幺二三四五六七八九壹贰叁肆伍陆柒捌玖", "0001123456789123456789")
ID_WORDS = re.compile(r"身份证|证件号|身份号|公民身份|户口本|id号|sfz")
# Papers that name a person as surely as an identity number does.
PAPERS = re.compile(
    r"(?:护照|残疾人?证|低保证|五保证|通行证|军官证|士兵证|驾驶证|驾照|社保卡?|医保卡?|学籍|病历|住院)(?:编?号|号码)?[^0-9a-z。；，]{0,4}"
    r"([a-z]{0,2}\d{7,20}[a-z]?\d{0,3})(?![0-9a-z])"
)
NO_PERSON = re.compile(
    r"编号|序列号|批号|订单|合同|备案|许可|批准|代码|文号|条码|条形码|流水号|设备号|机身号"
)
ID_REGIONS = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65"
    " 71 81 82 83".split()
)
MOBILE = re.compile(
    r"(?<![0-9a-z.])(?:[(+]{0,2}86[) -]{0,2})?(1"
    + _GAP
    + "[3-9]"
    + _GAP.join([""] + [r"\d"] * 9)
    + r")(?![0-9a-z]|\.\d)"
)
LANDLINE = re.compile(
    r"(?<![0-9.])[(]?(0(?:10|2\d|[3-9]\d{2}))[) \-—–]{0,3}([2-9](?:[ \-]?\d){6,7})(?![0-9]|[.]\d)"
)
CALL_WORDS = re.compile(
    r"(?:电话|手机|致电|拨打|来电|热线|tel|phone|座机|号码)[^0-9。；，]{0,8}"
    r"(\d[\d \-]{5,12}\d)(?![\d.]|年|元|人|户|套)"
)
PUBLIC_LINE = re.compile(r"^(?:12\d{3}|95\d{3,4}|96\d{3,4}|400\d{7}|800\d{7}|1[12]\d|119|110|120)$")
CHINESE_MOBILE = re.compile(r"[一幺][三四五六七八九](?:[ \-、]?[零〇o一幺二两三四五六七八九]){9}")
CARD = re.compile(_EDGE + _GAP.join([r"\d"] * 12) + r"(?:" + _GAP + r"\d){0,11}(?![0-9a-z])")
CARD_WORDS = re.compile(
    r"账号|帐号|账户|帐户|卡号|银行卡|开户行|开户银行|户名|打款|汇款|转账|存折|一卡通|打到|收款|信用社|"
    r"卡(?=片|上|里|号|$|[^a-z])|余款|捐款|现金|农行|工行|建行|中行|邮储|银行"
)

CHAT = re.compile(
    r"加\s?v(?![a-z0-9])|(?<![a-z])v\s?(?:信|号)?\s?[:：]\s?[a-z0-9_]{5,}|(?:威信|卫星号?|薇❤|微❤)\s?[:：]?\s?[a-z][a-z0-9_\-]{4,20}|"
    r"(?:抖音|快手|微博|陌陌|小红书)(?:号|id|账号)\s?(?:是|为|[:：])?\s?[a-z0-9_]{5,}|(?:快手|抖音)搜|打赏|刷礼物|钉钉群?\s?(?:号|[:：])?\s?\d{5,}|"
    r"(?:qq|扣扣|企鹅)\s*(?:号码?|群号?|群)?\s*(?:是|为|[:：])?\s*\d{5,12}"
    r"|(?:微信|vx|v信|薇信|wechat|weixin|wx)\s*(?:号码?|id|群号|同号)?\s*(?:是|为|[:：,，]|加)?\s*"
    r"[a-z][a-z0-9_\-]{4,20}"
    r"|(?:微信|vx|wechat)\s*(?:号码?)?\s*(?:是|为|[:：])?\s*\d{5,12}"
    r"|(?:加|添加)(?:我|本人|村长|主任|书记|校长|个|一下|他|她)?的?(?:个人)?(?:微信|qq|vx)(?!群聊)"
    r"|(?:微信|手机|电话)同号|(?:支付宝|微信)(?:账号|收款|转账|转给|打款|付款码|号|红包)|收款码|付款码|"
    r"私下联系|私信|私聊|个人(?:微信|支付宝)|扫码(?:捐|付|转|打款|支付|加)|水滴筹|轻松筹|众筹链接"
)
LINK = re.compile(
    r"https?\s?:\s?//\S+|www\.\S+|[a-z0-9][a-z0-9\-]{1,40}\.(?:com|net|org|top|xyz|cc|vip|cn|shop)(?![a-z])\S*"
)
MAIL = re.compile(r"[a-z0-9_.+\-]+(?:@|\s?[(\[]at[)\]]\s?)[a-z0-9\-]+\.[a-z.]{2,12}")
MONEY_NEAR = re.compile(r"捐|付款|转账|打款|款|订货|购买|下单")
OFFICIAL_LINK = re.compile(r"gov\.cn|edu\.cn")
