"""A home in which two parks have lived: run as a process of its own in it, so that what it leaves lies in real files.

It prints what a search by bytes must find before an erasure and must not find after it.
"""

import json
import sys
from datetime import date, timedelta

import django

FILE = b"a file with somebody in it"
WHEREABOUTS = "身份证号,场所类型,场所,进入时间,离开时间,来源\n" + "".join(
    f"{{}},食堂,食堂/00{at}桌,2022-07-22 07:30:00,2022-07-22 08:00:00,食堂刷卡\n" for at in (1, 2))


def live() -> dict[str, list[str]]:
    from django.contrib.sessions.backends.db import SessionStore

    from jiugong.closing.actions import close_day
    from jiugong.duties.actions import excuse, record
    from jiugong.journal.actions import Draft, write_messages
    from jiugong.journal.models import MessageKind
    from jiugong.lib import clock, secrets
    from jiugong.lib.acting import all_powers, looked, operator
    from jiugong.registry.actions.badges import issue_badges
    from jiugong.registry.actions.uploads import keep_upload
    from jiugong.registry.models import Badge, Person
    from jiugong.registry.queries.uploads import UploadKind
    from jiugong.rulebook.actions import adopt
    from jiugong.screening.actions.scans import Scan, bind
    from jiugong.tracing.actions.presence_files import import_presence, read_presence_file
    from jiugong.tracing.models import Pseudonym
    from jiugong.work.models import Job
    from tests.cast import MORNING, _iness_park, _lins_park, a_phone, an_id

    town, other = _lins_park(), _iness_park()
    operating, wu = operator(), town.people["吴强"]
    with clock.standing_at(MORNING):
        adopt(town.park, "cn-2022-v9", from_day=date(2022, 7, 1), actor=operating)
        bind(town.park, [Scan(scan_id="stranger", round=1, tube="SY0002", point="门口", id_number=an_id(777))], actor=operating)
        excuse(town.park, wu, reason="吴强发热在家", since_at=MORNING - timedelta(hours=9), until_at=MORNING + timedelta(hours=9),
               actor=operating)
        record(town.park, wu, kind="health_report", client_id="living-1", happened_at=MORNING, actor=operating,
               data={"temperature": 36.5, "symptoms": []})
        looked(actor=operating, park_id=town.park.pk, person_ids=[wu.pk], fields=("id_number",), reason="问吴强", at=MORNING)
        write_messages(town.park, [Draft(once="x", kind=MessageKind.NOTICE, about="round:1", to_person=wu,
                                         facts={"text": {"zh-hans": "吴强请来", "en": "come"}})], actor=operating)
        issue_badges(town.park, [wu], actor=operating)
        keep_upload(town.park, FILE, name="吴强.xlsx", kind=UploadKind.ROSTER, actor=operating)
        import_presence(town.park, read_presence_file(WHEREABOUTS.format(an_id(1), an_id(776)).encode(), name="行踪.csv",
                                                      park=town.park), actor=operating)
    with clock.standing_at(MORNING + timedelta(days=1)):
        close_day(town.park, MORNING.date(), actor=all_powers(key=f"user:{town.users['lin'].pk}", name="林园"))
    job = Job(owner="operator", view="people", title="吴强", likeness="x", home="x", asked_at=MORNING)
    job.keep_asked({"q": "吴强"})
    job.save()
    session = SessionStore()
    session["_auth_user_id"] = str(town.users["lin"].pk)
    session["q"] = "吴强"
    session.save()
    people, ring = list(Person.objects.filter(park=town.park)), secrets.ring()
    numbers = [an_id(at) for at in (*range(1, 9), 776, 777)] + [a_phone(at) for at in (*range(1, 9), *range(901, 907))]
    sealed = [bytes(each).hex() for person in people
              for each in (person.id_sealed, person.id_index, person.phone_sealed, person.phone_index) if each]
    pseudonyms = [str(number) for number in Pseudonym.objects.filter(park=town.park).values_list("number", flat=True)]
    return {"names": sorted({*(person.name for person in people), *(user.name for user in town.users.values())}),
            "numbers": numbers, "sealed": sealed, "pseudonyms": pseudonyms, "keys": [key.hex() for key in ring.keys.values()],
            "badge": [Badge.objects.get(person=wu, kind="card").code], "other": sorted(other.people)}


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(live(), ensure_ascii=False))
