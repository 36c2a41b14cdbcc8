"""マイ研修: one's own places, sign-up, 欠席届."""

from django.urls import path

from training.views import mine

urlpatterns = [
    path("mine/", mine.mine, name="mine"),
    path("mine/offerings/<int:pk>/", mine.mine_offering, name="mine_offering"),
    path("mine/offerings/<int:pk>/sign-up/", mine.mine_sign_up, name="mine_sign_up"),
    path("mine/offerings/<int:pk>/withdraw/", mine.mine_withdraw, name="mine_withdraw"),
    path("mine/offerings/<int:pk>/notice/", mine.mine_notice, name="mine_notice"),
]
