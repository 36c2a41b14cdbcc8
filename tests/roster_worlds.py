"""A made-up town with everything that is hard to write into a roster and to read again."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from hypothesis import strategies as st

from agano_dx.lib.japanese import name_key
from staff.models import Assignment, ConcurrentPost, DepartmentKind, Duty, Employment, StaffMember
from tests.factories import DepartmentFactory, HeadRankFactory, RankFactory

DAYS = (
    date(2020, 4, 1),
    date(2025, 3, 31),
    date(2025, 4, 1),
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 11, 22),
    date(2026, 11, 23),
    date(2026, 11, 24),
    date(2027, 4, 1),
)
NAMES = (
    "髙橋　一郎",
    "山﨑　花子",
    "神谷　祥子",
    "𠮷田　太郎",
    "辻\U000e0100　誠",
    "=1+1",
    "+見本　計",
    "見本　？",
    "ジョン・スミス",
    "合計　見本",
    "<b>見本</b>",
)
KANA = ("", "ミホン イチロウ", "ジョン・スミス", "ー")
EMAILS = ("", "mihon@example.jp", "mihon+dx@example.jp")
# The last ones are names of units of ours.
TEAMS = ("", "庶務係", "第1係", "=係", "収納対策室", "総務課")


def make_town() -> SimpleNamespace:
    """Two sections of one name, one closed, an office, codes with zeros, ranks in brackets."""
    division = DepartmentFactory(code="0100", name="総務部", kind=DepartmentKind.DIVISION)
    board = DepartmentFactory(code="0200", name="教育委員会", kind=DepartmentKind.DIVISION)
    tax = DepartmentFactory(code="0102", name="税務課", parent=division)
    units = [
        division,
        board,
        DepartmentFactory(code="0101", name="総務課", parent=division),
        DepartmentFactory(code="0201", name="総務課", parent=board),
        tax,
        DepartmentFactory(code="01021", name="収納対策室", parent=tax, kind=DepartmentKind.OFFICE),
        DepartmentFactory(code="0103", name="企画、広報課", parent=division),
        DepartmentFactory(code="OLD", name="農政課", closes_on=date(2026, 3, 31)),
        DepartmentFactory(code="NEW", name="農政課", parent=board, opens_on=date(2026, 4, 1)),
    ]
    ranks = [
        HeadRankFactory(name="部長"),
        HeadRankFactory(name="課長"),
        HeadRankFactory(name="室長"),
        RankFactory(name="主任"),
        RankFactory(name="主任（再任用）"),
        RankFactory(name="参事（部長級）"),
        RankFactory(name="主事", is_leader_eligible=False),
    ]
    return SimpleNamespace(units=units, ranks=ranks)


@dataclass(frozen=True)
class Place:
    """An assignment; `unit` and `rank` are positions in the town's lists."""

    starts_on: date
    unit: int
    rank: int
    team: str
    duty: str
    employment: str


@dataclass(frozen=True)
class HeldPost:
    """A concurrent post."""

    starts_on: date
    ends_on: date | None
    unit: int
    rank: int


@dataclass(frozen=True)
class Person:
    """Somebody with all their places and posts."""

    name: str
    kana: str
    email: str
    hired_on: date
    left_on: date | None
    places: tuple[Place, ...]
    posts: tuple[HeldPost, ...]


days = st.sampled_from(DAYS)
spans = st.tuples(days, st.none() | days).filter(lambda pair: pair[1] is None or pair[1] >= pair[0])
units, ranks = st.integers(0, 8), st.integers(0, 6)
places = st.builds(
    Place,
    starts_on=days,
    unit=units,
    rank=ranks,
    team=st.sampled_from(TEAMS),
    duty=st.sampled_from(Duty),
    employment=st.sampled_from(Employment),
)
posts = st.builds(
    lambda span, unit, rank: HeldPost(*span, unit, rank), span=spans, unit=units, rank=ranks
)


@st.composite
def person(draw: st.DrawFn) -> Person:
    """Somebody who came, moved, held posts and perhaps left; perhaps without a place."""
    hired_on, left_on = draw(spans)
    return Person(
        name=draw(st.sampled_from(NAMES)),
        kana=draw(st.sampled_from(KANA)),
        email=draw(st.sampled_from(EMAILS)),
        hired_on=hired_on,
        left_on=left_on,
        places=tuple(draw(st.lists(places, max_size=3, unique_by=lambda one: one.starts_on))),
        posts=tuple(
            draw(st.lists(posts, max_size=3, unique_by=lambda one: (one.unit, one.starts_on)))
        ),
    )


def people() -> st.SearchStrategy[list[Person]]:
    """Up to eight people."""
    return st.lists(person(), max_size=8)


def put_down(town: SimpleNamespace, found: list[Person]) -> list[StaffMember]:
    """Write the people; their numbers are their positions, with zeros before them."""
    members = StaffMember.objects.bulk_create(
        StaffMember(
            number=f"{index:06d}",
            name=one.name,
            name_kana=one.kana,
            name_key=name_key(one.name),
            email=one.email,
            hired_on=one.hired_on,
            left_on=one.left_on,
        )
        for index, one in enumerate(found)
    )
    pairs = list(zip(members, found, strict=True))
    Assignment.objects.bulk_create(
        Assignment(
            staff=member,
            starts_on=place.starts_on,
            department=town.units[place.unit],
            rank=town.ranks[place.rank],
            team=place.team,
            duty=place.duty,
            employment=place.employment,
        )
        for member, one in pairs
        for place in one.places
    )
    ConcurrentPost.objects.bulk_create(
        ConcurrentPost(
            staff=member,
            starts_on=post.starts_on,
            ends_on=post.ends_on,
            department=town.units[post.unit],
            rank=town.ranks[post.rank],
        )
        for member, one in pairs
        for post in one.posts
    )
    return members


def crowd(town: SimpleNamespace) -> list[StaffMember]:
    """Somebody for every hard name, team, unit, rank, duty and employment, every other with posts.

    All are in service in November 2026.
    """
    to_come = Place(DAYS[-1], 0, 0, "", Duty.ACTIVE, Employment.REGULAR)
    return put_down(
        town,
        [
            Person(
                name=name,
                kana=KANA[index % len(KANA)],
                email=EMAILS[index % len(EMAILS)],
                hired_on=DAYS[index % 3],
                left_on=None if index % 5 else DAYS[-1],
                places=(_place(index), to_come),
                posts=(_post(index + 2, 1), _post(index + 3, 2)) if index % 2 else (),
            )
            for index, name in enumerate(NAMES)
        ],
    )


def _place(index: int) -> Place:
    return Place(
        starts_on=DAYS[index % 3],
        unit=index % 9,
        rank=index % 7,
        team=TEAMS[index % len(TEAMS)],
        duty=Duty.values[index % len(Duty)],
        employment=Employment.values[index % len(Employment)],
    )


def _post(unit: int, rank: int) -> HeldPost:
    return HeldPost(DAYS[0], None, unit % 9, rank)
