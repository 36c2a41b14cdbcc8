"""Sign-in and sign-out; the rest of allauth stays shut."""

from django.urls import include, path

urlpatterns = [path("", include("allauth.account.urls"))]
