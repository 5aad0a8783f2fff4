"""Story B, its screening: the roster, the sampling points, who was trained for what, and the scans of the day."""

from pathlib import Path

from django.db import transaction

from jiugong.duties.actions.training_files import import_training, read_training
from jiugong.lib.acting import Actor
from jiugong.lib.commanding import read_file
from jiugong.screening.actions.point_files import import_points, read_point_file
from jiugong.screening.actions.scan_files import import_scans
from scenarios.opening import Told, opened

INPUTS = Path(__file__).parent / "inputs"


@transaction.atomic
def tell(inputs: Path, *, actor: Actor) -> Told:
    """Replay a folder of this shape into this home. Telling it again changes nothing; a refusal leaves nothing behind."""
    told, scans = opened(inputs, actor=actor)
    points = read_point_file(read_file(str(inputs / "points.csv")), name="points.csv", park=told.park)
    import_points(told.park, points, actor=actor)
    training = read_training(read_file(str(inputs / "training.csv")), name="training.csv", park=told.park)
    import_training(told.park, training, actor=actor)
    import_scans(told.park, scans, actor=actor)
    return told
