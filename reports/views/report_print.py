"""The report on A4: a preview on the screen, pages on paper."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agano_dx.lib import audit
from reports.paper.occasion import Occasion
from reports.paper.printed import printed
from reports.paper.shapes import Paper
from reports.paper.tables import paper
from reports.publication import for_publication
from reports.report import report
from staff.models import Department
from staff.navigation import CONTACT
from staff.pages import AskedDay, PageRequest, allow, asked_day, show
from training.models import CountingRule


@require_GET
@allow(lambda access: access.sees_figures)
def report_print(request: PageRequest) -> HttpResponse:
    """The report of the asked day within the asker's scope; `?publish=1` for publication."""
    day = asked_day(request)
    whole = asked_paper(request, day)
    is_published = bool(whole.mark)
    audit.record(
        by=request.user,
        action=audit.ACCESS,
        about=[(request.user, {})],
        extra={
            "print": "report",
            "as_of": day.on.isoformat(),
            "publication": is_published,
            "units": sorted(request.access.figure_units or ()),
        },
    )
    context = {
        "day": day,
        "paper": whole,
        "tables": printed(whole),
        "other": _other_address(day, is_published=is_published),
        "scope": dict(whole.cover)["対象"],
    }
    trail = [("計画の進み具合", reverse("reports:dashboard"))]
    return show(request, "reports/report_print.html", whole.title, context, trail)


def asked_paper(request: PageRequest, day: AskedDay) -> Paper:
    """The report the asker may see as a paper; for publication where they ask for that."""
    scope = request.access.figure_units
    rule = CountingRule.objects.in_force(day.on)
    set_rule = CountingRule.objects.filter(in_force_from__lte=day.on).order_by("-in_force_from")
    occasion = Occasion(
        made_on=timezone.localdate(),
        office=CONTACT,
        rule_from=set_rule.values_list("in_force_from", flat=True).first(),
        units=_names(scope),
    )
    whole = paper(report(day.on, rule, scope), occasion)
    return for_publication(whole) if request.GET.get("publish") == "1" else whole


def _names(scope: frozenset[int] | None) -> tuple[str, ...]:
    if scope is None:
        return ()
    return tuple(Department.objects.filter(pk__in=scope).values_list("name", flat=True))


def _other_address(day: AskedDay, *, is_published: bool) -> str:
    """The same report as it is, or for publication."""
    wanted = "" if is_published else "&publish=1"
    return f"{reverse('reports:report_print')}?as_of={day.on.isoformat()}{wanted}"
