"""What nobody has decided yet after a roster."""

from collections.abc import Iterable, Iterator

from agano_dx.lib.fiscal import era_date
from leaders.departures import AffectedTerm, Organisation, affected_nominations
from leaders.questions import Matter
from reports.followup.ground import Asked, Ground
from reports.followup.lines import ImportFacts, Line, Part, person_line
from staff.models import ChangeKind, RosterChange
from staff.slots import PlannedChange
from training.bookings import bookings_from


def undecided(found: ImportFacts, terms: Iterable[AffectedTerm], ground: Ground) -> Part:
    """Changes left out, nominations and terms of those who left, seats nobody will take."""
    lines = [
        *_left_out(found.left_out),
        *_open_nominations(found.planned, ground.organisation),
        *_open_terms(terms, ground.asked),
        *_bookings(found.planned),
    ]
    return Part(
        key="undecided",
        title="まだ決めていないこと",
        advice="1件ずつ開いて、どうするかを決めてください。",
        columns=("氏名", "職員番号", "内容"),
        lines=tuple(lines),
        url="",
        action="",
    )


def _left_out(changes: Iterable[RosterChange]) -> Iterator[Line]:
    for change in changes:
        words = f"取込で外した変更：{ChangeKind(change.kind).label}（{era_date(change.starts_on)}）"
        yield Line(change.name, (change.number, words), is_open=True)


def _open_nominations(planned: list[PlannedChange], organisation: Organisation) -> Iterator[Line]:
    for found in affected_nominations(planned, organisation):
        one = found.nomination
        state = one.get_status_display()
        words = f"承認できなくなった{one.cohort}の推薦（{one.department.name}・{state}）"
        yield person_line(one.staff, words, is_open=True, url=one.get_absolute_url())


def _open_terms(terms: Iterable[AffectedTerm], asked: Asked) -> Iterator[Line]:
    for found in terms:
        who = f"{found.term.cohort}のリーダー（{found.term.department.name}）"
        if found.change.leaves and asked.holds(found, Matter.LEFT):
            words = f"退職した{who}の任期に退任日がありません"
        elif found.change.goes_on_leave and asked.holds(found, Matter.ON_LEAVE):
            words = f"休みに入った{who}の任期を続けるか、後任を推薦するか"
        else:
            continue
        url = found.term.get_absolute_url()
        yield person_line(found.term.staff, words, is_open=True, url=url)


def _bookings(planned: list[PlannedChange]) -> Iterator[Line]:
    for found in bookings_from(planned):
        first = found.first.offering
        words = (
            f"いない間の研修の予約が{len(found.seats)}件（最初は{era_date(first.starts_on)}開催）"
        )
        yield person_line(found.first.staff, words, is_open=True, url=first.get_absolute_url())
