"""An incident as the files that Go.Data imports: cases, contacts, contacts of contacts and relationships, as JSON arrays.

The names of the fields are those of Go.Data's own models; docs/rooms/tracing.md says which are filled and which are not.
"""

import json
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from jiugong.lib import clock
from jiugong.lib.acting import Actor, looked
from jiugong.tracing.chain_faces import ground_words
from jiugong.tracing.exports import EXPORTED, People, day_of, people_of
from jiugong.tracing.models import Case, Contact, Incident, Pseudonym
from jiugong.tracing.queries.reporting import must_see_whole
from jiugong.tracing.words import ContactClass

TYPE = "LNG_REFERENCE_DATA_CATEGORY_PERSON_TYPE_"
CLASSIFICATION = "LNG_REFERENCE_DATA_CATEGORY_CASE_CLASSIFICATION_"
CLASSIFIED = {"suspected": "SUSPECT", "confirmed": "CONFIRMED", "recovered": "CONFIRMED", "ruled_out": "NOT_A_CASE_DISCARDED",
              "contaminated": "NOT_A_CASE_DISCARDED"}
CERTAINTY = "LNG_REFERENCE_DATA_CATEGORY_CERTAINTY_LEVEL_"
FILES = ("cases", "contacts", "contacts_of_contacts", "relationships")
Rows = list[dict[str, Any]]


def godata_files(actor: Actor, incident: Incident) -> dict[str, Rows]:
    """Each file's rows. Everybody in them is journalled as looked at. Raises NotAllowed."""
    must_see_whole(actor, incident)
    found = people_of(actor, incident)
    looked(actor=actor, park_id=incident.park_id, person_ids=found.person_ids, fields=("list",), reason=EXPORTED, at=clock.now())
    ill = {each.who_id for each in found.cases}
    met = [each for each in _first_of_each(found) if each.who_id not in ill]
    second = {each.who_id for each in met if each.contact_class == ContactClass.CONTACT_OF_CONTACT}
    return {"cases": [_case(each, found) for each in found.cases],
            "contacts": [_contact(each, found, "CONTACT") for each in met if each.who_id not in second],
            "contacts_of_contacts": [_contact(each, found, "CONTACT_OF_CONTACT") for each in met if each.who_id in second],
            "relationships": [*_infected(found), *_met(found, ill, second)]}


def as_zip(files: dict[str, Rows]) -> bytes:
    """The files in one, each to be imported by itself."""
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as packed:
        for name in FILES:
            packed.writestr(f"{name}.json", json.dumps(files[name], ensure_ascii=False, indent=1))
    return content.getvalue()


def _first_of_each(found: People) -> list[Contact]:
    """Somebody is one contact however many cases he met: in his closest class."""
    rank = {each.value: at for at, each in enumerate(ContactClass)}
    kept: dict[int, Contact] = {}
    for each in found.contacts:
        before = kept.get(each.who_id)
        if before is None or rank[each.contact_class] < rank[before.contact_class]:
            kept[each.who_id] = each
    return list(kept.values())


def _somebody(who: Pseudonym, kind: str, found: People) -> dict[str, Any]:
    return {"id": _id(who, found), "visualId": str(who.number), "type": f"{TYPE}{kind}", "firstName": who.name or str(who.number)}


def _case(case: Case, found: People) -> dict[str, Any]:
    became = [each for each in found.contacts if each.who_id == case.who_id]
    told = {**_somebody(case.who, "CASE", found), "classification": f"{CLASSIFICATION}{CLASSIFIED[case.stage]}",
            "dateOfReporting": str(day_of(found, case.opened_at)), "isDateOfReportingApproximate": False,
            "dateBecomeCase": str(day_of(found, case.sampled_at)), "wasContact": bool(became)}
    if case.onset_on:
        told |= {"dateOfOnset": str(case.onset_on), "isDateOfOnsetApproximate": False}
    if became:
        told["dateBecomeContact"] = str(day_of(found, became[0].listed_at))
    return told


def _contact(contact: Contact, found: People, kind: str) -> dict[str, Any]:
    words, order = ground_words(found.incident), found.orders.get(contact.who_id)
    told = {**_somebody(contact.who, kind, found), "dateOfReporting": str(day_of(found, contact.listed_at)),
            "isDateOfReportingApproximate": False, "dateBecomeContact": str(day_of(found, contact.listed_at)), "wasCase": False,
            "dateOfLastContact": str(day_of(found, contact.last_at)),
            "riskReason": "、".join(dict.fromkeys(words.get(each.ground, each.ground) for each in contact.grounds.all()))}
    if order and order.ordered_at:
        told["followUp"] = {"startDate": str(day_of(found, order.since)), "endDate": str(day_of(found, order.until))}
    return told


def _met(found: People, ill: set[int], second: set[int]) -> Rows:
    """A relationship for each contact of each case: the source is whoever is ill, or through whom it goes on."""
    def kind(who: int) -> str:
        return "CASE" if who in ill else "CONTACT_OF_CONTACT" if who in second else "CONTACT"

    words = ground_words(found.incident)
    rows = []
    for each in found.contacts:
        source, grounds = (each.through or each.case).who, list(each.grounds.all())
        assumed = any(ground.assumed for ground in grounds)
        rows.append({
            "id": f"{_id(each.who, found)}-{each.pk}",
            "persons": _persons(source, kind(source.pk), each.who, kind(each.who_id), found),
            "contactDate": str(day_of(found, each.last_at)), "contactDateEstimated": assumed,
            "certaintyLevelId": f"{CERTAINTY}{'3_HIGH' if grounds and not assumed else '2_MEDIUM'}",
            "comment": "; ".join(f"{words.get(ground.ground, ground.ground)} {ground.spot or ''} {ground.since.isoformat()} – "
                                 f"{ground.until.isoformat()}" for ground in grounds)})
    return rows


def _infected(found: People) -> Rows:
    return [{"id": f"{_id(each.who, found)}-case-{each.pk}",
             "persons": _persons(each.infector.who, "CASE", each.who, "CASE", found),
             "contactDate": str(day_of(found, each.sampled_at)), "contactDateEstimated": True,
             "certaintyLevelId": f"{CERTAINTY}2_MEDIUM", "comment": ""} for each in found.cases if each.infector]


def _persons(source: Pseudonym, source_kind: str, target: Pseudonym, target_kind: str, found: People) -> Rows:
    return [{"id": _id(source, found), "type": f"{TYPE}{source_kind}", "source": True, "target": False},
            {"id": _id(target, found), "type": f"{TYPE}{target_kind}", "source": False, "target": True}]


def _id(who: Pseudonym, found: People) -> str:
    """Who it is in these files and nowhere else: the incident and the random number of the history."""
    return f"jiugong-{found.incident.park_id}-{found.incident.number}-{who.number}"
