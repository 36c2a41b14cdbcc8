"""Certificates, evidence, OJT."""

from django.urls import path

from training.views import certificates, evidence, ojt, own_evidence

urlpatterns = [
    path("mine/evidence/", own_evidence.evidence_mine, name="evidence_mine"),
    path("mine/evidence/new/", own_evidence.evidence_new, name="evidence_new"),
    path("mine/evidence/<int:pk>/", own_evidence.evidence_edit, name="evidence_edit"),
    path("mine/ojt/<int:pk>/", ojt.ojt_new, name="ojt_new"),
    path("mine/ojt/records/<int:pk>/", ojt.ojt_edit, name="ojt_edit"),
    path("evidence/", evidence.evidence_list, name="evidence_list"),
    path("evidence/export/", evidence.evidence_export, name="evidence_export"),
    path("evidence/ojt/", ojt.ojt_list, name="ojt_list"),
    path("evidence/ojt/export/", ojt.ojt_export, name="ojt_export"),
    path("evidence/work-use/", evidence.evidence_work_use, name="evidence_work_use"),
    path("evidence/certificates/", certificates.certificate_verify, name="certificate_verify"),
    path("evidence/<int:pk>/", evidence.evidence_detail, name="evidence_detail"),
    path("evidence/<int:pk>/file/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<int:pk>/confirm/", evidence.evidence_confirm, name="evidence_confirm"),
    path("evidence/<int:pk>/return/", evidence.evidence_return, name="evidence_return"),
    path("evidence/<int:pk>/withdraw/", own_evidence.evidence_withdraw, name="evidence_withdraw"),
    path("certificates/<int:pk>/", certificates.certificate_detail, name="certificate_detail"),
    path(
        "attendances/<int:pk>/certificate/",
        certificates.certificate_issue,
        name="certificate_issue",
    ),
    path(
        "offerings/<int:pk>/certificates/",
        certificates.certificate_batch,
        name="certificate_batch",
    ),
]
