"""Names are kept as typed; keys, kana and staff numbers are folded."""

import unicodedata

import pytest

from agano_dx.lib.japanese import (
    Reading,
    is_mangled,
    name_key,
    read_kana,
    read_name,
    read_staff_number,
)
from agano_dx.lib.japanese.names import _FOLDED

COMPATIBILITY = [chr(code) for code in range(0xF900, 0xFADA)]
IVS = [chr(code) for code in (0xE0100, 0xE0101, 0xE01EF, 0xFE00, 0xFE0F)]


def test_the_ideographs_that_normalising_would_replace_are_460():
    changed = [char for char in COMPATIBILITY if unicodedata.normalize("NFC", char) != char]

    assert len(changed) == 460


@pytest.mark.parametrize("char", COMPATIBILITY, ids=lambda char: f"U+{ord(char):04X}")
def test_a_compatibility_ideograph_is_kept_code_point_for_code_point(char):
    assert read_name(f"{char}田　{char}子") == Reading(f"{char}田　{char}子")


@pytest.mark.parametrize("selector", IVS, ids=lambda char: f"U+{ord(char):04X}")
@pytest.mark.parametrize("char", ["辻", "\u845b", "\ufa19"])
def test_an_ideographic_variation_is_kept_code_point_for_code_point(char, selector):
    assert read_name(f"{char}{selector}　誠") == Reading(f"{char}{selector}　誠")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("佐藤\u00a0次郎", "佐藤　次郎"),
        ("佐藤\t\r\n次郎", "佐藤　次郎"),
        ("佐藤\u2003\u3000 次郎\u3000", "佐藤　次郎"),
        ("佐藤\x00\x07次郎", "佐藤次郎"),
        ("佐藤\u200b　次郎\ufeff", "佐藤　次郎"),
        ("佐藤　ｼﾞﾛｳ", "佐藤　ジロウ"),
        ("ｼﾞｮﾝ･ｽﾐｽ", "ジョン・スミス"),
        ("佐藤　し\u3099ろう", "佐藤　じろう"),
        ("ハ\u309aウロ", "パウロ"),
        ("Ｊｏｈｎ　①②", "Ｊｏｈｎ　①②"),
        ("<b>&'\"", "<b>&'\""),
        ("=1+1", "=1+1"),
    ],
)
def test_only_spaces_invisible_signs_and_broken_kana_change(typed, kept):
    assert read_name(typed) == Reading(kept)


def test_latin_letters_with_their_accents_stay_in_two_code_points():
    assert read_name("Jose\u0301").value == "Jose\u0301"


@pytest.mark.parametrize(
    ("char", "point"),
    [
        ("\ue000", "U+E000"),
        ("\uf8ff", "U+F8FF"),
        ("\U000f0000", "U+F0000"),
        ("\U0010fffd", "U+10FFFD"),
    ],
)
def test_a_private_character_is_kept_with_a_warning_naming_it(char, point):
    reading = read_name(f"{char}田　太郎")

    assert reading.value == f"{char}田　太郎"
    assert point in reading.warning
    assert reading.warning.endswith("。")


@pytest.mark.parametrize("raw", [None, "", "　", "－"])
def test_an_empty_name_is_a_blank(raw):
    assert read_name(raw).is_blank


@pytest.mark.parametrize("raw", [12345, 1.5, True, "佐\ud800藤"])
def test_what_is_no_name_is_refused(raw):
    assert read_name(raw).error.endswith("。")


def test_a_name_of_a_hundred_characters_is_taken_and_one_more_is_refused():
    assert read_name("佐" * 100).value == "佐" * 100
    assert "100文字" in read_name("佐" * 101).error


@pytest.mark.parametrize("name", ["?田太郎", "？田", "〓田", "■田", "\ufffd田"])
def test_a_name_that_lost_a_letter_is_known(name):
    assert is_mangled(name)


def test_a_whole_name_is_not_called_mangled():
    assert not is_mangled("\U00020bb7田　太郎")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("渡邊 一", "渡辺一"),
        ("渡邉　一", "渡辺一"),
        ("齋藤", "斉藤"),
        ("齊藤", "斉藤"),
        ("斎藤", "斉藤"),
        ("濵田", "浜田"),
        ("濱田", "浜田"),
        ("廣澤　龍", "広沢竜"),
        ("櫻井　惠", "桜井恵"),
        ("國嶋　榮", "国島栄"),
        ("\ufa10本", "\u585a本"),
        ("\ufa19\U000e0100田", "神田"),
        ("JOHN Smith", "johnsmith"),
        ("ｱｶﾞﾉ", "アガノ"),
    ],
)
def test_variants_of_a_name_share_one_key(name, key):
    assert name_key(name) == key


def test_folding_a_key_again_changes_nothing():
    for folded in _FOLDED.values():
        assert name_key(folded) == folded


@pytest.mark.parametrize(
    ("typed", "kana"),
    [
        ("アガノ　タロウ", "アガノ タロウ"),
        (" ｱｶﾞﾉ　 ﾀﾛｳ ", "アガノ タロウ"),
        ("か\u3099の", "ガノ"),
        ("カ゛ノ", "ガノ"),
        ("ジョン・スミス", "ジョン・スミス"),
        ("サトー", "サトー"),
        ("うﾞ", "ヴ"),
        ("みすゞ", "ミスヾ"),
    ],
)
def test_kana_become_full_width_katakana(typed, kana):
    assert read_kana(typed) == Reading(kana)


@pytest.mark.parametrize("typed", ["阿賀野 タロウ", "Agano", "アガノ1", "サト-"])
def test_kana_with_other_characters_are_read_with_a_warning(typed):
    reading = read_kana(typed)

    assert reading.value == typed
    assert reading.warning.endswith("。")


@pytest.mark.parametrize("raw", [None, "", "－"])
def test_empty_kana_are_a_blank(raw):
    assert read_kana(raw).is_blank


@pytest.mark.parametrize("raw", [1, True, "ア" * 101])
def test_what_is_no_kana_is_refused(raw):
    assert read_kana(raw).error.endswith("。")


@pytest.mark.parametrize(
    ("raw", "number_format", "number"),
    [
        (12, "000000", "000012"),
        (0, "0000", "0000"),
        (12.0, "00000", "00012"),
        (123456, "00000", "123456"),
        (12, "General", "12"),
        (12, "0.00", "12"),
        ("00123", "General", "00123"),
        (" Ａ－１２ ", "@", "A-12"),
        ("A‐12", "@", "A-12"),
        ("１２ ３４", "General", "1234"),
        ("1" * 20, "General", "1" * 20),
    ],
)
def test_a_staff_number_is_text_with_its_zeros(raw, number_format, number):
    assert read_staff_number(raw, number_format) == Reading(number)


@pytest.mark.parametrize(
    "raw",
    [123456789012, 123456789012.0, "123456789012", "1234-5678-9012", "１２３４ ５６７８ ９０１２"],
)
def test_a_my_number_is_refused_and_not_repeated(raw):
    reading = read_staff_number(raw)

    assert reading.value is None
    assert "マイナンバー" in reading.error
    assert "1234" not in reading.error


def test_a_number_padded_to_twelve_digits_is_refused():
    assert "マイナンバー" in read_staff_number(12345678901, "000000000000").error


@pytest.mark.parametrize(
    "raw",
    [True, -1, 1.5, float("nan"), "12.5", "職員1", "12_3", "=1", "-1", "1" * 21, "1" * 13 + "é"],
)
def test_what_is_no_staff_number_is_refused(raw):
    assert read_staff_number(raw).error.endswith("入力してください。")


@pytest.mark.parametrize("raw", [None, "", " ", "－", "なし"])
def test_an_empty_staff_number_is_a_blank(raw):
    assert read_staff_number(raw).is_blank
