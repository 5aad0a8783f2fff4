"""Other houses, as they answer over HTTP: an OpenID Connect issuer, Feishu, DingTalk and WeCom on one local server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

from jiugong.lib import clock

CODE, TOKEN, CLIENT, SECRET = "the-code", "the-token", "the-client", "the-secret-of-the-client-is-long"


@dataclass
class Houses:
    """What the houses say, what they were asked, and where they are."""

    address: str = ""
    who: str = "u-1"
    told_by_token: str = ""                          # whom the id token names, where it names somebody else
    broken: str = ""                                 # a path that answers nonsense
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def answer(self, path: str, given: dict[str, Any], token: str) -> Any:
        if path == self.broken:
            return ["nonsense"]
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.address, "authorization_endpoint": f"{self.address}/authorize",
                    "jwks_uri": f"{self.address}/jwks", "token_endpoint": f"{self.address}/token",
                    "userinfo_endpoint": f"{self.address}/userinfo",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"]}
        if path == "/token":
            if (given.get("code"), given.get("client_secret")) != (CODE, SECRET) or not given.get("code_verifier"):
                return {"error": "invalid_grant"}
            now = int(clock.machine_time().timestamp())
            told = {"iss": self.address, "aud": CLIENT, "sub": self.told_by_token or self.who, "exp": now + 60, "iat": now}
            return {"access_token": TOKEN, "token_type": "Bearer", "id_token": jwt.encode(told, SECRET, "HS256")}
        if path == "/userinfo" and token == f"Bearer {TOKEN}":
            return {"sub": self.who, "name": "张三", "email": "zhang@example.com"}
        if path == "/open-apis/auth/v3/app_access_token/internal/" and given.get("app_secret") == SECRET:
            return {"app_access_token": "app"}
        if path == "/open-apis/authen/v1/access_token" and (given.get("code"), given.get("app_access_token")) == (CODE, "app"):
            return {"code": 0, "data": {"access_token": TOKEN, "refresh_token": "r", "expires_in": 60}}
        if path == "/open-apis/authen/v1/user_info" and token == f"Bearer {TOKEN}":
            return {"code": 0, "data": {"open_id": self.who, "name": "张三", "mobile": "+8613900000000"}}
        if path == "/v1.0/oauth2/userAccessToken" and (given.get("code"), given.get("clientSecret")) == (CODE, SECRET):
            return {"accessToken": TOKEN, "refreshToken": "r", "expireIn": 60}
        if path == "/v1.0/contact/users/me":
            return {"openId": self.who, "nick": "张三"}
        if path == "/cgi-bin/gettoken":
            return {"errcode": 0, "access_token": TOKEN} if given.get("corpsecret") == SECRET else {"errcode": 40001}
        if path == "/cgi-bin/auth/getuserinfo" and (given.get("access_token"), given.get("code")) == (TOKEN, CODE):
            return {"errcode": 0, **({"userid": self.who} if self.who else {"openid": "a stranger"})}
        return {"error": "no", "errcode": 40029, "code": 1}


@contextmanager
def served() -> Iterator[Houses]:
    houses = Houses()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({name: texts[0] for name, texts in parse_qs(urlsplit(self.path).query).items()})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self._answer(json.loads(body) if body.startswith("{") else {name: texts[0] for name, texts in parse_qs(body).items()})

        def _answer(self, given: dict[str, Any]) -> None:
            path = urlsplit(self.path).path
            houses.asked.append((path, given))
            said = json.dumps(houses.answer(path, given, self.headers.get("Authorization", ""))).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    houses.address = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield houses
    finally:
        server.shutdown()
        server.server_close()
