"""Numbers that belong to a person or an account."""

import pytest

from matchplatform.quality.needs import RuleName, Severity
from matchplatform.quality.privacy import has_id_check, has_luhn
from tests.quality.making import found, need, said, stopped


class TestIdNumbers:
    @pytest.mark.parametrize(
        "words",
        [
            "户主130827194203120012。",
            "户主１３０８２７１９４２０３１２００１２。",
            "户主130827 19420312 0012。",
            "户主130827-19420312-0012。",
            "户主130827420312001。",
            "身份证号：13082719420312001x。",
            "残疾证号13082719420312001x42。",
            "户主一三〇八二七一九四二〇三一二〇〇一二。",
        ],
    )
    def test_it_stops_an_identity_number_however_it_is_typed(self, words: str) -> None:
        assert RuleName.ID_NUMBER in stopped(said(words))

    def test_it_shows_no_more_than_five_digits(self) -> None:
        excerpt = found(said("130827194203120012"))[RuleName.ID_NUMBER].excerpt
        assert excerpt == "130*************12"

    def test_it_only_asks_about_the_number_of_a_thing(self) -> None:
        finding = found(said("设备编号130827194203120013。"))[RuleName.ID_NUMBER]
        assert finding.severity is Severity.WARNING

    def test_it_looks_into_notes_and_contacts(self) -> None:
        assert RuleName.ID_NUMBER in stopped(need(contact_name="王某 130827194203120012"))

    def test_it_knows_the_check_digit(self) -> None:
        assert has_id_check("11010519491231002x")
        assert not has_id_check("110105194912310021")


class TestPhones:
    @pytest.mark.parametrize(
        "words",
        [
            "找13831234567。",
            "找138-3123-4567。",
            "打0312-4567890。",
            "打(0312)4567890。",
            "打一三八三一二三四五六七。",
        ],
    )
    def test_it_stops_a_telephone_in_a_public_text(self, words: str) -> None:
        assert RuleName.PHONE in stopped(said(words))

    def test_it_lets_the_contact_field_hold_one(self) -> None:
        assert not stopped(need(contact_phone="13831234567"))

    @pytest.mark.parametrize("words", ["打12345或120。", "编号130626-017。", "客服400-810-1234。"])
    def test_it_leaves_hotlines_and_numbers_of_things_alone(self, words: str) -> None:
        assert RuleName.PHONE not in found(said(words))


class TestBankCards:
    @pytest.mark.parametrize(
        "words",
        ["打到6222020402001234564。", "6228 4800 1234 5678 911", "账号50123456789012345。"],
    )
    def test_it_stops_an_account(self, words: str) -> None:
        assert RuleName.BANK_CARD in stopped(said(words))

    def test_it_knows_the_check_digit(self) -> None:
        assert has_luhn("4111111111111111")
        assert not has_luhn("4111111111111112")


class TestOutsideContact:
    @pytest.mark.parametrize(
        "words", ["加微信laowang_2020。", "QQ：123456789。", "收款码在村口。", "订货a_b@163.com。"]
    )
    def test_it_stops_ways_around_the_platform(self, words: str) -> None:
        assert RuleName.OUTSIDE_CONTACT in stopped(said(words))

    @pytest.mark.parametrize("words", ["微信群里通知，扫码签到。", "文件见www.hebei.gov.cn。"])
    def test_it_leaves_everyday_words_alone(self, words: str) -> None:
        assert RuleName.OUTSIDE_CONTACT not in found(said(words))
