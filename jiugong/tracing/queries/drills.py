"""Drills of a park: what was planted, for whoever leads one, and how each was measured."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park
from jiugong.tracing.models import Drill, Incident, Pseudonym


@dataclass(frozen=True, kw_only=True)
class Script:
    """What whoever plays the patient is told: who he is, and whom he met where no log stood."""

    ill: Pseudonym | None
    told_only: list[Pseudonym]
    logged: int


def drills_of(actor: Actor, park: Park) -> QuerySet[Drill]:
    """The drills of a park, the latest first. Raises NotAllowed."""
    actor.must(Can.DECIDE_CASES, over=park)
    return Drill.objects.filter(park=park).prefetch_related("incidents").order_by("-began_at", "-pk")


def drill_for(actor: Actor, park: Park, uid: Any) -> Drill:
    """The only door from an id in a URL to a Drill. Raises NotHere."""
    found = Drill.objects.filter(park=park, uid=uid).select_related("park").first()
    if found is None or not actor.may(Can.DECIDE_CASES, over=park):
        raise NotHere()
    return found


def incident_of(drill: Drill) -> Incident | None:
    return Incident.objects.filter(drill=drill).select_related("park", "drill").first()


def script_of(drill: Drill) -> Script:
    """The planted truth in people."""
    truth = drill.truth
    who = {each.number: each for each in Pseudonym.objects.filter(
        park=drill.park_id, number__in=[truth.get("ill"), *truth.get("told_by_patient", ())]).select_related("person")}
    return Script(ill=who.get(truth.get("ill")), told_only=[who[each] for each in truth.get("told_by_patient", ()) if each in who],
                  logged=len(truth.get("logged", ())))
