"""The report on A4: a preview on the screen, pages on paper."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agano_dx.lib import audit
from reports.paper.making import made_paper
from reports.paper.printed import printed
from reports.publication import for_publication
from staff.pages import AskedDay, PageRequest, allow, asked_day, show


@require_GET
@allow(lambda access: access.sees_figures)
def report_print(request: PageRequest) -> HttpResponse:
    """The report of the asked day within the asker's scope; `?publish=1` for publication."""
    day = asked_day(request)
    scope = request.access.figure_units
    is_published = request.GET.get("publish") == "1"
    whole = made_paper(day.on, scope, timezone.localdate())
    if is_published:
        whole = for_publication(whole)
    audit.record(
        by=request.user,
        action=audit.ACCESS,
        about=[(request.user, {})],
        extra={
            "print": "report",
            "as_of": day.on.isoformat(),
            "scope": "city" if scope is None else "own_units",
            "publication": "yes" if is_published else "no",
        },
    )
    context = {
        "day": day,
        "paper": whole,
        "tables": printed(whole),
        "other": _other_address(day, is_published=is_published),
        "scope": dict(whole.cover)["対象"],
    }
    trail = [
        ("計画の進み具合", reverse("reports:dashboard")),
        ("報告書", f"{reverse('reports:report')}?as_of={day.on.isoformat()}"),
    ]
    return show(request, "reports/report_print.html", whole.title, context, trail)


def _other_address(day: AskedDay, *, is_published: bool) -> str:
    """The same report as it is, or for publication."""
    wanted = "" if is_published else "&publish=1"
    return f"{reverse('reports:report_print')}?as_of={day.on.isoformat()}{wanted}"
