"""The flow of a year in words: the account's sentence, its chart, and what happened to somebody."""

from collections.abc import Sequence

from agano_dx.lib.charts.figure import ChartFigure
from agano_dx.lib.charts.waterfall import Step, waterfall
from agano_dx.lib.fiscal import FiscalYear, era_date
from reports.flow import GAINS, Flow, Month, Move, Term
from staff.models import Duty, Employment
from training.models import Category

SOURCE = "受講記録・職員名簿・集計ルール"


def amount(account: Flow, term: Term) -> int:
    """The term's part of the account, with its sign."""
    count = account.counts[term]
    return count if term in GAINS else -count


def opening_words(account: Flow) -> str:
    """What the account opens with."""
    if account.first == FiscalYear.containing(account.first).first_day:
        return "年度当初（前年度末）"
    return "はじめ（前日）"


def closing_words(account: Flow) -> str:
    """What the account closes with."""
    year = FiscalYear.containing(account.last)
    return f"{year.label}末" if account.last == year.last_day else "基準日"


def sentence(account: Flow) -> str:
    """The finding: where it began and where it stands, and how many came and went."""
    if not account.moves:
        return f"{account.opening}人で、増えた人も減った人もいません。"
    difference = account.closing - account.opening
    change = f"（{abs(difference)}人の{'増' if difference > 0 else '減'}）" if difference else ""
    gained = f"{account.gained}人増え" if account.gained else "増えた人はなく"
    lost = f"{account.lost}人減りました" if account.lost else "減った人はいません"
    return f"{account.opening}人から{account.closing}人になりました{change}。{gained}、{lost}。"


def flow_figure(account: Flow) -> ChartFigure:
    """The account as a waterfall."""
    chart = waterfall(
        Step(opening_words(account), account.opening),
        [Step(str(term.label), amount(account, term)) for term in account.terms],
        closing_words(account),
    )
    return ChartFigure(
        key="flow",
        title="デジタル活用職員の増減（人）",
        finding=sentence(account),
        chart=chart,
        source=SOURCE,
        as_of=era_date(account.last),
        note="各日の集計ルールで数えています。同じ人が増にも減にも数えられることがあります。",
    )


def busiest(months: Sequence[Month]) -> str:
    """The month in which most people were gained; nothing where no month stands out."""
    most = max((month.gained for month in months), default=0)
    found = [month for month in months if month.gained == most]
    if not most or len(found) > 1:
        return ""
    return f"増えた人が最も多かった月は{found[0].first.month}月（{most}人）です。"


def happened(move: Move) -> str:
    """What happened to somebody on the day of the move."""
    if move.categories:
        names = "・".join(f"{Category(category).label}研修" for category in move.categories)
        if move.term == Term.NEWLY:
            return f"{names}を修了して、必要な研修がそろいました"
        return f"{names}の修了が有効期間を過ぎました"
    if move.term == Term.RETURNED:
        return f"{Duty(move.was).label}から復帰"
    if move.term == Term.LEAVE:
        return f"{Duty(move.now).label}になりました"
    if move.was:
        return f"任用形態が{Employment(move.was).label}から{Employment(move.now).label}に変更"
    return _PLAIN[move.term]


_PLAIN = {
    Term.JOINED: "採用（必要な研修は修了済み）",
    Term.MOVED_IN: "ほかの部署から異動",
    Term.MOVED_OUT: "ほかの部署へ異動",
    Term.RULE_IN: "集計ルールの変更で数えるようになりました",
    Term.RULE_OUT: "集計ルールの変更で数えなくなりました",
    Term.LEFT: "退職",
}
