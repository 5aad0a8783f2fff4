"""What a case told of where he was, beside what the logs say of him: which agree, and which do not."""

from dataclasses import dataclass

from jiugong.lib.acting import Actor
from jiugong.lib.can import Can
from jiugong.registry.errors import NotHere
from jiugong.tracing.models import Case, Incident, Presence
from jiugong.tracing.words import Source


@dataclass(frozen=True, kw_only=True)
class Told:
    """A stay that he told, the log that says the same, and the logs that say that he was elsewhere meanwhile."""

    track: Presence
    agrees: Presence | None
    against: list[Presence]

    @property
    def is_open(self) -> bool:
        """Does somebody still have to say which holds?"""
        return bool(self.against) and "decided" not in self.track.told


def case_to_interview(actor: Actor, incident: Incident, pk: int) -> Case:
    """The only door from a number in a URL to a case that is interviewed. Raises NotHere."""
    found = Case.objects.filter(incident=incident, pk=pk).select_related("incident__park", "who__person").first()
    if found is None or not actor.may(Can.TRACE_CONTACTS, over=incident):
        raise NotHere()
    return found


def track_for(case: Case, pk: int) -> Presence:
    """A stay that this case told. Raises NotHere."""
    found = Presence.objects.filter(case=case, pk=pk).select_related("case__incident__park", "spot").first()
    if found is None:
        raise NotHere()
    return found


def agreeing_log(track: Presence) -> Presence | None:
    """A log of the same person at the same spot, at some moment of the same stay."""
    return next((each for each in _logs(track.who_id, [track]) if each.spot_id == track.spot_id and _overlap(each, track)), None)


def told_tracks(case: Case) -> list[Told]:
    """Everything that a case told, in order of time: two questions, however much it is."""
    tracks = list(Presence.objects.filter(case=case).select_related("spot", "case__incident__park").order_by("entered_at", "pk"))
    logs = _logs(case.who_id, tracks)
    return [Told(track=track, agrees=next((each for each in logs if each.spot_id == track.spot_id and _overlap(each, track)), None),
                 against=[each for each in logs if each.spot_id != track.spot_id and _overlap(each, track)]) for track in tracks]


def _logs(who: int, tracks: list[Presence]) -> list[Presence]:
    if not tracks:
        return []
    first, last = min(each.entered_at for each in tracks), max(each.left_at for each in tracks)
    rows = Presence.objects.filter(who=who, entered_at__lt=last, left_at__gt=first).exclude(source=Source.RECALL)
    return list(rows.select_related("spot").order_by("entered_at", "pk"))


def _overlap(one: Presence, other: Presence) -> bool:
    """Longer than nothing: who left as the other stay began agrees with nothing and contradicts nothing."""
    return min(one.left_at, other.left_at) > max(one.entered_at, other.entered_at)
