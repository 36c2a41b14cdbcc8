"""`export_report`: the report of a day as a file."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import placed
from tests.reports.sheets import opened

pytestmark = pytest.mark.django_db


def told(*args: str) -> dict:
    out = io.StringIO()
    call_command("export_report", *args, "--format=json", stdout=out)
    return json.loads(out.getvalue())


def test_it_writes_the_whole_city_of_the_day_without_names(tmp_path, section):
    call_command("loaddata", "plan", verbosity=0)
    person = placed(section)
    target = tmp_path / "報告書.xlsx"

    answer = told(str(target), "--as-of=R8.3.31")

    book = opened(target.read_bytes())
    assert answer["file"] == "報告書.xlsx"
    assert answer["as_of"] == "2026-03-31"
    assert set(answer["sheets"]) < set(book.sheetnames)
    assert person.name not in {
        cell.value for sheet in book for row in sheet.iter_rows() for cell in row
    }


def test_a_file_that_is_there_already_stays(tmp_path):
    target = tmp_path / "r.xlsx"
    target.write_text("大切")

    with pytest.raises(CommandError, match="別の名前を指定してください。") as refused:
        told(str(target))

    assert refused.value.returncode == 1
    assert target.read_text() == "大切"


@pytest.mark.parametrize(
    ("name", "words"), [("r.csv", "で終わるように"), ("none/r.xlsx", "場所を確かめてください")]
)
def test_a_place_that_cannot_be_written_is_told_in_a_sentence(tmp_path, name, words):
    with pytest.raises(CommandError, match=words) as refused:
        told(str(tmp_path / name))

    assert refused.value.returncode == 2
