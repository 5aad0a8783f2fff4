"""Story D from its raw files: the roster, the scans of nine rounds, the laboratory's returns, and the ground.

The ground is drawn where a folder has it (`grounds.geojson`). Ours is invented, at the point of the sea that is farthest
from any land; each site lies in the grid that the roster names, so that it changes no figure.
"""

from pathlib import Path

from django.db import transaction

from jiugong.lib.acting import Actor
from jiugong.lib.commanding import read_file
from jiugong.registry.actions.grids import take_ground
from jiugong.registry.logic.ground import read_ground_file
from jiugong.screening.actions.results import import_results, read_result_file
from jiugong.screening.actions.scan_files import import_scans
from scenarios.opening import Told, opened

INPUTS = Path(__file__).parent / "inputs"
GROUNDS = "grounds.geojson"


@transaction.atomic
def tell(inputs: Path, *, actor: Actor) -> Told:
    """Replay a folder of this shape into this home. Telling it again changes nothing; a refusal leaves nothing behind."""
    told, scans = opened(inputs, actor=actor)
    import_scans(told.park, scans, actor=actor)
    results = read_result_file(read_file(str(inputs / "results.xlsx")), name="results.xlsx", park=told.park)
    import_results(told.park, results, actor=actor)
    if (inputs / GROUNDS).exists():
        ground = read_ground_file(read_file(str(inputs / GROUNDS)), name=GROUNDS)
        take_ground(told.park, ground, actor=actor, on=told.first_day)
    return told
