"""The report of a day as tables. No database: everything stands in the report already."""

from agano_dx.lib.fiscal import era_date
from reports.paper.definitions import definitions
from reports.paper.leading import leaders, specialists
from reports.paper.occasion import CITY, TITLE, Occasion
from reports.paper.plan_rows import outstanding_counts, plan_rows, plan_years
from reports.paper.shapes import Paper
from reports.paper.share_tables import share, targets
from reports.paper.summary import summary
from reports.paper.units import departments
from reports.paper.wording import FROZEN, rule_in_words, rule_since, which_are_final
from reports.report import Report


def paper(report: Report, occasion: Occasion) -> Paper:
    """The tables in the order of the report."""
    return Paper(
        title=TITLE,
        as_of=report.as_of,
        cover=_cover(report, occasion),
        tables=(
            summary(report),
            targets(report),
            share(report),
            leaders(report),
            specialists(report),
            departments(report),
            plan_rows(report),
            plan_years(report),
            outstanding_counts(report),
            definitions(report, occasion),
        ),
    )


def _cover(report: Report, occasion: Occasion) -> tuple[tuple[str, str], ...]:
    final = which_are_final(report.frozen.keys())
    return (
        ("基準日", era_date(report.as_of)),
        ("対象", "市全体" if report.is_whole_city else "、".join(occasion.units)),
        *(((FROZEN, final),) if final else ()),
        ("集計ルール", f"{rule_in_words(report.rule)}（{rule_since(occasion.rule_from)}）"),
        ("作成日", era_date(occasion.made_on)),
        ("作成", f"{CITY} {occasion.office}"),
    )
