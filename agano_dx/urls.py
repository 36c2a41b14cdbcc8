"""All addresses, wired from the apps."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("staff.urls.accounts")),
    path("staff/", include("staff.urls.staff")),
    path("training/", include("training.urls")),
    path("leaders/", include("leaders.urls")),
    path("admin/", admin.site.urls),
    path("", include("reports.urls")),
]
