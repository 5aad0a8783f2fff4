"""A round's roster as a device carries it: names, teams, who was sampled already, and short keyed hashes of badges' codes.

No ID number leaves the server, and nothing that depends on one: whoever gets the list gets the key of its hashes with it, and
there are so few possible ID numbers (a region, a birthday, three digits) that a phone tries them all in seconds. A badge's code
is sixty random bits under our signature: nobody tries those. So a device names who shows a badge; for an ID number it waits.
"""

import hashlib
import hmac
from base64 import b64encode
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from jiugong.lib import secrets
from jiugong.registry.logic import badge_codes
from jiugong.registry.models import Badge
from jiugong.screening.models import Round, Specimen
from jiugong.screening.queries.rounds import owed_in

HASH_BYTES = 6                                   # 20,000 people: one chance in a million that any two look alike
LONGEST = timedelta(hours=12)                    # as a session; a round that lasts longer is asked for again


@dataclass(frozen=True, kw_only=True)
class DeviceRoster:
    """What goes to a device. A row is [name, number of the team, 1 if sampled, hashes …]; it goes when `until` comes."""

    until: datetime
    teams: list[str]
    people: list[list[object]]
    person_ids: list[int]


def roster_for_a_device(the_round: Round, reach: tuple[str, ...], *, match_key: bytes, at: datetime) -> DeviceRoster:
    """Everybody who owes a specimen in a round within a reach. Of a round that is over there is nothing to carry."""
    until = min(the_round.closes_at, at + LONGEST)
    if until <= at:
        return DeviceRoster(until=until, teams=[], people=[], person_ids=[])
    park, ring = the_round.park, secrets.ring()
    postings = owed_in(the_round, reach).order_by("person__name", "pk").values_list(
        "person_id", "person__name", "enterprise__name", "unit__name")
    sampled = set(Specimen.objects.filter(round=the_round, person__isnull=False).values_list("person_id", flat=True))
    codes: dict[int, list[str]] = defaultdict(list)
    holding = (Q(withdrawn_at=None) | Q(withdrawn_at__gt=at)) & (Q(expires_at=None) | Q(expires_at__gt=at))
    for person_id, code in Badge.objects.filter(holding, park=park).order_by("pk").values_list("person_id", "code"):
        codes[person_id].append(f"badge:{code}.{badge_codes.signature_of(code, park=str(park.uid), ring=ring)}")
    teams: dict[str, int] = {}
    people, ids = [], []
    for person_id, name, firm, team in postings:
        words = firm if team == firm else f"{firm} · {team}"
        people.append([name, teams.setdefault(words, len(teams)), int(person_id in sampled),
                       *(hashed(each, match_key) for each in codes[person_id])])
        ids.append(person_id)
    return DeviceRoster(until=until, teams=list(teams), people=people, person_ids=ids)


def hashed(text: str, key: bytes) -> str:
    """What a device finds somebody by: the beginning of an HMAC."""
    return b64encode(hmac.digest(key, text.encode(), hashlib.sha256)[:HASH_BYTES]).decode()
