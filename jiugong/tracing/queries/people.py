"""Finding somebody of a park by his ID number, whether the roster knows him or only the history does."""

from jiugong.lib import secrets
from jiugong.lib.identifiers import folded
from jiugong.registry.models import Park, Person, id_index
from jiugong.tracing.errors import PersonUnknown
from jiugong.tracing.models import Pseudonym


def person_numbered(park: Park, id_number: str) -> Person:
    """Somebody on the park's roster, or once on it. Raises PersonUnknown."""
    person = Person.objects.filter(park=park, id_index=_index(park, id_number)).first()
    if person is None:
        raise PersonUnknown()
    return person


def somebody_numbered(park: Park, id_number: str) -> Pseudonym:
    """Somebody of the roster or of the history. Raises PersonUnknown."""
    index = _index(park, id_number)
    rows = Pseudonym.objects.filter(park=park).select_related("person")
    found = rows.filter(person__id_index=index).first() or rows.filter(id_index=index).first()
    if found is None:
        raise PersonUnknown()
    return found


def _index(park: Park, id_number: str) -> bytes:
    return id_index(park, folded(id_number).lstrip("'").upper(), secrets.ring())
