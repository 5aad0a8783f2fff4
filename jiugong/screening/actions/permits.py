"""Who may scan where the park's rules ask for training first: what happens live is refused, what happened is kept.

A scan that was made offline, or comes in a file, is kept and flagged (`queries/flagged.py`): its swab is in the tube.
"""

from collections.abc import Sequence
from datetime import date

from jiugong.lib import clock, days
from jiugong.lib.refusal import Refusal
from jiugong.registry.models import Park, Person
from jiugong.screening import questions
from jiugong.screening.actions.scans import Scan
from jiugong.screening.laboratory_errors import ScannerNobody, ScannerUntrained
from jiugong.screening.logic.training import Trained, by_person, trained
from jiugong.screening.models import Specimen, Tube
from jiugong.screening.queries.permits import forget, training_is_needed
from jiugong.screening.words import StaffRole


def permitted(park: Park, scans: Sequence[Scan | Refusal], scanner: Person | None) -> list[Scan | Refusal]:
    """The scans of a device, and a refusal in the place of each that its scanner may not make.

    One question more for a batch, and none where training is not asked for. A scan that came before is let through: it
    is answered as the first time. Each is judged by the park day on which it was made.
    """
    now = clock.now()
    day_of = {scan.scan_id: days.day_of(min(scan.sampled_at or now, now), park.zone)
              for scan in scans if isinstance(scan, Scan) and not scan.offline}
    asked = {day for day in set(day_of.values()) if training_is_needed(park, day)}
    wrong = {day: refusal for day in asked if (refusal := _refusal(park, scanner, day))}
    if not wrong:
        return list(scans)
    known = set(Specimen.every.filter(park=park, scan_id__in=list(day_of)).values_list("scan_id", flat=True))
    return [wrong[day_of[scan.scan_id]] if isinstance(scan, Scan) and day_of.get(scan.scan_id) in wrong
            and scan.scan_id not in known else scan for scan in scans]


def permit_sealing(tube: Tube, scanner: Person | None) -> None:
    """Refuse whoever may not scan to seal an open tube. Raises ScannerNobody, ScannerUntrained."""
    refusal = why_not_now(tube.park, scanner)
    if refusal and not tube.sealed_at:
        raise refusal


def why_not_now(park: Park, scanner: Person | None) -> Refusal | None:
    """Why somebody may not scan today; None where he may."""
    today = days.day_of(clock.now(), park.zone)
    return _refusal(park, scanner, today) if training_is_needed(park, today) else None


def ask_the_rules_again(park_id: int) -> None:
    """The rules of a park have changed: what was remembered of them is forgotten."""
    forget(park_id)


def _refusal(park: Park, scanner: Person | None, day: date) -> Refusal | None:
    if scanner is None or scanner.park_id != park.pk:
        return ScannerNobody()
    known = by_person(questions.trainings(park.pk, [scanner.pk]))
    if trained(known, scanner.pk, StaffRole.SCANNER, day) is Trained.YES:
        return None
    return ScannerUntrained(name=scanner.name, day=str(day))
