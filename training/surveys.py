"""アンケート: who may answer when, and what may be shown of the answers.

Fewer than five answers are not broken down, and nothing shown may give them away. The total of a
course therefore holds only whole offerings with five answers or more, and groups of smaller ones:
these come in together, once nobody can answer any more and the group has five. A difference of two
figures, whether of one day or of two, is then never one small offering.

Figures are live, and of an offering that is shown this protects a group, not every step in time:
whoever reads its page at five answers and again at six can work out the sixth person's steps.
No page says who answered, or when.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.db.models import Count, Q

from training.models import ATTENDED, Attendance, Course, Offering, SurveyAnswer

DAYS_OPEN: Final = 60
FEWEST: Final = 5
STEPS: Final = (5, 4, 3, 2, 1)
STEP_WORDS: Final = {
    5: "とてもそう思う",
    4: "そう思う",
    3: "どちらともいえない",
    2: "あまりそう思わない",
    1: "そう思わない",
}
QUESTIONS: Final = {
    "understanding": ("理解度", "内容を理解できた"),
    "usefulness": ("業務への役立ち度", "仕事に役立つ"),
    "satisfaction": ("満足度", "満足できた"),
}


# --- Who may answer -----------------------------------------------------------------------------


def opens_on(place: Attendance) -> date:
    """The first day to answer: the offering's last, in a period that of one's own completion.

    Reads the offering.
    """
    last = place.offering.ends_on
    if place.offering.is_period and place.completed_on is not None:
        return min(place.completed_on, last)
    return last


def closes_on(place: Attendance) -> date:
    """The last day to answer; reads the offering."""
    return opens_on(place) + timedelta(days=DAYS_OPEN)


def may_answer(place: Attendance, on: date) -> bool:
    """Whether the place is one of those asked and the survey is open; reads the offering."""
    return place.status in ATTENDED and opens_on(place) <= on <= closes_on(place)


# --- What is shown ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """How many answers an offering has, and the last day on which it may get more."""

    offering_id: int
    answers: int
    closes_on: date


@dataclass(frozen=True, slots=True)
class Release:
    """Offerings whose figures are shown, and small ones that only the course's total holds."""

    shown: frozenset[int]
    pooled: frozenset[int]


def release(offerings: Iterable[Answered], on: date) -> Release:
    """What may be shown of a course on the day.

    Groups are made in the order in which the surveys closed, so that a group once made stays.
    """
    all_of_them = list(offerings)
    shown = frozenset(one.offering_id for one in all_of_them if one.answers >= FEWEST)
    small = [one for one in all_of_them if 0 < one.answers < FEWEST and one.closes_on < on]
    pooled: set[int] = set()
    group: list[Answered] = []
    for one in sorted(small, key=lambda one: (one.closes_on, one.offering_id)):
        group.append(one)
        if sum(member.answers for member in group) >= FEWEST:
            pooled |= {member.offering_id for member in group}
            group = []
    return Release(shown, frozenset(pooled))


# --- Figures ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many chose a step."""

    step: int
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class QuestionTotals:
    """The answers to one question."""

    label: str
    statement: str
    steps: tuple[StepCount, ...]

    @property
    def answers(self) -> int:
        """How many answered."""
        return sum(one.count for one in self.steps)

    @property
    def mean(self) -> Decimal:
        """The mean step, with two decimals."""
        points = sum(one.step * one.count for one in self.steps)
        return (Decimal(points) / self.answers).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class SurveyTotals:
    """The answers about an offering or a course.

    `attended`: who was asked. `answers`: who answered. `questions` holds `counted` of these
    answers; it is empty where they may not be shown.
    """

    attended: int
    answers: int
    counted: int = 0
    questions: tuple[QuestionTotals, ...] = ()

    @property
    def rate(self) -> Decimal | None:
        """Answers per person who attended, in percent; `None` when nobody did."""
        if not self.attended:
            return None
        percent = Decimal(100 * self.answers) / self.attended
        return percent.quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def left_out(self) -> int:
        """Answers that no figure holds."""
        return self.answers - self.counted


@dataclass(frozen=True, slots=True)
class OfferingTotals:
    """One offering's line on the page of its course."""

    offering: Offering
    totals: SurveyTotals
    is_pooled: bool


@dataclass(frozen=True, slots=True)
class CourseTotals:
    """The answers about a course, and offering by offering."""

    course: Course
    totals: SurveyTotals
    offerings: tuple[OfferingTotals, ...]


# How often each step of each question was chosen: {("usefulness", 4): 7, …}.
Counts = Mapping[tuple[str, int], int]


def of_offering(offering: Offering) -> SurveyTotals:
    """The answers about one offering, in two queries."""
    counts = _counts(Q(attendance__offering=offering)).get(offering.pk, {})
    attended = offering.attendances.filter(_ASKED).count()
    answers = _answers(counts)
    return _totals(attended, answers, [counts] if answers >= FEWEST else [])


def of_courses(courses: Sequence[Course], on: date) -> list[CourseTotals]:
    """The answers about each course, its latest offerings first; in two queries."""
    counts = _counts(Q(attendance__offering__course__in=courses))
    offerings: dict[int, list[Offering]] = {course.pk: [] for course in courses}
    attended = {}
    held = Offering.objects.filter(course__in=courses).annotate(
        asked=Count("attendances", filter=_ASKED_THERE)
    )
    for offering in held.filter(asked__gt=0).order_by("-starts_on", "-pk"):
        offerings[offering.course_id].append(offering)
        attended[offering.pk] = offering.asked
    return [_of_course(course, offerings[course.pk], attended, counts, on) for course in courses]


def comments(offering_ids: Iterable[int]) -> list[str]:
    """What was written about these offerings, in an order that tells nothing about the writers."""
    written = SurveyAnswer.objects.filter(attendance__offering__in=list(offering_ids))
    return sorted(written.exclude(comment="").values_list("comment", flat=True))


def commented(totals: CourseTotals) -> list[int]:
    """The offerings whose comments may be read: those that the course's figures hold."""
    return [one.offering.pk for one in totals.offerings if one.totals.questions or one.is_pooled]


# Who answered stays among those asked, even when their mark was changed afterwards.
_ASKED = Q(status__in=ATTENDED) | Q(survey_answer__isnull=False)
_ASKED_THERE = Q(attendances__status__in=ATTENDED) | Q(attendances__survey_answer__isnull=False)


def _of_course(
    course: Course,
    offerings: list[Offering],
    attended: Mapping[int, int],
    counts: Mapping[int, Counts],
    on: date,
) -> CourseTotals:
    answers = {one.pk: _answers(counts.get(one.pk, {})) for one in offerings}
    may_show = release(
        (
            Answered(one.pk, answers[one.pk], one.ends_on + timedelta(days=DAYS_OPEN))
            for one in offerings
        ),
        on,
    )
    lines = tuple(
        OfferingTotals(
            one,
            _totals(
                attended[one.pk],
                answers[one.pk],
                [counts[one.pk]] if one.pk in may_show.shown else [],
            ),
            one.pk in may_show.pooled,
        )
        for one in offerings
    )
    held = [counts[pk] for pk in may_show.shown | may_show.pooled]
    whole = _totals(sum(attended[one.pk] for one in offerings), sum(answers.values()), held)
    return CourseTotals(course, whole, lines)


def _counts(which: Q) -> dict[int, Counts]:
    """How often each step was chosen, offering by offering, in one query."""
    keys = [(question, step) for question in QUESTIONS for step in STEPS]
    counts = {f"{name}_{step}": Count("pk", filter=Q(**{name: step})) for name, step in keys}
    rows = (
        SurveyAnswer.objects.filter(which)
        .order_by()
        .values("attendance__offering")
        .annotate(**counts)
        .values_list("attendance__offering", *counts)
    )
    return {offering: dict(zip(keys, chosen, strict=True)) for offering, *chosen in rows}


def _answers(counts: Counts) -> int:
    return sum(counts.get(("satisfaction", step), 0) for step in STEPS)


def _totals(attended: int, answers: int, held: Sequence[Counts]) -> SurveyTotals:
    """The figures that hold just these counts."""
    if not held:
        return SurveyTotals(attended, answers)
    questions = tuple(
        QuestionTotals(
            label,
            statement,
            tuple(
                StepCount(step, STEP_WORDS[step], sum(one[question, step] for one in held))
                for step in STEPS
            ),
        )
        for question, (label, statement) in QUESTIONS.items()
    )
    return SurveyTotals(attended, answers, sum(map(_answers, held)), questions)
