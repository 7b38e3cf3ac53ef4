from django.db import models
from django.db.models import F, Q

from besuk.flow.approvals.models import Tie
from besuk.ground.accounts.models import Visitor
from besuk.ground.facilities.models import Inmate, Station
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refs import new_ref


class Visit(models.Model):
    """A booking and what became of it (kunjungan video)."""

    ref = models.CharField(max_length=16, unique=True, default=new_ref, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="visits")
    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="visits")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="visits")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    """End of the talk; the buffer comes after it."""
    buffer_minutes = models.PositiveSmallIntegerField(default=5)
    state = models.CharField(max_length=12, default="held")
    held_until = models.DateTimeField()
    created_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True, blank=True)
    rules_accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was concluded or cancelled."""
    outcome = models.CharField(max_length=30, blank=True)
    sensitive = models.BooleanField(default=False)
    """Two officers have to watch its call (set by the desk, with a reason)."""
    booked_by = models.CharField(max_length=40)
    """Subject of who booked: the visitor, or an officer at the desk."""

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="visit_ends_after_start"),
            models.UniqueConstraint(
                fields=["station", "starts_at"], condition=Q(state="booked"), name="one_visit_per_station_and_time"
            ),
            models.UniqueConstraint(
                fields=["inmate", "starts_at"], condition=Q(state="booked"), name="one_visit_per_inmate_and_time"
            ),
        )
        indexes = (
            models.Index(fields=["facility", "starts_at"], name="visit_day"),
            models.Index(fields=["inmate", "starts_at"], name="visit_inmate"),
        )

    def __str__(self) -> str:
        return self.ref


class VisitPerson(models.Model):
    """Somebody named for a visit: the visitor who books, or a companion on the same device."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="people")
    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, null=True, blank=True, related_name="visit_people")
    tie = models.ForeignKey(Tie, on_delete=models.PROTECT, null=True, blank=True, related_name="visit_people")
    name = models.CharField(max_length=120)
    is_child = models.BooleanField(default=False)
    is_host = models.BooleanField(default=False)
    """The person whose device it is."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["visit"], condition=Q(is_host=True), name="one_host_per_visit"),)

    def __str__(self) -> str:
        return self.name


class Claim(models.Model):
    """One 5-minute cell of a station, an inmate or a visitor, taken by one visit."""

    class Kind(models.TextChoices):
        STATION = "station"
        INMATE = "inmate"
        VISITOR = "visitor"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.PositiveBigIntegerField()
    cell = models.DateTimeField()
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="claims")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "subject", "cell"], name="one_claim_per_cell"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.cell}"


class Owed(models.Model):
    """A visit that the facility took away: these two go first when turns are given next. Settled by a booking."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="owed")
    tie = models.ForeignKey(Tie, on_delete=models.PROTECT, related_name="owed")
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="owed")
    reason = models.CharField(max_length=30)
    """The outcome of the lost visit."""
    since = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.tie_id} {self.since:%d.%m.}"


class LedgerEntry(models.Model):
    """One row of the quota ledger: the balance of a week is policy plus the sum of its rows."""

    class Kind(models.TextChoices):
        USED = "used"
        RETURNED = "returned"
        ADJUSTED = "adjusted"

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="ledger")
    tie = models.ForeignKey(Tie, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger")
    week = models.DateField()
    """Monday of the local week of the visit."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    units = models.SmallIntegerField()
    """Used is -1, returned +1."""
    reason = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["visit", "kind"], condition=Q(kind__in=["used", "returned"]), name="one_unit_per_visit_and_kind"
            ),
        )
        indexes = (models.Index(fields=["inmate", "week"], name="ledger_week"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.units:+d}"
