"""Terms after their appointment: ended early, taken back, continued over a change."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import era_date
from leaders.models import Continuation, EndReason, LeaderTerm, QuestionKind
from leaders.questions import Matter, Question, questions_about
from leaders.services.locking import lock_term
from staff.models import User

# Why HR ends a term by hand; 任期満了 comes of closing the cohort.
EARLY_REASONS = (
    EndReason.RETIRED,
    EndReason.MOVED,
    EndReason.PROMOTED,
    EndReason.DECLINED,
    EndReason.OTHER,
)


class OwnTermError(DomainError):
    """Nobody decides about their own term."""


class TermSettledError(DomainError):
    """The cohort is closed, or 修了 is decided: the term stays as it is."""


class AlreadyEndedError(DomainError):
    """The term has an end."""


class EndDayError(DomainError):
    """The term cannot end on this day."""


class NoReasonError(DomainError):
    """The decision asks for words."""


class TermChangedError(DomainError):
    """Somebody else changed the term since the asker looked at it."""


class SucceededError(DomainError):
    """Somebody was appointed in the leader's place, or the leader sits again."""


class NoQuestionError(DomainError):
    """Nothing about the term waits for this decision."""


def mark_of(term: LeaderTerm) -> str:
    """What a form remembers of the term it shows; another decision makes it another mark."""
    return f"{term.ends_on or ''}/{term.end_reason}/{term.continuations.count()}"


@transaction.atomic
def end_term(
    *,
    term: LeaderTerm,
    ends_on: date,
    reason: str,
    note: str,
    seen: str,
    by: User,
) -> LeaderTerm:
    """End the term on its last day, which may lie ahead. The same twice is once.

    `seen`: the mark of the term the asker looked at.
    """
    locked = _lock_open(term, by)
    note = note.strip()
    if locked.ends_on is not None:
        if (locked.ends_on, locked.end_reason, locked.end_note) == (ends_on, reason, note):
            return locked
        raise AlreadyEndedError(
            f"この任期の退任日は{era_date(locked.ends_on)}と入力されています。"
            "変えるときは、退任を取り消してから入力し直してください。"
        )
    _refuse_unseen(locked, seen)
    _check_end(locked, ends_on, reason, note)
    return _write_end(locked, ends_on, reason, note)


@transaction.atomic
def confirm_departure(*, term: LeaderTerm, by: User, today: date) -> LeaderTerm:
    """End the term of a leader who has left on their last day of service. Twice is once."""
    locked = _lock_open(term, by)
    left_on = locked.staff.left_on
    if left_on is None or left_on >= today:
        raise NoQuestionError("この職員は在職しています。画面を読み込み直してください。")
    # Who left before the first day never sat: the term is then over with that day.
    last_day = max(left_on, locked.starts_on)
    if (locked.ends_on, locked.end_reason) == (last_day, EndReason.RETIRED):
        return locked
    if locked.ends_on is not None and locked.ends_on <= last_day:
        raise AlreadyEndedError("この任期は退任日が入力されています。内容を確かめてください。")
    if left_on > locked.cohort.ends_on:
        raise NoQuestionError(
            f"この職員は{locked.cohort}が終わった後に退職したため、退任日は変わりません。"
            "期の終了の画面で判定してください。"
        )
    return _write_end(locked, last_day, EndReason.RETIRED, locked.end_note)


@transaction.atomic
def resume_term(*, term: LeaderTerm, seen: str, by: User) -> LeaderTerm:
    """Take back an end entered by mistake, as long as nobody has followed. Twice is once."""
    locked = _lock_open(term, by)
    if locked.ends_on is None:
        return locked
    _refuse_unseen(locked, seen)
    if LeaderTerm.objects.filter(nomination__replaces=locked).exists():
        raise SucceededError("後任が任命されているため、退任を取り消せません。")
    others = LeaderTerm.objects.filter(cohort=locked.cohort_id, staff=locked.staff_id)
    # A later term of theirs, over or not: one person would sit twice on its days.
    if others.filter(Q(ends_on__isnull=True) | Q(starts_on__gt=locked.starts_on)).exists():
        raise SucceededError(
            "この職員は同じ期にもう一度任命されているため、退任を取り消せません。"
            "新しい任期を確かめてください。"
        )
    locked.ends_on, locked.end_reason, locked.end_note = None, "", ""
    locked.save(update_fields=["ends_on", "end_reason", "end_note"])
    return locked


@transaction.atomic
def continue_term(
    *, term: LeaderTerm, kind: str, reason: str, seen: str, by: User, today: date
) -> Continuation:
    """Write down that the leader stays although they moved or are away. Twice is once."""
    if not reason.strip():
        raise NoReasonError("続ける理由を入力してください。")
    locked = _lock_open(term, by)
    question = _question(locked, kind, today)
    if question is None or question.department_id is None:
        made = locked.continuations.filter(kind=kind, decided_on=today, by=by).last()
        if made is not None and made.reason == reason.strip():
            return made
        raise NoQuestionError(
            "この任期について、今決めることはありません。内容を確かめてください。"
        )
    _refuse_unseen(locked, seen)
    made = Continuation(
        term=locked,
        kind=QuestionKind(kind),
        department_id=question.department_id,
        reason=reason.strip(),
        decided_on=today,
        by=by,
    )
    made.full_clean(exclude=["term", "department", "by"])
    made.save()
    return made


def _question(term: LeaderTerm, kind: str, today: date) -> Question | None:
    found = questions_about([term], today)
    return next((one for one in found if one.matter == Matter(kind)), None)


def _lock_open(term: LeaderTerm, by: User) -> LeaderTerm:
    """The term under its lock, if it may still be changed and is not the asker's own."""
    locked = lock_term(term)
    if by.staff_id == locked.staff_id:
        raise OwnTermError("自分の任期については決められません。別の人事担当に頼んでください。")
    if locked.cohort.closed_at is not None:
        raise TermSettledError(
            f"{locked.cohort}は終了処理済みのため、任期を変えられません。"
            "直すときは、先に終了処理を取り消してください。"
        )
    if locked.is_decided:
        raise TermSettledError(
            "修了の判定が済んでいるため、任期を変えられません。直すときは、先に判定を取り消してください。"
        )
    return locked


def _refuse_unseen(locked: LeaderTerm, seen: str) -> None:
    if seen != mark_of(locked):
        raise TermChangedError(
            "開いている間に、他の人がこの任期を変えました。今の内容を確かめてから、"
            "もう一度ボタンを押してください。"
        )


def _check_end(locked: LeaderTerm, ends_on: date, reason: str, note: str) -> None:
    if reason not in EARLY_REASONS:
        raise NoReasonError("退任理由を選んでください。")
    if reason == EndReason.OTHER and not note:
        raise NoReasonError("退任理由が「その他」のときは、退任の事情を入力してください。")
    last = locked.cohort.ends_on
    if not locked.starts_on <= ends_on <= last:
        raise EndDayError(
            f"退任日は、就任日（{era_date(locked.starts_on)}）から"
            f"期の終わり（{era_date(last)}）までの日を入力してください。"
        )
    left_on = locked.staff.left_on
    if left_on is not None and ends_on > max(left_on, locked.starts_on):
        raise EndDayError(f"退任日は、退職日（{era_date(left_on)}）までの日を入力してください。")


def _write_end(locked: LeaderTerm, ends_on: date, reason: str, note: str) -> LeaderTerm:
    locked.ends_on, locked.end_reason, locked.end_note = ends_on, reason, note
    locked.full_clean(exclude=["cohort", "staff", "department", "nomination"])
    locked.save(update_fields=["ends_on", "end_reason", "end_note"])
    return locked
