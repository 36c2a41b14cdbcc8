"""What people write after a training: the report to their head, the answers to the survey."""

from datetime import date, datetime

from django.db import transaction

from agano_dx.lib.errors import DomainError
from agano_dx.lib.locks import told_when_held
from staff.models import User
from training.models import Attendance, SurveyAnswer, TrainingReport
from training.surveys import may_answer


class NotOwnTrainingError(DomainError):
    """The place is somebody else's."""


class NotCompletedError(DomainError):
    """A report is written about a completed training only."""


class ReportReadError(DomainError):
    """The report was read; it stays as it was read."""


class ReportChangedError(DomainError):
    """The author changed the report after the reader opened it, or it is not submitted."""


class OwnReportError(DomainError):
    """Nobody confirms their own report."""


class SurveyShutError(DomainError):
    """The survey is not open to this person on this day."""


class AlreadyAnsweredError(DomainError):
    """One person answers once."""


# --- 受講報告書 ----------------------------------------------------------------------------------


@transaction.atomic
def save_draft(*, place: Attendance, learned: str, use: str, by: User) -> TrainingReport:
    """Keep what is written so far; nobody but the author sees it."""
    report = _own_report(place, by)
    if report.submitted_at is not None:
        raise ReportReadError("提出済みの報告書は下書きに戻せません。直して提出し直してください。")
    return _write(report, learned, use)


@transaction.atomic
def submit_report(
    *, place: Attendance, learned: str, use: str, by: User, at: datetime
) -> TrainingReport:
    """Hand the report in, or a corrected one. The same twice is once."""
    report = _own_report(place, by)
    if report.submitted_at is not None and (report.learned, report.use) == (learned, use):
        return report
    report.submitted_at = at
    return _write(report, learned, use)


@transaction.atomic
def confirm_report(
    *, report: TrainingReport, seen: datetime | None, comment: str, by: User, at: datetime
) -> TrainingReport:
    """The head has read the report as it was submitted at `seen`. The same twice is once."""
    with told_when_held():
        locked = (
            TrainingReport.objects.select_for_update(of=("self",))
            .select_related("attendance")
            .get(pk=report.pk)
        )
    if locked.attendance.staff_id == by.staff_id:
        raise OwnReportError(
            "自分の報告書は自分では確認できません。上司か人事担当に頼んでください。"
        )
    if locked.read_at is not None:
        if (locked.read_by_id, locked.comment) == (by.pk, comment):
            return locked
        raise ReportReadError("ほかの人が先に確認済みにしました。画面を開き直してください。")
    if locked.submitted_at is None or locked.submitted_at != seen:
        raise ReportChangedError(
            "画面を開いた後に本人が報告書を直しました。もう一度読んでから、確認してください。"
        )
    locked.read_at, locked.read_by, locked.comment = at, by, comment
    locked.save(update_fields=["read_at", "read_by", "comment"])
    return locked


def _own_report(place: Attendance, by: User) -> TrainingReport:
    """The report on the place, locked, or a new one; the place is locked first."""
    locked = _own_place(place, by)
    report = TrainingReport.objects.select_for_update().filter(attendance=locked).first()
    if report is None and not locked.is_completion:
        raise NotCompletedError(
            "修了した研修だけ、報告書を書けます。出欠を人事担当に確かめてください。"
        )
    if report is not None and report.read_at is not None:
        raise ReportReadError(
            "確認済みの報告書は直せません。直したいときは所属長に相談してください。"
        )
    return report or TrainingReport(attendance=locked)


def _write(report: TrainingReport, learned: str, use: str) -> TrainingReport:
    report.learned, report.use = learned, use
    report.save()
    return report


def _own_place(place: Attendance, by: User) -> Attendance:
    """The place with its offering, locked: two requests of one person wait for each other."""
    with told_when_held():
        locked = (
            Attendance.objects.select_for_update(of=("self",))
            .select_related("offering")
            .get(pk=place.pk)
        )
    if by.staff_id is None or locked.staff_id != by.staff_id:
        raise NotOwnTrainingError("ほかの人の記録です。マイ研修から選び直してください。")
    return locked


# --- アンケート ----------------------------------------------------------------------------------


@transaction.atomic
def answer_survey(
    *,
    place: Attendance,
    understanding: int,
    usefulness: int,
    satisfaction: int,
    comment: str,
    by: User,
    today: date,
) -> SurveyAnswer:
    """Take the answers of one person who attended, once."""
    locked = _own_place(place, by)
    if SurveyAnswer.objects.filter(attendance=locked).exists():
        raise AlreadyAnsweredError("このアンケートは回答済みです。回答は1回だけです。")
    if not may_answer(locked, today):
        raise SurveyShutError(
            "このアンケートの回答期間ではありません。マイ研修で回答できる研修を確かめてください。"
        )
    answer = SurveyAnswer(
        attendance=locked,
        understanding=understanding,
        usefulness=usefulness,
        satisfaction=satisfaction,
        comment=comment,
    )
    answer.full_clean()
    answer.save()
    return answer
