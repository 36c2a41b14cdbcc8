"""The dull part of tests: people and places of a made-up city."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.japanese import name_key
from leaders.models import (
    Activity,
    ActivityComment,
    ActivityStep,
    Cohort,
    Continuation,
    CurriculumCourse,
    LeaderCertificate,
    LeaderTerm,
    LeaderUpload,
    Nomination,
    NominationAct,
    NominationEvent,
    Preference,
    QuestionKind,
    Route,
    SpecialistDesignation,
    Strand,
    SuitabilityNote,
    TransferRequest,
)
from reports.models import (
    ForecastSetting,
    Snapshot,
    Target,
    TargetKind,
)
from staff.models import (
    Assignment,
    Band,
    ChangeKind,
    ColumnMapping,
    ConcurrentPost,
    Department,
    DepartmentAlias,
    DepartmentKind,
    HeadDeputy,
    Rank,
    RankAlias,
    RosterChange,
    RosterFile,
    RosterImport,
    RosterKind,
    RosterUndo,
    StaffMember,
    User,
)
from training.models import (
    AbsenceReason,
    Attendance,
    AttendanceChange,
    AttendanceStatus,
    AttendanceUpload,
    Audience,
    Category,
    Certificate,
    CountingRule,
    Course,
    Evidence,
    EvidenceFile,
    EvidenceKind,
    Frequency,
    FrozenYear,
    Invitation,
    Offering,
    OfferingDay,
    OfferingEvent,
    OfferingEventKind,
    PlanPeriod,
    PlanReview,
    Programme,
    Reminder,
    ReminderKind,
    SurveyAnswer,
    TrainingReport,
    UploadKind,
)

LONG_AGO = date(2010, 4, 1)


class DepartmentFactory(DjangoModelFactory):
    """A section that gives a leader."""

    class Meta:
        model = Department

    code = factory.Sequence(lambda n: f"9{n:03d}")
    name = factory.Sequence(lambda n: f"見本{n}課")
    kind = DepartmentKind.SECTION
    gives_leader = True
    order = factory.Sequence(lambda n: n)


class RankFactory(DjangoModelFactory):
    """A rank whose holders may be nominated."""

    class Meta:
        model = Rank

    name = factory.Sequence(lambda n: f"見本職{n}")
    band = Band.SUBSECTION_CHIEF
    is_leader_eligible = True


class HeadRankFactory(RankFactory):
    """A rank that heads a department."""

    name = factory.Sequence(lambda n: f"見本長{n}")
    band = Band.SECTION_CHIEF
    is_executive = True
    is_leader_eligible = False
    heads_department = True


class StaffMemberFactory(DjangoModelFactory):
    """A person in service, without a place; see `AssignmentFactory`."""

    class Meta:
        model = StaffMember

    number = factory.Sequence(lambda n: f"5{n:05d}")
    name = factory.Sequence(lambda n: f"見本　職員{n}")
    name_kana = "ミホン ショクイン"
    name_key = factory.LazyAttribute(lambda member: name_key(member.name))
    hired_on = LONG_AGO


class AssignmentFactory(DjangoModelFactory):
    """A person's place since long ago."""

    class Meta:
        model = Assignment

    staff = factory.SubFactory(StaffMemberFactory)
    starts_on = LONG_AGO
    department = factory.SubFactory(DepartmentFactory)
    rank = factory.SubFactory(RankFactory)


class ConcurrentPostFactory(DjangoModelFactory):
    """A second post since long ago."""

    class Meta:
        model = ConcurrentPost

    staff = factory.SubFactory(StaffMemberFactory)
    department = factory.SubFactory(DepartmentFactory)
    rank = factory.SubFactory(HeadRankFactory)
    starts_on = LONG_AGO


class UserFactory(DjangoModelFactory):
    """An account of somebody in service."""

    class Meta:
        model = User

    staff = factory.SubFactory(StaffMemberFactory)
    username = factory.LazyAttribute(lambda user: user.staff.number)


class HeadDeputyFactory(DjangoModelFactory):
    """Named since long ago."""

    class Meta:
        model = HeadDeputy

    department = factory.SubFactory(DepartmentFactory)
    staff = factory.SubFactory(StaffMemberFactory)
    starts_on = LONG_AGO


class RosterImportFactory(DjangoModelFactory):
    """A clean preview."""

    class Meta:
        model = RosterImport

    kind = RosterKind.FULL
    file_name = "名簿.xlsx"
    sha256 = "0" * 64
    effective_on = date(2026, 4, 1)


class CourseFactory(DjangoModelFactory):
    """A course on the DX mind."""

    class Meta:
        model = Course

    title = factory.Sequence(lambda n: f"見本研修{n}")
    category = Category.MIND


class OfferingFactory(DjangoModelFactory):
    """An offering held on one day."""

    class Meta:
        model = Offering

    course = factory.SubFactory(CourseFactory)
    starts_on = date(2026, 6, 1)
    ends_on = factory.SelfAttribute("starts_on")


class OfferingDayFactory(DjangoModelFactory):
    """A day on which an offering meets."""

    class Meta:
        model = OfferingDay

    offering = factory.SubFactory(OfferingFactory)
    day = factory.SelfAttribute("offering.starts_on")


class OfferingEventFactory(DjangoModelFactory):
    """An offering was closed."""

    class Meta:
        model = OfferingEvent

    offering = factory.SubFactory(OfferingFactory)
    kind = OfferingEventKind.CLOSED


class AttendanceFactory(DjangoModelFactory):
    """A booked place; with 欠席届 for 公務."""

    class Meta:
        model = Attendance

    offering = factory.SubFactory(OfferingFactory)
    staff = factory.SubFactory(StaffMemberFactory)
    category = factory.SelfAttribute("offering.course.category")
    status = AttendanceStatus.BOOKED
    absence_reason = factory.LazyAttribute(
        lambda place: AbsenceReason.DUTY if place.status == AttendanceStatus.NOTIFIED else ""
    )


class CompletionFactory(AttendanceFactory):
    """A place with 出席: a completion on the offering's last day."""

    status = AttendanceStatus.PRESENT
    completed_on = factory.SelfAttribute("offering.ends_on")


class ProgrammeFactory(DjangoModelFactory):
    """A row of the plan for everybody."""

    class Meta:
        model = Programme

    code = factory.Sequence(lambda n: f"ROW-{n}")
    name = "見本の施策"
    category = Category.MIND
    audience = Audience.ALL
    first_year = FiscalYear(2025)
    last_year = FiscalYear(2034)
    frequency = Frequency.ONCE


class CohortFactory(DjangoModelFactory):
    """The first cohort, R7–R8; its round is open in November 2026."""

    class Meta:
        model = Cohort
        django_get_or_create = ("number",)

    number = 1
    first_year = FiscalYear(2025)
    last_year = FiscalYear(2026)
    seats = 23
    nominations_open_on = date(2026, 11, 1)
    nominations_close_on = date(2026, 11, 30)


class NominationFactory(DjangoModelFactory):
    """A nomination as a draft, with the person's consent."""

    class Meta:
        model = Nomination

    cohort = factory.SubFactory(CohortFactory)
    department = factory.SubFactory(DepartmentFactory)
    staff = factory.SubFactory(StaffMemberFactory)
    reason = "業務の見直しに熱心なため。"
    has_consent = True


class LeaderTermFactory(DjangoModelFactory):
    """A term since the cohort's first day."""

    class Meta:
        model = LeaderTerm

    cohort = factory.SubFactory(CohortFactory)
    staff = factory.SubFactory(StaffMemberFactory)
    department = factory.SubFactory(DepartmentFactory)
    starts_on = date(2025, 4, 1)


class TargetFactory(DjangoModelFactory):
    """A promised share: 1/3 at the end of R8."""

    class Meta:
        model = Target

    kind = TargetKind.SHARE
    fiscal_year = FiscalYear(2026)
    numerator = 1
    denominator = 3


class ForecastSettingFactory(DjangoModelFactory):
    """Eight people come a year, from the plan's second year on."""

    class Meta:
        model = ForecastSetting

    in_force_from = date(2026, 4, 1)
    expected_hires = 8


class SpecialistDesignationFactory(DjangoModelFactory):
    """A designation by way of the digital office."""

    class Meta:
        model = SpecialistDesignation

    staff = factory.SubFactory(StaffMemberFactory)
    route = Route.OFFICE
    starts_on = date(2025, 4, 1)


class RosterChangeFactory(DjangoModelFactory):
    """A change of a preview: somebody moves."""

    class Meta:
        model = RosterChange

    roster_import = factory.SubFactory(RosterImportFactory)
    number = factory.Sequence(lambda n: f"6{n:05d}")
    name = "見本　異動"
    kind = ChangeKind.MOVED
    starts_on = date(2026, 4, 1)


class RosterFileFactory(DjangoModelFactory):
    """The bytes of an upload that waits."""

    class Meta:
        model = RosterFile

    roster_import = factory.SubFactory(RosterImportFactory)
    content = b"PK"


class RosterUndoFactory(DjangoModelFactory):
    """The way back of an import."""

    class Meta:
        model = RosterUndo

    roster_import = factory.SubFactory(RosterImportFactory)


class DepartmentAliasFactory(DjangoModelFactory):
    """A department's other name."""

    class Meta:
        model = DepartmentAlias

    department = factory.SubFactory(DepartmentFactory)
    written = "見本別名"
    key = "見本別名"


class RankAliasFactory(DjangoModelFactory):
    """A rank's other name."""

    class Meta:
        model = RankAlias

    rank = factory.SubFactory(RankFactory)
    written = "見本職別名"
    key = "見本職別名"


class ColumnMappingFactory(DjangoModelFactory):
    """A heading corrected by hand."""

    class Meta:
        model = ColumnMapping

    layout = "f" * 64
    heading = factory.Sequence(lambda n: f"見出し{n}")
    field = "department"


class PlanPeriodFactory(DjangoModelFactory):
    """The outline of R7–R8."""

    class Meta:
        model = PlanPeriod

    first_year = FiscalYear(2025)
    last_year = FiscalYear(2026)


class PlanReviewFactory(DjangoModelFactory):
    """What the review of R7 said."""

    class Meta:
        model = PlanReview

    fiscal_year = FiscalYear(2025)


class FrozenYearFactory(DjangoModelFactory):
    """R7, frozen."""

    class Meta:
        model = FrozenYear

    fiscal_year = FiscalYear(2025)


class CountingRuleFactory(DjangoModelFactory):
    """The plan's rule, in force from the plan's first day."""

    class Meta:
        model = CountingRule

    in_force_from = date(2025, 4, 1)
    counted_employments = ["regular"]
    excluded_duties = ["leave"]
    required_categories = ["mind"]


class AttendanceChangeFactory(DjangoModelFactory):
    """A mark: 受講予定 → 出席."""

    class Meta:
        model = AttendanceChange

    attendance = factory.SubFactory(AttendanceFactory)
    old = AttendanceStatus.BOOKED
    new = AttendanceStatus.PRESENT


class EvidenceFactory(DjangoModelFactory):
    """A qualification."""

    class Meta:
        model = Evidence

    staff = factory.SubFactory(StaffMemberFactory)
    kind = EvidenceKind.QUALIFICATION
    title = "見本検定"
    obtained_on = date(2026, 5, 1)


class EvidenceFileFactory(DjangoModelFactory):
    """A scan."""

    class Meta:
        model = EvidenceFile

    evidence = factory.SubFactory(EvidenceFactory)
    name = "合格証.pdf"
    media_type = "application/pdf"
    sha256 = "0" * 64
    content = b"%PDF-1.4"


class CertificateFactory(DjangoModelFactory):
    """A certificate of a completion."""

    class Meta:
        model = Certificate

    attendance = factory.SubFactory(CompletionFactory)
    fiscal_year = FiscalYear(2026)
    serial = factory.Sequence(lambda n: n + 1)
    issued_on = date(2026, 11, 23)
    staff_name = factory.SelfAttribute("attendance.staff.name")
    course_title = factory.SelfAttribute("attendance.offering.course.title")
    completed_on = factory.SelfAttribute("attendance.completed_on")


class TrainingReportFactory(DjangoModelFactory):
    """A report as a draft."""

    class Meta:
        model = TrainingReport

    attendance = factory.SubFactory(CompletionFactory)
    learned = "業務の見直し方を学びました。"
    use = "窓口の申請書を減らします。"


class InvitationFactory(DjangoModelFactory):
    """Somebody was told on a day."""

    class Meta:
        model = Invitation

    programme = factory.SubFactory(ProgrammeFactory)
    staff = factory.SubFactory(StaffMemberFactory)
    invited_on = date(2026, 11, 1)


class ReminderFactory(DjangoModelFactory):
    """A reminder on paper, before the offering."""

    class Meta:
        model = Reminder

    attendance = factory.SubFactory(AttendanceFactory)
    kind = ReminderKind.BEFORE
    held_on = factory.SelfAttribute("attendance.offering.starts_on")
    made_at = datetime(2026, 5, 28, tzinfo=UTC)


class AttendanceUploadFactory(DjangoModelFactory):
    """A history that waits."""

    class Meta:
        model = AttendanceUpload

    kind = UploadKind.HISTORY
    file_name = "履歴.xlsx"
    sha256 = "0" * 64


class SurveyAnswerFactory(DjangoModelFactory):
    """A middling answer."""

    class Meta:
        model = SurveyAnswer

    attendance = factory.SubFactory(AttendanceFactory)
    understanding = 3
    usefulness = 3
    satisfaction = 3


class ActivityFactory(DjangoModelFactory):
    """What a leader plans to do."""

    class Meta:
        model = Activity

    term = factory.SubFactory(LeaderTermFactory)
    theme = "見本の活動"


class ActivityStepFactory(DjangoModelFactory):
    """A step still to do."""

    class Meta:
        model = ActivityStep

    activity = factory.SubFactory(ActivityFactory)
    due_on = date(2026, 12, 1)
    text = "業務の流れを書き出す"


class ActivityCommentFactory(DjangoModelFactory):
    """A word about an activity."""

    class Meta:
        model = ActivityComment

    activity = factory.SubFactory(ActivityFactory)
    text = "進め方がよく分かります。"
    written_as = "head"
    by = factory.SubFactory(UserFactory)
    at = datetime(2026, 11, 1, tzinfo=UTC)


class NominationEventFactory(DjangoModelFactory):
    """A nomination was handed in."""

    class Meta:
        model = NominationEvent

    nomination = factory.SubFactory(NominationFactory)
    act = NominationAct.SUBMITTED
    at = datetime(2026, 11, 1, tzinfo=UTC)


class ContinuationFactory(DjangoModelFactory):
    """A leader who moved stays."""

    class Meta:
        model = Continuation

    term = factory.SubFactory(LeaderTermFactory)
    kind = QuestionKind.MOVED
    department = factory.SubFactory(DepartmentFactory)
    reason = "引継ぎが終わるまで続けるため。"
    decided_on = date(2026, 11, 1)


class LeaderCertificateFactory(DjangoModelFactory):
    """The paper of a completed term."""

    class Meta:
        model = LeaderCertificate

    term = factory.SubFactory(
        LeaderTermFactory, ends_on=date(2026, 10, 31), completed=True, end_reason="moved"
    )
    fiscal_year = FiscalYear(2026)
    serial = factory.Sequence(lambda n: n + 1)
    issued_on = date(2026, 11, 23)
    staff_name = factory.SelfAttribute("term.staff.name")
    department_name = factory.SelfAttribute("term.department.name")
    starts_on = factory.SelfAttribute("term.starts_on")
    ends_on = factory.SelfAttribute("term.ends_on")


class CurriculumCourseFactory(DjangoModelFactory):
    """A course on how to look at work anew."""

    class Meta:
        model = CurriculumCourse

    strand = Strand.BPR
    course = factory.SubFactory(CourseFactory, category=Category.LEADER_ACTIVITY)


class TransferRequestFactory(DjangoModelFactory):
    """Somebody wishes to work in the digital office."""

    class Meta:
        model = TransferRequest

    staff = factory.SubFactory(StaffMemberFactory)
    preference = Preference.YES
    stated_at = datetime(2026, 11, 1, tzinfo=UTC)


class SuitabilityNoteFactory(DjangoModelFactory):
    """What HR thinks."""

    class Meta:
        model = SuitabilityNote

    staff = factory.SubFactory(StaffMemberFactory)
    text = "調整の力がある。"
    written_at = datetime(2026, 11, 1, tzinfo=UTC)


class LeaderUploadFactory(DjangoModelFactory):
    """A workbook that waits."""

    class Meta:
        model = LeaderUpload

    file_name = "リーダー名簿.xlsx"
    sha256 = "0" * 64
    content = b"PK"
    uploaded_at = datetime(2026, 11, 1, tzinfo=UTC)


class SnapshotFactory(DjangoModelFactory):
    """R7 as it was frozen."""

    class Meta:
        model = Snapshot

    fiscal_year = FiscalYear(2025)
    as_of = date(2026, 3, 31)
    figures = factory.Dict({})
    rule = factory.Dict({})
    members = factory.Dict({})
    digest = "0" * 64
