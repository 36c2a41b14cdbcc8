"""Papers of leaders: letters of appointment and certificates."""

from django.urls import path

from leaders.views import appointments, certificates

urlpatterns = [
    path("terms/<int:pk>/appointment/", appointments.appointment, name="appointment"),
    path(
        "cohorts/<int:number>/appointments/",
        appointments.appointment_batch,
        name="appointment_batch",
    ),
    path("terms/<int:pk>/certificate/", certificates.certificate_issue, name="certificate_issue"),
    path(
        "cohorts/<int:number>/certificates/",
        certificates.certificate_batch,
        name="certificate_batch",
    ),
    path("certificates/", certificates.certificate_verify, name="certificate_verify"),
    path("certificates/<int:pk>/", certificates.certificate_detail, name="certificate_detail"),
]
