"""The blank roster that the personnel office can fill in."""

from datetime import date
from typing import Final

from agano_dx.lib.fiscal import FiscalYear, era_date_short
from agano_dx.lib.workbooks.template import TemplateColumn, write_template
from staff.models import Band, Department, Duty, Employment, Rank
from staff.roster.files.current import TITLE
from staff.roster.files.words import Words
from staff.roster.lookup import Masters

# Reading acts on 退職 alone; the other words tell people what a row is about.
MOVEMENTS: Final = ("採用", "異動", "昇任", "降任", "改姓", "育休", "休職", "復職", "派遣", "退職")
EXAMPLES: Final = ("例1：採用", "例2：異動と兼務", "例3：退職")
NOTES: Final = (
    "シート「職員名簿」に1人1行で書いて、名簿取込で読み込んでください。列の順は変えても構いません。",
    "読み込むときに名簿の種類を選びます。在職している全員を書いたら「全件」、変わる人だけを書いたら「一部」です。",
    "「全件」では、書かれていない人は、発令日の前日に退職したことになります。",
    "空欄のセルは、登録されている内容を消しません。変わらない項目は空欄で構いません。",
    "ただし在職区分の空欄は「在職」です。育休・休職・派遣の人は、続いている間も書いてください。",
    "日付は「R8.4.1」「令和8年4月1日」「2026/4/1」のどれでも書けます。",
    "発令日が空欄の行は、読み込むときに入れる発令日からになります。退職の行の発令日は、在職した最後の日です。",
    "所属・職名は、登録されているものを一覧から選びます。新しい所属や職名は、先に登録してください。",
    "氏名は戸籍などの字のまま書いてください。1文字も変えずに保存します。",
    "個人番号（マイナンバー）は書かないでください。",
    "シート「記入例」「注記」「選択肢」は読み込みません。",
)


def roster_template(on: date) -> bytes:
    """The .xlsx with the departments open on the day and all ranks to choose from."""
    words = Words(Masters.load(on))
    is_open = set(Department.objects.open_on(on).values_list("pk", flat=True))
    departments = [
        words.department(unit) for unit in words.masters.tree.in_order if unit.pk in is_open
    ]
    ranks = [rank for rank in words.masters.ranks if words.title(rank)]
    columns = [
        *_identity(),
        *_place(departments, ranks),
        *_dates(FiscalYear.containing(on)),
        TemplateColumn(
            "兼務",
            "所属と職名を間を空けて書きます。2つ以上は「、」で区切ります。",
            ("", f"{_place_in(departments, 2)} {_rank_in(ranks, Band.SUBSECTION_CHIEF)}", ""),
            width=24,
        ),
        TemplateColumn("メールアドレス", "半角で書きます。", ("rei@example.jp", "", ""), width=24),
    ]
    return write_template(TITLE, columns, EXAMPLES, NOTES)


def _identity() -> list[TemplateColumn]:
    return [
        TemplateColumn(
            "職員番号",
            "必ず書きます。先頭の0も書きます。",
            ("009001", "009002", "009003"),
        ),
        TemplateColumn(
            "氏名",
            "姓と名の間を空けます。採用のときは必ず書きます。",
            ("記入　例子", "見本　一郎", "見本　花子"),
        ),
        TemplateColumn("フリガナ", "カタカナで書きます。", ("キニュウ レイコ", "", "")),
    ]


def _place(departments: list[str], ranks: list[Rank]) -> list[TemplateColumn]:
    return [
        TemplateColumn(
            "所属",
            "一覧から選びます。採用のときは必ず選びます。",
            (_place_in(departments, 1), _place_in(departments, 2), ""),
            departments,
            width=30,
        ),
        TemplateColumn("係", "係の名前をそのまま書きます。", ("", "庶務係", "")),
        TemplateColumn(
            "職名",
            "一覧から選びます。採用のときは必ず選びます。",
            (_rank_in(ranks, Band.STAFF), _rank_in(ranks, Band.SUBSECTION_CHIEF), ""),
            [rank.name for rank in ranks],
        ),
        TemplateColumn(
            "任用形態",
            "一覧から選びます。採用のときの空欄は「正規」です。",
            (Employment.REGULAR.label, "", ""),
            Employment.labels,
        ),
        TemplateColumn(
            "在職区分",
            "一覧から選びます。空欄は「在職」です。",
            (Duty.ACTIVE.label, "", ""),
            Duty.labels,
        ),
    ]


def _dates(year: FiscalYear) -> list[TemplateColumn]:
    april = era_date_short(year.next.first_day)
    return [
        TemplateColumn("採用年月日", f"「{april}」のように書きます。", (april, "", "")),
        TemplateColumn(
            "異動区分",
            "一覧から選びます。「退職」の行の人は退職になります。",
            ("採用", "異動", "退職"),
            MOVEMENTS,
        ),
        TemplateColumn(
            "発令日",
            "その行が有効になる日です。退職の行では、在職した最後の日です。",
            (april, april, era_date_short(year.last_day)),
        ),
    ]


def _place_in(departments: list[str], index: int) -> str:
    """A department for an example; the first one is a whole division, so others look better."""
    return departments[min(index, len(departments) - 1)] if departments else "総務部 総務課"


def _rank_in(ranks: list[Rank], band: Band) -> str:
    """A rank of the band for an example."""
    return next((rank.name for rank in ranks if rank.band == band), "主事")
