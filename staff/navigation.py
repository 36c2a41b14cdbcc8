"""The side navigation and the header, by role."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from agano_dx import VERSION
from staff.access import Access
from staff.models import Assignment, User
from staff.slots import own_business

CONTACT = "企画財政課 デジタル化推進室"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class SignedInAs:
    """Who the header names."""

    department: str
    name: str


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The context every page has: navigation, the area's own, who is signed in, version."""
    context: dict[str, Any] = {
        "navigation": [],
        "area": [],
        "signed_in_as": None,
        "version": VERSION,
        "contact": CONTACT,
    }
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return context
    access: Access = request.access  # type: ignore[attr-defined]
    places = [
        (label, reverse(name))
        for label, name, may in _ENTRIES
        if may(access) or _has_business(name, access)
    ]
    if access.staff_id is not None and not access.sees_lists:
        places.append(("自分の記録", reverse("staff:member_detail", args=[user.username])))
    context["navigation"] = _with_current(places, _place(request.path, access))
    context["area"] = _area(request.path, context["navigation"], access)
    context["signed_in_as"] = _signed_in_as(user)
    return context


def _has_business(name: str, access: Access) -> bool:
    asked = own_business.get(name)
    if asked is None or access.staff_id is None:
        return False
    return asked(access.staff_id, timezone.localdate())


def area_entries(area: str, access: Access) -> list[tuple[str, str]]:
    """The pages of an area that the account may see, as (label, address), the most used first."""
    return [
        (label, reverse(name))
        for label, name, may in _AREAS[area]
        if may(access) or _has_business(name, access)
    ]


def _with_current(places: list[tuple[str, str]], path: str) -> list[Entry]:
    """The entries; current is the one whose address the path continues furthest."""
    current = max((url for _, url in places if path.startswith(url)), key=len, default="")
    return [Entry(label, url, url == current) for label, url in places]


def _place(path: str, access: Access) -> str:
    """Where in the menu a page is: papers of one's own are マイ研修 to those without 研修."""
    if not access.sees_figures and path.startswith(reverse("training:index")):
        return reverse("training:mine")
    return path


def _area(path: str, navigation: list[Entry], access: Access) -> list[Entry]:
    """The entries of the area the current page belongs to."""
    for area in _AREAS:
        door = reverse(_DOORS[area])
        if any(entry.current and entry.url == door for entry in navigation):
            return _with_current(area_entries(area, access), _door_of(path))
    return []


def _door_of(path: str) -> str:
    """The page whose entry is current; the printed report stands beside its door, not under it."""
    return reverse("reports:report") if path == reverse("reports:report_print") else path


_ENTRIES = (
    ("ホーム", "home", lambda access: True),
    ("計画の進み具合", "reports:dashboard", lambda access: access.sees_figures),
    ("職員", "staff:member_list", lambda access: access.sees_lists),
    ("名簿取込", "staff:import_list", lambda access: access.is_admin),
    ("研修", "training:index", lambda access: access.sees_figures),
    ("マイ研修", "training:mine", lambda access: access.staff_id is not None),
    (
        "推進リーダー",
        "leaders:index",
        lambda access: access.sees_figures or bool(access.nominating),
    ),
    ("設定", "admin:index", lambda access: access.is_admin),
)
_DOORS = {
    "training": "training:index",
    "leaders": "leaders:index",
    "reports": "reports:dashboard",
}
# Pages of one area, under the breadcrumb: the side navigation holds no more than eight.
_AREAS = {
    "training": (
        ("開催回・出欠", "training:offering_list", lambda access: access.keeps_training),
        ("カレンダー", "training:calendar", lambda access: access.sees_figures),
        ("未受講者", "training:outstanding_list", lambda access: access.sees_lists),
        ("部下の研修", "training:team", lambda access: access.is_head),
        ("受講報告書", "training:report_list", lambda access: access.sees_lists),
        ("実績・資格", "training:evidence_list", lambda access: access.sees_lists),
        ("アンケート", "training:survey_list", lambda access: access.sees_figures),
        ("取込", "training:upload_list", lambda access: access.keeps_training),
        ("お知らせ", "training:reminder_list", lambda access: access.keeps_training),
        ("研修一覧", "training:course_list", lambda access: access.sees_figures),
        ("研修計画", "training:plan", lambda access: access.sees_figures),
    ),
    "leaders": (
        ("期とリーダー", "leaders:cohort_list", lambda access: access.sees_figures),
        (
            "推薦",
            "leaders:nomination_list",
            lambda access: access.sees_lists or bool(access.nominating),
        ),
        ("代理の指名", "leaders:deputy_list", lambda access: access.sees_lists),
        # For those whose own business it is alone (staff.slots.own_business).
        ("自分の活動", "leaders:mine", lambda access: False),
        ("異動希望", "leaders:transfer_request", lambda access: False),
        ("活動", "leaders:activity_list", lambda access: access.sees_lists),
        ("カリキュラム", "leaders:curriculum", lambda access: access.sees_lists),
        ("専門分野人材", "leaders:specialist_list", lambda access: access.sees_figures),
        ("名簿の取込・出力", "leaders:upload_list", lambda access: access.sees_everyone),
    ),
    "reports": (
        ("進み具合", "reports:dashboard", lambda access: access.sees_figures),
        ("部署別", "reports:department_list", lambda access: access.sees_figures),
        ("不足と道筋", "reports:gap", lambda access: access.sees_figures),
        ("見込み", "reports:forecast", lambda access: access.sees_figures),
        ("1年の動き", "reports:flow", lambda access: access.sees_figures),
        ("確定値", "reports:snapshot_list", lambda access: access.sees_figures),
        ("集計ルール", "reports:rule_list", lambda access: access.sees_figures),
        ("報告書", "reports:report", lambda access: access.sees_figures),
    ),
}


def _signed_in_as(user: User) -> SignedInAs:
    places = Assignment.objects.as_of(timezone.localdate()).select_related("department", "staff")
    place = places.filter(staff=user.staff_id).first() if user.staff_id else None
    if place is None:
        return SignedInAs("", user.username)
    return SignedInAs(place.department.name, place.staff.name)
