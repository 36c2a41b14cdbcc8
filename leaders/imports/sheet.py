"""The columns of リーダー名簿 and the words that stand in them, for reading and for writing."""

from typing import Final

from agano_dx.lib.japanese import label_key
from agano_dx.lib.workbooks.headings import HeadingDictionary
from leaders.models import EndReason

TITLE: Final = "リーダー名簿"
# In the order in which we write them; the first spelling of each is the one we write.
LEADER_HEADINGS: Final = HeadingDictionary(
    {
        "cohort": ("期", "期別"),
        "department_code": ("所属コード", "部署コード"),
        "department": ("所属", "所属名", "部署"),
        "staff_no": ("職員番号", "職員コード", "番号"),
        "name": ("氏名", "職員氏名"),
        "starts_on": ("就任日", "任命日", "開始日"),
        "ends_on": ("退任日", "終了日"),
        "end_reason": ("退任理由", "終了理由"),
        "completed": ("修了", "修了区分"),
        "decision_reason": ("判定の理由", "判定理由"),
        "end_note": ("退任の事情", "事情"),
    }
)
REQUIRED: Final = ("cohort", ("department_code", "department"), "staff_no", "starts_on")
KEY_FIELDS: Final = ("staff_no",)
# Free text, in which 「同上」 is what somebody wrote and not a sign for the cell above.
TEXT_FIELDS: Final = ("decision_reason", "end_note")
LONGEST_TEXT: Final = 1000

END_REASONS: Final = {"": "", **{label_key(reason.label): reason for reason in EndReason}}
# 修了, 未修了 or nobody has said yet.
VERDICTS: Final[dict[str, bool | None]] = {
    "": None,
    "未判定": None,
    "修了": True,
    "○": True,
    "1": True,
    "未修了": False,
    "×": False,
    "0": False,
}
VERDICT_WORDS: Final[dict[bool | None, str]] = {None: "", True: "修了", False: "未修了"}
UNDECIDED: Final = "未判定"
