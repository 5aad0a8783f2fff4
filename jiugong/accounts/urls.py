"""The accounts pages, below /parks/<park>/."""

from django.urls import path

from jiugong.accounts import duty_views, review_views, session_views, views

urlpatterns = [
    path("access", review_views.review, name="access-review"),
    path("access/reviewed", review_views.confirm, name="access-confirm"),
    path("access/<int:membership>/end", review_views.end, name="access-end"),
    path("shifts", duty_views.week, name="shifts"),
    path("shifts/plan", duty_views.plan, name="shift-plan"),
    path("shifts/<int:shift>/withdraw", duty_views.withdraw, name="shift-withdraw"),
    path("shifts/<int:shift>/hand-over", duty_views.handed_over, name="shift-hand-over"),
    path("shifts/<int:shift>/take", duty_views.taken, name="shift-take"),
    path("accounts", views.accounts, name="accounts"),
    path("accounts/invite", views.invite, name="invite"),
    path("accounts/<int:user>", views.account, name="account"),
    path("accounts/<int:user>/roles", views.grant, name="grant-role"),
    path("accounts/roles/<int:membership>/end", views.revoke, name="revoke-role"),
    path("accounts/<int:user>/person", views.tie_person, name="tie-person"),
    path("accounts/<int:user>/password", views.set_password, name="set-password"),
    path("accounts/<int:user>/link", views.make_link, name="make-link"),
    path("accounts/<int:user>/sessions/end", session_views.end_all_of, name="end-sessions"),
    path("accounts/<int:user>/second-factor/reset", session_views.reset_factor, name="reset-second-factor"),
    path("accounts/<int:user>/tokens", views.create_token, name="create-token"),
    path("accounts/<int:user>/tokens/<int:token>/withdraw", views.withdraw_token, name="withdraw-token"),
]
