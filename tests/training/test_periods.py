"""Writing the outline of two years and the reviews."""

import pytest
from auditlog.models import LogEntry

from agano_dx.lib.fiscal import FiscalYear
from tests.factories import PlanPeriodFactory, PlanReviewFactory
from tests.together import together
from training.models import PlanPeriod, PlanReview
from training.services.periods import (
    PeriodChangedMeanwhileError,
    PeriodWords,
    words_of,
    write_period,
)

R7, R8 = FiscalYear(2025), FiscalYear(2026)


def words(outline="", r7="", r8=""):
    return PeriodWords(outline, {R7: r7, R8: r8})


@pytest.mark.django_db
def test_outline_and_reviews_are_written_together_with_their_trail(hr):
    period = PlanPeriodFactory()

    changed = write_period(
        period=period, words=words("土台をつくる", r7="増やす"), seen=words().mark, by=hr
    )

    assert changed
    assert words_of(PlanPeriod.objects.get()) == words("土台をつくる", r7="増やす")
    assert list(PlanReview.objects.values_list("fiscal_year", flat=True)) == [R7]
    entries = LogEntry.objects.filter(content_type__model__in=("planperiod", "planreview"))
    assert set(entries.filter(changes__isnull=False).values_list("actor", flat=True)) >= {hr.pk}


@pytest.mark.django_db
def test_a_review_can_be_emptied(hr):
    period = PlanPeriodFactory()
    PlanReviewFactory(fiscal_year=R7, text="増やす")

    write_period(period=period, words=words(), seen=words(r7="増やす").mark, by=hr)

    assert PlanReview.objects.get().text == ""


@pytest.mark.django_db
def test_the_same_words_again_change_nothing_and_leave_no_entry(hr):
    period = PlanPeriodFactory()
    sent = {"period": period, "words": words("土台", r8="直す"), "seen": words().mark, "by": hr}
    write_period(**sent)
    entries = LogEntry.objects.count()

    assert write_period(**sent) is False

    assert LogEntry.objects.count() == entries


@pytest.mark.django_db
def test_words_of_somebody_else_are_not_overwritten_unseen(hr, admin):
    period = PlanPeriodFactory()
    write_period(period=period, words=words("先に保存"), seen=words().mark, by=admin)

    with pytest.raises(PeriodChangedMeanwhileError) as refusal:
        write_period(period=period, words=words("後から"), seen=words().mark, by=hr)

    assert refusal.value.now == words("先に保存")
    assert PlanPeriod.objects.get().outline == "先に保存"


@pytest.mark.django_db
def test_a_review_written_elsewhere_counts_as_changed_too(hr):
    period = PlanPeriodFactory()
    PlanReviewFactory(fiscal_year=R8, text="設定で書いた")

    with pytest.raises(PeriodChangedMeanwhileError):
        write_period(period=period, words=words("後から"), seen=words().mark, by=hr)

    assert PlanPeriod.objects.get().outline == ""


@pytest.mark.django_db
def test_the_reviews_of_other_periods_stay(hr):
    period = PlanPeriodFactory()
    other = PlanReviewFactory(fiscal_year=FiscalYear(2027), text="次の期")

    write_period(period=period, words=words(r7="増やす"), seen=words().mark, by=hr)

    other.refresh_from_db()
    assert other.text == "次の期"


@pytest.mark.parametrize(
    "others", [words("甲"), words(r7="甲"), words(r8="甲"), PeriodWords("", {R7: ""})]
)
def test_different_words_have_different_marks(others):
    assert others.mark != words().mark


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_at_once_one_writes_and_the_other_is_told(hr):
    period = PlanPeriodFactory()
    seen = words().mark

    def write(outline):
        return lambda: write_period(period=period, words=words(outline, outline), seen=seen, by=hr)

    answers = together([write("甲"), write("乙")])

    (told,) = [answer for answer in answers if answer is not True]
    assert isinstance(told, PeriodChangedMeanwhileError)
    now = words_of(PlanPeriod.objects.get())
    assert now == told.now
    assert now in (words("甲", "甲"), words("乙", "乙"))
