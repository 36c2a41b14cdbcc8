"""Evidence: writing it down, checking it, finding it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef

from agano_dx.lib.errors import DomainError
from agano_dx.lib.fiscal import FiscalYear
from agano_dx.lib.formfields import EXAMPLE, DayField
from staff.access import Access
from staff.models import Assignment, StaffMember
from training.models import Evidence, EvidenceKind, EvidenceState
from training.proofs import read_number
from training.scans import MAX_SCAN, Scan, read_scan
from training.services.evidence import Entry

LONGEST_NOTE = 1000


class QualificationForm(forms.Form):
    """資格 with a scan of its certificate; cleans to `entry` and `file` (a Scan or `None`)."""

    title = forms.CharField(
        label="資格の名称", max_length=100, help_text="例：ITパスポート試験、基本情報技術者試験"
    )
    obtained_on = DayField(label="取得日", help_text=f"合格証に書かれた日を入れます。{EXAMPLE}")
    note = forms.CharField(
        label="備考",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="合格証の番号など、人事担当に伝えることがあれば書きます。",
    )
    file = forms.FileField(
        label="合格証の写し",
        required=False,
        allow_empty_file=True,  # refused in our own words
        help_text="PDF・JPEG・PNG、5MBまで。見られるのは自分と人事担当だけです。",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, *args: Any, evidence: Evidence | None = None, **kwargs: Any) -> None:
        if evidence is not None:
            kwargs["initial"] = {
                "title": evidence.title,
                "obtained_on": evidence.obtained_on,
                "note": evidence.note,
            }
        super().__init__(*args, **kwargs)
        if evidence is not None and hasattr(evidence, "file"):
            self.fields["file"].help_text = (
                f"「{evidence.file.name}」を提出済みです。選び直すと入れ替わります。"
                "PDF・JPEG・PNG、5MBまで。"
            )

    def clean_file(self) -> Scan | None:
        """The file by its bytes; too large a one is refused before it is read."""
        upload: UploadedFile | None = self.cleaned_data["file"]
        if upload is None:
            return None
        content = upload.read(MAX_SCAN + 1)
        try:
            return read_scan(content, upload.name or "")
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def entry(self) -> Entry:
        """What was written."""
        data = self.cleaned_data
        return Entry(data["title"], data["obtained_on"], data["note"])


class WorkUseForm(forms.Form):
    """業務活用確認: whom of their people, what, when. `staff` offers own people alone."""

    staff = forms.ModelChoiceField(
        label="職員",
        queryset=StaffMember.objects.none(),
        empty_label="選んでください",
        error_messages={
            "invalid_choice": "自分の部署の職員ではありません。一覧から選び直してください。"
        },
    )
    title = forms.CharField(
        label="活用している内容",
        max_length=100,
        help_text="例：窓口の申請を電子申請に変え、集計を自動化した",
    )
    obtained_on = DayField(label="確認した日")
    note = forms.CharField(
        label="効果など",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, access: Access, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Assignment.objects.as_of(on).filter(
            staff=OuterRef("pk"), department__in=access.headed
        )
        people = StaffMember.objects.employed(on).filter(Exists(places))
        people = people.exclude(pk=access.staff_id or 0)
        field = self.fields["staff"]
        field.queryset = people.order_by("name_kana", "number")  # type: ignore[attr-defined]
        field.label_from_instance = lambda member: f"{member.name}（{member.number}）"  # type: ignore[attr-defined]

    @property
    def entry(self) -> Entry:
        """What was written."""
        data = self.cleaned_data
        return Entry(data["title"], data["obtained_on"], data["note"])


class OjtRecordForm(forms.Form):
    """One day of OJT."""

    obtained_on = DayField(label="実施日")
    hours = forms.DecimalField(
        label="時間数",
        min_value=Decimal("0.1"),
        max_value=24,
        max_digits=3,
        decimal_places=1,
        help_text="30分は0.5と入力します。",
    )
    note = forms.CharField(
        label="内容",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="だれの指導で、何をして、何ができるようになったかを書きます。",
    )

    def __init__(self, *args: Any, record: Evidence | None = None, **kwargs: Any) -> None:
        if record is not None:
            kwargs["initial"] = {
                "obtained_on": record.obtained_on,
                "hours": record.hours,
                "note": record.note,
            }
        super().__init__(*args, **kwargs)

    @property
    def entry(self) -> Entry:
        """What was written; the service gives it its course's name."""
        data = self.cleaned_data
        return Entry("", data["obtained_on"], data["note"], data["hours"])


class ReturnForm(forms.Form):
    """Why it goes back to the person."""

    comment = forms.CharField(
        label="直してほしいこと",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "直してほしいことを入力してください。"},
    )


class EvidenceFilterForm(forms.Form):
    """The filters of the list of evidence."""

    q = forms.CharField(label="氏名・カナ・職員番号", required=False, max_length=60)
    kind = forms.ChoiceField(
        label="種別", required=False, choices=[("", "すべて"), *EvidenceKind.choices]
    )
    state = forms.ChoiceField(
        label="確認の状態", required=False, choices=[("", "すべて"), *EvidenceState.choices]
    )


class VerifyForm(forms.Form):
    """The number on a certificate; cleans to the year and the serial."""

    number = forms.CharField(
        label="修了証の番号", max_length=40, help_text="例：R8-0012（R8-12でも探せます）"
    )

    def clean_number(self) -> tuple[FiscalYear, int]:
        """The number, in whatever way it is typed."""
        number = read_number(self.cleaned_data["number"])
        if number is None:
            raise forms.ValidationError(
                "修了証の番号として読めません。紙の右上の番号を「R8-0012」のように入力してください。"
            )
        return number
