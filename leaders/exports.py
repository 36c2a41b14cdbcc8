"""リーダー名簿 as a workbook that reads back without a change."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from agano_dx.lib.workbooks.writing import Content, write_list
from leaders.imports.lines import Facts
from leaders.imports.sheet import LEADER_HEADINGS, TITLE, VERDICT_WORDS
from leaders.models import Cohort, EndReason, LeaderTerm
from staff.exports import CARE_NOTE, care_line

HEADINGS: Final = tuple(LEADER_HEADINGS.label(field) for field in LEADER_HEADINGS.fields)
NOTES: Final = (
    CARE_NOTE,
    "直して取り込むと、足した行が新しい任期になり、直した行は一つずつ確かめてから変わります。",
    "任期は、期・職員番号・就任日で見分けます。この3つを直した行は、別の任期として扱います。",
    "行を消しても、登録されている任期は消えません。",
    "修了は「修了」か「未修了」です。空欄は未判定です。",
)


def leader_terms(cohort: Cohort | None) -> list[LeaderTerm]:
    """The terms of a cohort, or of all of them, with what the list shows; in one query."""
    terms = LeaderTerm.objects.select_related("cohort", "staff", "department").order_by(
        "cohort__number", "department__order", "department__code", "starts_on", "staff__number"
    )
    return list(terms.filter(cohort=cohort) if cohort else terms)


def leaders_workbook(terms: Sequence[LeaderTerm], on: date) -> bytes:
    """The list of these terms as they are known on the day."""
    return write_list(TITLE, HEADINGS, map(_row, terms), NOTES, above=[care_line(TITLE, on)])


def _row(term: LeaderTerm) -> list[Content]:
    facts = Facts.of(term)
    return [
        str(term.cohort),
        term.department.code,
        term.department.name,
        term.staff.number,
        term.staff.name,
        term.starts_on,
        term.ends_on,
        str(EndReason(term.end_reason).label) if term.end_reason else None,
        VERDICT_WORDS[facts.completed] or None,
        facts.decision_reason or None,
        facts.end_note or None,
    ]
