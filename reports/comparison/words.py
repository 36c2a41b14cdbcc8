"""What a page says of a line: the reason, what changed, and what it does to the figures."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.utils import timezone

from agano_dx.lib.fiscal import era_date_short
from agano_dx.lib.japanese import signed
from reports.comparison.lines import Line, MarkTrail, Reason
from reports.comparison.tally import FIGURES, State
from staff.models import Band, Duty, Employment
from training.models import AttendanceStatus, Category

REASONS: Mapping[Reason, str] = {
    Reason.HIRED: "採用",
    Reason.LEFT: "退職",
    Reason.MOVED: "異動・昇任",
    Reason.DUTY: "休職・復帰など",
    Reason.EMPLOYMENT: "任用形態の変更",
    Reason.COMPLETED: "新たな修了",
    Reason.EXPIRED: "修了の有効年数を過ぎた",
    Reason.NEW_YEAR: "年度が替わった（幹部研修は年度ごと）",
    Reason.TERM: "任期の開始・終了・修了",
    Reason.SPECIALIST: "専門分野人材の登用・解除",
    Reason.LATE_MARK: "記録の遅れ",
    Reason.CORRECTED: "訂正",
    Reason.BACKDATED: "遡及した異動・発令",
    Reason.DATES: "採用日・退職日の訂正",
    Reason.TERM_FIXED: "任期の訂正",
    Reason.SPECIALIST_FIXED: "専門分野人材の訂正",
    Reason.RULE: "集計ルールの変更",
}
ELSEWHERE = "ほかの部署"


def effects(figures: Mapping[str, int]) -> str:
    """What the figures gain and lose."""
    return "、".join(
        f"{label} {signed(figures[key])}" for key, label in FIGURES.items() if figures.get(key)
    )


def effects_together(gained: Mapping[str, int], lost: Mapping[str, int]) -> str:
    """What the figures gain and lose through many; what goes both ways is told both ways."""
    return "、".join(
        _both_ways(label, gained.get(key, 0), lost.get(key, 0))
        for key, label in FIGURES.items()
        if gained.get(key) or lost.get(key)
    )


def _both_ways(label: str, gained: int, lost: int) -> str:
    whole = f"{label} {signed(gained - lost)}"
    return f"{whole}（{signed(gained)}、{signed(-lost)}）" if gained and lost else whole


def what_changed(line: Line, places: Mapping[int, str]) -> list[str]:
    """What is different, in words without anybody's name."""
    found = [*_place(line, places), *_terms(line.before, line.after)]
    found += [_mark(mark) for mark in line.marks]
    if not line.marks and line.reason in (Reason.COMPLETED, Reason.CORRECTED, Reason.LATE_MARK):
        found += _completions(line.before, line.after)
    if line.before.specialist is None and line.after.specialist is not None:
        found.append("専門分野人材になった")
    if line.before.specialist is not None and line.after.specialist is None:
        found.append("専門分野人材でなくなった")
    return found


def who_corrected(line: Line) -> list[str]:
    """By whom, when and why a mark was changed: for those who keep the training."""
    found = []
    for mark in line.marks:
        on = era_date_short(timezone.localtime(mark.at).date())
        found.append(f"{on} {mark.by}" + (f"「{mark.reason}」" if mark.reason else ""))
    return found


def _place(line: Line, places: Mapping[int, str]) -> Iterator[str]:
    old, new = line.before.person, line.after.person
    if old is None and new is not None:
        yield _arrival(line.reason, places[new.department_id], new.hired_on)
    elif old is not None and new is None:
        left = f"（{era_date_short(old.left_on)}退職）" if old.left_on else ""
        yield {
            Reason.LEFT: f"{places[old.department_id]}から退職{left}",
            Reason.DATES: "基準日に在職していないことになった",
        }.get(line.reason, f"{places[old.department_id]} → {ELSEWHERE}")
    elif old is not None and new is not None:
        if old.department_id != new.department_id:
            yield f"{places[old.department_id]} → {places[new.department_id]}"
        if old.band != new.band:
            yield f"{Band(old.band).label} → {Band(new.band).label}"
        if old.duty != new.duty:
            yield f"{Duty(old.duty).label} → {Duty(new.duty).label}"
        if old.employment != new.employment:
            yield f"{Employment(old.employment).label} → {Employment(new.employment).label}"


def _arrival(reason: Reason, place: str, hired_on: date) -> str:
    if reason == Reason.HIRED:
        return f"{place}に採用（{era_date_short(hired_on)}）"
    if reason == Reason.DATES:
        return f"{place}に在職していることになった（採用日 {era_date_short(hired_on)}）"
    return f"{ELSEWHERE} → {place}"


def _terms(old: State, new: State) -> Iterator[str]:
    if old.terms == new.terms:
        return
    for words, name in (("活動中の任期", "is_sitting"), ("修了した任期", "is_completed")):
        was, now = (sum(getattr(term, name) for term in one.terms) for one in (old, new))
        if was != now:
            yield f"{words} {was} → {now}"


def _completions(old: State, new: State) -> Iterator[str]:
    if old.person is None or new.person is None:
        return
    for category in Category:
        was, now = old.person.done.get(category), new.person.done.get(category)
        if was != now:
            last = f"{era_date_short(now.last)}に修了" if now else "修了の取消し"
            yield f"{category.label}：{last}"


def _mark(mark: MarkTrail) -> str:
    old = AttendanceStatus(mark.old).label if mark.old else "登録なし"
    new = AttendanceStatus(mark.new).label
    category = Category(mark.category).label
    return f"{category}「{mark.title}」{era_date_short(mark.held_on)}：{old} → {new}"
