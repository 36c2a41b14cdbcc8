"""New people and leavers: training owed, accounts to open and to close."""

from datetime import date

from django.urls import reverse

from agano_dx.lib.fiscal import FiscalYear, era_date
from reports.followup.lines import ImportFacts, Part, person_line
from training.models import Category, Counting, Programme
from training.outstanding import REASONS, outstanding


def owing(found: ImportFacts, on: date, rule: Counting) -> Part:
    """Those newly hired who still owe the mind course by a running row of the plan.

    新採用職員 are those hired in the fiscal year; a first roster hires everybody else too.
    """
    year = FiscalYear.containing(on)
    new = {one.number: one for one in found.hired if one.hired_on in year}
    rows = Programme.objects.filter(category=Category.MIND)
    running = [row for row in rows if row.first_year <= year <= row.last_year]
    reasons = {
        person.number: person.reason
        for row in running
        for person in outstanding(row, on, rule, None)
        if person.number in new and person.reason != "excused"
    }
    return Part(
        key="owing",
        title="新採用職員でDXマインド研修が必要な人",
        advice="DXマインド研修の開催回に登録してください。",
        columns=("氏名", "職員番号", "所属", "採用日", "状況"),
        lines=tuple(
            person_line(
                new[number],
                found.departments.get(new[number].pk, ""),
                era_date(new[number].hired_on),
                REASONS[reason],
                is_open=reason != "booked",
            )
            for number, reason in sorted(reasons.items())
        ),
        url=reverse("training:offering_list"),
        action="開催回を見る",
    )


def to_close(found: ImportFacts, today: date) -> Part:
    """Accounts still open of those who leave; a button closes those whose last day is over."""
    lines = []
    for member in found.left:
        user = getattr(member, "user", None)
        if user is None or not user.is_active or member.left_on is None:
            continue
        is_over = member.left_on < today
        state = "止められます" if is_over else "最後の日の翌日から止められます"
        lines.append(
            person_line(
                member,
                era_date(member.left_on),
                state,
                is_open=is_over,
                acts_for=member.number if is_over else "",
            )
        )
    return Part(
        key="close",
        title="止める利用者",
        advice="最後の日を過ぎた人の利用を止めてください。"
        "止めるまでの間も、退職した人はログインできません。",
        columns=("氏名", "職員番号", "退職日", "状態"),
        lines=tuple(lines),
        url=f"{reverse('staff:account_list')}?state=open",
        action="利用者の一覧を見る",
        for_admin=True,
    )


def to_open(found: ImportFacts) -> Part:
    """People hired who have no account."""
    return Part(
        key="open",
        title="作る利用者",
        advice="利用者を作り、「利用開始のお知らせ」を印刷して本人に渡してください。",
        columns=("氏名", "職員番号", "所属", "採用日"),
        lines=tuple(
            person_line(
                member,
                found.departments.get(member.pk, ""),
                era_date(member.hired_on),
                is_open=True,
                acts_for=member.number,
            )
            for member in found.hired
            if getattr(member, "user", None) is None
        ),
        url=f"{reverse('staff:account_list')}?state=none",
        action="利用者の一覧を見る",
        for_admin=True,
    )
