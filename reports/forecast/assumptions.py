"""What the forecast rests on, each with its value, its source and since when; and what it omits."""

from dataclasses import dataclass
from datetime import timedelta

from agano_dx.lib.fiscal import era_date_short
from reports.figures import percent
from reports.forecast import Facts, Forecast
from reports.forecast.hiring import AVERAGE, SETTING, Yearly
from reports.forecast.pace import Pace
from reports.forecast.rates import ALL, UNKNOWN, ShowUp
from reports.forecast.words import amount, spread_words
from training.models import Category
from training.models.attendance import years_before


@dataclass(frozen=True, slots=True)
class Assumption:
    """One line of the table."""

    name: str
    value: str
    source: str
    since: str


def assumptions(found: Forecast, *, of_units: str) -> list[Assumption]:
    """Every number the forecast reckons with. `of_units`: whose people, in words."""
    facts = found.facts
    year = _twelve_months(facts)
    rates = [
        Assumption(f"{Category(name).label}研修の出席率", *_rate(rate), year)
        for name, rate in facts.rates.items()
    ]
    seats = [
        Assumption(
            f"{Category(name).label}研修の席",
            f"1か月に{spread_words(found.inputs.seats[name])}席",
            _seats(pace, of_units),
            year,
        )
        for name, pace in facts.paces.items()
    ]
    return [
        Assumption(
            "期日にデジタル活用職員であることが確かな人",
            f"{facts.sure}人",
            "受講記録・職員名簿",
            era_date_short(facts.as_of),
        ),
        Assumption(
            "受講予定にすべて出ればデジタル活用職員になる人",
            f"{facts.booked}人",
            f"期日までの受講予定（基準日までに登録されたもの）。出席率を掛けた期待値は、確かな人と合わせて{amount(found.expected)}人",
            era_date_short(facts.as_of),
        ),
        *rates,
        *seats,
        Assumption("1年の採用", *_yearly(facts.hiring.hires, of_units)),
        Assumption("1年の退職", *_yearly(facts.hiring.leavers, of_units)),
    ]


def omitted(facts: Facts, *, sees_future: bool) -> list[str]:
    """What is not in the forecast, plainly."""
    found = [
        "今年度の残りは、低い方では基準日に受講予定の人だけを見込み、これから決まる開催回と申込は入っていません。"
        "高い方では、これから決まる分として、受講予定のほかに12か月の平均の席を加えています。",
        "基準日までに終わって出欠が未入力の回は、入っていません。",
        "受講予定のほかの席には、その研修がまだの人だけが着くとみています。",
        "採用は4月1日に、退職は3月31日の集計の後に起こるとみています。"
        "年度の途中の採用は、発令がなければ入っていません。",
    ]
    if sees_future:
        found.append("期日までの退職と発令は、今わかっているものを入れています。")
    else:
        found.append("基準日より後の退職・異動・育休からの復帰は、入っていません。")
    if facts.validity_years:
        found.append(
            f"修了の有効年数（{facts.validity_years}年）は期日までを数え、来年度からは切れないとみています。"
        )
    return found


def _twelve_months(facts: Facts) -> str:
    first = years_before(facts.as_of, 1) + timedelta(days=1)
    return f"{era_date_short(first)}～{era_date_short(facts.as_of)}"


def _rate(rate: ShowUp) -> tuple[str, str]:
    if rate.source == UNKNOWN:
        return "0～100％", "記録がないため、わかりません"
    share = f"{percent(rate.rate)}％（{rate.attended} / {rate.expected}）"
    spread = f"幅は{percent(rate.low)}～{percent(rate.high)}％"
    said = "市全体の修了÷（修了・早退・欠席・欠席届。退職した人などの分も含む）"
    if rate.source == ALL:
        said = f"この研修の記録がないため、すべての研修の{said}"
    return f"{share}、{spread}", f"{said}。幅は95％の信頼区間"


def _seats(pace: Pace, of_units: str) -> str:
    """Both ends with their places and months; whose, for the show-up rate counts others too."""
    slow = f"{era_date_short(pace.first)}～{era_date_short(pace.last)}"
    return (
        f"低い方は席がいちばん少ない続いた3か月（{slow}）の{pace.slowest}席÷3か月、"
        f"高い方は{pace.whole}席÷12か月。{of_units}の修了・早退・欠席・欠席届のうち、"
        "期日に全職員に数える人の分（退職した人などの分は除く）"
    )


def _yearly(number: Yearly, of_units: str) -> tuple[str, str, str]:
    value = f"{amount(number.value)}人"
    if number.source == SETTING:
        since = f"{era_date_short(number.since)}から" if number.since else ""
        return value, f"見込みの設定{f'（{number.note}）' if number.note else ''}", since
    if number.source == AVERAGE:
        years = "・".join(year.label for year in number.years)
        return value, f"{of_units}の実際の人数の平均（{len(number.years)}年）", years
    return value, "記録のある年度がないため、0人とみています", ""
