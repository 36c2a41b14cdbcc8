"""Asking the heads of silent departments for their nomination, on paper or by mail."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agano_dx.lib import audit
from leaders.forms.rounds import ReminderForm
from leaders.models import Cohort
from leaders.reminders import letters
from leaders.round_board import board_of
from leaders.views.nominations import trail
from staff.organisation import DepartmentTree
from staff.pages import PageRequest, allow, show


@require_GET
@allow(lambda access: access.keeps_leaders)
def round_reminder(request: PageRequest, number: int) -> HttpResponse:
    """A letter to each department that owes a nomination, or to one of them."""
    cohort = get_object_or_404(Cohort, number=number)
    today = timezone.localdate()
    tree = DepartmentTree.load(today)
    missing = board_of(cohort, request.access, tree).missing if cohort.is_asking(today) else []
    form = ReminderForm(request.GET, units=[state.department for state in missing])
    chosen = form.chosen
    asked = [state for state in missing if chosen in ("", state.department.code)]
    written = letters(cohort, asked, tree)
    if written:
        audit.looked_at(cohort, by=request.user, print="round_reminders", rows=len(written))
    context = {
        "cohort": cohort,
        "form": form,
        "letters": written,
        "today": today,
        "is_asking": cohort.is_asking(today),
        "back": f"{reverse('leaders:nomination_list')}?cohort={number}",
    }
    title = f"{cohort}の推薦のお願い"
    return show(request, "leaders/round_reminder.html", title, context, trail())
