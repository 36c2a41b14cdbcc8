"""資格 and 業務活用確認: handed in by the person, checked by somebody else."""

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry

from staff.access import Access, access_of
from tests.conftest import TODAY, account, placed
from tests.factories import (
    AttendanceFactory,
    DepartmentFactory,
    EvidenceFactory,
    HeadRankFactory,
    StaffMemberFactory,
)
from tests.together import together
from training.models import Evidence, EvidenceFile, EvidenceState
from training.proofs import Waiting, rows_of, waiting_for
from training.scans import read_scan
from training.services import evidence as services
from training.services.evidence import Entry, seal

ENTRY = Entry("見本試験", date(2026, 5, 17), "番号 12")
SCAN = read_scan(b"%PDF-1.4", "合格証.pdf")


def hand_in(user, entry=ENTRY, scan=SCAN):
    return services.hand_in(member=user.staff, entry=entry, scan=scan, by=user, today=TODAY)


def correct(evidence, user, entry=ENTRY, scan=None):
    return services.correct(evidence=evidence, entry=entry, scan=scan, by=user, today=TODAY)


def confirm(evidence, user, seen=None):
    return services.confirm(evidence=evidence, seen=seen or seal(evidence), by=user, today=TODAY)


def give_back(evidence, user, comment="写しを付けてください。", seen=None):
    return services.give_back(
        evidence=evidence, comment=comment, seen=seen or seal(evidence), by=user
    )


# --- handing in ---------------------------------------------------------------------------------


def test_a_qualification_waits_with_its_scan(staff):
    made = hand_in(staff)

    assert (made.kind, made.state, made.title) == ("qualification", "submitted", "見本試験")
    assert (made.obtained_on, made.note) == (date(2026, 5, 17), "番号 12")
    assert (made.file.name, bytes(made.file.content)) == ("合格証.pdf", b"%PDF-1.4")
    assert made.file.sha256 == SCAN.sha256


def test_the_scan_itself_does_not_stand_in_the_audit_log(staff):
    made = hand_in(staff)

    entry = LogEntry.objects.get_for_object(made.file).get()
    assert "content" not in entry.changes
    assert entry.changes["sha256"] == [None, SCAN.sha256]


def test_handed_in_twice_it_is_one(staff):
    first, second = hand_in(staff), hand_in(staff)

    assert first == second
    assert (Evidence.objects.count(), EvidenceFile.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("entry", "scan"),
    [
        (Entry("見本試験", date(2026, 5, 17), "別の備考"), SCAN),
        (ENTRY, read_scan(b"%PDF-1.7", "別.pdf")),
    ],
)
def test_the_same_qualification_with_other_words_or_another_scan_is_told(staff, entry, scan):
    hand_in(staff)

    with pytest.raises(services.AlreadyRecordedError, match="登録済みです"):
        hand_in(staff, entry, scan)

    assert Evidence.objects.get().note == "番号 12"
    assert EvidenceFile.objects.get().sha256 == SCAN.sha256


def test_a_day_to_come_is_refused(staff):
    with pytest.raises(services.DayToComeError):
        hand_in(staff, Entry("見本試験", TODAY + timedelta(days=1)))

    assert hand_in(staff, Entry("見本試験", TODAY)).pk


def test_nobody_writes_for_another(staff, hr):
    with pytest.raises(services.NotOwnRecordError):
        services.hand_in(member=staff.staff, entry=ENTRY, scan=None, by=hr, today=TODAY)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_ten_times_at_once_makes_one():
    user = account(StaffMemberFactory())

    answers = together([lambda: hand_in(user).pk] * 10)

    assert len(set(answers)) == 1
    assert (Evidence.objects.count(), EvidenceFile.objects.count()) == (1, 1)


# --- until it is checked ------------------------------------------------------------------------


def test_a_returned_one_is_corrected_and_waits_again(staff, hr):
    evidence = give_back(hand_in(staff, scan=None), hr)

    corrected = correct(evidence, staff, Entry("見本試験（上級）", date(2026, 5, 18)), SCAN)

    assert (corrected.state, corrected.title) == ("submitted", "見本試験（上級）")
    assert corrected.comment == "写しを付けてください。"
    assert corrected.confirmed_by is None
    assert EvidenceFile.objects.get().evidence == corrected


@pytest.mark.parametrize(
    ("entry", "scan"),
    [(ENTRY, SCAN), (ENTRY, None), (Entry("見本試験", date(2026, 5, 17), "直した備考"), SCAN)],
)
def test_a_returned_one_is_not_handed_in_anew_but_corrected_where_it_stands(staff, hr, entry, scan):
    give_back(hand_in(staff), hr)

    with pytest.raises(services.ReturnedToBeCorrectedError, match="差し戻されています。"):
        hand_in(staff, entry, scan)

    assert Evidence.objects.get().state == EvidenceState.RETURNED


def test_another_scan_takes_the_place_of_the_first_and_none_leaves_it(staff):
    evidence = hand_in(staff)

    correct(evidence, staff, scan=None)
    kept = EvidenceFile.objects.get().sha256
    correct(evidence, staff, scan=read_scan(b"\xff\xd8\xff", "写真.jpeg"))

    assert kept == SCAN.sha256
    assert EvidenceFile.objects.get().name == "写真.jpg"


def test_what_is_confirmed_is_neither_changed_nor_taken_back(staff, hr):
    evidence = confirm(hand_in(staff), hr)

    with pytest.raises(services.AlreadyCheckedError):
        correct(evidence, staff)
    with pytest.raises(services.AlreadyCheckedError):
        services.withdraw(evidence=evidence, by=staff)

    assert Evidence.objects.get().state == EvidenceState.CONFIRMED


def test_a_correction_cannot_become_another_that_stands_there(staff):
    hand_in(staff)
    other = hand_in(staff, Entry("別の試験", date(2026, 5, 17)), None)

    with pytest.raises(services.AlreadyRecordedError):
        correct(other, staff, ENTRY)


def test_what_is_taken_back_goes_with_its_scan_and_twice_is_once(staff):
    evidence = hand_in(staff)

    services.withdraw(evidence=Evidence.objects.get(), by=staff)
    services.withdraw(evidence=evidence, by=staff)

    assert not Evidence.objects.exists()
    assert not EvidenceFile.objects.exists()
    assert LogEntry.objects.filter(action=LogEntry.Action.DELETE).count() == 2


def test_nobody_else_changes_or_takes_it_back(staff, hr):
    evidence = hand_in(staff)

    with pytest.raises(services.NotOwnRecordError):
        correct(evidence, hr)
    with pytest.raises(services.NotOwnRecordError):
        services.withdraw(evidence=evidence, by=hr)


# --- checking -----------------------------------------------------------------------------------


def test_a_confirmation_says_who_and_when_and_answers_the_comment(staff, hr, admin):
    evidence = correct(give_back(hand_in(staff), hr), staff)

    confirmed = confirm(evidence, admin)

    assert (confirmed.state, confirmed.confirmed_on) == ("confirmed", TODAY)
    assert (confirmed.confirmed_by, confirmed.comment) == (admin, "")


def test_confirmed_twice_by_the_same_clerk_it_is_once(staff, hr):
    evidence = hand_in(staff)
    seen = seal(evidence)

    first, second = confirm(evidence, hr, seen), confirm(evidence, hr, seen)

    assert first == second
    assert LogEntry.objects.get_for_object(evidence).count() == 2  # made, confirmed


@pytest.mark.parametrize("act", [confirm, give_back])
def test_whoever_comes_second_is_told_who_was_first(staff, hr, admin, act):
    evidence = hand_in(staff)
    confirm(evidence, hr)

    with pytest.raises(services.AlreadyCheckedError, match=f"{hr.staff.name}さんが「確認済」"):
        act(evidence, admin)

    assert Evidence.objects.get().confirmed_by == hr


@pytest.mark.parametrize("act", [confirm, give_back])
def test_nobody_checks_their_own(hr, act):
    evidence = hand_in(hr)

    with pytest.raises(services.OwnEvidenceError):
        act(evidence, hr)

    assert Evidence.objects.get().state == EvidenceState.SUBMITTED


@pytest.mark.parametrize("act", [confirm, give_back])
@pytest.mark.parametrize(
    ("entry", "scan"),
    [
        (Entry("見本試験", date(2026, 5, 18), "番号 12"), None),
        (Entry("見本試験", date(2026, 5, 17), "番号 13"), None),
        (ENTRY, read_scan(b"%PDF-1.7", "別.pdf")),
    ],
)
def test_what_changed_since_it_was_seen_is_not_checked(staff, hr, act, entry, scan):
    evidence = hand_in(staff)
    seen = seal(evidence)
    correct(evidence, staff, entry, scan)

    with pytest.raises(services.ChangedSinceSeenError, match="今の内容を確かめて"):
        act(evidence, hr, seen=seen)

    assert Evidence.objects.get().state == EvidenceState.SUBMITTED


def test_what_the_person_took_back_meanwhile_is_told(staff, hr):
    evidence = hand_in(staff)
    seen = seal(evidence)
    gone = Evidence.objects.get()
    services.withdraw(evidence=gone, by=staff)

    with pytest.raises(services.AlreadyCheckedError, match="本人が取り消した"):
        confirm(evidence, hr, seen)


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_at_once_one_confirms_and_the_other_is_told():
    evidence = hand_in(account(StaffMemberFactory()))
    clerks = [account(StaffMemberFactory(), "hr") for _ in range(2)]
    seen = seal(evidence)

    answers = together([lambda by=by: confirm(evidence, by, seen) for by in clerks])

    refused = [one for one in answers if isinstance(one, services.AlreadyCheckedError)]
    assert len(refused) == 1
    winner = Evidence.objects.get().confirmed_by
    assert winner in clerks
    assert winner.staff.name in str(refused[0])


# --- use at work --------------------------------------------------------------------------------


def confirm_use(member, user, entry=ENTRY):
    return services.confirm_use(member=member, entry=entry, by=user, today=TODAY)


def test_use_at_work_is_confirmed_as_it_is_written_and_twice_is_once(head, staff):
    first, second = confirm_use(staff.staff, head), confirm_use(staff.staff, head)

    assert first == second
    assert (first.kind, first.state, first.confirmed_by) == ("work_use", "confirmed", head)
    assert first.confirmed_on == TODAY


def test_a_head_says_nothing_of_themself_nor_of_a_day_to_come(head, staff):
    with pytest.raises(services.OwnEvidenceError):
        confirm_use(head.staff, head)
    with pytest.raises(services.DayToComeError):
        confirm_use(staff.staff, head, Entry("電子化", TODAY + timedelta(days=1)))


def test_only_the_head_who_said_it_takes_it_back(head, staff, hr):
    evidence = confirm_use(staff.staff, head)

    with pytest.raises(services.NotOwnRecordError):
        services.withdraw(evidence=evidence, by=hr)
    with pytest.raises(services.AlreadyCheckedError):
        services.withdraw(evidence=evidence, by=staff)
    services.withdraw(evidence=evidence, by=head)

    assert not Evidence.objects.exists()


# --- who sees what, what waits for whom ---------------------------------------------------------


def seen_by(access, on=TODAY):
    return set(Evidence.objects.visible_to(access, on))


def test_heads_see_use_at_work_and_ojt_of_their_people_and_nobody_elses_qualification(
    head, section, other_section
):
    member = placed(section)
    own = EvidenceFactory(staff=head.staff)
    use = EvidenceFactory(staff=member, kind="work_use")
    ojt = EvidenceFactory(staff=member, kind="ojt", attendance=AttendanceFactory(staff=member))
    EvidenceFactory(staff=member)
    EvidenceFactory(staff=placed(other_section), kind="work_use")

    assert seen_by(access_of(head, TODAY)) == {own, use, ojt}
    assert seen_by(Access()) == set()


def test_whoever_moved_away_is_out_of_the_heads_sight(head, section, other_section):
    member = placed(section, starts_on=date(2020, 4, 1))
    EvidenceFactory(staff=member, kind="work_use")
    placed(other_section, staff=member, starts_on=date(2026, 11, 1))

    assert seen_by(access_of(head, TODAY)) == set()
    assert len(seen_by(access_of(head, TODAY), date(2026, 10, 31))) == 1


def ojt_record(member):
    return EvidenceFactory(
        staff=member, kind="ojt", attendance=AttendanceFactory(staff=member), hours=1
    )


def test_qualifications_wait_for_hr_and_ojt_for_the_head(head, staff, hr, other_section):
    hand_in(staff)
    hand_in(hr)
    ojt_record(staff.staff)
    ojt_record(placed(other_section))
    confirm(hand_in(staff, Entry("別の試験", TODAY), None), hr)

    assert waiting_for(access_of(hr, TODAY), TODAY) == Waiting(qualifications=1, ojt=0)
    assert waiting_for(access_of(head, TODAY), TODAY) == Waiting(qualifications=0, ojt=1)
    assert waiting_for(access_of(staff, TODAY), TODAY) == Waiting(0, 0)


def test_the_ojt_of_a_head_waits_for_hr_and_for_the_head_above(head, section, hr):
    ojt_record(head.staff)
    division = DepartmentFactory()
    section.parent = division
    section.save()
    above = account(placed(division, rank=HeadRankFactory()))

    assert waiting_for(access_of(hr, TODAY), TODAY).ojt == 1
    assert waiting_for(access_of(above, TODAY), TODAY).ojt == 1
    assert waiting_for(access_of(head, TODAY), TODAY).ojt == 0


def test_a_list_names_the_department_of_the_day_in_one_query(section, django_assert_num_queries):
    found = [EvidenceFactory(staff=placed(section)) for _ in range(3)]
    found.append(EvidenceFactory())

    with django_assert_num_queries(1):
        rows = rows_of(found, TODAY)

    assert [row.department for row in rows] == [section.name] * 3 + ["（所属なし）"]
