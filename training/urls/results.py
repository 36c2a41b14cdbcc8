"""What follows a training: reports and surveys."""

from django.urls import path

from training.views import surveys, training_reports

urlpatterns = [
    path("mine/places/<int:pk>/report/", training_reports.report_edit, name="report_edit"),
    path("reports/", training_reports.report_list, name="report_list"),
    path("reports/export/", training_reports.report_export, name="report_export"),
    path("reports/<int:pk>/", training_reports.report_detail, name="report_detail"),
    path("reports/<int:pk>/read/", training_reports.report_read, name="report_read"),
    path("mine/places/<int:pk>/survey/", surveys.survey_answer, name="survey_answer"),
    path("surveys/", surveys.survey_list, name="survey_list"),
    path("surveys/export/", surveys.survey_export, name="survey_export"),
    path("surveys/courses/<int:pk>/", surveys.survey_course, name="survey_course"),
    path("surveys/courses/<int:pk>/comments/", surveys.survey_comments, name="survey_comments"),
    path("surveys/offerings/<int:pk>/", surveys.survey_offering, name="survey_offering"),
]
