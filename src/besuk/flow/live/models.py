from django.db import models
from django.db.models import Q

from besuk.flow.bookings.models import Visit
from besuk.ground.accounts.models import Staff, Visitor
from besuk.ground.facilities.models import Station
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refs import new_ref


class Call(models.Model):
    """The call of a visit. Its floor is open exactly if it is live and has no open hold."""

    ref = models.CharField(max_length=16, unique=True, default=new_ref, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="calls")
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="call")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="calls")
    state = models.CharField(max_length=12, default="prepared")
    room = models.CharField(max_length=40, unique=True)
    prepared_at = models.DateTimeField()
    admitted_at = models.DateTimeField(null=True, blank=True)
    admitted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ends_at = models.DateTimeField(null=True, blank=True)
    """When the minutes are used up; moved on by held time, up to `latest_end`."""
    latest_end = models.DateTimeField()
    """No later: the next booking of the station or inmate begins."""
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=30, blank=True)
    end_reason = models.CharField(max_length=40, blank=True)
    credit_minutes = models.PositiveSmallIntegerField(default=0)
    """Saved minutes of an earlier visit, given on top at admit."""
    minutes_lost = models.PositiveSmallIntegerField(default=0)
    """Minutes that ran out and could not be given back, but for an officer's own pause: what compensation counts."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["station"], condition=Q(state__in=["prepared", "live"]), name="one_active_call_per_station"
            ),
        )

    def __str__(self) -> str:
        return self.ref


class Hold(models.Model):
    """A reason for which a call's floor is closed. Only its own cause lifts it."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="holds")
    cause = models.CharField(max_length=15)
    since = models.DateTimeField()
    by = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["call", "cause"], condition=Q(lifted_at__isnull=True), name="one_open_hold_per_cause"
            ),
        )

    def __str__(self) -> str:
        return f"{self.call_id} {self.cause}"


class Extension(models.Model):
    """Minutes that an officer added to a call, and why."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="extensions")
    minutes = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=30)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.call_id} +{self.minutes}"


class Participation(models.Model):
    """Somebody's place in a call. Its `ref` is the identity at the media server."""

    class Role(models.TextChoices):
        VISITOR = "visitor"
        INMATE = "inmate"
        SUPERVISOR = "supervisor"
        ONLOOKER = "onlooker"

    ref = models.CharField(max_length=24, unique=True)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=12, choices=Role.choices)
    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    ejected_at = models.DateTimeField(null=True, blank=True)
    muted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["call", "staff"],
                condition=Q(role="supervisor", until__isnull=True),
                name="one_watch_per_officer",
            ),
            models.UniqueConstraint(
                fields=["call", "staff"], condition=Q(role="onlooker", until__isnull=True), name="one_look_per_person"
            ),
            models.UniqueConstraint(fields=["call"], condition=Q(role="inmate"), name="one_inmate_per_call"),
            models.UniqueConstraint(
                fields=["call", "visitor"], condition=Q(role="visitor"), name="one_place_per_visitor"
            ),
        )

    def __str__(self) -> str:
        return self.ref


class Happening(models.Model):
    """One dated fact of a call's evidence: joined, left, connection lost, floor open or closed."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="happenings")
    at = models.DateTimeField()
    code = models.CharField(max_length=40)
    side = models.CharField(max_length=12, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=["call", "at"], name="happening_time"),)

    def __str__(self) -> str:
        return f"{self.code} {self.at:%H:%M:%S}"


class Heartbeat(models.Model):
    """A sample of somebody's line, saved in batches. Kept 14 days."""

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="heartbeats")
    at = models.DateTimeField()
    data = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=["participation", "at"], name="heartbeat_time"),)

    def __str__(self) -> str:
        return f"{self.participation_id} {self.at:%H:%M:%S}"
