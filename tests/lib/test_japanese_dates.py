"""The 38 rows of cells.md in one table, then what else is known about dates."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agano_dx.lib.fiscal import era_date, era_date_short
from agano_dx.lib.japanese import (
    Reading,
    find_date,
    is_total,
    name_key,
    read_date,
    read_grade,
    read_kana,
    read_name,
    read_staff_number,
    text_of,
)

IVS = "\U000e0100"

# row, reader, what is handed to it, value, words of the warning, words of the error
CELLS = [
    (1, read_date, ["R7.4.1"], date(2025, 4, 1), "", ""),
    (2, read_date, ["Ｒ７．４．１"], date(2025, 4, 1), "", ""),
    (3, read_date, ["R07/04/01"], date(2025, 4, 1), "", ""),
    (4, read_date, ["令7.4.1"], date(2025, 4, 1), "", ""),
    (5, read_date, ["令和７年４月１日"], date(2025, 4, 1), "", ""),
    (6, read_date, ["令和　元年　５月　１日"], date(2019, 5, 1), "", ""),
    (7, read_date, ["\u32ff7年4月1日"], date(2025, 4, 1), "", ""),
    (8, read_date, ["昭和六十年四月一日"], date(1985, 4, 1), "", ""),
    (9, read_date, ["昭和六〇年四月一日"], date(1985, 4, 1), "", ""),
    (10, read_date, ["S60.4.1"], date(1985, 4, 1), "", ""),
    (11, read_date, ["H31.5.1"], date(2019, 5, 1), "令和元年5月1日", ""),
    (12, read_date, ["R1.4.1"], date(2019, 4, 1), "平成31年4月1日", ""),
    (13, read_date, ["平成元年1月7日"], date(1989, 1, 7), "昭和64年1月7日", ""),
    (14, read_date, ["H35.4.1"], date(2023, 4, 1), "令和5年4月1日", ""),
    (15, read_date, [45748, "General"], date(2025, 4, 1), "通し番号", ""),
    (16, read_date, ["45748"], date(2025, 4, 1), "通し番号", ""),
    (17, read_date, [20250401], date(2025, 4, 1), "", ""),
    (18, read_date, ["4070401"], date(1995, 4, 1), "元号コード", ""),
    (19, read_date, ["令和7年4月1日付け採用"], date(2025, 4, 1), "", ""),
    (20, read_date, ["R7.2.29"], None, "", "暦にない日付"),
    (21, read_date, ["7.4.1"], None, "", "元号"),
    (22, read_date, ["S60.4"], None, "", "日がありません"),
    (23, read_date, ["25/4/1"], None, "", "和暦か西暦"),
    (24, read_date, ["－"], None, "", ""),
    ("24b", read_date, ["未定"], None, "", ""),
    (25, read_staff_number, [12, "00000"], "00012", "", ""),
    (26, read_staff_number, ["００１２３"], "00123", "", ""),
    (27, read_staff_number, [123456.0], "123456", "", ""),
    (28, read_name, ["髙橋　一郎"], "髙橋　一郎", "", ""),
    (29, read_name, ["山\ufa11 花子"], "山\ufa11　花子", "", ""),
    (30, read_name, ["\ufa19谷　\ufa1a子"], "\ufa19谷　\ufa1a子", "", ""),
    (31, read_name, ["\U00020bb7田\u00a0太郎"], "\U00020bb7田　太郎", "", ""),
    (32, read_name, [f"辻{IVS}　誠"], f"辻{IVS}　誠", "", ""),
    (33, read_name, ["  佐藤 　次郎\n"], "佐藤　次郎", "", ""),
    (34, read_kana, ["ｱｶﾞﾉ ﾀﾛｳ"], "アガノ タロウ", "", ""),
    (35, read_kana, ["あがの　たろう"], "アガノ タロウ", "", ""),
    (36, read_kana, ["アカ\u3099ノ タロウ"], "ア\u30acノ タロウ", "", ""),
    (37, read_grade, ["Ⅲ級"], 3, "", ""),
    ("37b", read_grade, ["３級"], 3, "", ""),
]


@pytest.mark.parametrize(
    ("reader", "arguments", "value", "warning", "error"),
    [row[1:] for row in CELLS],
    ids=[f"row-{row[0]}" for row in CELLS],
)
def test_a_cell_reads_as_the_design_says(reader, arguments, value, warning, error):
    reading = reader(*arguments)

    assert reading.value == value
    assert type(reading.value) is type(value)
    assert warning in reading.warning
    assert bool(reading.warning) == bool(warning)
    assert error in reading.error
    assert bool(reading.error) == bool(error)
    assert reading.is_blank == (value is None and not error)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        pytest.param("髙橋　一郎", "高橋一郎", id="row-28"),
        pytest.param("山\ufa11　花子", "山崎花子", id="row-29"),
        pytest.param("\ufa19谷　\ufa1a子", "神谷祥子", id="row-30"),
        pytest.param("\U00020bb7田　太郎", "吉田太郎", id="row-31"),
        pytest.param(f"辻{IVS}　誠", "辻誠", id="row-32"),
    ],
)
def test_a_name_is_searched_by_its_folded_form(name, key):
    assert name_key(name) == key


@pytest.mark.parametrize("text", ["合　計", "計 28名"], ids=["row-38", "row-38b"])
def test_a_row_of_totals_is_known_by_its_first_word(text):
    assert is_total(text)


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        (datetime.fromisoformat("2026-03-31T17:08"), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 4, 1)),
        ("2026-03-31", date(2026, 3, 31)),
        ("2026-03-31T00:00:00", date(2026, 3, 31)),
        ("2025/4/1", date(2025, 4, 1)),
        ("2025年4月1日", date(2025, 4, 1)),
        ("２０２５年４月１日", date(2025, 4, 1)),
        ("二〇二五年十二月三十一日", date(2025, 12, 31)),
        ("2025/12/01 17:08", date(2025, 12, 1)),
        ("2025/12/1 17:08", date(2025, 12, 1)),
        ("2025/12/1  17:08", date(2025, 12, 1)),
        ("2025/12/1 7:08:30", date(2025, 12, 1)),
        ("2025年12月1日 17:08", date(2025, 12, 1)),
        ("20250401", date(2025, 4, 1)),
        (20250401.0, date(2025, 4, 1)),
        ("R070401", date(2025, 4, 1)),
        ("r7.4.1", date(2025, 4, 1)),
        ("R.7.4.1", date(2025, 4, 1)),
        ("R7－4－1", date(2025, 4, 1)),
        ("R元.5.1", date(2019, 5, 1)),
        ("\u337b2年4月1日", date(1990, 4, 1)),
        ("\u337c60年4月1日", date(1985, 4, 1)),
        ("\u337d10年4月1日", date(1921, 4, 1)),
        ("昭和六○年四月一日", date(1985, 4, 1)),
        ("平2.4.1", date(1990, 4, 1)),
        ("昭60.4.1", date(1985, 4, 1)),
        ("大10.4.1", date(1921, 4, 1)),
        ("明40.4.1", date(1907, 4, 1)),
        ("M40.4.1", date(1907, 4, 1)),
        ("T10.4.1", date(1921, 4, 1)),
        ("H2.4.1", date(1990, 4, 1)),
        ("R7.4.1付", date(2025, 4, 1)),
        ("R7.4.1採用", date(2025, 4, 1)),
        ("令和7年4月1日現在", date(2025, 4, 1)),
        ("令和7年4月1日(火)", date(2025, 4, 1)),
        ("R7.4.1（新規採用）", date(2025, 4, 1)),
        ("昭和60年4月1日生まれ", date(1985, 4, 1)),
        ("\ufeffR7.4.1\u200b", date(2025, 4, 1)),
    ],
)
def test_a_full_date_is_read_without_a_warning(raw, day):
    assert read_date(raw) == Reading(day)
    assert type(read_date(raw).value) is date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("S64.1.7", date(1989, 1, 7)),
        ("H1.1.8", date(1989, 1, 8)),
        ("H31.4.30", date(2019, 4, 30)),
        ("R1.5.1", date(2019, 5, 1)),
        ("T15.12.24", date(1926, 12, 24)),
        ("S1.12.25", date(1926, 12, 25)),
        ("M45.7.29", date(1912, 7, 29)),
        ("T1.7.30", date(1912, 7, 30)),
    ],
)
def test_the_last_and_the_first_day_of_an_era_need_no_warning(text, day):
    assert read_date(text) == Reading(day)


@pytest.mark.parametrize(
    "text", ["S64.1.8", "H1.1.7", "H31.5.1", "R1.4.30", "T15.12.25", "S1.12.24", "M45.7.30"]
)
def test_a_day_beyond_its_era_is_read_with_a_warning(text):
    reading = read_date(text)

    assert reading.value is not None
    assert era_date(reading.value) in reading.warning


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        (1400401, date(1907, 4, 1)),
        (2100401, date(1921, 4, 1)),
        (3600401, date(1985, 4, 1)),
        ("4070401", date(1995, 4, 1)),
        (5070401, date(2025, 4, 1)),
        (45748.75, date(2025, 4, 1)),
        ("４５７４８", date(2025, 4, 1)),
    ],
)
def test_a_coded_date_is_read_with_a_warning(raw, day):
    reading = read_date(raw)

    assert reading.value == day
    assert reading.warning.endswith("。")


@pytest.mark.parametrize("raw", ["H25.4.31", "2025/13/1", "20250230", "R0.4.1", "2023/2/29"])
def test_a_day_the_calendar_does_not_have_is_refused(raw):
    assert "暦にない" in read_date(raw).error


@pytest.mark.parametrize("raw", ["1899/12/31", "2101/1/1", "M20.4.1", "R99.4.1", date(1899, 1, 1)])
def test_a_year_outside_two_centuries_is_refused(raw):
    assert "範囲" in read_date(raw).error


@pytest.mark.parametrize("text", ["7.4.1", "25/4/1", "7年4月1日"])
def test_a_date_without_era_is_refused(text):
    assert "元号" in read_date(text).error


@pytest.mark.parametrize("text", ["4/1", "4月1日"])
def test_a_date_without_year_is_refused(text):
    assert "年がありません" in read_date(text).error


@pytest.mark.parametrize("text", ["令和7年度", "R7", "2025", "2025年"])
def test_a_year_alone_is_refused(text):
    assert "年だけ" in read_date(text).error


@pytest.mark.parametrize("number_format", ['ggge"年度"', "[$-411]e", '[$-411]ge"年度"'])
def test_a_bare_number_shown_as_a_year_is_refused(number_format):
    assert "書式" in read_date(7, number_format).error


@pytest.mark.parametrize(
    "raw", [True, False, 7, 2025, -45748, 60401, float("nan"), float("inf"), 123456789]
)
def test_a_number_that_is_no_date_is_refused(raw):
    reading = read_date(raw)

    assert reading.value is None
    assert reading.error.endswith("入力してください。")


@pytest.mark.parametrize(
    "text",
    [
        "R7.4.1 2",
        "R7.4.1   2",
        "R7.4.1 　\n2",
        "〇" * 5_000,
        "付" * 30_000 + "x",
        "2025/12/117:08",
        "2025 4 1",
        "昭和4十年4月1日",
        "採用",
        "R7.4.1～R8.3.31",
        "R7.4.1退職",
        "2025-03-31T15:00:00Z",
        "X7.4.1",
        "7/4/2025",
        "#N/A",
        "R٧.4.1",
        "あ" * 10_000,
        "1" * 10_000,
    ],
)
def test_what_could_only_be_guessed_is_refused(text):
    reading = read_date(text)

    assert reading.value is None
    assert reading.error.endswith("。")


@pytest.mark.parametrize(
    "raw", [None, "", " 　\n", "－", "-", "―", "ー", "未定", "なし", "無", "不明"]
)
def test_a_mark_for_nothing_is_a_blank(raw):
    assert read_date(raw).is_blank


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("令和８年４月１日現在", date(2026, 4, 1)),
        ("職員名簿（令和7年4月1日現在）", date(2025, 4, 1)),
        ("R8.4.1現在", date(2026, 4, 1)),
        ("三条支所　令和八年三月三十一日　現在", date(2026, 3, 31)),
        ("2025/12/1 17:08 出力", date(2025, 12, 1)),
        ("職員名簿20250401", date(2025, 4, 1)),
        ("R8.4.1現在（令和8年4月1日）", date(2026, 4, 1)),
        ("職員名簿", None),
        ("令和7年度職員名簿", None),
        ("R7.4.1～R8.3.31", None),
        ("R7.2.29現在", None),
        ("R7.2.29現在、R7.4.1作成", None),
        ("Ver1.2.3", None),
        ("", None),
    ],
)
def test_a_title_gives_its_one_date(title, day):
    assert find_date(title) == day


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_reads_back_from_every_form_it_is_written_in(day):
    for text in (era_date(day), era_date_short(day), day.isoformat(), day.strftime("%Y/%m/%d")):
        assert read_date(text) == Reading(day)
    assert find_date(f"職員名簿（{era_date(day)}現在）") == day


@given(st.one_of(st.text(), st.integers(), st.floats(), st.datetimes(), st.none(), st.booleans()))
def test_no_cell_whatever_breaks_the_readers(raw):
    for reader in (read_date, read_staff_number, read_name, read_kana, read_grade):
        reading = reader(raw)

        assert reading.value is None or not reading.error
    assert find_date(text_of(raw)) is None or isinstance(raw, str | int | float | date)
