"""定義: each word of the report and how it is counted."""

from agano_dx.lib.fiscal import era_date
from reports.paper.occasion import Occasion
from reports.paper.shapes import Column, Kind, Line, Table
from reports.paper.wording import completed, rule_since
from reports.report import Report
from reports.rule_words import in_words

_COLUMNS = (Column("言葉", Kind.TEXT), Column("数え方", Kind.TEXT))


def definitions(report: Report, occasion: Occasion) -> Table:
    """The words, with the rule of the day in them."""
    return Table(
        "definitions",
        "定義",
        "この報告書の言葉と数え方です。",
        _COLUMNS,
        tuple(Line(pair) for pair in (*_of_the_rule(report, occasion), *_WORDS)),
    )


def _of_the_rule(report: Report, occasion: Occasion) -> list[tuple[str, str]]:
    words = in_words(report.rule)
    is_excluding = bool(report.rule.excluded_duties)
    excluded = f"在職区分が{words.duties}の職員は除きます。" if is_excluding else ""
    return [
        ("基準日", f"{era_date(report.as_of)}の終わりの時点で数えます。"),
        (
            "集計ルール",
            f"{rule_since(occasion.rule_from)}されているルールで数えます。割合の推移の過去の年度末は、"
            "その日に適用されていたルールで数えます。",
        ),
        (
            "全職員",
            f"基準日に在職し、任用形態が{words.employments}の職員です。{excluded}",
        ),
        (
            "全職員に数えない人",
            "在職していても、任用形態か在職区分により全職員に入らない職員です。両方に当てはまる人は"
            "任用形態により数えない人とします。人数は総括にあります。",
        ),
        (
            "デジタル活用職員",
            f"全職員のうち、{completed(report.rule)}した職員です。修了の有効期間：{words.validity}。",
        ),
    ]


_WORDS = (
    ("割合", "デジタル活用職員÷全職員です。四捨五入せずに目標と比べ、表示は小数第1位までです。"),
    ("修了", "出席と遅刻です。早退・欠席・免除は修了に数えません。"),
    (
        "修了した人の数え方",
        "総括・部署別・未受講者数では、全職員のうちの修了者を数えます。施策と施策の年度別では、"
        "退職した人と全職員に数えない人も含めて、計画の年度に修了した人を数えます。",
    ),
    (
        "目標",
        "計画が年度末に約束した割合と人数です。期日より前は期日前とし、未達とはしません。"
        "期日前（あと3人）は、今のところ3人足りないことを表します。",
    ),
    (
        "確定値",
        "人事担当が確定した年度末の数です。割合の推移では、確定した年度末を確定値で示し、"
        "期日の判定も確定値によります。ほかの数は現在の記録で数えます。",
    ),
    ("目安", "目標と目標の間の年度を直線で結んだ参考の値です。目標ではありません。"),
    ("推進リーダー（活動中）", "基準日に任期中のデジタル化推進リーダーの人数です。"),
    (
        "育成延べ人数",
        "基準日までに終わり、修了とした任期の数です。同じ人の2度目の任期も数えます。"
        "実人数は同じ人を1人と数えます。",
    ),
    (
        "推進リーダーのいる部署",
        "リーダーを出す部署のうち、基準日に活動中のリーダーが1人以上いる部署です。",
    ),
    (
        "デジタル専門分野人材",
        "基準日に在職し、登用されている職員です。一人を1度だけ、その日の職階に数えます。",
    ),
    ("幹部研修の修了者", "全職員のうち幹部職員で、基準日の年度に幹部研修を修了した職員です。"),
    (
        "未受講者",
        "施策の対象者のうち、修了も免除もしていない職員です。期間中に1回の施策は基準日までの"
        "修了を、毎年度の施策はその年度の修了だけを数えます。",
    ),
    (
        "在職区分により全職員に数えない人（対象者の外）",
        "未受講者数の表では、そのうち施策を修了していない職員です。対象者の外に示します。",
    ),
)
