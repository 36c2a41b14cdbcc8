"""Setting the counting rule: a rule is followed by the next one, and its history stays.

A rule whose day has not come may be replaced or withdrawn. One in force, or of a day gone by, may
be replaced with a reason while no year was frozen by it. A frozen figure never changes.
"""

from datetime import date

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.locks import take_exclusive
from staff.access import access_of
from staff.models import User
from training.models import Counting, CountingRule, FrozenYear
from training.services.freezing import LOCK

NEW = ""


class RuleChangedError(DomainError):
    """Somebody else set a rule of the same day since the asker looked."""


class ReasonMissingError(DomainError):
    """Figures of days gone by would change without a word why."""


class RuleRestedOnError(DomainError):
    """A frozen year was counted by the rule."""


class NotForAdministratorError(DomainError):
    """Only a system administrator sets counting rules."""


class RuleInForceError(DomainError):
    """The rule has come into force: it is followed, not withdrawn."""


@transaction.atomic
def set_rule(
    *, in_force_from: date, counting: Counting, seen: str, reason: str, by: User, today: date
) -> CountingRule:
    """Let this rule count from the day on. The same twice is once.

    `seen`: the mark of the rule that the asker saw on this very day, `NEW` where there was none;
    somebody else's rule is never overwritten unseen. The freezing of years is locked out, so no
    year is frozen by a rule being replaced.
    """
    _require_administrator(by, today)
    take_exclusive(LOCK)
    held = CountingRule.objects.filter(in_force_from=in_force_from).first()
    if held is not None and held.counting.mark == counting.mark:
        return held
    if (held.counting.mark if held else NEW) != seen:
        raise RuleChangedError(
            "この適用開始日のルールは、ほかの人が先に変更しました。今のルールを確かめて、"
            "もう一度影響を見てください。"
        )
    if in_force_from < today or (held is not None and in_force_from == today):
        _require_reason(reason)
    if held is not None and in_force_from <= today:
        _refuse_rested_on(held)
    return _write(held, in_force_from, counting, reason, by)


@transaction.atomic
def withdraw_rule(*, rule: CountingRule, by: User, today: date) -> None:
    """Take back a rule whose day has not come. Withdrawn twice is withdrawn once."""
    _require_administrator(by, today)
    take_exclusive(LOCK)
    held = CountingRule.objects.filter(pk=rule.pk).first()
    if held is None:
        return
    if held.in_force_from <= today:
        raise RuleInForceError(
            "このルールは適用が始まっているため、取り下げられません。"
            "数え方を変えるときは、新しい適用開始日のルールを足してください。"
        )
    audit.record(by=by, action=audit.DELETE, about=[(held, _changes(held.counting, None))])
    with audit.told_by_the_caller():
        held.delete()


def _require_administrator(by: User, today: date) -> None:
    if not access_of(by, today).is_admin:
        raise NotForAdministratorError(
            "集計ルールを変えられるのはシステム管理者です。システム管理者に頼んでください。"
        )


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissingError("過ぎた日の集計が変わります。理由を入力してください。")


def _refuse_rested_on(rule: CountingRule) -> None:
    resting = FrozenYear.objects.filter(rule=rule).order_by("fiscal_year").first()
    if resting is not None:
        raise RuleRestedOnError(
            f"このルールで{resting.fiscal_year.long_label}の数値が確定しているため、"
            "置き換えられません。新しい適用開始日のルールを足してください。"
        )


def _write(
    held: CountingRule | None, in_force_from: date, counting: Counting, reason: str, by: User
) -> CountingRule:
    before = held.counting if held else None
    rule = held or CountingRule(in_force_from=in_force_from)
    rule.counted_employments = list(counting.counted_employments)
    rule.excluded_duties = list(counting.excluded_duties)
    rule.required_categories = list(counting.required_categories)
    rule.validity_years = counting.validity_years
    # To leave out no duty is a rule too; whether the day is taken was asked under the lock.
    rule.full_clean(exclude=["excluded_duties"], validate_unique=False)
    with audit.told_by_the_caller():
        rule.save()
    audit.record(
        by=by,
        action=audit.UPDATE if held else audit.CREATE,
        about=[(rule, _changes(before, counting))],
        extra={"in_force_from": in_force_from.isoformat(), "reason": reason.strip()},
    )
    return rule


def _changes(old: Counting | None, new: Counting | None) -> dict[str, tuple[object, object]]:
    """What the rule said and says, field by field; what stayed is not told."""
    before, after = _told(old), _told(new)
    fields = before.keys() | after.keys()
    return {
        name: (before.get(name), after.get(name))
        for name in sorted(fields)
        if before.get(name) != after.get(name)
    }


def _told(counting: Counting | None) -> dict[str, object]:
    if counting is None:
        return {}
    return {
        "counted_employments": ",".join(sorted(counting.counted_employments)),
        "excluded_duties": ",".join(sorted(counting.excluded_duties)),
        "required_categories": ",".join(sorted(counting.required_categories)),
        "validity_years": counting.validity_years,
    }
