"""The door to the training pages, and the menu of their own."""

import re

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asker", "first"),
    [
        ("admin", "training:offering_list"),
        ("hr", "training:offering_list"),
        ("head", "training:calendar"),
        ("manager", "training:calendar"),
    ],
)
def test_each_role_comes_to_the_page_it_uses_most(request, client_of, asker, first):
    answer = client_of(request.getfixturevalue(asker)).get(reverse("training:index"))

    assert answer.url == reverse(first)


def test_whoever_reads_nothing_of_the_training_has_no_door(staff, client_of):
    assert client_of(staff).get(reverse("training:index")).status_code == 403


def menu(body: str) -> tuple[list[str], list[str]]:
    """What the menu of the area offers, and what of it is current."""
    entries = re.findall(r'agano-area__link" href="[^"]*"( aria-current="page")?>([^<]*)<', body)
    return [label for _, label in entries], [label for current, label in entries if current]


def test_heads_are_offered_their_people_and_nothing_of_the_clerks(head, client_of):
    body = client_of(head).get(reverse("training:team")).content.decode()

    offered, current = menu(body)
    assert current == ["部下の研修"]
    assert {"未受講者", "受講報告書"} <= set(offered)
    assert not {"開催回・出欠", "取込", "お知らせ"} & set(offered)


def test_a_page_below_a_list_belongs_to_the_list(hr, client_of):
    body = client_of(hr).get(reverse("training:offering_new")).content.decode()

    assert menu(body)[1] == ["開催回・出欠"]


def test_ones_own_page_is_no_part_of_the_area(hr, client_of):
    body = client_of(hr).get(reverse("training:mine")).content.decode()

    assert menu(body) == ([], [])
