"""異動希望: what one says oneself, or HR hears; 適性の所見: what HR alone writes and reads."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from leaders.forms.specialists import NoteForm, WishForm
from leaders.models import SuitabilityNote
from leaders.services.confided import NoteChangedMeanwhileError, state_wish, write_note
from leaders.specialists import is_asked, wishes_of
from leaders.views.candidates import candidate_trail, concerned
from staff.models import StaffMember
from staff.pages import PageRequest, allow, show


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.staff_id is not None)
def transfer_request(request: PageRequest) -> HttpResponse:
    """One's own wish: what one said, and saying it anew."""
    member = get_object_or_404(StaffMember, pk=request.access.staff_id)
    if not is_asked(member.pk, timezone.localdate()):
        raise PermissionDenied
    form = WishForm(request.POST or None)
    if _stated(request, member, form):
        messages.success(request, "異動希望を人事担当に伝えました。")
        return redirect("leaders:transfer_request")
    context = {"form": form, "member": member, "wishes": wishes_of(member.pk)}
    return show(request, "leaders/transfer_request.html", "異動希望", context)


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_leaders)
def transfer_request_hear(request: PageRequest, number: str) -> HttpResponse:
    """What HR heard in an interview, kept as such."""
    member = concerned(number)
    if member.pk == request.access.staff_id:
        raise PermissionDenied  # one's own wish is said on one's own page
    back = reverse("leaders:specialist_candidate", args=[member.number])
    form = WishForm(request.POST or None)
    if _stated(request, member, form):
        messages.success(request, "面談で聞いた異動希望を登録しました。")
        return redirect(back)
    context = {"form": form, "member": member, "back": back}
    above = [*candidate_trail(), (member.name, back)]
    return show(
        request, "leaders/transfer_request_hear.html", "面談で聞いた異動希望", context, above
    )


def _stated(request: PageRequest, member: StaffMember, form: WishForm) -> bool:
    if not form.is_valid():
        return False
    try:
        state_wish(
            staff=member,
            preference=form.cleaned_data["preference"],
            note=form.cleaned_data["note"],
            by=request.user,
            today=timezone.localdate(),
            at=timezone.now(),
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.keeps_leaders)
def suitability_edit(request: PageRequest, number: str) -> HttpResponse:
    """HR's note on somebody; what another clerk saved meanwhile is shown beside."""
    member = concerned(number)
    if member.pk == request.access.staff_id:
        raise PermissionDenied
    note = SuitabilityNote.objects.filter(staff=member).first()
    form = NoteForm(request.POST or None, note=note)
    back = reverse("leaders:specialist_candidate", args=[member.number])
    others: list[tuple[str, str]] = []
    if form.is_valid():
        try:
            changed = write_note(
                staff=member,
                text=form.cleaned_data["text"],
                seen=form.cleaned_data["seen"],
                by=request.user,
                at=timezone.now(),
            )
        except NoteChangedMeanwhileError as refusal:
            form.add_error(None, str(refusal))
            form.let_save_over(refusal.now)
            others = [("適性の所見", refusal.now.text)]
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            told = "適性の所見を保存しました。" if changed else "変更はありませんでした。"
            messages.success(request, told)
            return redirect(back)
    audit.looked_at(member, by=request.user, page="suitability")
    context = {"form": form, "back": back, "others": others, "member": member, "note": note}
    above = [*candidate_trail(), (member.name, back)]
    return show(request, "leaders/suitability_edit.html", "適性の所見", context, above)
