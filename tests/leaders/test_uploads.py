"""Workbooks with leaders kept and put into force: what was seen is written, once, and no more."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agano_dx.lib.errors import DomainError
from agano_dx.lib.workbooks.reading import read_workbook
from leaders.imports.plan import Outcome
from leaders.models import Cohort, LeaderTerm, LeaderUpload, LeaderUploadState, NominationStatus
from leaders.services import uploads
from leaders.services.decisions import approve_nomination
from leaders.services.nominations import NotEligibleError
from staff.access import ADMIN, HR
from staff.models import StaffMember
from tests.conftest import TODAY, account, placed
from tests.factories import (
    CohortFactory,
    CountingRuleFactory,
    DepartmentFactory,
    LeaderTermFactory,
    NominationFactory,
    StaffMemberFactory,
)
from tests.roster_makers import everything, says_what_to_do, workbook
from tests.together import together
from training.models import CountingRule

START = date(2025, 4, 1)
ENDED = date(2026, 9, 30)
ROUNDS = 4


@pytest.fixture
def office(db):
    CohortFactory()
    for number in ("000101", "000102", "000103"):
        StaffMemberFactory(number=number)
    return DepartmentFactory(code="101", name="総務課")


def row(number="000101", **cells):
    own = {"期": "第1期", "所属コード": "101", "職員番号": number, "就任日": START}
    return own | {"退任日": None, "退任理由": None, "修了": None, "判定の理由": None} | cells


def known(office, number="000101", **facts):
    return LeaderTermFactory(department=office, staff__number=number, **facts)


def sitting(office, **facts):
    """A term of the person the rows speak of."""
    member = StaffMember.objects.get(number="000101")
    return LeaderTermFactory(department=office, staff=member, **facts)


def started(by, *rows):
    return sent(by, workbook(*rows))


def sent(by, content):
    return uploads.start_upload(
        content=content,
        book=read_workbook(content, "リーダー名簿.xlsx"),
        by=by,
        today=TODAY,
        at=timezone.now(),
    )


def shown(upload, by):
    return uploads.preview_of(upload, by=by, today=TODAY)


def applied(upload, by, ticked=(), *, seen=None, leaves_faulty=False):
    return uploads.apply_upload(
        upload=upload,
        ticked=ticked,
        leaves_faulty=leaves_faulty,
        seen=shown(upload, by).fingerprint if seen is None else seen,
        by=by,
        today=TODAY,
        at=timezone.now(),
    )


def counts(written):
    return (written.added, written.changed)


# --- The preview --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_preview_says_what_would_become_of_each_row_and_writes_nothing(office, hr):
    for number in ("000101", "000102"):
        member = StaffMember.objects.get(number=number)
        LeaderTermFactory(department=office, staff=member)
    before = everything(without={"leaders.LeaderUpload", "auditlog.LogEntry"})

    upload = started(
        hr, row(), row("000102", 退任日=ENDED, 退任理由="異動"), row("000103"), row("999999")
    )
    preview = shown(upload, hr)

    assert [one.outcome for one in preview.rows] == [Outcome.SAME, Outcome.CHANGE, Outcome.ADD]
    assert [(one.label, one.before, one.after) for one in preview.rows[1].differences] == [
        ("退任日", "（空欄）", "令和8年9月30日"),
        ("退任理由", "（空欄）", "異動"),
    ]
    assert [(issue.row, issue.column) for issue in preview.errors] == [(5, "C")]
    assert upload.row_count == 4
    assert everything(without={"leaders.LeaderUpload", "auditlog.LogEntry"}) == before


@pytest.mark.django_db
def test_the_same_file_again_is_the_same_upload(office, hr, admin):
    file = workbook(row())

    first, again, of_another = sent(hr, file), sent(hr, file), sent(admin, file)

    assert first == again
    assert first != of_another
    assert LeaderUpload.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"番号": "1", "名": "見本"}], "必要な見出し"),
        ([row(None, 期=None, 所属コード=None, 就任日=None)], "見出しの下に行がありません"),
        ([row(f"{number:06}") for number in range(501)], "行が多すぎます（上限は500行）"),
    ],
)
def test_another_list_is_refused_in_a_sentence(office, hr, rows, words):
    with pytest.raises(DomainError, match=words) as refused:
        started(hr, *rows)

    assert says_what_to_do(str(refused.value))
    assert not LeaderUpload.objects.exists()


# --- Putting into force -------------------------------------------------------------------------


@pytest.mark.django_db
def test_new_terms_go_in_and_only_ticked_changes(office, hr):
    kept, changed = known(office, "000201"), known(office, "000202")
    said = {"退任日": ENDED, "退任理由": "異動", "修了": "修了", "判定の理由": "実績による"}
    upload = started(hr, row("000201", **said), row("000202", **said), row())

    written = applied(upload, hr, ticked=[1])

    assert counts(written) == (1, 1)
    kept.refresh_from_db()
    changed.refresh_from_db()
    assert kept.ends_on is None
    assert (changed.ends_on, changed.end_reason) == (ENDED, "moved")
    assert (changed.completed, changed.decided_on) == (True, TODAY)
    assert changed.decision_reason == "実績による"
    assert LeaderTerm.objects.filter(staff__number="000101", department=office).exists()
    upload.refresh_from_db()
    assert (upload.state, upload.added, upload.changed) == (LeaderUploadState.APPLIED, 1, 1)
    assert bytes(upload.content) == b""


@pytest.mark.django_db
def test_a_decision_taken_before_keeps_its_day(office, hr):
    earlier = date(2026, 4, 10)
    term = known(office, "000201", ends_on=ENDED, completed=True, decided_on=earlier)
    upload = started(hr, row("000201", 退任日=ENDED, 退任理由="退職", 修了="修了"))

    applied(upload, hr, ticked=[0])

    term.refresh_from_db()
    assert (term.end_reason, term.decided_on) == ("retired", earlier)


@pytest.mark.django_db
def test_a_decision_taken_back_leaves_no_day(office, hr):
    term = known(office, "000201", ends_on=ENDED, decided_on=TODAY)
    upload = started(hr, row("000201", 退任日=ENDED))

    applied(upload, hr, ticked=[0])

    term.refresh_from_db()
    assert (term.completed, term.decided_on) == (False, None)


@pytest.mark.django_db
def test_every_term_written_leaves_its_trail(office, hr):
    term = known(office, "000201")
    upload = started(hr, row("000201", 退任日=ENDED), row())
    LogEntry.objects.all().delete()

    applied(upload, hr, ticked=[0])

    trail = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(LeaderTerm), actor=hr
    )
    assert {entry.action for entry in trail} == {LogEntry.Action.CREATE, LogEntry.Action.UPDATE}
    assert trail.get(object_id=term.pk).changes == {"ends_on": [None, "2026-09-30"]}


@pytest.mark.django_db
def test_the_same_twice_is_refused_as_done(office, hr):
    upload = started(hr, row())
    seen = shown(upload, hr).fingerprint
    applied(upload, hr, seen=seen)

    with pytest.raises(uploads.UploadDecidedError):
        applied(upload, hr, seen=seen)
    with pytest.raises(uploads.UploadDecidedError):
        uploads.discard_upload(upload=upload, at=timezone.now())

    assert LeaderTerm.objects.count() == 1


@pytest.mark.django_db
def test_what_changed_since_it_was_seen_is_shown_again(office, hr):
    term = known(office, "000201")
    upload = started(hr, row("000201", 退任日=ENDED), row())
    seen = shown(upload, hr).fingerprint
    LeaderTerm.objects.filter(pk=term.pk).update(ends_on=date(2026, 8, 31))

    with pytest.raises(uploads.StalePreviewError):
        applied(upload, hr, ticked=[0], seen=seen)

    term.refresh_from_db()
    assert term.ends_on == date(2026, 8, 31)
    assert LeaderTerm.objects.count() == 1
    upload.refresh_from_db()
    assert upload.state == LeaderUploadState.PREVIEW


@pytest.mark.django_db
def test_faulty_rows_stay_out_only_when_it_is_said(office, hr):
    upload = started(hr, row(), row("999999"))

    with pytest.raises(uploads.FaultyRowsError, match="誤りのある行が1行"):
        applied(upload, hr)
    assert not LeaderTerm.objects.exists()

    assert counts(applied(upload, hr, leaves_faulty=True)) == (1, 0)


@pytest.mark.django_db
def test_a_new_term_that_needs_a_change_without_a_tick_is_not_written(office, hr):
    known(office, "000201")
    upload = started(
        hr, row("000201", 退任日="R8.3.31"), row("000201", 就任日=date(2026, 4, 1)), row()
    )
    assert shown(upload, hr).errors == []

    with pytest.raises(uploads.UndecidedError, match="3行目の任期がほかの任期と重なります"):
        applied(upload, hr)
    assert LeaderTerm.objects.count() == 1

    assert counts(applied(upload, hr, ticked=[0])) == (2, 1)


@pytest.mark.django_db
def test_changes_without_any_tick_are_not_taken_for_a_decision(office, hr):
    known(office, "000201")
    upload = started(hr, row("000201", 退任日=ENDED))

    with pytest.raises(uploads.UndecidedError, match="印の付いた変更がありません"):
        applied(upload, hr)


@pytest.mark.django_db
@pytest.mark.parametrize("is_known", [True, False])
def test_nobody_brings_in_their_own_term(office, hr, is_known):
    number = hr.staff.number
    if is_known:
        LeaderTermFactory(staff=hr.staff, department=office, ends_on=ENDED)
    said = row(number, 退任日=ENDED, 修了="修了", 判定の理由="立派なため")
    upload = started(hr, said)
    before = list(LeaderTerm.objects.values())

    [error] = shown(upload, hr).errors
    with pytest.raises(uploads.FaultyRowsError):
        applied(upload, hr, ticked=[0])
    applied(upload, hr, ticked=[0], leaves_faulty=True)

    assert "自分の任期は取り込めません" in error.message
    assert list(LeaderTerm.objects.values()) == before


@pytest.mark.django_db
@pytest.mark.parametrize("is_known", [True, False])
def test_a_closed_cohort_takes_no_additions_and_no_changes(office, hr, is_known):
    if is_known:
        sitting(office, ends_on=ENDED)
    said = row(退任日=ENDED, 修了="修了")
    upload = started(hr, said)
    seen = shown(upload, hr).fingerprint
    Cohort.objects.update(closed_at=timezone.now())
    before = list(LeaderTerm.objects.values())

    with pytest.raises(uploads.StalePreviewError):
        applied(upload, hr, ticked=[0], seen=seen)
    [error] = shown(upload, hr).errors
    applied(upload, hr, ticked=[0], leaves_faulty=True)

    assert "第1期は終了しているため、変更できません。" in error.message
    assert error.column == "A"
    assert list(LeaderTerm.objects.values()) == before


@pytest.mark.django_db
def test_a_closed_cohorts_list_without_news_has_no_faults(office, hr):
    sitting(office, ends_on=ENDED)
    Cohort.objects.update(closed_at=timezone.now())

    preview = shown(started(hr, row(退任日=ENDED)), hr)

    assert ([one.outcome for one in preview.rows], preview.errors) == ([Outcome.SAME], [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("end", "fault"), [(None, True), ("R8.10.1", True), ("R8.9.29", False), ("R8.9.30", False)]
)
def test_the_end_of_a_term_somebody_followed_is_not_taken_back(office, hr, end, fault):
    term = sitting(office, ends_on=ENDED)
    LeaderTermFactory(
        department=office,
        starts_on=date(2026, 10, 1),
        nomination=NominationFactory(cohort=term.cohort, department=office, replaces=term),
    )

    errors = shown(started(hr, row(退任日=end)), hr).errors

    assert bool(errors) is fault
    if errors:
        assert (
            "後任が任命されているため、この任期をその就任日（令和8年10月1日）" in errors[0].message
        )
        assert says_what_to_do(errors[0].message)
        assert errors[0].column == "E"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"退任日": "R8.11.24", "修了": "修了"}, "まだ終わっていない任期は判定できません"),
        ({"退任日": "R8.11.24", "修了": "未修了"}, "まだ終わっていない任期は判定できません"),
        ({"修了": "未修了"}, "未修了にするには退任日が必要です"),
        ({"退任日": "R8.3.30", "修了": "修了"}, "任期が12か月に足りません"),
        ({"退任日": "R8.3.31", "修了": "未修了"}, "任期が12か月以上あります"),
        ({"退任日": "R8.11.23", "修了": "修了"}, ""),
        ({"退任日": "R8.3.30", "修了": "未修了"}, ""),
        ({"退任日": "R8.3.30", "修了": "修了", "判定の理由": "実績による"}, ""),
    ],
)
def test_a_verdict_keeps_the_rules_of_the_closing(office, hr, cells, words):
    errors = shown(started(hr, row(**cells)), hr).errors

    assert bool(errors) is bool(words)
    if errors:
        assert words in errors[0].message
        assert says_what_to_do(errors[0].message)
        assert errors[0].column == "G"


@pytest.mark.django_db
def test_whoever_left_within_twelve_months_is_completed_only_with_a_reason(office, hr):
    StaffMember.objects.filter(number="000101").update(left_on=date(2026, 1, 31))

    [error] = shown(started(hr, row(退任日=ENDED, 修了="修了")), hr).errors

    assert "任期が12か月に足りません" in error.message


@pytest.mark.django_db
def test_an_exception_taken_over_without_a_reason_can_be_mended_elsewhere(office, hr):
    sitting(office, ends_on=date(2025, 9, 30), completed=True, decided_on=TODAY)

    preview = shown(started(hr, row(退任日="R7.9.30", 退任理由="退職", 修了="修了")), hr)

    assert ([one.outcome for one in preview.rows], preview.errors) == ([Outcome.CHANGE], [])


@pytest.mark.django_db
def test_a_dropped_file_leaves_nothing_behind(office, hr):
    upload = started(hr, row())

    uploads.discard_upload(upload=upload, at=timezone.now())

    upload.refresh_from_db()
    assert (upload.state, bytes(upload.content)) == (LeaderUploadState.DISCARDED, b"")
    assert not LeaderTerm.objects.exists()


@pytest.mark.django_db
def test_two_hundred_rows_are_applied_in_as_many_queries_as_ten(office, hr):
    numbers = [member.number for member in StaffMemberFactory.create_batch(420)]
    for number in numbers[:210]:
        known(office, f"A{number}")
    ContentType.objects.get_for_model(LeaderTerm)

    def queries_for(chosen):
        rows = [row(number) for number in chosen]
        rows += [row(f"A{number}", 退任日=ENDED) for number in chosen]
        upload = started(hr, *rows)
        seen = shown(upload, hr).fingerprint
        with CaptureQueriesContext(connection) as captured:
            applied(upload, hr, ticked=range(len(rows)), seen=seen)
        return len(captured)

    assert queries_for(numbers[:10]) == queries_for(numbers[10:210])
    assert LeaderTerm.objects.filter(ends_on=ENDED).count() == 210


# --- Two at once --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_clerks_with_one_term_write_it_once():
    CohortFactory()
    DepartmentFactory(code="101")
    people = StaffMemberFactory.create_batch(ROUNDS)
    clerks = [account(StaffMemberFactory(), role) for role in (ADMIN, HR)]

    for member in people:
        pending = [started(clerk, row(member.number)) for clerk in clerks]
        seen = [
            shown(upload, clerk).fingerprint for upload, clerk in zip(pending, clerks, strict=True)
        ]
        acts = [
            lambda u=upload, c=clerk, s=mark: applied(u, c, seen=s)
            for upload, clerk, mark in zip(pending, clerks, seen, strict=True)
        ]

        answers = together(acts)

        [loser] = [one for one in answers if isinstance(one, Exception)]
        assert isinstance(loser, uploads.StalePreviewError), repr(loser)
        [winner] = [one for one in answers if not isinstance(one, Exception)]
        assert counts(winner) == (1, 0)
        assert LeaderTerm.objects.filter(staff=member).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_upload_applied_twice_at_once_is_applied_once():
    CohortFactory()
    DepartmentFactory(code="101")
    hr = account(StaffMemberFactory(), HR)
    upload = started(hr, row(StaffMemberFactory().number))
    seen = shown(upload, hr).fingerprint

    answers = together([lambda: applied(upload, hr, seen=seen)] * 2)

    [loser] = [one for one in answers if isinstance(one, Exception)]
    assert isinstance(loser, uploads.UploadDecidedError), repr(loser)
    assert LeaderTerm.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_import_and_an_approval_of_one_person_make_one_term():
    """Whoever comes first makes the term; the other one is told and makes none."""
    CountingRuleFactory()
    cohort, office = CohortFactory(), DepartmentFactory(code="101")
    hr, head = account(StaffMemberFactory(), HR), account(StaffMemberFactory())
    admin = account(StaffMemberFactory(), ADMIN)
    rule = CountingRule.objects.in_force(TODAY)

    for _ in range(ROUNDS):
        member = placed(office)
        nomination = NominationFactory(
            cohort=cohort,
            department=office,
            staff=member,
            status=NominationStatus.SUBMITTED,
            submitted_by=head,
            submitted_at=timezone.now(),
        )
        upload = started(admin, row(member.number))
        seen = shown(upload, admin).fingerprint

        brought, approved = together(
            [
                lambda u=upload, s=seen: applied(u, admin, seen=s),
                lambda n=nomination: approve_nomination(
                    nomination=n,
                    seen=n.version,
                    starts_on=TODAY,
                    by=hr,
                    today=TODAY,
                    at=timezone.now(),
                    rule=rule,
                ),
            ]
        )

        assert LeaderTerm.objects.filter(staff=member).count() == 1
        if isinstance(brought, Exception):
            assert isinstance(brought, uploads.StalePreviewError), repr(brought)
            assert isinstance(approved, LeaderTerm)
        else:
            assert isinstance(approved, NotEligibleError), repr(approved)
