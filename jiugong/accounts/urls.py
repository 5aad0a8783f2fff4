"""The accounts pages, below /parks/<park>/."""

from django.urls import path

from jiugong.accounts import session_views, views

urlpatterns = [
    path("accounts", views.accounts, name="accounts"),
    path("accounts/invite", views.invite, name="invite"),
    path("accounts/<int:user>", views.account, name="account"),
    path("accounts/<int:user>/roles", views.grant, name="grant-role"),
    path("accounts/roles/<int:membership>/end", views.revoke, name="revoke-role"),
    path("accounts/<int:user>/person", views.tie_person, name="tie-person"),
    path("accounts/<int:user>/password", views.set_password, name="set-password"),
    path("accounts/<int:user>/sessions/end", session_views.end_all_of, name="end-sessions"),
    path("accounts/<int:user>/second-factor/reset", session_views.reset_factor, name="reset-second-factor"),
    path("accounts/<int:user>/tokens", views.create_token, name="create-token"),
    path("accounts/<int:user>/tokens/<int:token>/withdraw", views.withdraw_token, name="withdraw-token"),
]
