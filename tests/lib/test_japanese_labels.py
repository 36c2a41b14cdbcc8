"""Labels, marks, grades and the words of a cell."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from agano_dx.lib.japanese import (
    Reading,
    Title,
    has_concurrent_mark,
    is_ditto,
    is_note,
    is_total,
    kanji_number,
    label_key,
    read_grade,
    says_concurrent,
    says_concurrent_ended,
    signed,
    split_title,
    text_of,
    without_concurrent_mark,
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("職 員　番号", "職員番号"),
        ("職員ＣＤ", "職員cd"),
        ("氏名（ｶﾅ）", "氏名(カナ)"),
        ("ﾌﾘｶﾞﾅ", "フリガナ"),
        ("Ｅ‐ｍａｉｌ", "e-mail"),
        ("Eーmail", "e-mail"),
        ("E−mail", "e-mail"),
        ("メールアドレス", "メールアドレス"),
        ("らーめん係", "らーめん係"),
        ("採用\n年月日", "採用年月日"),
        ("\ufeff№", "no"),
        ("企画\U000e0100課", "企画課"),
    ],
)
def test_spellings_of_a_label_share_one_key(text, key):
    assert label_key(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "合　計",
        "計 28名",
        "計",
        "小計",
        "総計",
        "総合計",
        "累計",
        "合計：28名",
        "合計(28名)",
        "総務課　計",
        "Total",
    ],
)
def test_a_total_is_known(text):
    assert is_total(text)


@pytest.mark.parametrize(
    "text",
    [
        "会計課",
        "計画課",
        "会計年度",
        "会計",
        "統計",
        "会計年度任用職員",
        "計　一郎",
        "合計表係",
        "",
        "総務部",
    ],
)
def test_a_word_with_the_letter_of_totals_is_no_total(text):
    assert not is_total(text)


@pytest.mark.parametrize(
    "text", ["※育休中", " ※ 育休中", "注１", "（注）再任用", "(注 1)", "＊兼務"]
)
def test_a_remark_is_known(text):
    assert is_note(text)


@pytest.mark.parametrize("text", ["", "総務課※", "注連野　太郎", "佐藤"])
def test_what_is_no_remark_is_not_called_one(text):
    assert not is_note(text)


@pytest.mark.parametrize("text", ["〃", " 〃 ", "〃　〃", "同上", "同　上", "々", "″", "”", "仝"])
def test_a_ditto_is_known(text):
    assert is_ditto(text)


@pytest.mark.parametrize("text", ["", "　", "佐々木", "同上課", "上"])
def test_what_is_no_ditto_is_not_called_one(text):
    assert not is_ditto(text)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("（兼）税務課", "税務課"),
        ("(兼務) 税務課", "税務課"),
        ("（兼）：税務課", "税務課"),
        ("税務課（兼）", "税務課"),
        ("税務課 （併任） ", "税務課"),
        ("（兼）髙橋　一郎", "髙橋　一郎"),
    ],
)
def test_a_unit_or_name_marked_as_a_second_posts_is_known(text, rest):
    assert has_concurrent_mark(text)
    assert without_concurrent_mark(text) == rest


@pytest.mark.parametrize("text", ["", "税務課", "総務課（兼）係", "兼六園", "税務課（兼務あり）"])
def test_other_names_bear_no_such_mark(text):
    assert not has_concurrent_mark(text)
    assert without_concurrent_mark(text) == text


@pytest.mark.parametrize(
    "text", ["兼務", "（兼）", "兼", "兼務発令", "兼 務", "併任", "兼務を命ずる"]
)
def test_a_remark_that_is_about_a_second_post_is_known(text):
    assert says_concurrent(text)


@pytest.mark.parametrize("text", ["", "兼務：総務課", "総務課兼務", "兼務解除", "兼業許可"])
def test_other_remarks_are_not(text):
    assert not says_concurrent(text)


@pytest.mark.parametrize("text", ["兼務解除", "兼務を免ずる", "併任解除", "兼務の終了"])
def test_a_remark_that_a_second_post_ends_is_known(text):
    assert says_concurrent_ended(text)


@pytest.mark.parametrize("text", ["", "兼務", "解除", "免職"])
def test_no_other_remark_ends_a_second_post(text):
    assert not says_concurrent_ended(text)


@pytest.mark.parametrize(
    ("text", "primary", "second"),
    [
        ("部長（総務課長）", "部長", "総務課長"),
        ("総務部長（総務課長）", "総務部長", "総務課長"),
        ("総務部長(総務課長)", "総務部長", "総務課長"),
        ("総務部長 （ 総務課長 ）", "総務部長", "総務課長"),
        ("総務部長（総務課長", "総務部長", "総務課長"),
        ("部長（総務課長事務取扱）", "部長", "総務課長"),
        ("部長（兼総務課長）", "部長", "総務課長"),
        ("部長（兼）総務課長", "部長", "総務課長"),
        ("（兼）総務課長", "", "総務課長"),
        ("総務課長（兼）", "", "総務課長"),
        ("総務課長", "総務課長", ""),
        ("主任(上級)主事", "主任(上級)主事", ""),
        ("（兼）", "", ""),
        ("兼務", "", ""),
        ("総務部長兼総務課長", "総務部長", "総務課長"),
        ("部長　兼　総務課長", "部長", "総務課長"),
        ("兼　総務課長", "", "総務課長"),
        ("兼務 総務課長", "", "総務課長"),
        ("総務課長兼務", "", "総務課長"),
        ("書記併任", "", "書記"),
        ("", "", ""),
    ],
)
def test_a_title_gives_its_second_post(text, primary, second):
    assert split_title(text) == Title(primary, second)


@pytest.mark.parametrize(
    ("raw", "grade"),
    [
        ("Ⅲ級", 3),
        ("ⅲ級", 3),
        ("III", 3),
        ("三級", 3),
        ("10級", 10),
        (3, 3),
        (3.0, 3),
        ("3級25号給", 3),
    ],
)
def test_a_grade_is_a_number(raw, grade):
    assert read_grade(raw) == Reading(grade)


@pytest.mark.parametrize(
    "raw", ["0級", "11級", "IIII", "3-25", "三の級", True, 3.5, date(2025, 3, 25)]
)
def test_what_is_no_grade_is_refused(raw):
    assert read_grade(raw).error.endswith("。")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("六十", 60),
        ("六〇", 60),
        ("十", 10),
        ("二十五", 25),
        ("一九八五", 1985),
        ("千九百八十五", 1985),
        ("二千", 2000),
        ("十百", None),
        ("六十〇", 60),
        ("", None),
        ("山", None),
    ],
)
def test_kanji_numerals_are_numbers(text, number):
    assert kanji_number(text) == number


@pytest.mark.parametrize(
    ("change", "words"), [(3, "＋3"), (-2, "－2"), (0, "±0"), (Decimal("-0.5"), "－0.5")]
)
def test_the_sign_of_a_difference_is_always_written(change, words):
    assert signed(change) == words


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (None, ""),
        ("　佐藤 ", "　佐藤 "),
        (12, "12"),
        (12.0, "12"),
        (12.5, "12.5"),
        (True, "TRUE"),
        (date(2025, 4, 1), "2025-04-01"),
        (datetime.fromisoformat("2025-04-01"), "2025-04-01"),
        (datetime.fromisoformat("2025-04-01T17:08"), "2025-04-01 17:08"),
    ],
)
def test_a_cell_is_quoted_as_a_person_sees_it(raw, text):
    assert text_of(raw) == text
