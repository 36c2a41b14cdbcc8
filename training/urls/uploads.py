"""Files with attendance."""

from django.urls import path

from training.views import uploads

urlpatterns = [
    path("imports/", uploads.upload_list, name="upload_list"),
    path("imports/new/<str:kind>/", uploads.upload_new, name="upload_new"),
    path("imports/<int:pk>/", uploads.upload_detail, name="upload_detail"),
    path("imports/<int:pk>/decide/", uploads.upload_decide, name="upload_decide"),
    path("imports/<int:pk>/apply/", uploads.upload_apply, name="upload_apply"),
    path("imports/<int:pk>/discard/", uploads.upload_discard, name="upload_discard"),
]
