"""The headings of rosters seen or expected, and the words in their cells."""

from agano_dx.lib.workbooks.headings import HeadingDictionary
from staff.models import Duty, Employment

IGNORED = (
    "ignored_sequence",
    "ignored_gender",
    "ignored_birth",
    "ignored_grade",
    "ignored_band",
    "ignored_occupation",
    "ignored_phone",
    "ignored_hired_year",
)
ROSTER_HEADINGS = HeadingDictionary(
    {
        "staff_no": (
            "職員番号",
            "職員コード",
            "職員CD",
            "職員No",
            "職員No.",
            "職員ID",
            "社員番号",
            "個人番号",
            "番号",
        ),
        "name": ("氏名", "職員氏名", "名前", "漢字氏名"),
        "family_name": ("姓", "氏"),
        "given_name": ("名",),
        "kana": ("氏名カナ", "カナ氏名", "フリガナ", "ふりがな", "氏名(カナ)", "カナ"),
        "family_kana": ("セイ", "姓カナ", "姓(カナ)"),
        "given_kana": ("メイ", "名カナ", "名(カナ)"),
        "department_code": ("所属コード", "所属CD", "部署コード"),
        "department": (
            "所属",
            "所属名",
            "所属名称",
            "部署",
            "部署名",
            "課名",
            "課等",
            "勤務場所",
            "配属先",
        ),
        "division": ("部", "部名"),
        "section": ("課", "課・局", "課・室"),
        "team": ("係", "係・室", "係名", "室", "担当"),
        "title": ("職名", "補職名", "役職", "職"),
        "employment": ("職員区分", "任用形態", "雇用区分", "任用区分", "採用区分"),
        "duty": ("在職区分", "休職等", "休職区分"),
        "hired_on": ("採用年月日", "採用日", "入庁年月日"),
        "row_date": ("発令日", "異動年月日", "発令年月日"),
        "movement": ("異動区分", "異動種別", "発令区分"),
        "posts": ("兼務", "兼務先", "兼職"),
        "email": ("メールアドレス", "E-mail", "メール", "Eメール"),
        "note": ("備考", "摘要"),
        # Known and not used: named here so that they are not reported as unknown.
        "ignored_sequence": ("No.", "No", "連番", "項番"),
        "ignored_gender": ("性別",),
        "ignored_birth": ("生年月日", "生年月"),
        "ignored_grade": ("級", "職務の級", "等級"),
        "ignored_band": ("職階", "職層", "階層"),
        "ignored_occupation": ("職種",),
        "ignored_phone": ("内線",),
        "ignored_hired_year": ("採用年度",),
    },
    repeatable=("note", *IGNORED),
)
# A table without these is not a roster; of a group one is enough.
REQUIRED = ("staff_no", ("name", "family_name"))
KEY_FIELDS = ("staff_no",)
PLACE_FIELDS = frozenset({"department_code", "department", "division", "section"})
# What a column can be said to hold; in this order on the screen.
FIELD_LABELS = {
    "staff_no": "職員番号",
    "name": "氏名",
    "family_name": "氏名（姓だけ）",
    "given_name": "氏名（名だけ）",
    "kana": "フリガナ",
    "family_kana": "フリガナ（姓だけ）",
    "given_kana": "フリガナ（名だけ）",
    "department_code": "所属コード",
    "department": "所属",
    "division": "部",
    "section": "課",
    "team": "係",
    "title": "職名",
    "employment": "任用形態（職員区分）",
    "duty": "在職区分（休職等）",
    "hired_on": "採用年月日",
    "row_date": "発令日",
    "movement": "異動区分",
    "posts": "兼務",
    "email": "メールアドレス",
    "note": "備考",
}

EMPLOYMENTS = {
    "正規": Employment.REGULAR,
    "正規職員": Employment.REGULAR,
    "正職員": Employment.REGULAR,
    "一般職": Employment.REGULAR,
    "任期付": Employment.FIXED_TERM,
    "任期付職員": Employment.FIXED_TERM,
    "再任用": Employment.REAPPOINTED,
    "再任用(フル)": Employment.REAPPOINTED,
    "再任用フルタイム": Employment.REAPPOINTED,
    "暫定再任用": Employment.REAPPOINTED,
    "再任用短時間": Employment.REAPPOINTED_SHORT,
    "再任用(短)": Employment.REAPPOINTED_SHORT,
    "暫定再任用短時間": Employment.REAPPOINTED_SHORT,
    "定年前再任用短時間": Employment.REAPPOINTED_SHORT,
    "会計年度任用職員": Employment.FISCAL_YEAR_APPOINTEE,
    "会計年度任用": Employment.FISCAL_YEAR_APPOINTEE,
    "会計年度": Employment.FISCAL_YEAR_APPOINTEE,
    "臨時的任用": Employment.TEMPORARY,
    "臨時": Employment.TEMPORARY,
    "特別職": Employment.SPECIAL_POST,
}
DUTIES = {
    "在職": Duty.ACTIVE,
    "復職": Duty.ACTIVE,
    "育休": Duty.CHILDCARE,
    "育児休業": Duty.CHILDCARE,
    "産休": Duty.CHILDCARE,
    "休職": Duty.LEAVE,
    "病休": Duty.LEAVE,
    "派遣": Duty.SECONDED,
    "出向": Duty.SECONDED,
}
LEAVING = ("退職", "辞職", "死亡", "免職", "失職", "任期満了")
EMPLOYMENT_CHOICES = "正規・任期付・再任用・再任用短時間・会計年度任用職員・臨時的任用・特別職"
DUTY_CHOICES = "在職・育休・休職・派遣"
