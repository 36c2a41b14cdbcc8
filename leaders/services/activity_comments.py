"""Comments on activities: of the head and HR, and the leader's answers."""

from datetime import date, datetime

from django.db import transaction

from agano_dx.lib import audit
from agano_dx.lib.errors import DomainError
from agano_dx.lib.locks import told_when_held
from leaders.activity_rights import comments_as
from leaders.models import Activity, ActivityComment
from staff.access import access_of
from staff.models import User


class MayNotCommentError(DomainError):
    """Only the leader, the head of the department and HR comment."""


@transaction.atomic
def add_comment(
    *, activity: Activity, text: str, after: int, by: User, today: date, at: datetime
) -> ActivityComment:
    """Say something about the activity; the same sent twice is one.

    `after`: the key of the last comment on the page it was written on, 0 for none. The activity
    is locked, so that of a double click the second finds what the first wrote.
    """
    with told_when_held():
        locked = Activity.objects.select_for_update().get(pk=activity.pk)
    written_as = comments_as(locked, access_of(by, today))
    if written_as is None:
        raise MayNotCommentError(
            "この活動にはコメントできません。推進リーダーに直接伝えてください。"
        )
    there = ActivityComment.objects.filter(activity=locked, by=by, text=text, pk__gt=after).first()
    if there is not None:
        return there
    comment = ActivityComment(activity=locked, text=text, by=by, written_as=written_as, at=at)
    comment.full_clean(exclude=["activity", "by"])
    with audit.acting(by):
        comment.save()
    return comment
