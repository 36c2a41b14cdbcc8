"""One activity on the screen: written, read, changed, commented on."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from leaders.models import Activity, ActivityComment, ActivityStep
from tests.conftest import TODAY, account, placed
from tests.factories import (
    ActivityCommentFactory,
    ActivityFactory,
    ActivityStepFactory,
    HeadRankFactory,
    LeaderTermFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def term(staff, section):
    return LeaderTermFactory(staff=staff.staff, department=section)


@pytest.fixture
def activity(term):
    return ActivityFactory(term=term, theme="窓口の予約")


def new(term):
    return reverse("leaders:activity_new", args=[term.pk])


def page(activity, name="detail"):
    return reverse(f"leaders:activity_{name}", args=[activity.pk])


def filled(*steps, **changes):
    """What the form posts; each step as (due, text, done)."""
    data = {
        "theme": "窓口の予約",
        "status": "running",
        "steps-TOTAL_FORMS": len(steps),
        "steps-INITIAL_FORMS": 0,
    }
    for number, (due_on, text, done_on) in enumerate(steps):
        data |= {
            f"steps-{number}-due_on": due_on,
            f"steps-{number}-text": text,
            f"steps-{number}-done_on": done_on,
        }
    return data | changes


def text(response):
    return response.content.decode()


# --- New ----------------------------------------------------------------------------------------


def test_a_leader_registers_an_activity(client_of, staff, term):
    partner = LeaderTermFactory().staff

    response = client_of(staff).post(
        new(term),
        filled(
            ("R8.12.1", "流れを書き出す", ""),
            ("", "", ""),
            ("令和8年11月2日", "話を聞く", "2026-11-03"),
            problem="待ち時間が長い。\r\n月曜に多い。",
            hours_before="１，２００時間",
            hours_after="37.5",
            participants=[partner.pk],
        ),
    )

    activity = Activity.objects.get()
    assert response["Location"] == activity.get_absolute_url()
    assert (activity.term, activity.problem) == (term, "待ち時間が長い。\n月曜に多い。")
    assert (activity.hours_before, activity.saved_hours) == (1200, 1162.5)
    assert activity.participants.get() == partner
    assert list(activity.steps.values_list("due_on", "text", "done_on")) == [
        (date(2026, 11, 2), "話を聞く", date(2026, 11, 3)),
        (date(2026, 12, 1), "流れを書き出す", None),
    ]


def test_a_double_post_shows_the_first_result(client_of, staff, term):
    client = client_of(staff)

    answers = [client.post(new(term), filled())["Location"] for _ in range(2)]

    assert answers == [Activity.objects.get().get_absolute_url()] * 2


def test_more_rows_keep_everything_and_save_nothing(client_of, staff, term):
    partner = LeaderTermFactory().staff

    response = client_of(staff).post(
        new(term),
        filled(
            ("いつか", "流れを書き出す", ""),
            theme="",
            plan="まだ途中",
            hours_before="たくさん",
            participants=[partner.pk],
            more="1",
        ),
    )

    html = text(response)
    assert not Activity.objects.exists()
    assert 'name="steps-3-text"' in html
    assert 'name="steps-4-text"' not in html
    for words in ("いつか", "流れを書き出す", "まだ途中", "たくさん"):
        assert words in html
    assert f'value="{partner.pk}" id="id_participants_0" checked' in html
    assert "agano-field__errors" not in html


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"theme": ""}, "空欄です。"),
        ({"status": "perhaps"}, "状態を選び直してください。"),
        ({"hours_before": "-1"}, "0以上の数を入力してください。"),
        ({"hours_after": "たくさん"}, "数として読めません。"),
        ({"hours_after": "1.25"}, "小数は1桁までにしてください。"),
        ({"hours_after": "12345678"}, "数が大きすぎます。"),
        ({"participants": ["987654"]}, "この期の推進リーダーでない人がいます。"),
        ({"steps-0-due_on": ""}, "予定日を入力してください。"),
        ({"steps-0-due_on": "13月"}, "手順の表に直すところがあります。"),
        ({"steps-0-text": ""}, "手順の内容を入力するか、"),
        ({"steps-0-done_on": "R8.11.24"}, "今日までの日を入力してください。"),
        ({"steps-TOTAL_FORMS": "x"}, "手順の表に直すところがあります。"),
        ({"steps-TOTAL_FORMS": "41"}, "手順の表に直すところがあります。"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_typed_is_lost(client_of, staff, term, wrong, told):
    sent = filled(("R8.12.1", "流れを書き出す", ""), plan="私の計画") | wrong

    response = client_of(staff).post(new(term), sent)

    assert response.status_code == 200
    assert told in text(response)
    assert "私の計画" in text(response)
    assert not Activity.objects.exists()


def test_after_the_term_nothing_new_is_taken_and_nothing_typed_is_lost(client_of, staff, term):
    client = client_of(staff)
    type(term).objects.filter(pk=term.pk).update(ends_on=date(2026, 11, 1), end_reason="moved")

    asked = client.get(new(term))
    sent = client.post(new(term), filled(plan="私の計画"))

    assert asked["Location"] == reverse("leaders:mine")
    assert "任期中でないため" in text(sent)
    assert "私の計画" in text(sent)
    assert not Activity.objects.exists()


def test_forged_fields_change_nothing_else(client_of, staff, term):
    other = LeaderTermFactory()

    client_of(staff).post(new(term), filled(term=other.pk, version=9, id=5, staff=1))

    activity = Activity.objects.get()
    assert (activity.term, activity.version) == (term, 1)


# --- Looked at ----------------------------------------------------------------------------------


def test_everything_is_on_the_page(client_of, staff, activity):
    ActivityStepFactory(activity=activity, due_on=date(2026, 11, 22), text="話を聞く")
    activity.hours_before, activity.hours_after = 120, 80
    activity.save()

    html = text(client_of(staff).get(page(activity)))

    for words in ("窓口の予約", "計画中", "話を聞く", "予定日を過ぎています", "40時間"):
        assert words in html
    assert "活動を変更する" in html


def test_another_head_and_another_leader_do_not_find_it(client_of, activity, other_section):
    head = account(placed(other_section, rank=HeadRankFactory()))
    other = account(LeaderTermFactory(department=other_section).staff)

    for user in (head, other):
        for name in ("detail", "edit"):
            assert client_of(user).get(page(activity, name)).status_code == 404
        for name in ("edit", "comment"):
            assert client_of(user).post(page(activity, name), filled()).status_code == 404


def test_a_number_of_rows_of_thousands_of_digits_is_no_error(client_of, staff, term):
    page = client_of(staff).post(
        reverse("leaders:activity_new", args=[term.pk]),
        {"steps-TOTAL_FORMS": "9" * 5000, "more": "1"},
    )

    assert page.status_code == 200


def test_those_who_take_part_read_and_no_more(client_of, activity):
    partner = LeaderTermFactory()
    activity.participants.add(partner.staff)
    client = client_of(account(partner.staff))

    html = text(client.get(page(activity)))

    assert activity.term.staff.name in html
    assert "活動を変更する" not in html
    assert "<textarea" not in html
    assert client.get(page(activity, "edit")).status_code == 403
    assert client.post(page(activity, "edit"), filled()).status_code == 403
    assert client.post(page(activity, "comment"), {"text": "一言"}).status_code == 403


def test_a_head_reads_no_name_of_another_department(client_of, activity, head, hr):
    partner = LeaderTermFactory(department__name="別の課", staff__name="別山　参加")
    third = LeaderTermFactory(department=activity.term.department, staff__name="見本　同課")
    activity.participants.add(partner.staff, third.staff)

    to_head, to_hr = (text(client_of(user).get(page(activity))) for user in (head, hr))

    assert "別の課の推進リーダー" in to_head
    assert "別山" not in to_head
    assert "見本　同課（" in to_head
    assert "別山　参加（別の課）" in to_hr


def test_looking_at_anothers_leaves_a_trace_and_at_ones_own_none(client_of, activity, staff, head):
    def traces():
        return LogEntry.objects.filter(
            action=LogEntry.Action.ACCESS, object_repr=f"leaders.activity:{activity.pk}"
        )

    client_of(staff).get(page(activity))
    assert not traces().exists()

    client_of(head).get(page(activity))
    assert traces().get().actor == head


# --- Changed ------------------------------------------------------------------------------------


def test_the_form_shows_what_stands_there_and_saving_it_changes_nothing(client_of, staff, activity):
    ActivityStepFactory(activity=activity)
    activity.hours_before = 1200
    activity.save()
    client = client_of(staff)

    html = text(client.get(page(activity, "edit")))
    answer = client.post(
        page(activity, "edit"),
        filled(
            ("R8.12.1", "業務の流れを書き出す", ""),
            ("", "", ""),
            status="planned",
            hours_before="1,200",
            seen=1,
        ),
        follow=True,
    )

    assert 'value="1,200"' in html
    assert 'value="R8.12.1"' in html
    assert "変更はありませんでした。" in text(answer)
    assert Activity.objects.get().version == 1


def test_an_emptied_row_is_a_step_no_more(client_of, staff, activity):
    ActivityStepFactory(activity=activity)

    client_of(staff).post(page(activity, "edit"), filled(("", "", ""), seen=1))

    assert not ActivityStep.objects.exists()


def test_what_somebody_else_saved_is_shown_beside_and_nothing_typed_is_lost(
    client_of, staff, hr, activity
):
    client_of(hr).post(page(activity, "edit"), filled(tools="電子申請", seen=1))
    client = client_of(staff)

    refused = client.post(page(activity, "edit"), filled(plan="私の計画", seen=1))

    assert "他の人がこの活動を変更しました。" in text(refused)
    assert "<dd><p>電子申請</p></dd>" in text(refused)
    assert "私の計画" in text(refused)
    assert Activity.objects.get().plan == ""

    again = client.post(
        page(activity, "edit"),
        filled(plan="私の計画", seen=refused.context["form"]["seen"].value()),
    )
    assert again["Location"] == activity.get_absolute_url()
    assert Activity.objects.get().plan == "私の計画"


def test_a_page_without_its_version_overwrites_nothing(client_of, staff, activity):
    response = client_of(staff).post(page(activity, "edit"), filled(plan="私の計画"))

    assert "他の人がこの活動を変更しました。" in text(response)
    assert Activity.objects.get().plan == ""


def test_a_decision_while_the_leader_types_loses_nothing_typed(client_of, staff, term, activity):
    client = client_of(staff)
    type(term).objects.filter(pk=term.pk).update(ends_on=TODAY, decided_on=TODAY)

    asked = client.get(page(activity, "edit"))
    sent = client.post(page(activity, "edit"), filled(plan="私の計画", seen=1))

    assert asked["Location"] == activity.get_absolute_url()
    assert "修了の判定が済んだため" in text(sent)
    assert "私の計画" in text(sent)
    assert Activity.objects.get().plan == ""


def test_heads_and_administrators_change_nothing(client_of, head, admin, activity):
    for user in (head, admin):
        assert client_of(user).get(page(activity, "edit")).status_code == 403
        answer = client_of(user).post(page(activity, "edit"), filled(seen=1))
        assert answer.status_code == 403

    assert Activity.objects.get().version == 1


# --- Commented on -------------------------------------------------------------------------------


def test_a_head_comments_and_the_leader_answers(client_of, head, staff, activity):
    client_of(head).post(page(activity, "comment"), {"text": "一度見せて", "after": 0})
    first = ActivityComment.objects.get()
    client_of(staff).post(page(activity, "comment"), {"text": "明日行きます", "after": first.pk})

    html = text(client_of(staff).get(page(activity)))

    assert html.index("一度見せて") < html.index("明日行きます")
    assert [one.written_as for one in ActivityComment.objects.all()] == ["head", "leader"]


def test_a_comment_sent_twice_is_one(client_of, head, activity):
    ActivityCommentFactory(activity=activity)
    client = client_of(head)
    after = client.get(page(activity)).context["form"]["after"].value()

    for _ in range(2):
        client.post(page(activity, "comment"), {"text": "一度見せて", "after": after})

    assert ActivityComment.objects.filter(text="一度見せて").count() == 1


@pytest.mark.parametrize(("said", "told"), [("", "コメントを入力"), ("あ" * 1001, "1000")])
def test_an_empty_or_too_long_comment_is_told_and_kept(client_of, head, activity, said, told):
    response = client_of(head).post(page(activity, "comment"), {"text": said, "after": 0})

    assert told in text(response)
    assert said in text(response)
    assert not ActivityComment.objects.exists()


def test_signs_of_html_are_shown_as_they_are(client_of, staff, activity):
    for field in ("theme", "problem", "plan", "tools", "effect", "partners"):
        setattr(activity, field, f"<b>{field}</b>")
    activity.save()
    ActivityStepFactory(activity=activity, text="<b>手順</b>")
    ActivityCommentFactory(activity=activity, text="<b>一言</b>")

    for name in ("detail", "edit"):
        html = text(client_of(staff).get(page(activity, name)))
        assert "<b>" not in html
        assert "&lt;b&gt;theme&lt;/b&gt;" in html
