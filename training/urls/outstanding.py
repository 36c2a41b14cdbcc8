"""Who still has to attend, and who was told."""

from django.urls import path

from training.views import outstanding, outstanding_book, outstanding_notice, reminders

urlpatterns = [
    path("outstanding/", outstanding.outstanding_list, name="outstanding_list"),
    path("outstanding/export/", outstanding.outstanding_export, name="outstanding_export"),
    path("outstanding/notice/", outstanding_notice.outstanding_notice, name="outstanding_notice"),
    path("outstanding/book/", outstanding_book.outstanding_book, name="outstanding_book"),
    path("reminders/", reminders.reminder_list, name="reminder_list"),
    path("reminders/export/", reminders.reminder_export, name="reminder_export"),
    path("reminders/sheet/", reminders.reminder_sheet, name="reminder_sheet"),
]
