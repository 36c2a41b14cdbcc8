"""Who may change an activity, and as what somebody may comment on it."""

from leaders.models import Activity, CommentAuthor
from staff.access import Access


def may_change(activity: Activity, access: Access) -> bool:
    """HR always; the leader their own while the term is not decided. Its term is loaded."""
    is_own = access.staff_id is not None and activity.term.staff_id == access.staff_id
    return access.keeps_leaders or (is_own and not activity.term.is_decided)


def comments_as(activity: Activity, access: Access) -> CommentAuthor | None:
    """As what the asker writes a comment; `None` for those who only read. Its term is loaded."""
    if access.staff_id is not None and activity.term.staff_id == access.staff_id:
        return CommentAuthor.LEADER
    if access.keeps_leaders:
        return CommentAuthor.HR
    if activity.term.department_id in access.headed:
        return CommentAuthor.HEAD
    return None
