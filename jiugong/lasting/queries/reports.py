"""The signed reports of erasures, for whoever decides about them or reads the journal."""

from uuid import UUID

from django.db.models import QuerySet

from jiugong.lasting.models import Erasure, ErasureStage
from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.registry.models import Park

MAY_READ = (Can.PROPOSE_ERASURE, Can.RELEASE_ERASURE, Can.READ_JOURNAL)


def reports_of(actor: Actor, park: Park) -> QuerySet[Erasure]:
    """Erasures that are done, the latest first. Whoever may not read them hears that there is nothing. Raises NotHere."""
    if not any(actor.may(power, over=park) for power in MAY_READ):
        raise NotHere()
    return Erasure.objects.filter(park=park, stage=ErasureStage.DONE).select_related("park").order_by("-pk")


def report_for(actor: Actor, park: Park, uid: UUID) -> Erasure:
    """The door to one report. Raises NotHere."""
    found = reports_of(actor, park).filter(uid=uid).first()
    if found is None:
        raise NotHere()
    return found
