"""What a piece of evidence must say to be one, what it is worth, and what to do about it. Plain Python.

A shape is read by `KINDS[kind].read(data, parameters)`; `parameters` are the values of the park's release on the day,
by their keys in the pack (`fever_from`, `disinfection.agents`); where a pack is silent, practice stands in.
"""

from jiugong.duties.logic.advising import Advice, advice
from jiugong.duties.logic.kinds import KINDS, Kind
from jiugong.duties.logic.shapes import Misshapen, Parameters, Read

__all__ = ["KINDS", "Advice", "Kind", "Misshapen", "Parameters", "Read", "advice"]
