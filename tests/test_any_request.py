"""Whatever is sent to the API, it is answered: no request that its description allows, and none that it forbids, is our mistake.

Schemathesis makes the requests from the description at `/api/v1/openapi.json`. In half of them names stand that are known in Lin's
park, so that they come past the first door. `make test` throws a few at each operation, on SQLite; `make soak` many, on both
stores (`ANY_REQUESTS`).
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from requests import Request
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.result import Ok

from jiugong.accounts.models import User
from jiugong.api import api
from jiugong.lib.acting import operator
from jiugong.registry.models import Unit
from jiugong.screening.actions.results import Report, report
from jiugong.screening.actions.retests import record_retest
from jiugong.tracing.models import Case as Ill
from tests.cast import DAY, MORNING, Town

pytestmark = [pytest.mark.pure, pytest.mark.slow, pytest.mark.django_db]

REQUESTS = int(os.environ.get("ANY_REQUESTS", "2"))             # at each operation, of each reader, allowed and forbidden
AS_ALWAYS = settings(max_examples=REQUESTS, deadline=None, database=None, phases=[Phase.generate], verbosity=Verbosity.quiet,
                     suppress_health_check=list(HealthCheck))
HERE, PARTS = "http://testserver", ("method", "url", "params", "data", "json", "files", "headers")
OURS = 500                                                      # from here on a status says that it was our mistake


def _operations() -> list[APIOperation]:
    described = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(), default=str)))
    return [found.ok() for found in described.get_all_operations() if isinstance(found, Ok)]


OPERATIONS = _operations()


@pytest.mark.parametrize("reader", ["lin", "ines"])
def test_no_request_is_our_mistake_and_none_tells_another_park_who_is_here(busy: Town, other_town: Town, reader: str) -> None:
    user, known = (busy.users | other_town.users)[reader], _known(busy)
    names = [] if reader in busy.users else [name.encode() for name in busy.people]
    wrong: dict[str, str] = {}
    seen: Counter[int] = Counter()
    for operation in OPERATIONS:
        for mode in GenerationMode:
            for told in _answers(operation, mode, user, known):
                seen[told.status // 100] += 1
                if told.status >= OURS or any(name in told.content for name in names):
                    wrong.setdefault(operation.label, str(told))
    assert wrong == {}
    assert seen[2] > len(OPERATIONS) // 4, seen                 # many come past the first door: Ines in her own park


def test_every_operation_of_the_api_is_among_them() -> None:
    described = api.get_openapi_schema()["paths"]
    assert len(OPERATIONS) == sum(len(operations) for operations in described.values()) > 100


class Told:
    """An answer with what was asked."""

    def __init__(self, asked: str, status: int, content: bytes) -> None:
        self.asked, self.status, self.content = asked, status, content

    def __str__(self) -> str:
        return f"{self.status} to {self.asked}: {self.content[:300]!r}"


def _answers(operation: APIOperation, mode: GenerationMode, user: User, known: dict[str, Any]) -> Iterator[Told]:
    """What some requests are answered; each leaves the park as it was."""
    answers: list[Told] = []

    @AS_ALWAYS
    @given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
    def ask(case: Case, is_known: bool) -> None:
        if is_known:
            _name_what_is_known(case, known)
        with transaction.atomic():
            answers.append(_sent(case, user))
            transaction.set_rollback(True)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE                  # an operation that takes nothing forbids nothing
    return iter(answers)


def _known(town: Town) -> dict[str, Any]:
    """What a parameter of this name may be in Lin's park, so that something is there."""
    assert town.round and town.tube
    report(town.park, Report(tube=town.tube.code, value="positive", reported_at=MORNING), actor=operator())
    record_retest(town.park, tube=town.tube.code, person=town.people["吴强"], value="positive", at=MORNING, actor=operator())
    case = Ill.objects.get(incident__park=town.park)
    return {"park": str(town.park.uid), "round": town.round.number, "number": 1, "tube": town.tube.code, "code": town.tube.code,
            "day": str(DAY), "first": str(DAY), "last": str(DAY), "from_day": str(DAY), "key": "health_report",
            "uid": str(town.people["吴强"].uid), "person": str(town.people["吴强"].uid), "username": "tao", "page": 1,
            "point": "第1网格采样点", "team": str(Unit.objects.filter(park=town.park, kind="team")[0].uid), "language": "en",
            "enterprise": "东风木业有限公司", "kind": "health_report", "reason": "checked",
            "case": case.pk, "contact": getattr(case.contacts.first(), "pk", 1), "step": "reported", "stage": "confirmed"}


def _name_what_is_known(case: Case, known: dict[str, Any]) -> None:
    for given_there in (case.path_parameters, case.query, case.body):
        if isinstance(given_there, dict):
            given_there.update({name: known[name] for name in given_there.keys() & known.keys()})
    if isinstance(case.query, dict) and any(each.name == "park" for each in case.operation.query):
        case.query["park"] = known["park"]


def _sent(case: Case, user: User) -> Told:
    """Send a request as a program does, signed in with everything that the role needs."""
    client: Any = Client(raise_request_exception=False)
    client.force_login(user)
    made = case.as_transport_kwargs(base_url=HERE)
    asked = Request(**{name: made[name] for name in PARTS if name in made}).prepare()
    raw: Any = asked.body or b""
    body: bytes = raw.encode() if isinstance(raw, str) else raw
    path, _mark, query = str(asked.url).removeprefix(HERE).partition("?")
    answer = client.generic(str(asked.method), path, body, asked.headers.get("Content-Type", "application/json"),
                                 QUERY_STRING=query)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return Told(f"{asked.method} {asked.url} {body[:300]!r}", answer.status_code, content)
