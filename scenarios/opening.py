"""What every story of sampled people opens with: a folder that names its park, a roster, and the days of its scans."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jiugong.lib import days
from jiugong.lib.acting import Actor
from jiugong.lib.commanding import read_file
from jiugong.lib.refusal import Refusal
from jiugong.lib.sheets import read_workbook
from jiugong.registry.actions.parks import create_park
from jiugong.registry.actions.rosters import import_roster, read_roster_file
from jiugong.registry.logic.whose import park_in
from jiugong.registry.models import Park
from jiugong.screening.actions.scan_files import read_scan_file
from jiugong.screening.logic.reading import Records


@dataclass(frozen=True)
class Told:
    """A story that was replayed: its park, and the days of its first and last scan."""

    park: Park
    first_day: date
    last_day: date


class NoPark(Refusal):
    code = "story.no_park"
    message = "%(file)s names no park: nobody in it is the 园区长 of one."


class NoRounds(Refusal):
    code = "story.no_rounds"
    message = "%(file)s holds no scans, so there is no story to tell."


def opened(inputs: Path, *, actor: Actor) -> tuple[Told, Records]:
    """Create the park of a folder and take its roster as of the first day of its scans, which are read but not yet taken.

    Raises NoPark, NoRounds.
    """
    content = read_file(str(inputs / "roster.xlsx"))
    name = park_in(read_workbook(content, name="roster.xlsx"))
    if not name:
        raise NoPark(file=str(inputs / "roster.xlsx"))
    park = create_park(name, actor=actor)
    scans = read_scan_file(read_file(str(inputs / "scans.csv")), name="scans.csv", park=park)
    if not scans.scans:
        raise NoRounds(file=str(inputs / "scans.csv"))
    times = [scan.sampled_at for scan in scans.scans]
    first, last = (days.day_of(moment, park.zone) for moment in (min(times), max(times)))

    roster = read_roster_file(content, name="roster.xlsx", park=park, park_name=name, mapping={})
    import_roster(park, roster, actor=actor, at=first)
    return Told(park, first, last), scans
