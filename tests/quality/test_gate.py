"""The whole gate: the labelled set, and good needs that sound odd."""

import pytest

from benchmarks.quality_gate import (
    LEAST_RECALL,
    MOST_ALARMS,
    World,
    judge,
    load_labelled,
    load_seeds,
)
from matchplatform.quality.gate import RULES, check_need
from matchplatform.quality.likeness import LikenessIndex, OtherNeed
from matchplatform.quality.needs import RULE_WORDS, Likeness, RuleName, Surroundings
from tests.quality.making import PLAIN, found, need, stopped

ODD_BUT_GOOD = """
马儿奔驰在草原上，游客多了，路却没有，六十户牧民出门难，雨天要绕十八里。想修三百米护栏，每米160元。
这让人联想到三十年前的旱灾，村里人苦了一辈子，荣耀一辈子的劳模也走不动了，想装三百米护栏。
长城脚下的东风乡、解放路小学、红旗大队和时代广场旁边的三个村，家家有小米、苹果和公牛，想修护栏三百米。
第一批菌棒已到，分两批装完；一批老人还住在山上，若干年前修的护栏断了，想换三百米，每米160元。
血糖测试仪和体能测试都由县里做，村医用微信群通知，微信公众号里公布名单，扫码签到，护栏三百米自己装。
有事可打12345热线或者120急救，咨询以县民政局公布的为准，项目编号130626-017，标准为GB/T 2260，护栏三百米。
村里不要豪华，不盖别墅，只求把三百米护栏装好，孩子上学走得踏实，老人赶集走得稳当。
得力的干部带着大家干，方正的院子、美的享受都是后话，先装三百米护栏，免得人掉下去。
村民李某某因病致残，王大娘眼睛看不清，老郭腿脚不便，三户都靠护栏扶着走，想装三百米。
省里文件见 www.hebei.gov.cn ，按文件要求，护栏高一米二，共三百米，每米160元。
县扶贫办统计的设备编号130828200305124411是护栏的旧编号，换新的三百米，每米160元，旧的回收。
路长1.8公里，宽4米，弯道十二处，每处装25米护栏，共300米，每米160元，立柱基础村民自己挖。
乡里总投资120万元修了路，县交通局出的钱，剩下三百米护栏没有着落，每米160元，想请社会组织帮一把。
前年花了八千元修过一次，没管用；去年塌方损失六万多元；今年三百米护栏要四万八千元。
参照市面一般规格，品牌不限，三百米护栏，镀锌钢管，高一米二，每米160元含安装，质保三年。
张家口市蔚县的张家窑、李家碾、侯家庙三个自然村残疾人多，高血压患者六十人，护栏三百米可以扶着走。
驻村第一书记赵永强带头包联低保户，村医刘桂芬每周给高血压患者量血压，护栏三百米由他们盯着装。
全村低保户二十三户，特困供养老人六位，孤儿一名，常年吃药的慢病患者四十一人，出门全靠护栏。
2019年人均可支配收入9800元，村集体收入5万元，贫困发生率降到百分之一，缺三百米护栏。
木匠陈志远今年二十八岁，收了两个徒弟。他每周来村里一趟，给卧床老人修床修门，护栏三百米也由他装。
校长赵国华五十岁了，家在县城。他说留守儿童最缺的是有人陪，路边护栏三百米装好就敢放学生走。
护理员孙玉兰一个人管着两个村。她上门给失能老人翻身擦洗，路滑摔过两回，想装三百米护栏。
胜利村的英雄纪念碑在东风街口，旁边凤凰山、永久桥、解放渠，村里照顾的孤儿也走这条路，装护栏三百米。
护栏用Q235钢管，立柱DN100，混凝土C25，按GB8076掺外加剂，弯头PN16，三百米，每米160元。
地里天能好的日子不多，一天能装二十米，机器日产四吨，护栏三百米两周装完，每米160元。
村里照顾地边的两三户人家，护栏装到半山腰，一共三百米，只认证件齐全的厂家，每米160元。
别的村搞形象工程，我们不搞，护栏三百米用旧轨道改，能省一半，工钱和料一共四万八千元。
"""


class TestTheLabelledSet:
    def test_it_stops_enough_and_not_too_much(self) -> None:
        good, spoiled = load_labelled("quality_good.json"), load_labelled("quality_spoiled.json")
        world = World(load_seeds())
        ids = {entry.id: place for place, entry in enumerate(good, 1)}
        known = [OtherNeed(ids[entry.id], entry.need) for entry in good]
        known += [OtherNeed(1000 + at, one) for at, one in enumerate(load_seeds())]
        findings = judge(good + spoiled, world, LikenessIndex(known), ids)
        must = [entry for entry in spoiled if entry.must_stop]
        caught = sum(any(one.stops for one in findings[entry.id]) for entry in must)
        alarms = sum(any(one.stops for one in findings[entry.id]) for entry in good)
        assert len(good) >= 200
        assert len(spoiled) >= 200
        assert caught / len(must) >= LEAST_RECALL
        assert alarms / len(good) <= MOST_ALARMS

    def test_every_rule_has_spoiled_needs(self) -> None:
        named = {rule for entry in load_labelled("quality_spoiled.json") for rule in entry.rules}
        assert named == {rule.value for rule in RuleName}

    def test_it_lets_the_seeds_through(self) -> None:
        seeds = load_seeds()
        world = World(seeds)
        alarms = [
            one.name for one in seeds if any(f.stops for f in check_need(one, world.around(one)))
        ]
        assert len(alarms) / len(seeds) <= MOST_ALARMS


class TestOddButGood:
    @pytest.mark.parametrize("text", ODD_BUT_GOOD.split("\n")[1:-1])
    def test_it_stops_none(self, text: str) -> None:
        assert not stopped(need(scope_text=text))


class TestFindings:
    def test_a_plain_need_has_none(self) -> None:
        assert check_need(PLAIN) == []

    def test_blockers_come_first(self) -> None:
        findings = check_need(need(scope_text="求求大家！！！找13831234567。", name="护栏"))
        stops = [finding.stops for finding in findings]
        assert stops == sorted(stops, reverse=True)
        assert stops[0]
        assert not stops[-1]

    def test_every_rule_has_a_name_and_every_finding_words(self) -> None:
        assert set(RULE_WORDS) == set(RuleName)
        assert len(RULES) == len(set(RULES))
        for finding in check_need(need(scope_text="测试", outcome_target="")):
            assert str(finding.name)
            assert str(finding.words)
            assert str(finding.advice)

    def test_it_stops_the_same_open_need_and_asks_about_a_like_one(self) -> None:
        same = Likeness(7, 0.95, ("护栏",), same_place=True, same_lines=True)
        like = Likeness(8, 0.6, ("护栏",), same_place=True)
        assert stopped(PLAIN, Surroundings(duplicates=(same,))) == {RuleName.LIKENESS}
        finding = found(PLAIN, Surroundings(duplicates=(like,)))[RuleName.LIKENESS]
        assert (finding.stops, finding.other_id) == (False, 8)

    def test_a_closed_need_never_stops_the_next(self) -> None:
        closed = Likeness(7, 1.0, ("护栏",), same_place=True, same_lines=True, is_open=False)
        assert not stopped(PLAIN, Surroundings(duplicates=(closed,)))
