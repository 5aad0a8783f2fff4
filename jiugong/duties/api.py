"""Duties for programs: evidence as phones send it, and excuses.

Everything may be sent twice: the second time is answered as the first. Times without an offset are the park's.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, ValidationError

from jiugong.duties.actions import excuse, record_all, withdraw
from jiugong.duties.errors import EvidenceRowMisshapen, MomentUnclear, ParkUnclear
from jiugong.duties.models import Excuse
from jiugong.duties.queries import SubjectName, excuse_for
from jiugong.duties.rows import EvidenceRow
from jiugong.http import actor_of
from jiugong.lib import days
from jiugong.registry.models import Park
from jiugong.registry.queries.doors import park_for, parks_seen

router = Router(tags=["duties"])
