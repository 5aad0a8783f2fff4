"""Identities of other houses, as django-allauth asks for them: OpenID Connect, DingTalk, Feishu, and our own WeCom.

Feishu, DingTalk and WeCom can be run by an organisation itself, so where they answer is a setting. Found by allauth under this
name, because this room is an app.
"""

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.dingtalk.provider import DingTalkProvider
from allauth.socialaccount.providers.dingtalk.views import DingTalkOAuth2Adapter
from allauth.socialaccount.providers.feishu.client import FeishuOAuth2Client
from allauth.socialaccount.providers.feishu.provider import FeishuProvider
from allauth.socialaccount.providers.feishu.views import FeishuOAuth2Adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import urlencode

APPLICATION = "/open-apis/auth/v3/app_access_token/internal/"


class FeishuAdapter(FeishuOAuth2Adapter):                              # type: ignore[misc]
    """Feishu, where the settings say that it answers."""

    @property
    def authorization_url(self) -> str:
        return f"{settings.FEISHU_URL}/open-apis/authen/v1/index"

    @property
    def access_token_url(self) -> str:
        return f"{settings.FEISHU_URL}/open-apis/authen/v1/access_token"

    @property
    def user_info_url(self) -> str:
        return f"{settings.FEISHU_URL}/open-apis/authen/v1/user_info"

    def get_client(self, request: HttpRequest, app: Any) -> FeishuOAuth2Client:
        client: FeishuOAuth2Client = super().get_client(request, app)
        client.app_access_token_url = f"{settings.FEISHU_URL}{APPLICATION}"
        return client


class Feishu(FeishuProvider):                                          # type: ignore[misc]
    oauth2_adapter_class = FeishuAdapter


class DingTalkAdapter(DingTalkOAuth2Adapter):                          # type: ignore[misc]
    """DingTalk, where the settings say that it answers."""

    @property
    def authorize_url(self) -> str:
        return f"{settings.DINGTALK_LOGIN_URL}/oauth2/auth"

    @property
    def access_token_url(self) -> str:
        return f"{settings.DINGTALK_URL}/v1.0/oauth2/userAccessToken"

    @property
    def profile_url(self) -> str:
        return f"{settings.DINGTALK_URL}/v1.0/contact/users/me"


class DingTalk(DingTalkProvider):                                      # type: ignore[misc]
    oauth2_adapter_class = DingTalkAdapter


class WeComClient(OAuth2Client):                                       # type: ignore[misc]
    """WeCom asks for the corporation and its application under names of its own."""

    agent = ""

    def get_redirect_url(self, authorization_url: str, scope: Any, extra_params: dict[str, str]) -> str:
        asked = {"login_type": "CorpApp", "appid": self.consumer_key, "agentid": self.agent, "redirect_uri": self.callback_url,
                 "state": self.state or "", **extra_params}
        return f"{authorization_url}?{urlencode(asked)}"


class WeComAdapter(OAuth2Adapter):                                     # type: ignore[misc]
    """The corporation's token by its secret; then who stands behind the code: a member of the corporation, or nobody."""

    provider_id = "wecom"
    client_class = WeComClient

    @property
    def authorize_url(self) -> str:
        return f"{settings.WECOM_LOGIN_URL}/wwlogin/sso/login"

    @property
    def access_token_url(self) -> str:
        return f"{settings.WECOM_URL}/cgi-bin/gettoken"

    def get_client(self, request: HttpRequest, app: Any) -> WeComClient:
        client: WeComClient = super().get_client(request, app)
        client.agent = app.settings.get("agent", "")
        return client

    def get_access_token_data(self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None) -> Any:
        told = _asked(self.access_token_url, corpid=app.client_id, corpsecret=app.secret)
        self.did_fetch_access_token = True
        return told

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **how: Any) -> SocialLogin:
        told = _asked(f"{settings.WECOM_URL}/cgi-bin/auth/getuserinfo", access_token=token.token, code=request.GET.get("code", ""))
        if not told.get("userid"):
            raise OAuth2Error("not a member of the corporation")       # WeCom answers strangers with another kind of id
        return self.get_provider().sociallogin_from_response(request, {"id": f"{app.client_id}:{told['userid']}"})


class WeCom(OAuth2Provider):                                           # type: ignore[misc]
    id = "wecom"
    name = "WeCom"
    oauth2_adapter_class = WeComAdapter

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["id"])


def _asked(address: str, **words: str) -> dict[str, Any]:
    """Ask WeCom. It says 200 to everything, and in its answer whether it meant it."""
    with get_adapter().get_requests_session() as session:
        answer = session.get(address, params=words)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
    if told.get("errcode"):
        raise OAuth2Error(f"WeCom refused: {told['errcode']}")
    return told


provider_classes = [OpenIDConnectProvider, Feishu, DingTalk, WeCom]
