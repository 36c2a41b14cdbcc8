"""What has to be asked of a roster, in a browser: its columns, its departments and ranks."""

import base64

import pytest
from openpyxl import Workbook

from staff.roster.unknown import DEPARTMENT, RANK, UnknownMaster
from tests.browser.conftest import NARROW, WIDE
from tests.workbook_makers import saved

pytestmark = pytest.mark.browser

CLEAR = ("職員番号", "氏名", "フリガナ", "所属", "職名", "備考")
UNCLEAR = ("職員No", "氏　名（漢字）", "フリガナ", "配置先", "補職名", "血液型")
UNKNOWN = [
    UnknownMaster(DEPARTMENT, "企財課", "企財課", spots=(("名簿", 3),), count=1),
    UnknownMaster(DEPARTMENT, "宇宙課", "宇宙課", code="999", spots=(("名簿", 4),), count=1),
    UnknownMaster(RANK, "艦長", "艦長", spots=(("名簿", 4),), count=1),
]
KEEP = """
import base64
from staff.models import RosterFile, RosterImport
stored = RosterImport.objects.create(
    kind="partial", status="reading", file_name="新しい人事システム.xlsx", sha256="0" * 64,
    effective_on="2026-10-01", unknown={unknown!r},
)
RosterFile.objects.create(roster_import=stored, content=base64.b64decode({content!r}))
print(f"import={{stored.pk}}.")
"""


def roster(headings: tuple[str, ...]) -> bytes:
    """A list under these headings, and an example of how to fill it in."""
    workbook = Workbook()
    workbook.active.title = "名簿"
    rows = [
        headings,
        ("990001", "見本　一郎", "ミホン イチロウ", "総務課", "主事", "A"),
        ("990002", "見本　二郎", "ミホン ジロウ", "企財課", "主事", "B"),
        ("990003", "見本　三郎", "ミホン サブロウ", "宇宙課", "艦長", "O"),
    ]
    for row in rows:
        workbook.active.append(row)
    example = workbook.create_sheet("記入例")
    for row in rows[:2]:
        example.append(row)
    return saved(workbook)


def keep(server, content: bytes) -> str:
    """The address of an import that waits to be told how it is to be read."""
    told = server.city.manage(
        "shell",
        "-c",
        KEEP.format(
            unknown=[unknown.as_json() for unknown in UNKNOWN],
            content=base64.b64encode(content).decode(),
        ),
    )
    number = told.rsplit("import=", 1)[1].split(".")[0]
    return f"/staff/imports/{number}/"


@pytest.fixture
def unclear(server) -> str:
    return keep(server, roster(UNCLEAR))


@pytest.fixture
def clear(server) -> str:
    return keep(server, roster(CLEAR))


@pytest.mark.parametrize(("width", "script"), [(WIDE, True), (NARROW, True), (WIDE, False)])
def test_the_columns_of_an_unknown_layout_are_asked_for(seat, unclear, width, script):
    admin = seat("admin", width=width, script=script)
    admin.open(f"{unclear}reading/")
    admin.picture(f"import_reading{width}", admin.page.locator("main .agano-buttons"))
    for heading, field in (("（漢字）", "name"), ("配置先", "department")):
        admin.row(heading).locator("select").select_option(field)
    admin.press("この読み方で進む")
    said = admin.banners
    admin.open(f"{unclear}reading/")

    assert "読み方を保存しました" in said
    assert admin.row("配置先").locator("select").input_value() == "department"
    assert admin.row("血液型").locator("select").input_value() == ""


@pytest.mark.parametrize("script", [True, False])
def test_what_stands_for_unknown_masters_is_asked_for(seat, clear, script):
    admin = seat("admin", width=NARROW if script else WIDE, script=script)
    admin.open(f"{clear}masters/")

    for number, decision in enumerate(
        ("既存の所属にする", "この行を取り込まない", "新しい職名をつくる")
    ):
        admin.page.locator("[data-decision]").nth(number).get_by_label(decision).check()
    admin.picture(f"import_masters{admin.width}", admin.page.locator("main .agano-buttons"))
    admin.press("この扱いで進む")
    refused = admin.banners
    admin.page.get_by_label("既存の所属", exact=True).first.select_option("104")
    admin.page.get_by_label("取り込まない理由", exact=True).nth(1).fill("他団体からの出向者のため")
    admin.page.get_by_label("職階", exact=True).select_option("staff")
    admin.press("この扱いで進む")

    assert "「企財課」：どれにするかを選んでください" in refused
    assert "「宇宙課」：取り込まない理由を入力してください" in refused
    assert "扱いを保存しました" in admin.banners
