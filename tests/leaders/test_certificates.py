"""修了証 of leaders: numbers without gaps, one for each term, void when the term says otherwise."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leaders.closing import outcome
from leaders.models import LeaderCertificate, LeaderTerm
from leaders.services.certificates import (
    NothingToCertifyError,
    issue_certificate,
    issue_certificates,
    terms_without,
)
from leaders.services.closing import decide_term
from tests.conftest import TODAY, account
from tests.factories import (
    CohortFactory,
    LeaderCertificateFactory,
    LeaderTermFactory,
    StaffMemberFactory,
)
from tests.together import together

ENDED = date(2026, 10, 31)


@pytest.fixture
def clerk(db):
    return account(StaffMemberFactory(), "hr")


def completed(**values):
    whole = {"ends_on": ENDED, "end_reason": "moved", "completed": True, "decided_on": TODAY}
    return LeaderTermFactory(**(whole | values))


def issue(term, by, today=TODAY):
    return issue_certificate(term=term, by=by, today=today)


def decided(term, by, *, chosen):
    term.refresh_from_db()
    decide_term(
        term=term,
        seen=outcome(term).mark,
        completed=chosen,
        reason="確かめたため。",
        by=by,
        today=TODAY,
    )


def test_the_paper_says_who_led_what_from_when_until_when(clerk):
    term = completed(staff__name="見本　花子", department__name="見本課")

    paper = issue(term, clerk)

    assert paper.number == "L-R8-0001"
    assert paper.issued_on == TODAY
    assert (paper.staff_name, paper.department_name) == ("見本　花子", "見本課")
    assert (paper.starts_on, paper.ends_on) == (date(2025, 4, 1), ENDED)


def test_issued_twice_it_is_the_same(clerk):
    term = completed()

    first, second = issue(term, clerk), issue(term, clerk, date(2027, 4, 1))

    assert first == second
    assert LeaderCertificate.objects.count() == 1


@pytest.mark.parametrize(
    ("today", "number"), [(date(2027, 3, 31), "L-R8-0008"), (date(2027, 4, 1), "L-R9-0001")]
)
def test_numbers_run_through_the_fiscal_year_of_issue(clerk, today, number):
    LeaderCertificateFactory(serial=7)

    assert issue(completed(), clerk, today).number == number


@pytest.mark.parametrize(
    "values",
    [
        {"completed": False},
        {"completed": False, "decided_on": None},
        {"ends_on": date(2026, 11, 24)},
    ],
)
def test_only_a_completed_term_that_is_over_is_certified(clerk, values):
    term = completed(**values)

    with pytest.raises(NothingToCertifyError, match="修了と判定されていない"):
        issue(term, clerk)
    made = issue_certificates(cohort=term.cohort, by=clerk, today=TODAY)

    assert made == []
    assert not LeaderCertificate.objects.exists()


def test_a_corrected_decision_makes_the_paper_void_and_taking_it_back_restores_it(clerk):
    term = completed()
    paper = issue(term, clerk)

    decided(term, clerk, chosen=False)
    void = LeaderCertificate.objects.get(pk=paper.pk).is_valid
    decided(term, clerk, chosen=True)
    restored = LeaderCertificate.objects.get(pk=paper.pk).is_valid

    assert (void, restored) == (False, True)
    assert issue(term, clerk) == paper


def test_a_term_with_another_end_gets_a_paper_of_its_own_and_the_first_stays_void(clerk):
    term = completed()
    issue(term, clerk)
    LeaderTerm.objects.filter(pk=term.pk).update(ends_on=date(2026, 9, 30))

    second = issue(term, clerk)

    assert second.number == "L-R8-0002"
    assert second.ends_on == date(2026, 9, 30)
    assert [one.is_valid for one in LeaderCertificate.objects.order_by("serial")] == [False, True]


def test_a_whole_cohort_gets_its_papers_at_once_in_the_order_of_departments(clerk):
    last, first = completed(department__order=9), completed(department__order=1)
    kept_of = completed(department__order=5)
    completed(completed=False)
    completed(cohort=CohortFactory(number=2))
    kept = issue(kept_of, clerk)

    waiting = set(terms_without(first.cohort, TODAY))
    made = issue_certificates(cohort=first.cohort, by=clerk, today=TODAY)
    again = issue_certificates(cohort=first.cohort, by=clerk, today=TODAY)

    assert waiting == {first, last}
    assert [(one.number, one.term) for one in made] == [("L-R8-0002", first), ("L-R8-0003", last)]
    assert again == []
    assert LeaderCertificate.objects.get(term=kept_of) == kept


def test_every_paper_leaves_an_entry_without_a_name(clerk):
    term = completed(staff__name="見本　花子")

    paper = issue(term, clerk)

    entry = LogEntry.objects.get_for_object(paper).get()
    assert (entry.actor, entry.action) == (clerk, LogEntry.Action.CREATE)
    assert entry.changes == {"number": [None, "L-R8-0001"], "term": [None, term.pk]}


def test_a_cohort_of_forty_takes_as_many_queries_as_one_of_two(clerk):
    def queries(number, size):
        cohort = CohortFactory(number=number)
        for _ in range(size):
            completed(cohort=cohort)
        with CaptureQueriesContext(connection) as found:
            issue_certificates(cohort=cohort, by=clerk, today=TODAY)
        return len(found)

    issue(completed(), clerk)  # content types are read once

    assert queries(2, 2) == queries(3, 40)


@pytest.mark.django_db(transaction=True)
def test_ten_who_ask_at_once_get_ten_numbers_in_a_row():
    # Of ten cohorts: the lock of one cohort alone would let them in one after another.
    terms = [completed(cohort=CohortFactory(number=number)) for number in range(1, 11)]
    by = account(StaffMemberFactory())

    answers = together([lambda term=term: issue(term, by).serial for term in terms])

    assert sorted(answers) == list(range(1, 11))


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_on_one_term_make_one_paper():
    terms = [completed() for _ in range(5)]
    by = account(StaffMemberFactory())

    answers = together([lambda: [issue(term, by).serial for term in terms]] * 10)

    assert answers == [[1, 2, 3, 4, 5]] * 10
    assert LeaderCertificate.objects.count() == 5
