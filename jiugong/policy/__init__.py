"""Policy: what an authority decided, from which day, and in which document it says so.

A pack is a folder of dated, cited values; a release is a pack with everything that it amends. It answers questions
about a day, with its reasons, and it is silent (a refusal, never a default) on days for which nothing was decided.
Plain Python: no database, no clock. Who adopted which release, and since when, is the rulebook's matter.

Long because a pack is a small language of its own: what reads it, what each kind of rule means, what compares and tests
releases, and the command line's door to them all stand here.

Words: pack, release, rule, value, reference, assumption, duty, cadence, window, control, contact ground, verdict, case.
"""

import os
from pathlib import Path

from jiugong.policy.cadence import Cadence
from jiugong.policy.contacts import Ground
from jiugong.policy.controls import Control, Period
from jiugong.policy.duties import Duty, DutyInForce
from jiugong.policy.errors import (
    BadPack,
    FactMissing,
    FactUnreadable,
    NotInForce,
    PolicyRefusal,
    UnknownPack,
    UnknownQuestion,
)
from jiugong.policy.exposures import Exposure, ExposureTerms
from jiugong.policy.packs import Pack, available
from jiugong.policy.parameters import Parameter
from jiugong.policy.release import Fingerprint, Release, load
from jiugong.policy.selectors import Comparison, Condition, Selector
from jiugong.policy.tables import Agent, Band, Step, Threshold
from jiugong.policy.verdict import Because, Verdict
from jiugong.policy.windows import Outcome, Window, outcome

PACKS = Path(os.environ.get("JIUGONG_PACKS") or Path(__file__).parents[2] / "packs")

__all__ = [
    "PACKS", "Agent", "BadPack", "Band", "Because", "Cadence", "Comparison", "Condition", "Control", "Duty",
    "DutyInForce", "Exposure", "ExposureTerms",
    "FactMissing", "FactUnreadable", "Fingerprint", "Ground", "NotInForce", "Outcome", "Pack",
    "Parameter", "Period", "PolicyRefusal", "Release", "Selector", "Step", "Threshold", "UnknownPack",
    "UnknownQuestion", "Verdict", "Window", "available", "load", "outcome",
]
