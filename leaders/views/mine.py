"""自分の活動: what a leader has before them."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from leaders.activities import overdue_steps, own_activities, own_terms, rows_of
from leaders.curriculum import own_curriculum
from staff.pages import PageRequest, allow, show

PAGE = 20


@require_GET
@allow(lambda access: access.staff_id is not None)
def mine(request: PageRequest) -> HttpResponse:
    """One's terms, past and to come, and the activities one leads or takes part in."""
    today = timezone.localdate()
    staff_id = request.access.staff_id or 0
    terms = own_terms(staff_id, today)
    if not terms:
        raise PermissionDenied
    page = Paginator(own_activities(staff_id), PAGE).get_page(request.GET.get("page"))
    context = {
        "terms": terms,
        "sitting": next((one for one in terms if one.is_sitting), None),
        "page": page,
        "rows": rows_of(page.object_list, request.access, today),
        "staff_id": staff_id,
        "strands": own_curriculum(staff_id, today),
        "overdue": overdue_steps(staff_id, today),
        "today": today,
    }
    return show(request, "leaders/mine.html", "自分の活動", context)
