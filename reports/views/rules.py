"""Counting rules: their history, and setting a new one after seeing what it changes."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear, era_date
from agano_dx.lib.japanese import read_date
from reports.forms.rules import ConfirmForm, RuleForm
from reports.rule_words import in_words
from reports.rules import Effect, effect, history
from staff.pages import PageRequest, allow, show
from training.models import DEFAULT_RULE, Counting, CountingRule, FrozenYear
from training.services.counting import NEW, ReasonMissingError, set_rule, withdraw_rule

SAVE = "save"


@require_GET
@allow(lambda access: access.sees_figures)
def rule_list(request: PageRequest) -> HttpResponse:
    """Every rule with its days, in words, who set it and which frozen years it counted."""
    context = {
        "rules": history(timezone.localdate()),
        "default": in_words(DEFAULT_RULE),
        "default_frozen": FrozenYear.objects.filter(rule=None).order_by("fiscal_year"),
        "keeps": request.access.is_admin,
        "names": request.access.sees_everyone,
        "today": timezone.localdate(),
    }
    return show(request, "reports/rule_list.html", "集計ルール", context, [_dashboard()])


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_admin)
def rule_new(request: PageRequest) -> HttpResponse:
    """Tick a rule, look at what it changes, then let it count from its day on."""
    today = timezone.localdate()
    if request.method != "POST":
        form = RuleForm(initial=_initial(request, today))
        return _drawn(request, form, None)
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _drawn(request, form, None)
    day = form.cleaned_data["in_force_from"]
    preview = _preview(request, form, today)
    if request.POST.get("act") == SAVE and _may_save(request, form, preview):
        if _is_set(request, form, today):
            messages.success(request, f"{era_date(day)}からの集計ルールを登録しました。")
            return redirect("reports:rule_list")
        preview = _preview(request, form, today)  # somebody else may have set another meanwhile
    return _drawn(request, form, preview)


def _may_save(request: PageRequest, form: RuleForm, preview: dict[str, Any]) -> bool:
    """Whether the asker has seen what exactly this rule changes, and understood it."""
    if not _was_previewed(request, form):
        form.add_error(
            None,
            "まだ影響を見ていない内容です。「変える前と後」を確かめて、"
            "もう一度「このルールにする」を押してください。",
        )
        return False
    confirm: ConfirmForm = preview["confirm"]
    return confirm.is_valid()


def _was_previewed(request: PageRequest, form: RuleForm) -> bool:
    """Whether what is posted is what the asker looked at."""
    seen = _previewed(form.cleaned_data["in_force_from"], form.counting)
    return request.POST.get("previewed") == seen


def _is_set(request: PageRequest, form: RuleForm, today: date) -> bool:
    """Whether the rule now counts; else the form tells why not."""
    try:
        set_rule(
            in_force_from=form.cleaned_data["in_force_from"],
            counting=form.counting,
            seen=request.POST.get("seen", NEW),
            reason=form.cleaned_data["reason"],
            by=request.user,
            today=today,
        )
    except ReasonMissingError as error:
        form.add_error("reason", str(error))
    except DomainError as error:
        form.add_error(None, str(error))
    return not form.errors


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.is_admin)
def rule_withdraw(request: PageRequest, pk: int) -> HttpResponse:
    """Ask, then take back a rule whose day has not come; one taken back already is that."""
    today = timezone.localdate()
    rule = CountingRule.objects.filter(pk=pk).first()
    if rule is None:
        if request.method == "GET":
            raise Http404
        return _withdrawn(request)
    error = ""
    if request.method == "POST":
        try:
            withdraw_rule(rule=rule, by=request.user, today=today)
        except DomainError as refusal:
            error = str(refusal)
        else:
            return _withdrawn(request)
    context = {
        "rule": rule,
        "wording": in_words(rule.counting),
        "error": error,
        "may": rule.in_force_from > today,
    }
    trail = [_dashboard(), _list()]
    return show(request, "reports/rule_withdraw.html", "集計ルールの取り下げ", context, trail)


def _withdrawn(request: PageRequest) -> HttpResponse:
    messages.success(request, "集計ルールを取り下げました。")
    return redirect("reports:rule_list")


def _initial(request: PageRequest, today: date) -> dict[str, Any]:
    """The rule of `?from=` with its day, to be put right; else the one in force today."""
    asked = read_date(request.GET.get("from", "")[:40]).value
    held = CountingRule.objects.filter(in_force_from=asked).first() if asked else None
    counting = held.counting if held else CountingRule.objects.in_force(today)
    return {
        "in_force_from": held.in_force_from if held else None,
        "counted_employments": counting.counted_employments,
        "excluded_duties": counting.excluded_duties,
        "required_categories": counting.required_categories,
        "validity_years": counting.validity_years,
    }


def _previewed(day: date, counting: Counting) -> str:
    """What a preview was of: only that may be saved."""
    return f"{day.isoformat()}|{counting.mark}"


def _frozen_from(day: date) -> list[FrozenYear]:
    """The frozen years whose last day is not before the day."""
    return [
        frozen
        for frozen in FrozenYear.objects.order_by("fiscal_year")
        if frozen.fiscal_year.last_day >= day
    ]


def _reaching_back(day: date) -> str:
    years = "・".join(one.fiscal_year.long_label for one in _frozen_from(day))
    return f"数値が確定している{years}の日にも適用します。" if years else ""


def _preview(request: PageRequest, form: RuleForm, today: date) -> dict[str, Any]:
    """What the rule changes; a tick counts only for the very rule it was set under."""
    day, counting = form.cleaned_data["in_force_from"], form.counting
    held = CountingRule.objects.filter(in_force_from=day).first()
    later = CountingRule.objects.filter(in_force_from__gt=day).order_by("in_force_from").first()
    shown = (FiscalYear.containing(today).previous.last_day, today)
    rules = CountingRule.objects.in_force_on([day, *shown])
    effects = [effect(on, rules[on], counting) for on in shown]
    is_answer = request.POST.get("act") == SAVE and _was_previewed(request, form)
    return {
        "day": day,
        "held": held,
        "later": later,
        "old": in_words(rules[day]),
        "new": in_words(counting),
        "effects": [(one, _not_ruled(one.on, day, later)) for one in effects],
        "confirm": ConfirmForm(
            request.POST if is_answer else None,
            frozen=_frozen_from(day),
            is_big=any(one.is_big for one in effects),
        ),
        "big": _big(effects[-1]) if effects[-1].is_big else _big(effects[0]),
        "years": _reaching_back(day),
        "seen": held.counting.mark if held else NEW,
        "previewed": _previewed(day, counting),
    }


def _big(found: Effect) -> str:
    """What the rule makes of the figures of a day, in one sentence."""
    return (
        f"{era_date(found.on)}の人で数えると、全職員は{found.old.population}人から"
        f"{found.new.population}人に、デジタル活用職員は{found.old.capable}人から"
        f"{found.new.capable}人になります。"
    )


def _not_ruled(on: date, day: date, later: CountingRule | None) -> str:
    """Why the new rule would not count on a shown day; empty where it would."""
    if on < day:
        return "適用開始日より前なので、この日の集計は変わりません（参考）。"
    if later is not None and later.in_force_from <= on:
        return "次のルールが始まっているので、この日の集計は変わりません（参考）。"
    return ""


def _drawn(request: PageRequest, form: RuleForm, preview: dict[str, Any] | None) -> HttpResponse:
    context = {"form": form, "preview": preview, "back": reverse("reports:rule_list")}
    trail = [_dashboard(), _list()]
    return show(request, "reports/rule_new.html", "集計ルールの変更", context, trail)


def _dashboard() -> tuple[str, str]:
    return "計画の進み具合", reverse("reports:dashboard")


def _list() -> tuple[str, str]:
    return "集計ルール", reverse("reports:rule_list")
