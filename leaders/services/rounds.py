"""The round of nominations of a cohort: opened, changed, closed and opened again by HR."""

import hashlib
import json
from datetime import date, datetime

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import era_date
from leaders.models import Cohort, Nomination, NominationStatus
from leaders.services.locking import lock_cohort
from staff.models import User

FIELDS = ("nominations_open_on", "nominations_close_on", "instruction")


class CohortOverError(DomainError):
    """The cohort's two years are over, or HR has closed them."""


class RoundDaysError(DomainError):
    """The round cannot have these days; `field` names the one that is wrong."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class RoundStateError(DomainError):
    """The round is not in a state in which this can be done."""


class RoundChangedMeanwhileError(DomainError):
    """Somebody else changed the round after this clerk opened it."""

    def __init__(self, now: Cohort) -> None:
        super().__init__(
            "他の人がこの期の推薦の受付を変更しました。下の「今の内容」と見比べて直し、"
            "もう一度保存してください。"
        )
        self.now = now


def mark_of(cohort: Cohort) -> str:
    """The same for the same round as it is stored: by it a page tells what its reader saw."""
    stored = [str(getattr(cohort, name)) for name in (*FIELDS, "nominations_closed_at")]
    return hashlib.sha256(json.dumps(stored).encode()).hexdigest()


def refuse_over(cohort: Cohort, today: date) -> None:
    """Raise for a cohort whose time is over."""
    if cohort.is_over(today):
        raise CohortOverError(
            f"{cohort}は終わっているため、推薦は扱えません。次の期を選んでください。"
        )


@transaction.atomic
def set_round(
    *,
    cohort: Cohort,
    opens_on: date | None,
    closes_on: date | None,
    instruction: str,
    seen: str,
    by: User,
    today: date,
) -> bool:
    """Set a round's days and its words to the heads; whether anything changed.

    Both days empty take the round back, while nobody has been nominated. The same sent twice
    changes nothing; what somebody else saved meanwhile is told.
    """
    now = lock_cohort(cohort.pk)
    wanted = dict(zip(FIELDS, (opens_on, closes_on, instruction), strict=True))
    changed = [name for name in FIELDS if getattr(now, name) != wanted[name]]
    if not changed:
        return False
    if mark_of(now) != seen:
        raise RoundChangedMeanwhileError(now)
    refuse_over(now, today)
    if changed != ["instruction"]:
        _refuse_days(now, opens_on, closes_on, today)
    for name in changed:
        setattr(now, name, wanted[name])
    _save(now, changed, by)
    return True


@transaction.atomic
def close_round(*, cohort: Cohort, by: User, today: date, at: datetime) -> bool:
    """Take no more nominations of heads; whether it was still open. Twice is once.

    Drafts and returned ones stay as they are: HR may hand them in on behalf of the head.
    """
    now = lock_cohort(cohort.pk)
    if now.nominations_closed_at is not None:
        return False
    refuse_over(now, today)
    if now.nominations_open_on is None:
        raise RoundStateError(
            f"{now}の推薦の受付期間は決まっていません。先に受付期間を決めてください。"
        )
    if today < now.nominations_open_on:
        raise RoundStateError(
            f"{now}の推薦の受付は{era_date(now.nominations_open_on)}から始まります。"
            "取りやめるときは、受付期間の変更で日を消してください。"
        )
    now.nominations_closed_at = at
    _save(now, ["nominations_closed_at"], by)
    return True


@transaction.atomic
def reopen_round(*, cohort: Cohort, closes_on: date, by: User, today: date) -> bool:
    """Take nominations again until the new last day; whether anything changed. Twice is once."""
    now = lock_cohort(cohort.pk)
    if now.takes_nominations(today):
        if now.nominations_close_on == closes_on:
            return False
        raise RoundStateError(
            f"{now}の推薦は受付中です。締切日を変えるときは、受付期間の変更で直してください。"
        )
    refuse_over(now, today)
    if now.nominations_open_on is None or now.nominations_open_on > today:
        raise RoundStateError(
            f"{now}の推薦の受付はまだ始まっていません。受付期間の変更で日を決めてください。"
        )
    _refuse_last_day(now, closes_on, today)
    now.nominations_closed_at = None
    now.nominations_close_on = closes_on
    _save(now, ["nominations_closed_at", "nominations_close_on"], by)
    return True


def _refuse_days(now: Cohort, opens_on: date | None, closes_on: date | None, today: date) -> None:
    if now.nominations_closed_at is not None:
        raise RoundStateError(
            f"{now}の推薦は締め切ってあります。日を変えるときは、受付を再開してください。"
        )
    if opens_on is None or closes_on is None:
        _refuse_incomplete(now, opens_on, closes_on)
        return
    if opens_on != now.nominations_open_on and opens_on < today:
        raise RoundDaysError(
            "nominations_open_on", "受付開始日が過ぎた日です。今日以後の日にしてください。"
        )
    if closes_on < opens_on:
        raise RoundDaysError("nominations_close_on", "締切日は受付開始日以後の日にしてください。")
    if closes_on != now.nominations_close_on:
        _refuse_last_day(now, closes_on, today)


def _refuse_incomplete(now: Cohort, opens_on: date | None, closes_on: date | None) -> None:
    """Both days or none; none only before somebody was nominated."""
    if opens_on is not None or closes_on is not None:
        name = "nominations_open_on" if opens_on is None else "nominations_close_on"
        raise RoundDaysError(name, "受付開始日と締切日は両方入力してください。")
    nominated = Nomination.objects.filter(cohort=now).exclude(status=NominationStatus.WITHDRAWN)
    if nominated.exists():
        raise RoundStateError(
            "推薦がすでにあるため、受付期間は消せません。終えるときは、受付を締め切ってください。"
        )


def _refuse_last_day(now: Cohort, closes_on: date, today: date) -> None:
    if closes_on < today:
        raise RoundDaysError(
            "nominations_close_on", "締切日が過ぎた日です。今日以後の日にしてください。"
        )
    if closes_on > now.ends_on:
        raise RoundDaysError(
            "nominations_close_on",
            f"締切日は、{now}の最後の日（{era_date(now.ends_on)}）までの日にしてください。",
        )


def _save(cohort: Cohort, changed: list[str], by: User) -> None:
    cohort.full_clean()
    with audit.acting(by):
        cohort.save(update_fields=changed)
