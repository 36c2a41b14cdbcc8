"""The two departments, their people and papers on which `test_access.py` tries every address."""

from datetime import date, timedelta
from types import SimpleNamespace

from allauth.account.models import EmailAddress
from auditlog.models import LogEntry
from django.contrib.auth.models import Group
from django.utils import timezone

from agano_dx.lib.fiscal import FiscalYear
from leaders.closing import outcome
from leaders.models import Cohort, LeaderCertificate, LeaderTerm, NominationStatus
from leaders.services.rounds import mark_of as mark_of_round
from reports.services.freezing import freeze
from staff.access import ADMIN, HR, MANAGER
from staff.models import Assignment, Department, ImportStatus, Rank, StaffMember
from staff.services.accounts import password_mark
from tests.conftest import TODAY, account, placed
from tests.factories import (
    ActivityFactory,
    AssignmentFactory,
    AttendanceFactory,
    AttendanceUploadFactory,
    CertificateFactory,
    CohortFactory,
    CompletionFactory,
    ConcurrentPostFactory,
    CountingRuleFactory,
    CourseFactory,
    DepartmentFactory,
    EvidenceFactory,
    EvidenceFileFactory,
    ForecastSettingFactory,
    FrozenYearFactory,
    HeadDeputyFactory,
    HeadRankFactory,
    LeaderCertificateFactory,
    LeaderTermFactory,
    LeaderUploadFactory,
    NominationFactory,
    OfferingFactory,
    PlanPeriodFactory,
    PlanReviewFactory,
    ProgrammeFactory,
    RankFactory,
    RosterChangeFactory,
    RosterFileFactory,
    RosterImportFactory,
    SpecialistDesignationFactory,
    StaffMemberFactory,
    SuitabilityNoteFactory,
    TargetFactory,
    TrainingReportFactory,
    TransferRequestFactory,
)
from tests.roster_makers import columns_posted, workbook
from training.services.courses import mark_of
from training.services.periods import words_of

NAME_OF_B = "乙山　美帆"
# What HR wrote about the colleague, and what the colleague told HR.
CONFIDED = ("粘り強いという所見", "来春からという希望")
TOMORROW = TODAY + timedelta(days=1)


def access_world() -> SimpleNamespace:
    a = DepartmentFactory(code="A", name="見本課")
    a1 = DepartmentFactory(code="A1", name="見本係", parent=a, gives_leader=False)
    b, c = DepartmentFactory(code="B", name="別の課"), DepartmentFactory(code="C", name="三の課")
    unit_next = DepartmentFactory(code="D", name="来年の課", opens_on=date(2027, 4, 1))
    rank, head_rank = RankFactory(), HeadRankFactory()
    users = {
        "staff": account(placed(a, rank=rank)),
        "head": account(placed(a, rank=head_rank)),
        "manager": account(placed(c, rank=rank), MANAGER),
        "hr": account(placed(c, rank=rank), HR),
        "admin": account(placed(c, rank=rank), ADMIN),
        "head_b": account(placed(b, rank=head_rank)),
    }
    colleague, under, third = placed(a, rank=rank), placed(a1, rank=rank), placed(a, rank=rank)
    person_b = placed(b, rank=rank, staff__name=NAME_OF_B, staff__name_kana="オツヤマ ミホ")
    returned_b = placed(b, rank=rank)
    # 内示: this person of B comes to A tomorrow.
    to_come = placed(b, rank=rank, staff__name="内山　示子")
    AssignmentFactory(staff=to_come, department=a, rank=rank, starts_on=TOMORROW)
    # The office, where these have been before: candidates of A and B, HR's own, the manager.
    office = DepartmentFactory(code="X", name="推進室", gives_leader=False, is_digital_office=True)
    for member in (colleague, returned_b, users["hr"].staff, users["manager"].staff):
        AssignmentFactory(staff=member, department=office, rank=rank, starts_on=date(2009, 4, 1))
    SuitabilityNoteFactory(staff=colleague, text=CONFIDED[0])
    TransferRequestFactory(staff=colleague, note=CONFIDED[1])
    designation_a = SpecialistDesignationFactory(staff=under)
    cohort = CohortFactory(number=1)
    sent = {"cohort": cohort, "status": NominationStatus.SUBMITTED}
    returned = {"cohort": cohort, "status": NominationStatus.RETURNED, "comment": "再考"}
    sent_a = NominationFactory(department=a, staff=colleague, submitted_by=users["head"], **sent)
    sent_b = NominationFactory(department=b, staff=person_b, submitted_by=users["head_b"], **sent)
    returned_a = NominationFactory(department=a, staff=third, **returned)
    back_b = NominationFactory(department=b, staff=returned_b, **returned)
    closable, terms, papers = _terms(users["manager"].staff, colleague, person_b)
    deputy_a = HeadDeputyFactory(department=a, staff=colleague)
    deputy_b = HeadDeputyFactory(department=b, staff=person_b)
    course = CourseFactory(title="見本研修")
    offering = OfferingFactory(course=course)
    seat = AttendanceFactory(offering=offering, staff=colleague)
    AttendanceFactory(offering=offering, staff=person_b)
    # The manager's own: a seat to come, a completion of last week. Reports of a colleague, of B.
    own_seat = AttendanceFactory(
        offering=OfferingFactory(starts_on=date(2026, 12, 10), takes_signups=True),
        staff=users["manager"].staff,
    )
    own_past = CompletionFactory(
        offering=OfferingFactory(starts_on=date(2026, 11, 16)), staff=users["manager"].staff
    )
    handed_in = {"submitted_at": timezone.now()}
    report_a = TrainingReportFactory(attendance__staff=colleague, **handed_in)
    report_b = TrainingReportFactory(attendance__staff=person_b, **handed_in)
    draft_a = TrainingReportFactory(attendance__staff=under)
    proofs = {**_proofs("own", users["staff"].staff), **_proofs("b", person_b)}
    line = {"sheet": "名簿", "row": 2, "status": "present", "name": person_b.name}
    upload = AttendanceUploadFactory(kind="sheet", offering=offering, rows=[{"line": line}])
    upload_done = AttendanceUploadFactory(state="applied", decided_at=timezone.now())
    line = {"期": "第1期", "所属コード": "B", "職員番号": person_b.number, "就任日": "R7.4.1"}
    leader_upload = LeaderUploadFactory(content=workbook(line))
    leader_upload_done = LeaderUploadFactory(
        state="applied", content=b"", decided_at=timezone.now()
    )
    called_off = OfferingFactory(course=course, cancelled_at=timezone.now())
    signing_up = OfferingFactory(course=course, starts_on=TOMORROW, takes_signups=True)
    seat_a = AttendanceFactory(offering=signing_up, staff=colleague)
    seat_b = AttendanceFactory(offering=signing_up, staff=person_b)
    kept = RosterImportFactory(status=ImportStatus.READING)
    line = {"職員番号": "500900", "氏名": "丙山　三郎", "所属": "丙課"}
    RosterFileFactory(roster_import=kept, content=workbook(line))
    applied = RosterImportFactory(status="applied", applied_at=timezone.now())
    roster = RosterImportFactory(follows=applied)
    change = RosterChangeFactory(roster_import=roster, after={"department": a.code})
    running = _running_terms(cohort, {"a": a, "b": b, "c": c}, rank, under, users["manager"].staff)
    stored = {
        "staff_rank": rank,
        "staff_concurrentpost": ConcurrentPostFactory(
            staff=users["hr"].staff, department=c, rank=rank
        ),
        "staff_staffmember": person_b,
        "staff_user": users["staff"],
        "training_programme": ProgrammeFactory(),
        "training_planperiod": PlanPeriodFactory(),
        "training_planreview": PlanReviewFactory(),
        "training_frozenyear": FrozenYearFactory(),
        "training_countingrule": CountingRuleFactory(
            excluded_duties=["leave"], required_categories=["mind", "knowledge", "skill"]
        ),
        "leaders_cohort": cohort,
        "leaders_leaderterm": running["term_b"],
        "leaders_specialistdesignation": SpecialistDesignationFactory(staff=person_b),
        "reports_target": TargetFactory(),
        "reports_forecastsetting": ForecastSettingFactory(),
        "auth_group": Group.objects.get(name=ADMIN),
        "account_emailaddress": EmailAddress.objects.create(
            user=users["staff"], email="mihon@example.jp"
        ),
        "auditlog_logentry": LogEntry.objects.latest("pk"),
    }
    frozen_offering = CompletionFactory(
        staff=colleague, offering=OfferingFactory(course=course, starts_on=date(2026, 3, 2))
    ).offering
    CompletionFactory(staff=person_b, offering=frozen_offering)
    stored["reports_snapshot"] = freeze(year=FiscalYear(2025), by=users["hr"], today=TODAY)
    return SimpleNamespace(
        a=a,
        a1=a1,
        b=b,
        users=users,
        colleague=colleague,
        under=under,
        person_b=person_b,
        to_come=to_come,
        free=users["staff"].staff,
        cohort=cohort,
        leader_a=running["term_a"].staff,
        term_b=running["term_b"],
        sent_a=sent_a,
        sent_b=sent_b,
        returned_a=returned_a,
        returned_b=back_b,
        course=course,
        offering=offering,
        seat=seat,
        roster=roster,
        args={
            "-": (),
            "staff": (users["staff"].username,),
            "head": (users["head"].username,),
            "manager": (users["manager"].username,),
            "colleague": (colleague.number,),
            "under": (under.number,),
            "person_b": (person_b.number,),
            "to_come": (to_come.number,),
            "missing": ("nobody",),
            "missing_pk": (987_654,),
            "roster": (roster.pk,),
            "kept": (kept.pk,),
            "change": (roster.pk, change.pk),
            "no_change": (kept.pk, change.pk),
            "token": ("11111111-2222-3333-4444-555555555555",),
            "xlsx": ("xlsx",),
            "no_format": ("exe",),
            "applied": (applied.pk,),
            "unit_a": (a.pk,),
            "unit_b": (b.pk,),
            "unit_next": (unit_next.pk,),
            "course": (course.pk,),
            "period": (stored["training_planperiod"].pk,),
            "offering": (offering.pk,),
            "own_seat": (own_seat.offering_id,),
            "own_past": (own_past.pk,),
            "report_a": (report_a.pk,),
            "report_b": (report_b.pk,),
            "draft_a": (draft_a.pk,),
            **proofs,
            **{name: (term.pk,) for name, term in running.items()},
            "mark": (offering.pk, seat.pk),
            "no_mark": (offering.pk, 987_654),
            "upload": (upload.pk,),
            "upload_done": (upload_done.pk,),
            "sheet_kind": ("sheet",),
            "l_upload": (leader_upload.pk,),
            "l_done": (leader_upload_done.pk,),
            "called_off": (called_off.pk,),
            "signing_up": (signing_up.pk,),
            "place": (offering.pk, seat.pk),
            "no_place": (signing_up.pk, seat.pk),
            "seat_a": (seat_a.pk,),
            "seat_b": (seat_b.pk,),
            "cohort": (1,),
            "round_a": (1, "A"),
            "round_b": (1, "B"),
            "no_round": (1, "nowhere"),
            "sent_a": (sent_a.pk,),
            "sent_b": (sent_b.pk,),
            "returned_a": (returned_a.pk,),
            "deputy_a": (deputy_a.pk,),
            "deputy_b": (deputy_b.pk,),
            "returned_b": (back_b.pk,),
            "closable": (closable.number,),
            **{f"ended_{whose}": (term.pk,) for whose, term in terms.items()},
            **{f"lpaper_{whose}": (paper.pk,) for whose, paper in papers.items()},
            "own_term": (running["term_own"].pk,),
            "own_activity": (ActivityFactory(term=running["term_own"], theme="三の課の活動").pk,),
            "activity_a": (ActivityFactory(term=running["term_a"], theme="見本課の活動").pk,),
            "activity_b": (ActivityFactory(term=running["term_b"], theme="別の課の活動").pk,),
            "candidate_a": (colleague.number,),
            "candidate_b": (returned_b.number,),
            "hr_own": (users["hr"].username,),
            "designation_a": (designation_a.pk,),
            "designation_n": (SpecialistDesignationFactory(starts_on=date(2026, 12, 1)).pk,),
            "designation_b": (stored["leaders_specialistdesignation"].pk,),
            "figure": ("capable",),
            "frozen": (2025,),
            "running": (2026,),
            "frozen_off": (frozen_offering.pk,),
            "no_figure": ("nothing",),
            "term": ("newly",),
            "rule_next": (CountingRuleFactory(in_force_from=date(2028, 4, 1)).pk,),
            "band": ("staff",),
            "no_band": ("nobody",),
            "on_site": (1, 1),
            "app": ("staff",),
            "no_app": ("auth",),
            **{model: (row.pk,) for model, row in stored.items()},
        },
        posts={
            "staff:account_open": {"scope": "chosen", "chosen": f"{colleague.number}:"},
            "staff:account_close": {"scope": "chosen", "chosen": f"{users['hr'].username}:"},
            "staff:account_renew": {
                "scope": "chosen",
                "chosen": f"{users['hr'].username}:{password_mark(users['hr'])}",
            },
            "staff:department_new": _unit("N") | {"order": 5},
            "staff:department_order": {"order": 5},
            "staff:department_rename": _unit("B"),
            "staff:department_merge": _unit("N") | {"into": "new", "others": [a.pk]},
            "staff:department_split": {
                "confirmed": "1",
                "placing": "1",
                "team_0": "1",
                "on": "R9.4.1",
                "code_0": "B",
                "name_0": "甲課",
                "code_1": "B2",
                "name_1": "乙課",
                "heir": "0",
            },
            "staff:department_close": {"confirmed": "1", "closes_on": "R10.3.31"},
            "training:period_edit": {
                "outline": "土台をつくります。",
                "seen": words_of(stored["training_planperiod"]).mark,
            },
            "training:course_new": {"title": "新しい研修", "category": "mind"},
            "training:course_edit": {
                "title": "直した研修",
                "category": "mind",
                "seen": mark_of(course),
            },
            "training:offering_new": {
                "course": course.pk,
                "starts_on": "R8.12.1",
                "mode": "classroom",
            },
            "training:offering_edit": {
                "course": course.pk,
                "starts_on": "R8.12.1",
                "mode": "online",
                "version": offering.version,
            },
            "training:offering_copy": {
                "course": course.pk,
                "starts_on": "R8.12.1",
                "mode": "classroom",
            },
            "training:offering_place": {"act": "withdraw"},
            "training:offering_cancel": {"reason": "講師の都合のため"},
            "training:team_signup": {"members": [users["staff"].staff.pk]},
            "training:offering_enrol": {"numbers": users["staff"].username},
            "training:offering_attendance": {
                f"seen-{seat.pk}": "booked",
                f"status-{seat.pk}": "present",
            },
            "training:outstanding_notice": {"staff": [third.pk]},
            "training:outstanding_book": {
                "staff": [third.pk],
                "offering": "new",
                "course": course.pk,
                "starts_on": "R8.12.1",
            },
            "training:mine_notice": {"absence_reason": "duty"},
            "training:report_edit": {"learned": "見直し方", "use": "窓口で使う"},
            "training:report_read": {"seen": handed_in["submitted_at"].isoformat()},
            "training:survey_answer": {"understanding": 5, "usefulness": 4, "satisfaction": 3},
            "training:offering_mark": {
                f"seen-{seat.pk}": "booked",
                f"status-{seat.pk}": "present",
            },
            "reports:snapshot_new": {"confirmed": "on"},
            "training:offering_quick": {"number": colleague.number},
            "training:offering_walk_in": {"number": under.number},
            "training:offering_paste": {"numbers": colleague.number},
            "training:offering_reopen": {"reason": "直すため。"},
            "staff:import_reading": {
                "sheets": "名簿",
                **columns_posted({"職員番号": "staff_no", "氏名": "name", "所属": "department"}),
            },
            "training:evidence_new": {"title": "見本試験", "obtained_on": "R8.5.1"},
            "training:evidence_edit": {"title": "直した試験", "obtained_on": "R8.5.1"},
            "training:evidence_work_use": {
                "staff": colleague.pk,
                "title": "申請の電子化",
                "obtained_on": "R8.11.1",
            },
            "training:ojt_new": {"obtained_on": "R8.11.2", "hours": "2", "note": "実習"},
            "training:ojt_edit": {"obtained_on": "R8.11.2", "hours": "3", "note": "実習"},
            "reports:rule_new": {
                "in_force_from": "R9.4.1",
                "counted_employments": "regular",
                "excluded_duties": "leave",
                "required_categories": "mind",
                "act": "save",
                "previewed": "2027-04-01|regular|leave|mind|",
                "big_change": "on",
                "seen": "",
            },
            "leaders:round_edit": {
                "nominations_open_on": "R8.11.1",
                "nominations_close_on": "R8.12.1",
                "seen": mark_of_round(cohort),
            },
            "leaders:round_reopen": {"nominations_close_on": "R8.12.1"},
            "leaders:nomination_approve_chosen": {
                "chosen": [f"{sent_a.pk}-{sent_a.version}", f"{sent_b.pk}-{sent_b.version}"]
            },
            "leaders:term_end": {"ends_on": "R8.12.31", "reason": "declined", "seen": "//0"},
            "leaders:term_continue": {
                "kind": "moved",
                "reason": "引継ぎが終わるまで。",
                "seen": "//0",
            },
            "leaders:term_cancel": {"reason": "本人が辞退したため。"},
            "leaders:term_undecide": {
                "seen": outcome(terms["a"]).mark,
                "reason": "誤って判定したため。",
            },
            "leaders:designation_cancel": {"reason": "本人が辞退したため。"},
            "leaders:term_resume": {"seen": "2026-10-31/moved/0"},
            "leaders:nomination_new": {
                "staff": users["staff"].staff.pk,
                "reason": "業務の見直しに熱心なため。",
                "has_consent": "on",
            },
            "leaders:nomination_edit": {
                "seen": 1,
                "staff": third.pk,
                "reason": "よく調べたため。",
                "has_consent": "on",
            },
            "leaders:cohort_close": {
                "act": "close",
                **{f"seen-{term.pk}": outcome(term).mark for term in terms.values()},
            },
            "leaders:term_decide": {
                "seen": outcome(terms["a"]).mark,
                "choice": "no",
                "reason": "活動の記録がないため。",
            },
            "leaders:activity_new": _activity(),
            "leaders:activity_edit": _activity() | {"seen": 1},
            "leaders:activity_comment": {"text": "続けましょう。", "after": 0},
            "leaders:nomination_approve": {"starts_on": "R8.12.1", "version": 1},
            "leaders:nomination_return": {"comment": "理由を詳しく。", "version": 1},
            "leaders:nomination_withdraw": {"comment": "本人の事情のため。"},
            "leaders:deputy_list": {"staff": under.pk, "starts_on": "R8.12.1"},
            "leaders:curriculum_edit": {"strand": "bpr", "course": course.pk},
            "leaders:designation_new": {"route": "office", "starts_on": "R8.12.1"},
            "leaders:designation_end": {"ends_on": "R8.12.31", "end_note": "異動のため。"},
            "leaders:suitability_edit": {"text": "調整が上手。", "seen": "1"},
            "leaders:transfer_request": {"preference": "talk", "note": "来年度から"},
            "leaders:transfer_request_hear": {"preference": "talk", "note": "来年度から"},
        },
    )


def _terms(
    own: StaffMember, colleague: StaffMember, person_b: StaffMember
) -> tuple[Cohort, dict[str, LeaderTerm], dict[str, LeaderCertificate]]:
    """A cohort that is over, with a completed term of somebody's own, of a colleague and of B."""
    cohort = CohortFactory(number=5, first_year=FiscalYear(2023), last_year=FiscalYear(2024))
    terms = {
        whose: LeaderTermFactory(
            cohort=cohort,
            staff=member,
            department=Assignment.objects.as_of(TODAY).get(staff=member).department,
            starts_on=cohort.starts_on,
            ends_on=cohort.ends_on,
            completed=True,
            decided_on=cohort.ends_on,
        )
        for whose, member in {"own": own, "a": colleague, "b": person_b}.items()
    }
    return cohort, terms, {key: LeaderCertificateFactory(term=terms[key]) for key in terms}


def _running_terms(
    cohort: Cohort,
    units: dict[str, Department],
    rank: Rank,
    under: StaffMember,
    manager: StaffMember,
) -> dict[str, LeaderTerm]:
    """Terms of A, of B, of the manager; of B one over, one of a leader moved, one of a leaver."""
    b, c = units["b"], units["c"]
    moved = placed(b, rank=rank, staff__name="乙丘　移")
    AssignmentFactory(staff=moved, department=c, rank=rank, starts_on=date(2026, 11, 1))
    gone = StaffMemberFactory(name="乙原　去", left_on=date(2026, 10, 31))
    ended = {"ends_on": date(2026, 10, 31), "end_reason": "moved"}
    of_b = {"cohort": cohort, "department": b}
    return {
        "term_a": LeaderTermFactory(cohort=cohort, department=units["a"], staff=under),
        "term_b": LeaderTermFactory(staff=StaffMemberFactory(name="乙川　先輩"), **of_b),
        "term_own": LeaderTermFactory(cohort=cohort, department=c, staff=manager),
        "term_over": LeaderTermFactory(staff=StaffMemberFactory(name="乙谷　終"), **of_b, **ended),
        "term_moved": LeaderTermFactory(staff=moved, **of_b),
        "term_next": LeaderTermFactory(
            staff=StaffMemberFactory(name="乙山　次"), starts_on=date(2026, 12, 1), **of_b
        ),
        "term_gone": LeaderTermFactory(staff=gone, **of_b),
    }


def _proofs(whose: str, member: StaffMember) -> dict[str, tuple[int]]:
    """A qualification with its scan, an OJT with a record, a completion with its paper."""
    proof = EvidenceFactory(staff=member)
    EvidenceFileFactory(evidence=proof)
    place = AttendanceFactory(
        staff=member,
        offering__mode="ojt",
        offering__starts_on=date(2026, 11, 1),
        offering__ends_on=date(2027, 3, 31),
    )
    record = EvidenceFactory(staff=member, kind="ojt", attendance=place, hours=2)
    done = CompletionFactory(staff=member, offering__starts_on=date(2026, 5, 1))
    paper = CertificateFactory(attendance=done)
    if whose == "b":
        made = {"proof_b": proof, "ojt_b": record, "done_b": done, "paper_b": paper}
    else:
        made = {
            "own_proof": proof,
            "own_ojt": record,
            "own_done": done,
            "own_paper": paper,
            "ojt_place": place,
        }
    return {name: (row.pk,) for name, row in made.items()}


def _activity() -> dict[str, object]:
    """What the form of an activity posts, with one step."""
    return {
        "theme": "新しい活動",
        "status": "planned",
        "steps-TOTAL_FORMS": 1,
        "steps-INITIAL_FORMS": 0,
        "steps-0-due_on": "R8.12.1",
        "steps-0-text": "流れを書き出す",
    }


def _unit(code: str) -> dict[str, str]:
    """What the last button of a page about a department posts."""
    return {"confirmed": "1", "on": "R9.4.1", "code": code, "name": "新しい課", "kind": "section"}
