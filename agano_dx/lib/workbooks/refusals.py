"""What the user is told when a file is refused."""

import logging
import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from agano_dx.lib.errors import DomainError
from agano_dx.lib.workbooks import limits

logger = logging.getLogger(__name__)

_RESAVE = "Excelで「Excelブック（.xlsx）」として保存し直してから取り込んでください。"
_RESEND = "Excelで開けることを確かめ、保存し直してから取り込んでください。"
_TIDY = "表の外にある不要なセル・行・列を削除し、保存し直してから取り込んでください。"

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wrong_type": f"Excelブック（.xlsx、.xlsm）でもCSVでもないファイルのため、{_RESAVE}",
        "xls": f"古い形式（.xls）のブックは読み込めないため、{_RESAVE}",
        "xlsb": f"バイナリ形式（.xlsb）のブックは読み込めないため、{_RESAVE}",
        "ods": f"OpenDocument形式（.ods）の表は読み込めないため、{_RESAVE}",
        "strict": f"「Strict Open XML」形式のブックは読み込めないため、{_RESAVE}",
        "password": "パスワードで保護されているため、Excelでパスワードを外して保存し直してから"
        "取り込んでください。",
        "damaged": f"ファイルが壊れているか途中で切れていて読み込めないため、{_RESEND}",
        "crc": f"ファイルの一部が書き換わっているか壊れていて読み込めないため、{_RESEND}",
        "empty": "値の入ったセルが一つもないため、表の入ったファイルを選び直してください。",
        "too_large": "ファイルが大きすぎる（上限は"
        f"{limits.MAX_UPLOAD // limits.MEBIBYTE}MB、展開後"
        f"{limits.MAX_INFLATED // limits.MEBIBYTE}MB）ため、"
        "画像や不要なシートを削除するか、ファイルを分けてから取り込んでください。",
        "too_many_members": f"ブックの中の部品が多すぎる（上限は{limits.MAX_MEMBERS:,}個）ため、"
        "画像や不要なシートを削除し、保存し直してから取り込んでください。",
        "ratio": "ファイルの圧縮率が異常に高く安全に展開できないため、必要な表だけを新しいブックに"
        "貼り付け、保存してから取り込んでください。",
        "duplicate_member": f"ブックの中で部品の名前が重なっていて読み込めないため、{_RESEND}",
        "climbing_name": f"ブックの中に正しくない名前の部品があり読み込めないため、{_RESEND}",
        "too_many_rows": f"行が多すぎる（上限は{limits.MAX_ROW:,}行）ため、"
        "表を分けてから取り込んでください。",
        "too_many_columns": f"列が多すぎる（上限は{limits.MAX_COLUMN}列）ため、"
        "不要な列を削除してから取り込んでください。",
        "far_cell": f"表から遠く離れたセルに値が入っているため、{_TIDY}",
        "doctype": f"ブックの中に許されない宣言（DOCTYPE）があり安全に読めないため、{_RESAVE}",
        "timeout": "読み込みに時間がかかりすぎたため、表を分けるか不要なシートを削除してから"
        "取り込んでください。",
        "memory": f"値の入ったセルが多すぎて読み込めないため、表を分けるか、{_TIDY}",
        "csv_encoding": "CSVの文字コードを判別できないため、Excelで「CSV UTF-8（コンマ区切り）」"
        "として保存し直してから取り込んでください。",
        "csv_damaged": 'CSVの引用符（"）の組が合わないか、1つのセルが長すぎるため、'
        "Excelで「CSV UTF-8（コンマ区切り）」として保存し直してから取り込んでください。",
    }
)


class WorkbookError(DomainError):
    """The file is refused as a whole; `reference` finds the refusal in the log."""

    def __init__(self, code: str) -> None:
        self.code = code if code in SENTENCES else "damaged"
        self.reference = uuid.uuid4().hex[:8].upper()
        super().__init__(f"{SENTENCES[self.code]}（照会番号 {self.reference}）")


def refusal(code: str) -> WorkbookError:
    """The error for this code; the log gets code and reference, nothing of the file."""
    error = WorkbookError(code)
    logger.warning("workbook refused: code=%s reference=%s", error.code, error.reference)
    return error
