"""The manual: every page is found from its first page, every picture is there and used."""

import re

import pytest
from django.conf import settings

MANUAL = settings.BASE_DIR / "docs" / "manual"
PAGES = sorted(page for page in MANUAL.glob("*.md") if page.name != "README.md")


def links(page) -> set[str]:
    """What a page leads to, and the pictures it shows."""
    return set(re.findall(r"\]\(([^)#:]+)[)#]", page.read_text()))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_found_from_the_first_page_and_leads_nowhere_else(page):
    assert page.name in links(MANUAL / "README.md")
    assert [name for name in links(page) if not (MANUAL / name).exists()] == []


def test_every_picture_is_shown_on_some_page():
    shown = set().union(*(links(page) for page in PAGES))

    assert {f"img/{picture.name}" for picture in (MANUAL / "img").iterdir()} <= shown
