"""Attendance: the grid, the door, lists of numbers, the sheet, closing."""

from django.urls import path

from training.views import attendance, check_in, closing, correcting, pasting, sheets

urlpatterns = [
    path(
        "offerings/<int:pk>/attendance/",
        attendance.offering_attendance,
        name="offering_attendance",
    ),
    path("offerings/<int:pk>/attendance/mark/", attendance.offering_mark, name="offering_mark"),
    path(
        "offerings/<int:pk>/attendance/<int:place>/",
        attendance.mark_history,
        name="mark_history",
    ),
    path("offerings/<int:pk>/quick/", check_in.offering_quick, name="offering_quick"),
    path("offerings/<int:pk>/walk-in/", check_in.offering_walk_in, name="offering_walk_in"),
    path("offerings/<int:pk>/paste/", pasting.offering_paste, name="offering_paste"),
    path("offerings/<int:pk>/sheet/", sheets.offering_sheet, name="offering_sheet"),
    path("offerings/<int:pk>/close/", closing.offering_close, name="offering_close"),
    path("offerings/<int:pk>/correct/", correcting.offering_correct, name="offering_correct"),
    path("offerings/<int:pk>/reopen/", closing.offering_reopen, name="offering_reopen"),
]
