"""Accounts: who has one, opening, closing, a new first password for who forgot theirs."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib.errors import DomainError
from agano_dx.lib.workbooks.writing import Content
from staff.accounts import AccountRow, account_rows, in_state, people_with_accounts
from staff.forms.account_list import MOST, AccountFilterForm, ScopeForm
from staff.listings import Listing, filters_of, moment, narrowed_by, take_people
from staff.models import StaffMember
from staff.pages import PageRequest, allow, filters_in, show
from staff.search import named
from staff.services import accounts
from staff.services.accounts import FirstPasswords

HEADINGS = (
    "職員番号",
    "氏名",
    "所属",
    "状態",
    "初期パスワードのまま",
    "退職",
    "役割",
    "最後のログイン",
)
ONCE = (
    "初期パスワードは、作ったときの画面に一度だけ表示します。控えがないときは"
    "「初期パスワードを出し直す」を使ってください。"
)


@require_GET
@allow(lambda access: access.is_admin)
def account_list(request: PageRequest) -> HttpResponse:
    """Everybody with what account they have, and the three things to do about it."""
    today = timezone.localdate()
    form = AccountFilterForm(request.GET)
    page = Paginator(_filtered(form, today), MOST).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "scope": ScopeForm(),
        "page": page,
        "rows": account_rows(list(page), today),
        "query": filters_in(request),
        "here": request.get_full_path(),
    }
    return show(request, "staff/account_list.html", "利用者", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_admin)
def account_export(request: PageRequest) -> HttpResponse:
    """The list as filtered, to Excel; for more than a hundred people first what for."""
    today = timezone.localdate()
    form = AccountFilterForm(request.GET)
    listing = Listing(
        kind="accounts",
        what="利用者",
        on=today,
        headings=HEADINGS,
        rows=[_cells(row) for row in account_rows(list(_filtered(form, today)), today)],
        filters=filters_of(form),
        narrowed=narrowed_by(form),
    )
    page = f"{reverse('staff:account_list')}?{filters_in(request)}"
    return take_people(request, listing, [("利用者", page)])


def _filtered(form: AccountFilterForm, on: date) -> QuerySet[StaffMember]:
    people = people_with_accounts(on)
    if form.is_valid():
        people = named(in_state(people, form.cleaned_data["state"]), form.cleaned_data["q"])
    return people


def _cells(row: AccountRow) -> tuple[Content, ...]:
    return (
        row.member.number,
        row.member.name,
        row.department,
        str(row.state.label),
        "はい" if row.user and row.user.must_change_password else "",
        "はい" if row.has_left else "",
        "・".join(row.roles),
        moment(row.user.last_login) if row.user else None,
    )


@require_POST
@allow(lambda access: access.is_admin)
def account_open(request: PageRequest) -> HttpResponse:
    """Open accounts. The first passwords are shown by this answer and never again."""
    form = ScopeForm(request.POST)
    if not form.is_valid():
        return _refuse(request, form)
    members = form.cleaned_data["members"]
    opened = accounts.open_accounts(members=members, by=request.user, on=timezone.localdate())
    if not opened:
        messages.info(request, f"新しく作る利用者はありません。{ONCE}")
        return _back(request)
    left_out = len(members) - len(opened)
    note = f"{left_out}人は、すでに利用中か退職しているため、作りませんでした。"
    return _slips(request, opened, note if left_out else "")


@require_POST
@allow(lambda access: access.is_admin)
def account_renew(request: PageRequest) -> HttpResponse:
    """New first passwords for those who forgot theirs, shown by this answer and never again."""
    form = ScopeForm(request.POST)
    if not form.is_valid():
        return _refuse(request, form)
    members, seen = form.cleaned_data["members"], form.cleaned_data["seen"]
    try:
        renewed = accounts.renew_passwords(members=members, seen=seen, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return _back(request)
    left_out = len(members) - len(renewed)
    note = (
        f"{left_out}人は、利用中でないか、画面を開いた後にパスワードが変わっているため、"
        f"出し直しませんでした。{ONCE}"
    )
    if not renewed:
        messages.info(request, note)
        return _back(request)
    return _slips(request, renewed, note if left_out else "")


@require_POST
@allow(lambda access: access.is_admin)
def account_close(request: PageRequest) -> HttpResponse:
    """Close accounts; a second click finds nothing left to close."""
    form = ScopeForm(request.POST)
    if not form.is_valid():
        return _refuse(request, form)
    try:
        closed = accounts.close_accounts(members=form.cleaned_data["members"], by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return _back(request)
    if closed:
        messages.success(request, f"{len(closed)}人の利用を止めました。")
    else:
        messages.info(request, "止める利用者はありません。すでに停止しています。")
    return _back(request)


def _slips(request: PageRequest, opened: FirstPasswords, note: str) -> HttpResponse:
    context = {
        "note": note,
        "slips": opened,
        "address": request.build_absolute_uri(reverse("home")),
        "back": _target(request),
    }
    return show(request, "staff/account_slips.html", "利用開始のお知らせ", context, _trail())


def _refuse(request: PageRequest, form: ScopeForm) -> HttpResponse:
    for sentences in form.errors.values():
        for sentence in sentences:
            messages.error(request, str(sentence))
    return _back(request)


def _back(request: PageRequest) -> HttpResponse:
    return redirect(_target(request))


def _target(request: PageRequest) -> str:
    """The page of ours the button stood on."""
    asked = request.POST.get("next", "")
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours else reverse("staff:account_list")


def _trail() -> list[tuple[str, str]]:
    return [("利用者", reverse("staff:account_list"))]
