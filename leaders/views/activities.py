"""One activity: new, looked at, changed, commented on."""

from collections.abc import Iterable
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.filters import amount
from agano_dx.lib.fiscal import era_date
from leaders.activities import comments_of, fellows_to_choose, rows_of, shown
from leaders.activity_rights import comments_as, may_change
from leaders.forms.activities import (
    ActivityForm,
    BaseStepFormSet,
    CommentForm,
    as_typed,
    more_rows,
    sent_rows,
    step_rows,
    written,
)
from leaders.models import Activity, ActivityStatus, LeaderTerm
from leaders.services.activities import (
    DECIDED,
    ActivityChangedMeanwhileError,
    Entry,
    Step,
    add_activity,
    change_activity,
    entry_of,
)
from leaders.services.activity_comments import add_comment
from staff.pages import PageRequest, Trail, allow, show

Fellows = list[tuple[int, str]]
WRONG_STEPS = "手順の表に直すところがあります。表の中の文を読んで直してください。"


@require_http_methods(["GET", "POST"])
@allow(lambda access: access.staff_id is not None)
def activity_new(request: PageRequest, pk: int) -> HttpResponse:
    """A new activity of one's own sitting term."""
    today = timezone.localdate()
    term = get_object_or_404(
        LeaderTerm.objects.select_related("cohort"), pk=pk, staff=request.access.staff_id
    )
    if request.method == "GET" and not LeaderTerm.objects.sitting(today).filter(pk=pk).exists():
        messages.info(request, "任期中でないため、活動を登録できません。")
        return redirect("leaders:mine")
    fellows = fellows_to_choose(term, today)
    form, steps = _forms(request, fellows, {}, ())
    entry = _entry(form, steps)
    if entry is not None:
        try:
            activity = add_activity(term=term, entry=entry, by=request.user, today=today)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"「{activity.theme}」を登録しました。")
            return redirect(activity)
    context = {"form": form, "steps": steps, "back": reverse("leaders:mine"), "others": ()}
    return show(request, "leaders/activity_edit.html", "活動の登録", context, _own_trail())


@require_http_methods(["GET", "POST"])
def activity_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Change an activity; what somebody else saved meanwhile is shown beside."""
    activity, today = _visible(request, pk), timezone.localdate()
    is_own = activity.term.staff_id == request.access.staff_id
    if not (is_own or may_change(activity, request.access)):
        raise PermissionDenied
    if request.method == "GET" and not may_change(activity, request.access):
        messages.info(request, DECIDED)
        return redirect(activity)
    fellows = fellows_to_choose(activity.term, today, activity)
    stored = entry_of(activity)
    form, steps = _forms(request, fellows, written(stored, activity.version), stored.steps)
    others: Entry | None = None
    entry = _entry(form, steps)
    if entry is not None:
        is_saved, others = _change(request, activity, form, entry)
        if is_saved:
            return redirect(activity)
    context = {
        "form": form,
        "steps": steps,
        "back": activity.get_absolute_url(),
        "others": _facts(others, fellows) if others else (),
    }
    above = [*_trail(request, activity), (activity.theme, activity.get_absolute_url())]
    return show(request, "leaders/activity_edit.html", "活動の変更", context, above)


def _change(
    request: PageRequest, activity: Activity, form: ActivityForm, entry: Entry
) -> tuple[bool, Entry | None]:
    """Save it; a refusal goes onto the form, with what somebody else saved meanwhile."""
    seen, today = form.cleaned_data["seen"] or 0, timezone.localdate()
    try:
        changed = change_activity(
            activity=activity, entry=entry, seen=seen, by=request.user, today=today
        )
    except ActivityChangedMeanwhileError as refusal:
        form.add_error(None, str(refusal))
        form.let_save_over(refusal.version)
        return False, refusal.now
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return False, None
    told = "活動を直しました。" if changed else "変更はありませんでした。"
    messages.success(request, told)
    return True, None


def _forms(
    request: PageRequest, fellows: Fellows, initial: dict[str, object], steps: Iterable[Step]
) -> tuple[ActivityForm, BaseStepFormSet]:
    """Both parts of the page: as stored, as sent, or as typed with more rows."""
    today = timezone.localdate()
    if request.method == "GET":
        return ActivityForm(initial=initial, fellows=fellows), step_rows(steps, today)
    if "more" in request.POST:
        return (
            ActivityForm(initial=as_typed(request.POST), fellows=fellows),
            more_rows(request.POST, today),
        )
    return ActivityForm(request.POST, fellows=fellows), sent_rows(request.POST, today)


def _entry(form: ActivityForm, steps: BaseStepFormSet) -> Entry | None:
    """What was sent to be saved, if it can be read."""
    if not form.is_bound:
        return None
    is_whole = form.is_valid()
    if not steps.is_valid():
        form.add_error(None, WRONG_STEPS)
        return None
    return form.entry(steps.steps) if is_whole else None


def _facts(entry: Entry, fellows: Fellows) -> list[tuple[str, str]]:
    """What stands there now, under the labels of the form."""
    steps = [
        f"{era_date(one.due_on)}　{one.text}"
        + (f"（{era_date(one.done_on)}に実施）" if one.done_on else "")
        for one in entry.steps
    ]
    return [
        ("テーマ", entry.theme),
        ("状態", ActivityStatus(entry.status).label),
        ("課題", entry.problem),
        ("計画", entry.plan),
        ("使うツール", entry.tools),
        ("手順", "\n".join(steps)),
        ("取組前の作業時間（年間）", _hours(entry.hours_before)),
        ("取組後の作業時間（年間）", _hours(entry.hours_after)),
        ("効果（時間のほか）", entry.effect),
        (
            "一緒に取り組む人",
            "、".join(words for key, words in fellows if key in entry.participants),
        ),
        ("協力する部署・人", entry.partners),
    ]


def _hours(value: Decimal | None) -> str:
    return "" if value is None else f"{amount(value)}時間"


@require_GET
def activity_detail(request: PageRequest, pk: int) -> HttpResponse:
    """An activity with its steps and comments. Looking at another's leaves a trace."""
    return _show(request, _visible(request, pk), None)


@require_POST
def activity_comment(request: PageRequest, pk: int) -> HttpResponse:
    """Say something about it: the head of the department, HR, the leader in answer."""
    activity = _visible(request, pk)
    if comments_as(activity, request.access) is None:
        raise PermissionDenied
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            add_comment(
                activity=activity,
                text=form.cleaned_data["text"],
                after=form.cleaned_data["after"] or 0,
                by=request.user,
                today=timezone.localdate(),
                at=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "コメントを書きました。")
            return redirect(activity)
    return _show(request, activity, form)


def _visible(request: PageRequest, pk: int) -> Activity:
    return get_object_or_404(shown(Activity.objects.visible_to(request.access)), pk=pk)


def _show(request: PageRequest, activity: Activity, sent: CommentForm | None) -> HttpResponse:
    access, today = request.access, timezone.localdate()
    [row] = rows_of([activity], access, today)
    if not _concerns(request, activity):
        audit.looked_at(activity, by=request.user)
    comments = comments_of(activity, access)
    last = comments[-1].comment.pk if comments else 0
    form = sent or CommentForm(initial={"after": last})
    context = {
        "row": row,
        "activity": activity,
        "comments": comments,
        "form": form if comments_as(activity, access) else None,
        "changes": may_change(activity, access),
        "today": today,
    }
    trail = _trail(request, activity)
    return show(request, "leaders/activity_detail.html", activity.theme, context, trail)


def _concerns(request: PageRequest, activity: Activity) -> bool:
    """Whether it is the asker's own, or one they take part in."""
    together = {activity.term.staff_id, *(one.pk for one in activity.participants.all())}
    return request.access.staff_id in together


def _trail(request: PageRequest, activity: Activity) -> Trail:
    if _concerns(request, activity):
        return _own_trail()
    return [("活動", reverse("leaders:activity_list"))]


def _own_trail() -> Trail:
    return [("自分の活動", reverse("leaders:mine"))]
