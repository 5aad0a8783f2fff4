"""The door and what belongs to it. Some names are those that django-allauth asks for."""

from django.urls import path

from jiugong.accounts import duty_views, outside
from jiugong.accounts import session_views as sessions
from jiugong.accounts import sign_in_views as views

urlpatterns = [
    path("sign-in", views.sign_in, name="account_login"),
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-in/second-step", views.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey", views.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("sign-in/ask", views.ask_link, name="ask-link"),
    path("sign-in/link/<str:text>", views.link, name="sign-in-link"),
    path("sign-in/oidc", outside.to_oidc, {"provider_id": "oidc"}, name="openid_connect_login"),
    path("sign-in/oidc/back", outside.from_oidc, {"provider_id": "oidc"}, name="openid_connect_callback"),
    path("sign-in/feishu", outside.to_feishu, name="feishu_login"),
    path("sign-in/feishu/back", outside.from_feishu, name="feishu_callback"),
    path("sign-in/dingtalk", outside.to_dingtalk, name="dingtalk_login"),
    path("sign-in/dingtalk/back", outside.from_dingtalk, name="dingtalk_callback"),
    path("sign-in/wecom", outside.to_wecom, name="wecom_login"),
    path("sign-in/wecom/back", outside.from_wecom, name="wecom_callback"),
    path("my/sign-in/outside", outside.Connections.as_view(), name="socialaccount_connections"),
    path("my/sign-in", views.HowISignIn.as_view(), name="mfa_index"),
    path("my/sign-in/app", views.AddApp.as_view(), name="mfa_activate_totp"),
    path("my/sign-in/app/remove", views.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("my/sign-in/passkey", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("my/sign-in/passkeys/<int:pk>/remove", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("my/sign-in/codes", views.PaperCodes.as_view(), name="mfa_view_recovery_codes"),
    path("my/sign-in/codes/new", views.NewPaperCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("my/sign-in/again", views.PasswordAgain.as_view(), name="account_reauthenticate"),
    path("my/sign-in/again/code", views.CodeAgain.as_view(), name="mfa_reauthenticate"),
    path("my/sign-in/again/passkey", views.PasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("my/password", sessions.my_password, name="my-password"),
    path("my/sessions", sessions.mine, name="my-sessions"),
    path("my/sessions/end-others", sessions.end_others, name="my-sessions-end-others"),
    path("my/sessions/<int:session>/end", sessions.end_one, name="my-session-end"),
    path("my/operator", duty_views.operator, name="operator"),
    path("my/operator/end", duty_views.operator_end, name="operator-end"),
]
