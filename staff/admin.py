"""Masters of the staff app. Departments are not here: they have pages of their own."""

from django.contrib import admin
from django.http import HttpRequest

from staff.forms.masters import AccountForm
from staff.models import ConcurrentPost, Rank, StaffMember, User
from staff.site import MasterAdmin


@admin.register(Rank)
class RankAdmin(MasterAdmin):
    """Ranks."""

    list_display = ("name", "band", "is_executive", "is_leader_eligible", "heads_department")
    search_fields = ("name",)


@admin.register(ConcurrentPost)
class ConcurrentPostAdmin(MasterAdmin):
    """Concurrent posts, which a roster may begin but never ends."""

    list_display = ("staff", "department", "rank", "starts_on", "ends_on")
    list_select_related = ("staff", "department", "rank")


@admin.register(StaffMember)
class StaffMemberAdmin(MasterAdmin):
    """People: only the day they left can be put right here; the rest comes by roster."""

    list_display = ("number", "name", "hired_on", "left_on")
    search_fields = ("number", "name", "name_kana")
    fields = ("number", "name", "hired_on", "left_on")
    readonly_fields = ("number", "name", "hired_on")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People come by roster."""
        del request
        return False


@admin.register(User)
class UserAdmin(MasterAdmin):
    """Accounts: who may sign in, with which roles."""

    form = AccountForm
    list_display = ("username", "staff", "is_active", "last_login")
    list_select_related = ("staff",)
    search_fields = ("username", "staff__name")
    fields = ("username", "is_active", "groups", "new_password")
