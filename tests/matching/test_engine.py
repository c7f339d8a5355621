"""The recommender, without a database."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest

from benchmarks.recommend import load_judged, load_projects
from matchplatform.matching import weights
from matchplatform.matching.engine import Recommender, nearness_of
from matchplatform.matching.matches import CautionKind, Match, PartName, Profile, ProjectText
from matchplatform.matching.weights import Grade, Nearness

READING = ProjectText(
    id=1,
    number="130722-001",
    title="乡村小学图书室",
    text="小学缺书，学生没有适龄的绘本可读，需要图书和书架，请老师带读书课。",
    sector="education",
    region_code="130722",
    city_code="130700",
    value_gap=Decimal(50000),
    items=("绘本", "书架"),
    smallest_claim=Decimal(2000),
)
MUSHROOM = ProjectText(
    id=2,
    number="130881-001",
    title="香菇菌棒与菇棚",
    text="农户种香菇，缺菌棒和遮阳棚，请食用菌技术员指导出菇。",
    sector="industry",
    region_code="130881",
    city_code="130800",
    value_gap=Decimal(300000),
    items=("香菇菌棒",),
    smallest_claim=Decimal(4000),
)
VOLUNTEERS = replace(
    READING,
    id=3,
    number="130722-002",
    title="教学点的音乐老师",
    text="教学点没有音乐课，请志愿者来支教，小学生想学唱歌。",
    items=("支教志愿者",),
    value_gap=None,
    smallest_claim=None,
)
THREE = (READING, MUSHROOM, VOLUNTEERS)
READER = Profile(text="为乡村小学建图书室，捐赠绘本和书架", sectors=frozenset({"education"}))


@pytest.fixture(scope="module")
def recommender() -> Recommender:
    return Recommender(load_projects())


def part(match: Match, name: PartName) -> Decimal:
    return next(part.points for part in match.parts if part.name is name)


def find(profile: Profile, project: ProjectText, among: tuple[ProjectText, ...] = THREE) -> Match:
    matches = Recommender(among).recommend(profile, len(among))
    return next(match for match in matches if match.project_id == project.id)


class TestParts:
    def test_they_add_up_to_the_score_exactly(self, recommender: Recommender) -> None:
        for judged in load_judged():
            for match in recommender.recommend(judged.profile, 313):
                assert sum(part.points for part in match.parts) == match.score
                assert all(0 <= part.points <= part.most for part in match.parts)
                assert 0 <= match.score <= 100
                assert match.score == match.score.quantize(Decimal("0.1"))

    def test_named_words_and_the_rest_add_up_to_the_words_part(
        self, recommender: Recommender
    ) -> None:
        for judged in load_judged():
            for match in recommender.recommend(judged.profile, 313):
                words = match.parts[0]
                assert words.name is PartName.WORDS
                assert sum(share.points for share in words.words) + words.rest == words.points
                assert words.rest >= 0
                assert all(share.points > 0 for share in words.words)
                assert len(words.words) <= weights.WORDS_NAMED

    def test_the_most_of_all_parts_is_a_hundred(self) -> None:
        assert sum(part.most for part in find(READER, READING).parts) == 100

    def test_a_word_inside_a_longer_shared_word_is_not_named_beside_it(self) -> None:
        named = [share.word for share in find(READER, READING).parts[0].words]
        assert "图书室" in named
        assert "图书" not in named

    def test_a_sector_of_the_organisation_gives_its_points(self) -> None:
        assert part(find(READER, READING), PartName.SECTOR) == weights.SECTOR
        assert part(find(READER, MUSHROOM), PartName.SECTOR) == 0


class TestOrder:
    def test_it_is_the_same_every_time_and_for_any_order_of_projects(self) -> None:
        projects, profile = load_projects(), load_judged()[0].profile
        once = Recommender(projects).recommend(profile, 313)
        again = Recommender(projects[::-1]).recommend(profile, 313)
        assert once == again

    def test_it_goes_by_score_and_then_by_number(self, recommender: Recommender) -> None:
        numbers = {project.id: project.number for project in load_projects()}
        for judged in load_judged():
            matches = recommender.recommend(judged.profile, 313)
            keys = [(-match.score, numbers[match.project_id]) for match in matches]
            assert keys == sorted(keys)

    def test_a_shorter_list_is_the_beginning_of_a_longer_one(
        self, recommender: Recommender
    ) -> None:
        profile = load_judged()[3].profile
        assert recommender.recommend(profile, 5) == recommender.recommend(profile, 50)[:5]

    def test_excluded_projects_are_left_out(self) -> None:
        matches = Recommender(THREE).recommend(READER, 10, frozenset({READING.id}))
        assert READING.id not in {match.project_id for match in matches}
        assert len(matches) == 2


class TestEmptyInput:
    def test_an_empty_profile_scores_nothing(self) -> None:
        matches = Recommender(THREE).recommend(Profile(text=""), 10)
        assert [match.score for match in matches] == [0, 0, 0]
        assert all(match.parts[0].words == () for match in matches)

    def test_a_profile_of_unknown_words_scores_nothing(self) -> None:
        matches = Recommender(THREE).recommend(Profile(text="xyzzy 潜水 帆船"), 10)
        assert {match.score for match in matches} == {Decimal(0)}

    def test_no_projects_give_no_matches(self) -> None:
        assert Recommender(()).recommend(READER, 10) == []

    def test_projects_without_a_single_word_are_still_listed(self) -> None:
        mute = replace(READING, title="甲", text="乙", items=())
        match = find(READER, mute, (mute,))
        assert match.score == weights.SECTOR

    def test_past_the_full_cosine_words_give_no_more(self) -> None:
        match = find(Profile(text=READING.title + READING.text), READING)
        assert part(match, PartName.WORDS) == weights.WORDS


class TestPlace:
    @pytest.mark.parametrize(
        ("home", "worked", "nearness"),
        [
            ("130722", {"130722"}, Nearness.OWN_COUNTY),
            ("130700", {"130722"}, Nearness.OWN_CITY),
            ("130705", set(), Nearness.OWN_CITY),
            ("110000", {"130722"}, Nearness.WORKED_COUNTY),
            ("110000", {"130705"}, Nearness.WORKED_CITY),
            ("110000", {"130881"}, Nearness.ANYWHERE),
            ("130000", set(), Nearness.ANYWHERE),
            ("100000", set(), Nearness.ANYWHERE),
            ("", set(), Nearness.ANYWHERE),
        ],
    )
    def test_it_tells_how_near_a_project_is(
        self, home: str, worked: set[str], nearness: Nearness
    ) -> None:
        profile = Profile(text="", home_region=home, worked_regions=frozenset(worked))
        assert nearness_of(profile, READING) is nearness

    def test_nearer_always_gives_more(self) -> None:
        points = [weights.PLACE_POINTS[nearness] for nearness in Nearness]
        assert points == sorted(set(points), reverse=True)
        assert points[0] == weights.PLACE
        assert points[-1] == 0


class TestCautions:
    def kinds(self, profile: Profile, project: ProjectText) -> list[CautionKind]:
        return [caution.kind for caution in find(profile, project).cautions]

    def test_it_warns_when_the_least_claim_is_over_the_budget(self) -> None:
        caution = find(replace(READER, annual_budget=Decimal(1000)), READING).cautions[0]
        assert caution.kind is CautionKind.OVER_BUDGET
        assert (caution.needs, caution.has) == (Decimal(2000), Decimal(1000))

    def test_it_says_when_only_a_part_can_be_paid(self) -> None:
        caution = find(replace(READER, annual_budget=Decimal(10000)), READING).cautions[0]
        assert caution.kind is CautionKind.GAP_OVER_BUDGET
        assert (caution.needs, caution.has) == (Decimal(50000), Decimal(10000))

    def test_open_promises_are_taken_off_the_budget(self) -> None:
        profile = replace(READER, annual_budget=Decimal(60000), open_promises=Decimal(20000))
        assert self.kinds(profile, READING) == [CautionKind.GAP_OVER_BUDGET]

    def test_promises_beyond_the_budget_are_not_hidden(self) -> None:
        profile = replace(READER, annual_budget=Decimal(10000), open_promises=Decimal(30000))
        assert find(profile, READING).cautions[0].has == Decimal(-20000)

    def test_exactly_the_budget_is_not_over_it(self) -> None:
        assert self.kinds(replace(READER, annual_budget=Decimal(50000)), READING) == []

    def test_what_has_no_price_is_never_over_the_budget(self) -> None:
        assert self.kinds(replace(READER, annual_budget=Decimal(1)), VOLUNTEERS) == []

    def test_an_unstated_budget_warns_of_nothing(self) -> None:
        assert self.kinds(READER, READING) == []

    def test_it_names_another_sector(self) -> None:
        assert CautionKind.OTHER_SECTOR in self.kinds(READER, MUSHROOM)

    def test_it_says_never_there_only_to_those_who_have_been_somewhere(self) -> None:
        been = replace(READER, worked_regions=frozenset({"130881"}))
        assert CautionKind.NEVER_THERE in self.kinds(been, READING)
        assert CautionKind.NEVER_THERE not in self.kinds(READER, READING)


class TestSimilar:
    def test_the_likest_comes_first_with_what_is_common(self) -> None:
        alike = Recommender(THREE).similar(READING.id, 5)
        assert [row.project_id for row in alike] == [VOLUNTEERS.id]
        assert alike[0].same_county
        assert alike[0].same_sector
        assert "小学" in alike[0].words

    def test_a_project_is_not_like_itself(self, recommender: Recommender) -> None:
        for project in load_projects()[:40]:
            alike = recommender.similar(project.id, 5)
            assert project.id not in {row.project_id for row in alike}
            assert len(alike) == 5

    def test_a_closed_project_has_similar_ones_too(self) -> None:
        closed = replace(READING, id=99, number="130722-099")
        assert Recommender(THREE).similar_to(closed, 1)[0].project_id == READING.id

    def test_an_unknown_id_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            Recommender(THREE).similar(99, 5)


class TestMoney:
    def test_new_gaps_need_no_fit_and_leave_the_old_model_alone(self) -> None:
        old = Recommender(THREE)
        money = {1: (Decimal(10), Decimal(5)), 2: (None, None), 3: (None, None)}
        poor = replace(READER, annual_budget=Decimal(10000))
        assert old.with_money(money).recommend(poor, 1)[0].cautions == ()
        assert old.recommend(poor, 1)[0].cautions[0].kind is CautionKind.GAP_OVER_BUDGET


class TestPrivacy:
    def test_no_private_field_has_a_place_in_what_goes_in(self) -> None:
        known = {field.name for field in fields(ProjectText)}
        assert not known & {"contact_name", "contact_phone", "author_ids", "state_reason", "place"}


class TestProfiles:
    def test_at_least_ten_of_twelve_have_a_right_project_among_the_first_three(
        self, recommender: Recommender
    ) -> None:
        numbers = {project.id: project.number for project in load_projects()}
        hits = [
            any(
                numbers[match.project_id] in judged.right
                for match in recommender.recommend(judged.profile, 3)
            )
            for judged in load_judged()
        ]
        assert len(hits) == 12
        assert sum(hits) >= 10

    def test_every_right_project_exists(self) -> None:
        numbers = {project.number for project in load_projects()}
        for judged in load_judged():
            assert judged.right
            assert judged.right <= numbers


class TestGrades:
    @pytest.mark.parametrize(
        ("score", "grade"),
        [
            ("100", Grade.VERY_GOOD),
            ("60", Grade.VERY_GOOD),
            ("59.9", Grade.GOOD),
            ("44.9", Grade.POSSIBLE),
            ("34.9", Grade.WEAK),
            ("0", Grade.WEAK),
        ],
    )
    def test_a_score_has_a_word(self, score: str, grade: Grade) -> None:
        assert weights.grade_of(Decimal(score)) is grade
