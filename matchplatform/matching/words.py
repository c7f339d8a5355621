"""Cut Chinese text into the words that tell one project from another."""

from functools import cache

from rjieba import Jieba

from matchplatform.config.paths import SEEDS
from matchplatform.kernel.text import fold

# Words of grammar, and words of administration and fundraising that stand in every text.
_STOPPED = """
不是 不能 不再 不用 不少 不许 不到 不会 不要 三年 今年 去年 头年 全年 前年 往年 明年 已经 正在 可以 可能
应该 需要 需求 希望 想要 打算 计划 准备 愿意 没有 还有 还是 只有 只是 就是 都是 也是 因为 所以 如果 但是
而且 或者 以及 由于 为了 关于 对于 根据 按照 通过 进行 开展 提供 实施 组织 协助 支持 帮助 帮扶 使用 起来
扶贫 脱贫 攻坚 脱贫攻坚 精准扶贫 贫困 贫困户 脱贫户 建档 立卡 建档立卡 项目 活动 工作 服务 资金 资助
捐赠 捐助 公益 慈善 基金 基金会 协会 学会 商会 中心 单位 机构 社会 社会组织 会员 业务 范围 宗旨 人员
建设 发展 促进 推动 推广 提高 加强 改善 相关 有关 其他 其它 主要 基本 各类 各种 各项 方面 情况 问题 东西
他们 我们 你们 自己 大家 别人 人家 这个 那个 这些 那些 这样 那样 这里 那里 什么 怎么 怎样 多少 农户 按时
有人 有个 谁家 人人 任何 个人 一家人 当地人 地方 哪里 山里 外县 外地 乡镇 门口 旁边 身边 周边 手里 手头 身上 屋里
五年 半年 当天 次日 白天 夜里 夜间 夏天 冬天 冬季 季节 旺季 日子 过日子 长期 长年 一辈子 小时 半小时 分钟 四十分钟 钟头
搬出 出来 出去 下来 下去 上来 过来 回来 回去 放在 走过 分给 送到 收到 留出 等到 等于 不动 不成 不出 不开 不下 不了
不好 不便 还要 必须 真正 至少 最好 最后 最怕 最远 第一 第二 三个 四个 二人 五户 三户 部分 部门 集体 统一 大多 因此 正好
有没有 办法 样子 条件 结果 特殊 普通 困难 解决 处理 建立 坚持 参加 参与 举办 知道 明白 花钱 干净 标准 等级
时候 以后 以前 以上 以下 以来 之后 之前 之间 其中 里面 外面 上面 下面 现在 眼下 如今 左右 大约 城里
万元 公斤 公里 平方米 平方 单价 合计 总计 总共 预算 造价 费用 人天 工日
北京 天津 河北 北京市 天津市 河北省 京津冀 全县 全镇 全乡 全村 本县 本村 本地 当地 县里 镇里 乡里 村里
"""
STOP_WORDS = frozenset(_STOPPED.split())

_NUMERALS = frozenset("0123456789.%零〇一二三四五六七八九十百千万亿两半多来几")


@cache
def _cutter() -> Jieba:
    cutter = Jieba()
    with (SEEDS / "words" / "domain_terms.txt").open(encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                cutter.add_word(line.split("\t")[0].strip(), None, "n")
    return cutter


def words_of(text: str) -> list[str]:
    """Return the words of a text, long words with the shorter words inside them.

    Single characters, numbers, measures (一根, 四十位) and stop words are left out.
    """
    return [
        word
        for word in _cutter().cut_for_search(fold(text))
        if len(word) > 1 and word not in STOP_WORDS and not _counts(word)
    ]


def _counts(word: str) -> bool:
    if len(word) == 2 and word[0] in "一两几每十百千万":
        return True
    number = word[:-1] if len(word) > 2 else word
    return all(letter in _NUMERALS for letter in number)
