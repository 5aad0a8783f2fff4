"""Receivers that stand where gateways stand: real servers on this machine that fail, wait, hang up and recover as they are told."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import takewhile
from typing import Any

Plan = Callable[["Gateway", BaseHTTPRequestHandler, dict[str, Any]], None]


@dataclass
class Gateway:
    """What arrived at a gateway, and what it does next. Without a plan it takes everything, for one key once if it knows keys."""

    url: str = ""
    knows_keys: bool = False
    plans: list[Plan] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)              # every request
    taken: list[dict[str, Any]] = field(default_factory=list)              # what it really did

    def take(self, told: dict[str, Any]) -> None:
        if not (self.knows_keys and any(each["key"] == told["key"] for each in self.taken)):
            self.taken.append(told)


def says(status: int, body: object = None, *, takes: bool = False, **headers: str) -> Plan:
    """Answer with a status; `takes`: and do it all the same."""
    def plan(gateway: Gateway, handler: BaseHTTPRequestHandler, told: dict[str, Any]) -> None:
        if takes:
            gateway.take(told)
        _answer(handler, status, {} if body is None else body, headers)
    return plan


def hangs_up(gateway: Gateway, handler: BaseHTTPRequestHandler, told: dict[str, Any]) -> None:
    """Take it, and drop the connection before saying so."""
    gateway.take(told)
    handler.connection.shutdown(socket.SHUT_RDWR)


def _answer(handler: BaseHTTPRequestHandler, status: int, body: object, headers: dict[str, str]) -> None:
    content = json.dumps(body).encode()
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


@contextmanager
def a_gateway(*plans: Plan, knows_keys: bool = False) -> Iterator[Gateway]:
    """A gateway on a port of its own, as long as the test lasts."""
    gateway = Gateway(knows_keys=knows_keys, plans=list(plans))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            told = {"path": self.path, "body": body, "key": self.headers.get("Idempotency-Key", ""),
                    "headers": dict(self.headers)}
            gateway.asked.append(told)
            if gateway.plans:
                gateway.plans.pop(0)(gateway, self, told)
            else:
                gateway.take(told)
                _answer(self, 200, {"errcode": 0, "code": 0, "status": "ok", "id": f"n{len(gateway.taken)}"}, {})

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gateway.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class MailServer:
    """A small mail server: what arrived, and at which command it answers otherwise (a line, or nothing: it hangs up)."""

    url: str = ""
    instead: list[tuple[str, str]] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)


@contextmanager
def a_mail_server(*instead: tuple[str, str]) -> Iterator[MailServer]:
    """A mail server on a port of its own. `instead`: at `DATA`, `RCPT`, `.` … answer so, once; an empty answer is a hang-up."""
    server, listening = MailServer(instead=list(instead)), socket.create_server(("127.0.0.1", 0))
    server.url = f"smtp://127.0.0.1:{listening.getsockname()[1]}?tls=none"

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _address = listening.accept()
                with connection, suppress(OSError):
                    _converse(server, connection)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def _converse(server: MailServer, connection: socket.socket) -> None:
    lines = connection.makefile("rb")
    connection.sendall(b"220 test\r\n")
    for line in lines:
        verb = line.split()[0].decode().upper() if line.split() else ""
        planned = next((each for each in server.instead if each[0] == verb), None)
        if verb == "DATA" and planned is None:
            connection.sendall(b"354 go on\r\n")
            text = b"".join(takewhile(lambda each: each != b".\r\n", lines))
            server.mails.append(text.decode())
            planned = next((each for each in server.instead if each[0] == "."), None)
        if planned:
            server.instead.remove(planned)
            if not planned[1]:
                connection.shutdown(socket.SHUT_RDWR)
                return
        connection.sendall((planned[1] if planned else "250 done").encode() + b"\r\n")
        if verb == "QUIT":
            return

