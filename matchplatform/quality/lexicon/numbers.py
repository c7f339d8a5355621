"""Units as they are written, and the words around amounts and counts."""

import re
from decimal import Decimal

DIGITS = {d: v for v, d in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
PLACES = {"十": 10, "百": 100, "千": 1000}
TEN, POINT, ZEROS = "十", "点", "零〇"
# No numbers: about so many.
GUESSES = frozenset("一二 一两 二三 两三 三四 三五 四五 五六 六七 七八 八九".split())
GROUPS = {"万": 10_000, "亿": 100_000_000}

# A unit as written: the unit it is counted in, and how many of it.
UNITS: dict[str, tuple[str, Decimal]] = {
    "块钱": ("元", Decimal(1)),
    "千克": ("公斤", Decimal(1)),
    "kg": ("公斤", Decimal(1)),
    "公斤": ("公斤", Decimal(1)),
    "市斤": ("公斤", Decimal("0.5")),
    "斤": ("公斤", Decimal("0.5")),
    "吨": ("公斤", Decimal(1000)),
    "公里": ("米", Decimal(1000)),
    "千米": ("米", Decimal(1000)),
    "平方": ("平方米", Decimal(1)),
    "平米": ("平方米", Decimal(1)),
    "m2": ("平方米", Decimal(1)),
    "立方": ("立方米", Decimal(1)),
    "m3": ("立方米", Decimal(1)),
    "延米": ("米", Decimal(1)),
    "延长米": ("米", Decimal(1)),
    "人·天": ("人·天", Decimal(1)),
    "人天": ("人·天", Decimal(1)),
    "工日": ("人·天", Decimal(1)),
    "个工日": ("人·天", Decimal(1)),
    "个工": ("人·天", Decimal(1)),
    "个人·天": ("人·天", Decimal(1)),
    "个人天": ("人·天", Decimal(1)),
    "口人": ("人", Decimal(1)),
    "个人": ("人", Decimal(1)),
    "名": ("人", Decimal(1)),
    "位": ("人", Decimal(1)),
    "本": ("册", Decimal(1)),
}
_PLAIN = (
    "元 米 平方米 亩 立方米 人次 人份 人 户 台 套 张 个 把 只 头 条 辆 座 组 块 副 双 床 件 盏 册"
    " 棒 片 尾 群 箱 根 棵 株 份 扇 架 盘 袋 瓶 桶 支 枚 间 处 眼 栋 天 口 具 部 面 盒 包 提 板 顶 羽"
    " 匹 卷 捆 幅 公顷 车次 场 课时 小时"
)
UNITS |= {unit: (unit, Decimal(1)) for unit in _PLAIN.split()}

_CHINESE = r"[零〇一二两三四五六七八九十百千]"
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
# The numerals of vouchers, which nobody can alter.
VOUCHER = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億", "一二三四五六七八九十百千万亿")
# What may be had by halves.
_HALVED = "亩|吨|公斤|千克|斤|公里|公顷|小时"
NUMBER = re.compile(
    rf"(?P<arabic>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)\s?(?P<times>万|亿|千|百)?"
    rf"\s?(?:(?P<rough>[余多来])(?={_UNIT}))?(?P<unit>{_UNIT})?(?:(?<=[亩吨斤顷里])(?P<over>半))?"
    rf"|(?=[零〇一二两三四五六七八九十百千])(?P<chinese>(?:{_CHINESE}+亿)?(?:{_CHINESE}+万)?{_CHINESE}*(?:点{_CHINESE}+万?)?)"
    rf"(?P<half>半)?(?:(?P<rough2>[余多来])(?={_UNIT}))?(?P<unit2>{_UNIT})?(?:(?<=[亩吨斤顷里])(?P<over2>半))?"
    rf"|(?<![大小多一过每前后上下减两十百千万])半(?P<unit3>{_HALVED})"
)
# Money as it is spoken of: 一块四, 两块三毛, 八毛五.
TALK = re.compile(
    r"(?P<yuan>\d+|[一二两三四五六七八九十百]+)块(?P<jiao>[一二三四五六七八九\d])(?:毛[一二三四五六七八九]?)?"
    r"(?=钱|[，。；、)）\s]|一[斤公个]|$)"
    r"|(?<![\d.万千百十零〇一二两三四五六七八九块])(?P<mao>[一二两三四五六七八九\d])毛(?P<fen>[一二三四五六七八九])?(?=钱|[，。；、)）\s]|一[斤公个]|$)"
)
JIAO = Decimal("0.1")
# What turns an amount into the price of one piece.
EACH_BEFORE = re.compile(
    r"(?:每|一|单价|均价|价格|单套|单台|日酬|日薪|按|各)[^，。；、]{0,8}$|(?:，|、|每)$"
)
# What turns an amount into the whole.
TOTAL_BEFORE = re.compile(
    r"(总投资|总造价|总预算|总价|总额|总费用|总计|总需求|总概算|总资金|总金额|总需|合计|共计|一共|总共|共需|"
    r"申请(?:帮扶|资助|捐赠|支持|补助|援助|救助)(?:资金)?|求助资金|资金缺口|缺口(?:资金)?|尚缺|还缺|还差|"
    r"预算|概算|加起来|算下来|所需资金|需要?资金|资金需求|项目资金|投资|全部费用|(?<=[，。；、])共|(?<=[，。；、])合)"
    r"[^，。；\d零一二两三四五六七八九十百千]{0,8}$"
)
# What is asked for here, whatever others give.
ASKED_FOR = re.compile(r"申请|求助|缺口|尚缺|还缺|还差")
EARNED = re.compile(r"收入|增收|纯收|节省|省下|省了|卖|毛利|产值")
ALL_ITEMS = re.compile(r"(?:[两三四五六几各]|以上|全部|所有)[项笔样条种类]?[^，。]{0,2}$")
EACH = re.compile(r"每|一[户人台套]|人均|户均|单价|各")
EACH_AFTER = re.compile(r"^[一每/][户人台套个亩只头件]")
EACH_SUM = re.compile(r"每[月年天季人户村个]$|\d名[^，。；\d]{1,4}的$")
NOT_QUITE = re.compile(r"(?:不到|不足|不超|将近|接近|近|约|大约|左右|上下|至少|最多)[^，。]{0,3}$")
SHARED_COST = re.compile(
    r"自筹|配套|已筹|已到位|已落实|落实了|财政|缺口|还差|尚缺|差额|出资|补贴|集体出|自付|自理|自掏|扣除|批复|安排了|"
    r"其余|其中|一半|剩下|不足部分|另一|解决了|已有|已经有|承担|垫付|垫资|(?:乡里|县里|村里|镇里|自己)出(?![工劳力人])|整合"
)
YUAN, KILO, PERSON, TIMES, HOUSEHOLD = "元", "公斤", "人", "人次", "户"
# What right after an amount says that it is only about so much.
ROUGHLY_AFTER = frozenset("多来左上")
# How the words begin that name the whole rather than a part.
WHOLE_BEGINS = frozenset("总所项")
VILLAGE = re.compile(r"[村庄屯营沟寨]$|自然村|村民小组|教学点|村卫生室|村委会$")
PLACE_KINDS = (
    r"[^省市县区]{1,6}[省市县区]|自治县|满族|蒙古族|[村乡镇]|街道|社区|小学|中学|中心|学校|幼儿园|卫生院|卫生室|敬老院|合作社|"
    r"[一二两三四五六七八九十]+|安置区|小区|养殖|片区|辖区|等地"
)
SEVERAL = re.compile(
    r"[\d二两三四五六七八九十百]+(?:个|所|座)?[村乡镇校小]|各[村乡镇校]|全[县市]|片|等"
)
TOWNSHIP = re.compile(r"[镇乡]|街道")
SCHOOL = re.compile(r"小学|中学|学校|幼儿园|教学点|职教中心|一中|二中")
# One of a unit, as a pattern.
ONE_OF = "[每一]{unit}"
DAY_UNITS = frozenset({"人·天", "人天", "工日", "天"})
# Small buildings, none of which stands on whole 亩 of ground.
SMALL_BUILT = re.compile(
    r"(?:厕所?|公厕|卫生间|洗手间|浴室|卫生室|教室|阅览室|图书室|活动室|值班室|警务室|岗亭|凉亭|门房|泵房|井房|岗房|宿舍|食堂|灶房|厨房)"
    r"[^。；\d]{0,16}(?:占地|面积|建筑面积|使用面积|占)[^。；，\d]{0,4}$"
)
FIELD = "亩"
COUNTED = frozenset(
    "台 套 张 个 把 只 头 辆 座 副 双 床 件 盏 册 群 箱 根 棵 株 扇 架 口 部 尾".split()
)
WEIGHTS = {"公斤": Decimal(1), "千克": Decimal(1), "kg": Decimal(1), "KG": Decimal(1)}
WEIGHTS |= {"斤": Decimal("0.5"), "吨": Decimal(1000), "t": Decimal(1000)}
# Counted things whose unit people choose as they like.
LOOSE = frozenset("台 套 个 组 只 件 副 把 张 部 具".split())
# Dried and fresh of one thing are two things.
STATES = frozenset("干鲜冻熟生")
# Things of which a person needs one or two.
PERSONAL = re.compile(
    r"课桌|桌椅|被褥|被子|棉被|床品|棉衣|羽绒|校服|书包|轮椅|护理床|课凳|眼镜|助听器|拐杖|助行器|"
    r"双肩包|水壶|餐盘|平板|学习机|单人床|木床|上下铺|雨靴|棉鞋|运动鞋|电热毯|文具|台灯|坐便|"
    r"三件套|被罩|床垫|手套箱|护眼灯|学习桌|取暖器|电脑|报警器|血压计|收音机|洗浴椅"
)
BIG_WORKS = re.compile(
    r"修|翻|建|修建|新建|改造|硬化|建设|翻建|打井|铺设|土建|工程|加固|种植|养殖|安装"
)
