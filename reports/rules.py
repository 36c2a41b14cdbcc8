"""The history of counting rules, in words, and what a new rule would change."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from agano_dx.lib import audit
from reports.rule_words import Wording, in_words
from reports.standing import judge, standings
from training.models import Counting, CountingRule, FrozenYear

DAY = timedelta(days=1)
# A figure that changes by more than one part in so many is asked about before the rule is saved.
BIG_PART = 10


@dataclass(frozen=True, slots=True)
class Act:
    """Who set or replaced a rule, when and why. `by`: a name, or empty for the first set-up."""

    at: datetime
    by: str
    reason: str
    is_replacement: bool


@dataclass(frozen=True, slots=True)
class PastRule:
    """A rule of the history. `until`: the day before the next one; `None` while none follows."""

    rule: CountingRule
    until: date | None
    wording: Wording
    acts: tuple[Act, ...]
    frozen: tuple[FrozenYear, ...]
    is_in_force: bool
    is_to_come: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """全職員 and デジタル活用職員 by one rule."""

    population: int
    capable: int

    def is_far_from(self, other: "Tally") -> bool:
        """Whether one of the figures differs from this one by more than a tenth of it."""
        pairs = ((self.population, other.population), (self.capable, other.capable))
        return any(abs(after - before) * BIG_PART > before for before, after in pairs)


@dataclass(frozen=True, slots=True)
class Effect:
    """What another rule makes of the same people on the same day."""

    on: date
    old: Tally
    new: Tally
    joining: int
    leaving: int
    becoming: int
    ceasing: int

    @property
    def is_big(self) -> bool:
        """Whether the rule changes a figure of the day by more than a tenth."""
        return self.old.is_far_from(self.new)


def history(today: date) -> list[PastRule]:
    """Every rule, the latest first, in a constant number of queries."""
    rules = list(CountingRule.objects.order_by("-in_force_from"))
    acts = _acts(rules)
    frozen = list(FrozenYear.objects.order_by("fiscal_year"))
    found, until = [], None
    for rule in rules:
        begun = rule.in_force_from <= today
        found.append(
            PastRule(
                rule=rule,
                until=until,
                wording=in_words(rule.counting),
                acts=acts.get(rule.pk, ()),
                frozen=tuple(year for year in frozen if year.rule_id == rule.pk),
                is_in_force=begun and (until is None or until >= today),
                is_to_come=not begun,
            )
        )
        until = rule.in_force_from - DAY
    return found


def _acts(rules: list[CountingRule]) -> dict[int, tuple[Act, ...]]:
    """From the audit log, the first act first."""
    entries = (
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(CountingRule),
            object_id__in=[rule.pk for rule in rules],
            action__in=(audit.CREATE, audit.UPDATE),
        )
        .select_related("actor__staff")
        .order_by("timestamp", "pk")
    )
    found: dict[int, tuple[Act, ...]] = {}
    for entry in entries:
        act = Act(
            at=entry.timestamp,
            by=_name(entry.actor),
            reason=(entry.additional_data or {}).get("reason", ""),
            is_replacement=entry.action == audit.UPDATE,
        )
        found[entry.object_id] = (*found.get(entry.object_id, ()), act)
    return found


def _name(actor: object) -> str:
    staff = getattr(actor, "staff", None)
    return staff.name if staff else getattr(actor, "username", "")


def effect(on: date, old: Counting, new: Counting) -> Effect:
    """The same people of the day by both rules, in a constant number of queries."""
    people = standings(on, None).people
    pairs = [(judge(one, on, old), judge(one, on, new)) for one in people]
    return Effect(
        on=on,
        old=Tally(
            sum(before.is_counted for before, _ in pairs),
            sum(before.is_capable for before, _ in pairs),
        ),
        new=Tally(
            sum(after.is_counted for _, after in pairs),
            sum(after.is_capable for _, after in pairs),
        ),
        joining=sum(after.is_counted and not before.is_counted for before, after in pairs),
        leaving=sum(before.is_counted and not after.is_counted for before, after in pairs),
        becoming=sum(after.is_capable and not before.is_capable for before, after in pairs),
        ceasing=sum(before.is_capable and not after.is_capable for before, after in pairs),
    )
