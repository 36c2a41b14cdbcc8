"""登用: making somebody a specialist by either route, and ending it; never about oneself."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear, era_date
from agano_dx.lib.locks import told_when_held
from leaders.models import Cohort, LeaderTerm, Route, SpecialistDesignation
from leaders.specialists import routes_on
from staff.models import Assignment, StaffMember, User
from training.models import FrozenYear

# Further ahead lies a slip of the finger rather than an appointment.
LONGEST_AHEAD = timedelta(days=366)


class OwnDesignationError(DomainError):
    """Nobody decides about their own designation."""

    def __init__(self) -> None:
        super().__init__("自分の登用は決められません。別の人事担当に頼んでください。")


class NotInServiceError(DomainError):
    """The person has no place in the city on the day."""


class RouteClosedError(DomainError):
    """The person cannot become a specialist by this route on this day."""


class AlreadyDesignatedError(DomainError):
    """The person is a specialist in that time already."""


class WrongDayError(DomainError):
    """The day does not fit."""


class AlreadyEndedError(DomainError):
    """The designation has an end, and it is another one."""


@transaction.atomic
def designate(
    *, staff: StaffMember, route: Route, starts_on: date, note: str, by: User, today: date
) -> SpecialistDesignation:
    """Make somebody a specialist from a day on, without an end.

    The cohorts they led in are locked first, so that no completion is taken back meanwhile, then
    the person: two clerks make one designation. The same sent twice is found again.
    """
    if by.staff_id == staff.pk:
        raise OwnDesignationError
    with told_when_held():
        led = LeaderTerm.objects.filter(staff=staff.pk).order_by().values("cohort")
        list(Cohort.objects.select_for_update().filter(pk__in=led).order_by("pk"))
        locked = StaffMember.objects.select_for_update().get(pk=staff.pk)
    standing = SpecialistDesignation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on), staff=locked
    ).order_by("starts_on")
    for one in standing:
        if (one.route, one.starts_on, one.note, one.ends_on) == (route, starts_on, note, None):
            return one
    _check_new(locked, route, starts_on, list(standing), today)
    made = SpecialistDesignation(staff=locked, route=route, starts_on=starts_on, note=note)
    made.full_clean()
    with audit.acting(by):
        made.save()
    return made


@transaction.atomic
def end_designation(
    *, designation: SpecialistDesignation, ends_on: date, end_note: str, by: User
) -> SpecialistDesignation:
    """End a designation with the day, its last one. The person is locked; the same twice is one."""
    if by.staff_id == designation.staff_id:
        raise OwnDesignationError
    with told_when_held():
        StaffMember.objects.select_for_update().get(pk=designation.staff_id)
        locked = SpecialistDesignation.objects.select_for_update().get(pk=designation.pk)
    if (locked.ends_on, locked.end_note) == (ends_on, end_note):
        return locked
    if locked.ends_on is not None:
        raise AlreadyEndedError(
            f"この登用は{era_date(locked.ends_on)}で終了としてあります。"
            "日を直すときは、システム管理者に頼んでください。"
        )
    if ends_on < locked.starts_on:
        raise WrongDayError(
            f"終了日は登用日（{era_date(locked.starts_on)}）以後の日を入力してください。"
        )
    locked.ends_on, locked.end_note = ends_on, end_note
    locked.full_clean()
    with audit.acting(by):
        locked.save(update_fields=["ends_on", "end_note"])
    return locked


def _check_new(
    staff: StaffMember,
    route: Route,
    starts_on: date,
    standing: list[SpecialistDesignation],
    today: date,
) -> None:
    if starts_on > today + LONGEST_AHEAD:
        raise WrongDayError("登用日が1年より先です。1年以内の日を入力してください。")
    year = FiscalYear.containing(starts_on)
    if FrozenYear.objects.filter(fiscal_year=year.year).exists():
        raise WrongDayError(
            f"{year.long_label}の数値は確定済みのため、その年度の日からは登用できません。"
            "登用日を、確定していない年度の日にしてください。"
        )
    if not Assignment.objects.employed(starts_on).filter(staff=staff).exists():
        raise NotInServiceError(
            f"{era_date(starts_on)}には在職していません。登用日を確かめてください。"
        )
    for one in standing:
        until = f"{era_date(one.ends_on)}まで" if one.ends_on else ""
        raise AlreadyDesignatedError(
            f"この職員は{era_date(one.starts_on)}から{until}登用されています。"
            "候補の一覧で今の状態を確かめてください。"
        )
    if route not in routes_on(staff.pk, starts_on):
        raise RouteClosedError(_closed(Route(route), starts_on))


def _closed(route: Route, on: date) -> str:
    if route == Route.OFFICE:
        return (
            f"{era_date(on)}までに推進室に所属したことがありません。"
            "登用日を遅くするか、別の経路を選んでください。"
        )
    return (
        f"{era_date(on)}までに修了した推進リーダーの任期がありません。"
        "登用日を遅くするか、別の経路を選んでください。"
    )
