"""リーダー名簿 in and out."""

from django.urls import path

from leaders.views import uploads

urlpatterns = [
    path("uploads/", uploads.upload_list, name="upload_list"),
    path("uploads/new/", uploads.upload_new, name="upload_new"),
    path("uploads/<int:pk>/", uploads.upload_detail, name="upload_detail"),
    path("uploads/<int:pk>/apply/", uploads.upload_apply, name="upload_apply"),
    path("uploads/<int:pk>/discard/", uploads.upload_discard, name="upload_discard"),
    path("export/", uploads.leader_export, name="leader_export"),
]
