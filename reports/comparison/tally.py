"""What each person adds to each figure; the sum over everybody is the figure."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from agano_dx.lib.fiscal import FiscalYear
from reports.progress import SHOWN_CATEGORIES
from reports.standing import (
    BY_EMPLOYMENT,
    SpecialistStanding,
    Standing,
    Standings,
    TermStanding,
    judge,
)
from training.models import Category, Counting
from training.models.attendance import years_before

FIGURES: Mapping[str, str] = {
    "population": "全職員",
    "capable": "デジタル活用職員",
    **{str(category): f"{category.label}研修の修了者" for category in SHOWN_CATEGORIES},
    "executives": "幹部職員",
    "executives_completed": "その年度の幹部研修を修了した幹部職員",
    "sitting": "活動中の推進リーダー",
    "completed_terms": "修了した任期",
    "finished_people": "任期を修了した実人数",
    "specialists": "デジタル専門分野人材",
    "excluded_employment": "任用形態により全職員に数えない人",
    "excluded_duty": "在職区分により全職員に数えない人",
}


@dataclass(frozen=True, slots=True)
class State:
    """Everything about somebody on a day; `None` and empty where there is nothing."""

    person: Standing | None = None
    terms: tuple[TermStanding, ...] = ()
    specialist: SpecialistStanding | None = None

    def within(self, units: frozenset[int] | None) -> "State":
        """What of it belongs to the units; `None`: all."""
        if units is None:
            return self
        return State(
            self.person if self.person and self.person.department_id in units else None,
            tuple(term for term in self.terms if term.department_id in units),
            self.specialist if self.specialist and self.specialist.department_id in units else None,
        )


NOBODY = State()


def states(found: Standings) -> dict[int, State]:
    """Everybody's state on the day, by key."""
    terms: dict[int, list[TermStanding]] = defaultdict(list)
    for term in found.terms:
        terms[term.staff_id].append(term)
    people = {one.staff_id: one for one in found.people}
    specialists = {one.staff_id: one for one in found.specialists}
    return {
        pk: State(people.get(pk), tuple(terms.get(pk, ())), specialists.get(pk))
        for pk in (*people, *(terms.keys() - people.keys()), *(specialists.keys() - people.keys()))
    }


def counted(state: State, on: date, rule: Counting) -> Counter[str]:
    """How often each figure counts somebody in this state."""
    found: Counter[str] = Counter()
    if state.person is not None:
        found.update(_of_person(state.person, on, rule))
    found["sitting"] = sum(term.is_sitting for term in state.terms)
    found["completed_terms"] = sum(term.is_completed for term in state.terms)
    found["finished_people"] = int(found["completed_terms"] > 0)
    found["specialists"] = int(state.specialist is not None)
    return found


def tally(found: Standings, rule: Counting, units: frozenset[int] | None) -> Counter[str]:
    """Every figure of the day."""
    total: Counter[str] = Counter()
    for state in states(found).values():
        total.update(counted(state.within(units), found.on, rule))
    return total


def _of_person(one: Standing, on: date, rule: Counting) -> list[str]:
    verdict = judge(one, on, rule)
    if not verdict.is_counted:
        by_employment = verdict.left_out == BY_EMPLOYMENT
        return ["excluded_employment" if by_employment else "excluded_duty"]
    since = years_before(on, rule.validity_years) if rule.validity_years else date.min
    found = ["population"]
    if verdict.is_capable:
        found.append("capable")
    found += [
        str(category)
        for category in SHOWN_CATEGORIES
        if category in one.done and one.done[category].last > since
    ]
    if one.is_executive:
        found.append("executives")
        done = one.done.get(Category.EXECUTIVE)
        if done is not None and done.last >= FiscalYear.containing(on).first_day:
            found.append("executives_completed")
    return found
