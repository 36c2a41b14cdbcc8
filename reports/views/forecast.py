"""The forecast of any day, and what would be if."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from reports import forecast as reckoned
from reports.forecast import Forecast
from reports.forecast.assumptions import assumptions, omitted
from reports.forecast.words import Promises, answer, beside, cards, promises_of, what_if_answer
from reports.forecast.words import year_rows as rows_of
from reports.forecast_figure import forecast_figure
from reports.forms.forecast import WhatIfForm
from reports.history import share_history, share_promises
from reports.views.trail import under_dashboard
from staff.forms.days import DayForm
from staff.pages import PageRequest, allow, asked_day, show
from training.models import CountingRule


@require_GET
@allow(lambda access: access.sees_figures)
def forecast(request: PageRequest) -> HttpResponse:
    """The answer, the ranges, what they rest on; beside them the ranges under other assumptions."""
    day, access = asked_day(request), request.access
    scope = access.figure_units
    rule = CountingRule.objects.in_force(day.on)
    known_until = day.known_until(access)
    found = reckoned.forecast(day.on, rule, scope, known_until)
    promises = promises_of(share_promises())
    history = share_history(day.on, scope)
    form = WhatIfForm(request.GET, base=found.inputs)
    context = {
        "form": DayForm.asked(request, day),
        "day": day,
        "is_whole_city": scope is None,
        "answer": answer(found, promises),
        "found": found,
        "cards": cards(found, promises),
        "figure": forecast_figure(found, history, promises),
        "rows": rows_of(found, promises),
        "assumptions": assumptions(
            found, of_units="市全体" if scope is None else "所属とその下の所属"
        ),
        "omitted": omitted(found.facts, sees_future=known_until is None),
        "what_if": form,
        "other": _other(found, form, promises),
        "setting": reverse("admin:reports_forecastsetting_changelist") if access.is_admin else "",
    }
    return show(
        request,
        "reports/forecast.html",
        "見込み",
        context,
        under_dashboard(),
    )


def _other(found: Forecast, form: WhatIfForm, promises: Promises) -> dict[str, object] | None:
    """The forecast under the assumptions typed; nothing before any is typed without fault."""
    if not form.is_valid() or form.inputs == found.inputs or not found.years:
        return None
    other = reckoned.what_if(found, form.inputs)
    return {
        "answer": what_if_answer(found, other, promises),
        "rows": beside(found, other),
    }
