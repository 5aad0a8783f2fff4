"""Incidents, their members and cases, contacts with their grounds, orders, and the one clock of each incident."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiugong.registry.models import Park, Person, Unit
from jiugong.tracing.history_models import HistoryDay
from jiugong.tracing.presence_models import Presence, Pseudonym, Spot, VenueCode, Verified
from jiugong.tracing.report_models import SentReport
from jiugong.tracing.risk_models import Flagged, QuietCheck, Returned, RiskArea, Stay
from jiugong.tracing.stages import ENDS, IncidentStage, OrderStage
from jiugong.tracing.words import Authority, CaseStageWord, ContactClass, FoundBy, OrderKind, OrderStageWord, StepKind

__all__ = ["Case", "Contact", "Drill", "Flagged", "Ground", "HistoryDay", "Incident", "Member", "Order", "Presence",
           "Pseudonym", "QuietCheck", "Returned", "RiskArea", "SentReport", "Spot", "Stay", "Step", "Trace",
           "VenueCode", "Verified"]


class Drill(models.Model):
    """An incident that was planted in a copy of the park's day, with the truth that it is measured against."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="tracing_drills")
    title = models.CharField(max_length=120)
    day = models.DateField()                                    # whose records were copied
    began_at = models.DateTimeField()
    began_by = models.CharField(max_length=80)
    began_by_name = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    truth = models.JSONField(default=dict)                      # whom it planted: pseudonyms, and the grounds of each
    measured = models.JSONField(null=True)                      # found, missed, unnecessary; seconds to hold, list and control


class Incident(models.Model):
    """A positive tube, or a case that another place tells of, and all that follows, until it is closed.

    Screening keeps tube and result; here they are named by code and number, for a neighbour's rows are not ours.
    """

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="incidents")
    number = models.PositiveIntegerField()
    stage = models.CharField(max_length=8, choices=[(each.value, each.value) for each in IncidentStage], default="open")
    found_by = models.CharField(max_length=20, choices=FoundBy)
    tube = models.CharField(max_length=40, blank=True)          # the code of the positive tube
    result_number = models.BigIntegerField(null=True)           # which result told it
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="incidents")   # whose people were in the tube
    sampled_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    release = models.CharField(max_length=60, blank=True)       # by which release its windows, contacts and deadlines go
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=300, blank=True)
    drill = models.ForeignKey(Drill, on_delete=models.PROTECT, null=True, related_name="incidents")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "number"], name="incident_numbered_once"),
            models.UniqueConstraint(fields=["park", "tube"], condition=Q(stage="open", drill=None) & ~Q(tube=""),
                                    name="incident_one_open_per_tube"),
        ]
        indexes = [models.Index(fields=["park", "told_at"], name="incident_by_time")]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def branches(self) -> tuple[str, ...]:
        return self.park.branches


class Member(models.Model):
    """Somebody in the positive tube, and what his single retest says."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="members")
    who = models.ForeignKey(Pseudonym, on_delete=models.PROTECT, related_name="memberships")
    position = models.PositiveSmallIntegerField()
    sampled_at = models.DateTimeField()
    last_negative_at = models.DateTimeField(null=True)          # when he was sampled last before, and negative
    retest = models.CharField(max_length=12, blank=True)        # a result's word; empty: not known yet
    retest_sampled_at = models.DateTimeField(null=True)
    retest_reported_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "who"], name="member_once")]


class Case(models.Model):
    """Somebody is found, or suspected, to be ill. A dated state of a person, with the window in which others met him."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="cases")
    who = models.ForeignKey(Pseudonym, on_delete=models.PROTECT, related_name="cases")
    stage = models.CharField(max_length=12, choices=CaseStageWord)
    found_by = models.CharField(max_length=20, choices=FoundBy)
    sampled_at = models.DateTimeField()                         # of the sample that turned positive
    onset_on = models.DateField(null=True)
    symptoms = models.CharField(max_length=300, blank=True)
    interview = models.JSONField(default=dict)                  # what else he told: care, household, contacts, source, measures
    since = models.DateTimeField()                              # the window
    until = models.DateTimeField()
    window_because = models.JSONField(default=dict)             # rule, release and the fact it was counted from
    infector = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="infected")
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_by_name = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)                  # ruled out, contaminated, or recovered

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "who"], name="case_once_in_an_incident"),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="case_window_in_order",
                                   violation_error_message=_("The window ends before it begins.")),
        ]

    @property
    def branches(self) -> tuple[str, ...]:
        return self.incident.branches


class Trace(models.Model):
    """Somebody asked whom a person met: when, why, by which release. Asked again it gives the same, unless records came in."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="traces")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="traces")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="traces")
    who = models.ForeignKey(Pseudonym, on_delete=models.PROTECT, related_name="traces")
    since = models.DateTimeField()
    until = models.DateTimeField()
    release = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=64)
    rules = models.JSONField(default=list)                      # the exposures that were applied
    reason = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=80)
    milliseconds = models.PositiveIntegerField()                # of the machine
    found = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["park", "asked_at"], name="trace_by_time")]


class Contact(models.Model):
    """Somebody met a case, or met somebody who did: in which class, from when to when."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="contacts")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contacts")
    trace = models.ForeignKey(Trace, on_delete=models.PROTECT, null=True, related_name="contacts")   # null: judged by people
    who = models.ForeignKey(Pseudonym, on_delete=models.PROTECT, related_name="contacts")
    contact_class = models.CharField(max_length=20, choices=ContactClass)
    through = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="onward")  # the close contact whom he met
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()                            # the last exposure: days of control are counted from it
    listed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)                  # no contact any more
    ended_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "who"], name="contact_once_of_a_case")]
        indexes = [models.Index(fields=["incident", "contact_class"], name="contact_by_class")]

    @property
    def branches(self) -> tuple[str, ...]:
        return self.incident.branches


class Ground(models.Model):
    """Why somebody is a contact: one meeting, by one rule of one release, at one place, as two sources say."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="grounds")
    ground = models.CharField(max_length=60)                    # bus, team_shift; or manual
    rule = models.CharField(max_length=80, blank=True)          # contacts.exposures.bus
    release = models.CharField(max_length=60, blank=True)
    spot = models.ForeignKey(Spot, on_delete=models.PROTECT, null=True, related_name="grounds")
    since = models.DateTimeField()
    until = models.DateTimeField()
    source = models.CharField(max_length=40, blank=True)        # where the contact's stay comes from
    assumed = models.BooleanField(default=False)                # the end of one of the two stays is assumed
    reason = models.CharField(max_length=300, blank=True)       # of an investigator
    added_by = models.CharField(max_length=80, blank=True)
    added_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "ground", "spot", "since"], name="ground_once")]


class Order(models.Model):
    """Somebody is restricted: by which rule, for which reason and on what evidence, until when, decided by whom.

    A hold takes one officer and ends by itself; everything longer takes two people. Its times are those of the one clock.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="orders")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="orders")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="orders")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="orders")
    number = models.PositiveIntegerField()                      # of the park's orders, in their order
    who = models.ForeignKey(Pseudonym, on_delete=models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=20, choices=OrderKind)
    stage = models.CharField(max_length=10, choices=OrderStageWord, default="proposed")
    release = models.CharField(max_length=60, blank=True)
    rule = models.CharField(max_length=80)                      # control.close_contact, clock.hold_hours
    reason = models.CharField(max_length=500)
    evidence = models.JSONField(default=dict)                   # grounds, tube, areas: what it rests on, in plain data
    phases = models.JSONField(default=list)                     # [{mode, first_day, last_day, tests_on}], as the pack counted
    since = models.DateTimeField()
    until = models.DateTimeField()                              # it expires
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80)
    proposed_by_name = models.CharField(max_length=80)
    seen_at = models.DateTimeField(null=True)                   # the first of two
    seen_by = models.CharField(max_length=80, blank=True)
    seen_by_name = models.CharField(max_length=80, blank=True)
    ordered_at = models.DateTimeField(null=True)                # the second of two; of a hold the only one
    ordered_by = models.CharField(max_length=80, blank=True)
    ordered_by_name = models.CharField(max_length=80, blank=True)
    informed_at = models.DateTimeField(null=True)
    informed_by = models.CharField(max_length=80, blank=True)
    informed_by_name = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=80, blank=True)
    sent_by_name = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField(null=True)               # the other side signs
    received_by = models.CharField(max_length=80, blank=True)
    received_by_name = models.CharField(max_length=80, blank=True)
    controlled_at = models.DateTimeField(null=True)
    controlled_by = models.CharField(max_length=80, blank=True)
    controlled_by_name = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=120, blank=True)        # where he stays
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_by_name = models.CharField(max_length=80, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)
    objection = models.CharField(max_length=500, blank=True)
    objected_at = models.DateTimeField(null=True)
    objection_answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    answered_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["park", "number"], name="order_numbered_once"),
            models.UniqueConstraint(fields=["who", "kind", "incident"], name="order_one_standing",
                                    condition=~Q(stage__in=[stage.value for stage in ENDS])),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="order_expires",
                                   violation_error_message=_("An order ends after it begins.")),
            models.CheckConstraint(condition=~Q(seen_by=F("ordered_by")) | Q(seen_by=""), name="order_takes_two_people",
                                   violation_error_message=_("Two people decide: the second is not the first.")),
            models.CheckConstraint(condition=~Q(sent_by=F("received_by")) | Q(received_by=""), name="transfer_has_two_sides",
                                   violation_error_message=_("Who hands somebody over does not also receive him.")),
            models.CheckConstraint(
                condition=Q(kind=OrderKind.HOLD) | Q(ordered_at=None) | ~Q(seen_by=""), name="order_longer_than_a_hold_by_two",
                violation_error_message=_("What restricts longer than the hold is decided by two people.")),
        ]
        indexes = [models.Index(fields=["park", "stage", "until"], name="order_by_stage"),
                   models.Index(fields=["who", "since"], name="order_by_person")]

    @property
    def branches(self) -> tuple[str, ...]:
        return self.park.branches

    @property
    def is_over(self) -> bool:
        return OrderStage(self.stage) in ENDS


class Step(models.Model):
    """One step of an incident's clock: begun, due, met, by whom, and who has it in hand."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16, choices=StepKind)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)                    # null: neither law nor practice sets a time
    met_at = models.DateTimeField(null=True)
    met_by = models.CharField(max_length=80, blank=True)
    met_by_name = models.CharField(max_length=80, blank=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="steps")
    authority = models.CharField(max_length=8, choices=Authority, blank=True)
    rule = models.CharField(max_length=80, blank=True)
    told_late_at = models.DateTimeField(null=True)              # when it told that its time had passed

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "kind"], name="step_once_in_an_incident")]
        indexes = [models.Index(fields=["due_at"], condition=Q(met_at=None), name="step_open_by_due")]
