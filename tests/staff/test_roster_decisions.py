"""What is decided on the changes of a roster, and what each question asks."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from agano_dx.lib.errors import DomainError
from agano_dx.lib.workbooks.reading import read_workbook
from staff.models import (
    Assignment,
    ChangeKind,
    ConcurrentPost,
    Decision,
    ImportStatus,
    RosterFile,
    RosterKind,
    StaffMember,
)
from staff.roster.choices import RosterChoices
from staff.services.rosters import (
    AlreadyDecidedError,
    DecisionsOpenError,
    LeaversNotAcceptedError,
    StalePreviewError,
    apply_import,
    apply_upload,
    correct_change,
    decide,
    discard_import,
    replan,
    same_person,
    start_import,
)
from tests.conftest import TODAY
from tests.factories import ConcurrentPostFactory, RosterImportFactory, UserFactory
from tests.roster_makers import (
    DAY,
    csv_of,
    everything,
    line,
    listed,
    loaded,
    numbers,
    person,
    place_on,
    planned,
    put_into_force,
    says_what_to_do,
    small_town,
    stored,
    told,
)

pytestmark = pytest.mark.django_db

FULL = RosterKind.FULL
BEFORE = DAY - timedelta(days=1)
EARLIER = date(2026, 7, 1)
ACCEPTED, LEFT_OUT, OPEN = Decision.ACCEPTED, Decision.LEFT_OUT, Decision.OPEN


@pytest.fixture
def town(db):
    return small_town()


def change(preview, kind):
    """The preview's one change of the kind."""
    return preview.changes.get(kind=kind)


def said(preview, kind, decision):
    """Decide on the one change of the kind."""
    return decide(
        roster_import=preview, changes=[change(preview, kind).pk], decision=decision, by=None
    )


def decisions(preview):
    return {str(each.kind): each.decision for each in preview.changes.all()}


def corrected(preview, kind, **after):
    row = change(preview, kind)
    return correct_change(
        roster_import=preview, change=row.pk, after=after, starts_on=row.starts_on, by=None
    )


def applied(preview):
    """Put the preview into force without answering anything first."""
    return apply_import(
        roster_import=preview,
        by=None,
        at=timezone.now(),
        leavers_accepted=True,
        question_accepted=True,
    )


def uploaded(by, *lines, kind=RosterKind.PARTIAL, day=DAY):
    """The preview of a file that is kept."""
    content = csv_of(*lines)
    return start_import(
        content=content,
        book=read_workbook(content, "名簿.csv"),
        kind=kind,
        day=day,
        by=by,
        today=TODAY,
    )


def again(preview, *lines):
    """The preview computed anew, from other lines where there are any."""
    return replan(
        roster_import=preview,
        choices=RosterChoices.from_json(preview.choices),
        today=TODAY,
        book=listed(*lines) if lines else None,
    )


def upload_applied(preview, by, *, leavers_accepted=True):
    return apply_upload(
        roster_import=preview,
        by=by,
        at=timezone.now(),
        today=TODAY,
        leavers_accepted=leavers_accepted,
        question_accepted=True,
    )


def assert_refused(error, act):
    """The act is refused with a sentence, and no table differs afterwards."""
    before = everything()
    with pytest.raises(error) as refused:
        act()
    assert str(refused.value).endswith("。")
    assert everything() == before
    return str(refused.value)


# --- Yes and no ---------------------------------------------------------------------------------


def test_what_is_left_out_is_not_written_and_the_rest_is(town):
    person(town)
    preview = stored(line(所属="税務課", 職名="主任"))

    said(preview, ChangeKind.MOVED, LEFT_OUT)
    applied(preview)

    place = place_on("000101")
    assert (place.department, place.rank) == (town.affairs, town.ranks["主任"])


def test_a_hire_left_out_takes_the_posts_along_and_brings_them_back(town):
    preview = stored(line(兼務="税務課 課長"))

    said(preview, ChangeKind.HIRED, LEFT_OUT)
    without = decisions(preview)
    said(preview, ChangeKind.HIRED, ACCEPTED)

    assert without == {"hired": LEFT_OUT, "post_added": LEFT_OUT}
    assert decisions(preview) == {"hired": ACCEPTED, "post_added": ACCEPTED}


def test_a_hire_left_out_is_not_hired(town):
    preview = stored(line(兼務="税務課 課長"), line("000102"))
    hired = preview.changes.get(kind=ChangeKind.HIRED, number="000101")

    decide(roster_import=preview, changes=[hired.pk], decision=LEFT_OUT, by=None)
    applied(preview)

    assert numbers() == {"000102"}
    assert not ConcurrentPost.objects.exists()


def test_nothing_of_somebody_left_out_can_be_taken_in(town):
    preview = stored(line(兼務="税務課 課長"))
    said(preview, ChangeKind.HIRED, LEFT_OUT)

    refusal = assert_refused(DomainError, lambda: said(preview, ChangeKind.POST_ADDED, ACCEPTED))

    assert "000101の「採用」" in refusal


def test_taking_somebody_back_does_not_end_a_post_nobody_was_asked_about(town):
    member = person(town, left_on=BEFORE)
    ConcurrentPostFactory(staff=member, department=town.tax, rank=town.ranks["課長"])
    preview = stored(line(兼務=None), kind=FULL)

    said(preview, ChangeKind.RETURNED, ACCEPTED)

    assert decisions(preview) == {"returned": ACCEPTED, "post_ended": LEFT_OUT}


def test_a_question_that_went_with_its_base_is_asked_again_when_it_comes_back(town):
    member = person(town, left_on=BEFORE)
    ConcurrentPostFactory(staff=member, department=town.tax, rank=town.ranks["課長"])
    preview = stored(line(兼務="総務部 部長"), kind=FULL)

    said(preview, ChangeKind.RETURNED, LEFT_OUT)
    said(preview, ChangeKind.RETURNED, ACCEPTED)

    assert decisions(preview) == {"returned": ACCEPTED, "post_ended": OPEN, "post_added": ACCEPTED}


def test_deciding_counts_only_changes_of_this_roster(town):
    preview, other = stored(line()), stored(line("000102"))

    count = decide(
        roster_import=preview,
        changes=[change(other, ChangeKind.HIRED).pk],
        decision=LEFT_OUT,
        by=None,
    )

    assert count == 0
    assert decisions(other) == {"hired": ACCEPTED}


def test_nothing_is_decided_on_a_roster_in_force(town):
    preview = stored(line())
    applied(preview)

    assert_refused(AlreadyDecidedError, lambda: said(preview, ChangeKind.HIRED, LEFT_OUT))


def test_nothing_is_decided_before_the_reading_is(town):
    waiting = RosterImportFactory(status=ImportStatus.READING)

    assert_refused(
        DomainError,
        lambda: decide(roster_import=waiting, changes=[], decision=LEFT_OUT, by=None),
    )


def test_an_open_question_bars_the_way_until_it_is_answered(town):
    person(town, left_on=BEFORE)
    preview = stored(line())
    refusal = assert_refused(DecisionsOpenError, lambda: applied(preview))

    said(preview, ChangeKind.RETURNED, ACCEPTED)
    applied(preview)

    assert "1件" in refusal
    assert StaffMember.objects.get().left_on is None


# --- Corrected by hand --------------------------------------------------------------------------


def test_a_correction_is_what_is_written(town):
    person(town)
    preview = stored(line(所属="税務課"))

    corrected(preview, ChangeKind.MOVED, department="10201")
    applied(preview)

    assert place_on("000101").department == town.office


def test_a_correction_to_what_is_already_so_is_refused(town):
    person(town)
    preview = stored(line(所属="税務課"))

    assert_refused(DomainError, lambda: corrected(preview, ChangeKind.MOVED, department="101"))


def test_a_correction_of_the_day_is_refused(town):
    person(town)
    preview = stored(line(所属="税務課"))

    def correct():
        correct_change(
            roster_import=preview,
            change=change(preview, ChangeKind.MOVED).pk,
            after={"department": "10201"},
            starts_on=BEFORE,
            by=None,
        )

    assert says_what_to_do(assert_refused(DomainError, correct))


def test_a_correction_outlives_a_preview_made_anew(town):
    person(town)
    preview = stored(line(所属="税務課"))
    corrected(preview, ChangeKind.MOVED, department="10201")

    again(preview, line(所属="税務課"), line("000102"))

    moved = change(preview, ChangeKind.MOVED)
    assert (moved.after["department"], moved.read_as["department"]) == ("10201", "102")
    applied(preview)
    assert place_on("000101").department == town.office


def test_decisions_outlive_a_preview_made_anew_where_the_change_is_the_same(town):
    person(town)
    person(town, "000102")
    lines = [line(所属="税務課"), line("000102", 所属="税務課")]
    preview = stored(*lines)
    decide(
        roster_import=preview,
        changes=[each.pk for each in preview.changes.all()],
        decision=LEFT_OUT,
        by=None,
    )

    again(preview, lines[0], line("000102", 所属="収納対策室"))

    assert list(preview.changes.values_list("number", "decision")) == [
        ("000101", LEFT_OUT),
        ("000102", ACCEPTED),
    ]


def test_an_answer_does_not_outlive_its_question(town):
    person(town, name="見本　一郎")
    preview = stored(line(氏名="別姓　花子"))
    said(preview, ChangeKind.RENAMED, ACCEPTED)
    RosterImportFactory(
        status=ImportStatus.APPLIED, applied_at=timezone.now(), effective_on=DAY + timedelta(days=9)
    )

    again(preview, line(氏名="別姓　花子"))

    assert decisions(preview) == {"renamed": OPEN}


# --- The same person under another number -------------------------------------------------------


@pytest.fixture
def renumbered(town, admin):
    """The preview that takes 000909 for 000101, who has an account and stood here before."""
    member = person(town, name="見本　一郎", rank="主任")
    UserFactory(staff=member)
    preview = uploaded(admin, line("000909", 氏名="見本　一郎", 職名="主事"), kind=FULL)
    return same_person(roster_import=preview, new_number="000909", old_number="000101", today=TODAY)


def test_the_number_changes_and_history_and_login_go_along(renumbered, admin):
    member = StaffMember.objects.get(number="000101")

    upload_applied(renumbered, admin)

    assert StaffMember.objects.get(pk=member.pk).number == "000909"
    assert member.user.__class__.objects.get(staff=member).username == "000909"
    assert place_on("000909", BEFORE).rank.name == "主任"
    assert place_on("000909").rank.name == "主事"


def test_the_old_number_is_no_leaver(renumbered, admin):
    changes = renumbered.changes.exclude(number=admin.staff.number)

    assert set(changes.values_list("number", "kind")) == {
        ("000909", "renumbered"),
        ("000909", "rank_changed"),
    }


def test_the_old_number_may_be_named_as_leaving(town, admin):
    member = person(town, name="見本　一郎")
    preview = uploaded(
        admin,
        line("000909", 氏名="見本　一郎", 発令日="R8.10.1"),
        line("000101", 氏名="見本　一郎", 発令日="R8.9.30", 異動区分="定年退職"),
    )

    same_person(roster_import=preview, new_number="000909", old_number="000101", today=TODAY)
    upload_applied(preview, admin)

    member.refresh_from_db()
    assert (member.number, member.left_on) == ("000909", None)
    assert StaffMember.objects.filter(name="見本　一郎").count() == 1


def test_somebody_who_left_the_day_before_goes_on_under_the_new_number(town, admin):
    member = person(town, name="見本　一郎", left_on=BEFORE)
    preview = uploaded(admin, line("000909", 氏名="見本　一郎"))

    same_person(roster_import=preview, new_number="000909", old_number="000101", today=TODAY)
    upload_applied(preview, admin)

    member.refresh_from_db()
    assert (member.number, member.left_on) == ("000909", None)


def test_after_a_gap_somebody_is_hired_anew(town, admin):
    person(town, name="見本　一郎", left_on=BEFORE - timedelta(days=1))
    preview = uploaded(admin, line("000909", 氏名="見本　一郎"))

    preview = same_person(
        roster_import=preview, new_number="000909", old_number="000101", today=TODAY
    )

    assert "間が空いています" in preview.errors[0]["message"]


def test_a_post_the_roster_does_not_repeat_is_asked_after_under_the_new_number_too(town, admin):
    member = person(town, name="見本　一郎")
    ConcurrentPostFactory(staff=member, department=town.tax, rank=town.ranks["課長"])
    row = line("000909", 氏名="見本　一郎", 兼務="総務部 部長")
    preview = uploaded(admin, row, kind=FULL)

    same_person(roster_import=preview, new_number="000909", old_number="000101", today=TODAY)
    said(preview, ChangeKind.POST_ENDED, ACCEPTED)
    upload_applied(preview, admin)

    assert ConcurrentPost.objects.get(department=town.tax).ends_on == BEFORE


def test_only_a_namesake_can_be_the_same_person(town, admin):
    person(town, name="別人　一郎")
    preview = uploaded(admin, line("000909", 氏名="見本　一郎"))

    assert_refused(
        DomainError,
        lambda: same_person(
            roster_import=preview, new_number="000909", old_number="000101", today=TODAY
        ),
    )


# --- Questions ----------------------------------------------------------------------------------


def test_a_hire_of_a_known_name_is_asked_after(town):
    person(town, name="見本　一郎")
    preview = stored(line("000909", 氏名="見本　一郎"))

    hired = change(preview, ChangeKind.HIRED)

    assert (hired.decision, hired.namesakes) == (OPEN, ["000101"])
    assert "同じ氏名の職員（000101）" in hired.question


def test_a_namesake_whom_the_file_names_too_is_somebody_else(town):
    person(town, name="見本　一郎")

    preview = stored(line("000909", 氏名="見本　一郎"), line("000101", 氏名="見本　一郎"))

    assert decisions(preview) == {"hired": ACCEPTED}


@pytest.mark.parametrize(
    ("name", "decision"),
    [("改姓　一郎", ACCEPTED), ("見本　花子", ACCEPTED), ("改姓　花子", OPEN)],
)
def test_a_name_of_which_nothing_stays_is_asked_after(town, name, decision):
    person(town, name="見本　一郎")

    preview = stored(line(氏名=name))

    assert decisions(preview) == {"renamed": decision}


def test_a_name_that_would_change_before_its_day_is_asked_after(town):
    person(town, name="見本　一郎")

    preview = stored(line(氏名="改姓　一郎"), effective_on=TODAY + timedelta(days=1))

    renamed = change(preview, ChangeKind.RENAMED)
    assert renamed.decision == OPEN
    assert "反映するとすぐに変わります" in renamed.question


@pytest.mark.parametrize(("answer", "left_on"), [(ACCEPTED, None), (LEFT_OUT, BEFORE)])
def test_somebody_who_left_comes_back_only_on_somebodys_word(town, answer, left_on):
    person(town, left_on=BEFORE)
    preview = stored(line(所属="税務課"))

    said(preview, ChangeKind.RETURNED, answer)
    applied(preview)

    assert StaffMember.objects.get().left_on == left_on


@pytest.mark.parametrize(
    ("cells", "decision"),
    [
        ({"兼務": None}, LEFT_OUT),
        ({"兼務": "総務部 部長"}, OPEN),
    ],
    ids=["a blank cell", "another post"],
)
def test_a_post_not_repeated_ends_on_somebodys_word(town, cells, decision):
    member = person(town)
    ConcurrentPostFactory(staff=member, department=town.tax, rank=town.ranks["課長"])
    preview = stored(line(**cells), kind=FULL)
    asked = decisions(preview)["post_ended"]

    said(preview, ChangeKind.POST_ENDED, ACCEPTED)
    applied(preview)

    assert asked == decision
    assert ConcurrentPost.objects.get(department=town.tax).ends_on == BEFORE


def test_a_post_of_which_the_file_says_that_it_ends_is_not_asked_after(town):
    member = person(town)
    ConcurrentPostFactory(staff=member, department=town.tax, rank=town.ranks["課長"])
    ends = line(所属="税務課", 職名="課長", 備考="兼務解除")

    preview = stored(line(), ends)

    assert decisions(preview) == {"post_ended": ACCEPTED}
    applied(preview)
    assert ConcurrentPost.objects.get().ends_on == BEFORE


# --- An older roster ----------------------------------------------------------------------------


def test_an_older_roster_needs_a_word_of_its_own(town):
    person(town)
    loaded(line(), kind=FULL)
    preview = stored(line(所属="税務課"), kind=FULL, effective_on=EARLIER)
    decide(
        roster_import=preview,
        changes=[change(preview, ChangeKind.MOVED).pk],
        decision=ACCEPTED,
        by=None,
    )

    refusal = assert_refused(
        DecisionsOpenError,
        lambda: apply_import(
            roster_import=preview, by=None, at=timezone.now(), leavers_accepted=True
        ),
    )

    assert "古い名簿" in refusal
    assert "より古いものです" in preview.question


def test_a_look_back_makes_nobody_leave_whom_a_newer_roster_names(town):
    person(town)
    person(town, "000102")
    person(town, "000103", left_on=BEFORE)
    loaded(line(), line("000102"), kind=FULL)

    plan = planned(listed(line()), kind=FULL, effective_on=EARLIER)

    assert plan.diff.numbers(ChangeKind.LEFT) == ["000103"]


def test_a_look_back_changes_only_the_days_before_the_newer_roster(town):
    person(town)
    loaded(line(), kind=FULL)

    put_into_force(stored(line(所属="税務課"), kind=FULL, effective_on=EARLIER))

    days = [EARLIER - timedelta(days=1), EARLIER, BEFORE, DAY]
    assert [place_on("000101", day).department.name for day in days] == [
        "総務課",
        "税務課",
        "税務課",
        "総務課",
    ]


def test_somebody_only_an_older_roster_names_had_left_by_the_newer_one(town):
    person(town)
    loaded(line(), kind=FULL)

    put_into_force(stored(line(), line("000102"), kind=FULL, effective_on=EARLIER))

    assert StaffMember.objects.get(number="000102").left_on == BEFORE


@pytest.mark.parametrize("cells", [{"採用年月日": "R8.10.1"}, {"発令日": "R8.11.1"}])
def test_somebody_hired_since_an_older_roster_is_refused_with_a_sentence(town, cells):
    person(town)
    loaded(line(), kind=FULL)

    plan = planned(listed(line(), line("000102", **cells)), kind=FULL, effective_on=EARLIER)

    [error] = plan.errors
    assert says_what_to_do(error.message)


def test_a_team_entered_late_lasts_until_the_roster_that_named_another(town):
    person(town, place={"team": "庶務係"})
    loaded(line(係="庶務係"), kind=FULL)

    put_into_force(stored(line(係="第1係", 発令日="R8.7.1")))

    assert [place_on("000101", day).team for day in (EARLIER, BEFORE, DAY)] == [
        "第1係",
        "第1係",
        "庶務係",
    ]


def test_a_look_back_leaves_names_and_posts_as_the_newer_roster_has_them(town):
    member = person(town)
    ConcurrentPostFactory(staff=member, department=town.tax, rank=town.ranks["課長"])
    loaded(line(), kind=FULL)

    plan = planned(
        listed(line(氏名="旧姓　一郎", 兼務="総務部 部長")), kind=FULL, effective_on=EARLIER
    )

    assert plan.diff.changes == []


def test_a_move_entered_late_lasts_until_the_next_one(town):
    member = person(town)
    Assignment.objects.create(
        staff=member, starts_on=BEFORE, department=town.office, rank=town.ranks["主事"]
    )

    loaded(line(所属="税務課", 発令日="R8.7.1"))

    days = [EARLIER, BEFORE, DAY]
    assert [place_on("000101", day).department for day in days] == [
        town.tax,
        town.office,
        town.office,
    ]


# --- Applying an upload -------------------------------------------------------------------------


def test_an_upload_put_into_force_is_not_kept(town, admin):
    preview = uploaded(admin, line())

    upload_applied(preview, admin)

    preview.refresh_from_db()
    assert (preview.status, preview.applied_by, preview.applying_by) == ("applied", admin, None)
    assert not RosterFile.objects.exists()
    assert_refused(AlreadyDecidedError, lambda: upload_applied(preview, admin))


def test_a_dropped_upload_is_not_kept(town, admin):
    preview = uploaded(admin, line())

    discard_import(roster_import=preview, by=admin)

    assert not RosterFile.objects.exists()


def test_an_upload_is_stale_once_the_file_says_something_else_of_the_city(town, admin):
    person(town)
    person(town, "000102")
    preview = uploaded(admin, line(所属="税務課"), line("000102"))
    StaffMember.objects.filter(number="000102").update(name="別姓　花子")

    assert_refused(StalePreviewError, lambda: upload_applied(preview, admin))


def test_a_refused_upload_is_kept_with_its_decisions(town, admin):
    person(town)
    person(town, "000102")
    preview = uploaded(admin, line(所属="税務課"), kind=FULL)
    said(preview, ChangeKind.MOVED, LEFT_OUT)

    assert_refused(
        LeaversNotAcceptedError,
        lambda: upload_applied(preview, admin, leavers_accepted=False),
    )

    assert decisions(preview) == {"moved": LEFT_OUT, "left": ACCEPTED}


def test_a_corrected_upload_is_not_taken_for_stale(town, admin):
    person(town)
    preview = uploaded(admin, line(所属="税務課"))
    corrected(preview, ChangeKind.MOVED, department="10201")

    upload_applied(preview, admin)

    assert place_on("000101").department == town.office


# --- Without anybody to ask ---------------------------------------------------------------------


def commanded(tmp_path, *lines, options=()):
    path = tmp_path / "名簿.csv"
    path.write_bytes(csv_of(*lines))
    return told("import_roster", path, "--effective-on=R8.10.1", *options)


def test_the_command_takes_a_namesake_for_somebody_else_and_says_so(town, tmp_path):
    person(town, name="見本　一郎")

    code, answer = commanded(tmp_path, line("000909", 氏名="見本　一郎"), options=["--partial"])

    assert code == 0
    assert numbers() == {"000101", "000909"}
    assert any("同じ氏名の職員" in str(each) for each in answer["warnings"])


def test_the_command_ends_no_post_by_itself(town, tmp_path):
    member = person(town)
    ConcurrentPostFactory(staff=member, department=town.tax, rank=town.ranks["課長"])

    code, answer = commanded(tmp_path, line(兼務="総務部 部長"))

    assert code == 0
    assert ConcurrentPost.objects.get(department=town.tax).ends_on is None
    assert any("兼務が終わったかどうか" in str(each) for each in answer["warnings"])


def test_the_command_takes_nobody_back(town, tmp_path):
    person(town, left_on=BEFORE)

    code, answer = commanded(tmp_path, line(), options=["--partial"])

    assert (code, answer["applied"]) == (1, False)
    assert StaffMember.objects.get().left_on == BEFORE


@pytest.mark.parametrize(("options", "code"), [([], 1), (["--partial"], 0)])
def test_the_command_refuses_a_full_roster_older_than_the_last(town, tmp_path, options, code):
    person(town)
    loaded(line(), kind=FULL, effective_on=TODAY)

    found, answer = commanded(tmp_path, line(所属="税務課"), options=options)

    assert found == code
    assert answer["applied"] == (code == 0)
