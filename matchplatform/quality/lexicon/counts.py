"""The words that bind a number to a thing, and those that tell of another number of it."""

import re

# Between the name of a thing and how many of it: 护栏共计约300米.
FILLED_BEFORE = re.compile(
    r"(?:[（(:：,]|共计?|合计|总计|总共|约|大约|大概|各|需要?|还需|申请|数量|面积|长度?|为|是|有|的|购买?|采购|购置|订购|配备?|配置|添置|添|要|发放)*$"
)
# How far after a number its thing may stand: 17张双摇护理床.
AFTER_NEAR = 12
# Said of another number: what is there, what was, what one gets, what others pay for.
OTHER_NUMBER = re.compile(
    r"现有|原有|已有|已经|原来|原|目前|现在|去年|前年|往年|上年|历年|今年|曾|当年|损坏|报废|坏|旧|老化|破|烂|断|碎|丢|剩|"
    r"每|平均|人均|户均|均|各|最多|最少|至多|不足|不到|不够|只有|仅有|仅|另有|另|其余|自筹|自购|自备|配套|已购|已落实|已到|到位|"
    r"收到|捐过|解决了|缺少|年产|日产|产量|存栏|库存|总产|全县|全乡|全镇|第|按|即|一次|分|其中|一部分|增加|减少|降|超过|以上|先|再|比"
)
# Said of the whole of what one unit counts: 共48人·天.
COUNTED_UP = re.compile(r"(?:总共|共计|合计|总计|一共|共需?|合|总量|总)[^，。；\d]{0,3}$")
# Days of work, which the calendar's are not.
WORKED_DAYS = frozenset("人·天 人天 工日".split())
# Right before what one of a thing costs.
ONE_COSTS = ("每{unit}", "单价", "每{unit}约")
ONE_COSTS_BEFORE = r"(?:每|一){unit}(?:只?需|只?要|约|合|得|是|按)?$"
ONE_COSTS_AFTER = r"^(?:/|每|一){unit}"
# Said of what is asked for here.
ASKED_HERE = re.compile(
    r"(?:想|需|求助?|申请|拟|计划|打算|急需|希望)[^，。；]{0,8}$|^(?:购置|采购|购买|添置|配备)[^，。；]{0,8}$"
)
# Said of those who get something.
REACHED_BEFORE = re.compile(
    r"(?:受益|惠及|覆盖|带动)(?:学生|村民|群众|人口|人数|农户|师生|老人|儿童)?"
    r"[^，。；、\d]{0,6}$|(?:[，。；]|^)(?:总?共|共计|合计)[^，。；、\d]{0,4}$"
)
REACHED_AFTER = re.compile(r"^[^，。；、\d]{0,8}(?:受益|获益|得到|用上|喝上|吃上|住上|走上)")
EACH_ONE = re.compile(r"(?:每[^，。；、\d]{0,6}|平均|人均|户均|各|每)$")
# Said of those who find work, a part of all that are helped.
HIRED = re.compile(r"用工|就业|务工|上岗|岗位")

# Units that are taken for each other; a number that keeps its digits and changes its unit is a slip.
CONFUSED = (
    frozenset("亩 平方米 公顷 立方米".split()),
    frozenset("公斤 斤 吨".split()),
    frozenset("箱 盒 瓶 袋 包 桶 提 板 枚 件 捆 个 只".split()),
    frozenset("人 人次 户 人·天".split()),
    frozenset("米 公里 延米".split()),
    frozenset("米 平方米 立方米".split()),
    frozenset("册 套 箱 包".split()),
    frozenset("株 亩 公斤".split()),
    frozenset("羽 箱 群 公斤".split()),
)
# What is measured rather than counted.
MEASURED = frozenset("米 平方米 立方米 亩 公顷".split())
# Units of these groups are one and the same to those who count.
SAME = (
    frozenset("个 只 件 枚".split()),
    frozenset("袋 包".split()),
    frozenset("人·天 天".split()),
)
