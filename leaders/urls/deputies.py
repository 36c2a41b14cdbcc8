"""代理: whom heads have named to nominate in their place."""

from django.urls import path

from leaders.views import deputies

urlpatterns = [
    path("deputies/", deputies.deputy_list, name="deputy_list"),
    path("deputies/export/", deputies.deputy_export, name="deputy_export"),
    path("deputies/<int:pk>/end/", deputies.deputy_end, name="deputy_end"),
]
