from django.db import models
from django.db.models import F, Q

from besuk.flow.approvals.models import Tie
from besuk.ground.accounts.models import Staff, Visitor
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
    confirmed_at = models.DateTimeField(null=True, blank=True)
    """When an officer stood by the outcome; until then it is what the evidence speaks for."""
    confirmed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
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

    @property
    def host(self) -> "VisitPerson | None":
        """Whose device it is. Without a query where the people are prefetched."""
        return next((one for one in self.people.all() if one.is_host), None)


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


class LedgerEntry(models.Model):
    """One row of the books: the balance of a week is policy plus the sum of its units; saved minutes are a sum too.

    What a visit is repaid with stands in one row, its `returned` one, and nowhere else: a unit or minutes, and
    whether these two go first next time. A corrected outcome changes that row; the log keeps what it said before.
    """

    class Kind(models.TextChoices):
        USED = "used"
        RETURNED = "returned"
        SPENT = "spent"
        """Saved minutes that this visit was given on top."""
        FORGIVEN = "forgiven"
        """Minutes that a correction would take back, although they have been talked already."""
        ADJUSTED = "adjusted"

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="ledger")
    tie = models.ForeignKey(Tie, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger")
    week = models.DateField()
    """Monday of the local week in which the units count."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    units = models.SmallIntegerField()
    """Used is -1, returned +1."""
    minutes = models.SmallIntegerField(default=0)
    """Saved for the tie (+), or spent, or taken over by a returned unit (-)."""
    goes_first = models.BooleanField(default=False)
    """The facility took this visit away: the two go first when turns are given next."""
    settled_at = models.DateTimeField(null=True, blank=True)
    """When they did: at the next booking."""
    reason = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["visit", "kind"],
                condition=Q(kind__in=["used", "returned", "spent", "forgiven"]),
                name="one_unit_per_visit_and_kind",
            ),
            models.CheckConstraint(
                condition=~Q(kind="returned")
                | Q(units=0, minutes__gte=0, goes_first=False)
                | Q(units=1, minutes__lte=0),
                name="a_loss_is_repaid_once",
            ),
            models.CheckConstraint(
                condition=Q(goes_first=False) | Q(kind="returned", units=1, tie__isnull=False),
                name="going_first_is_part_of_a_return",
            ),
        )
        indexes = (models.Index(fields=["inmate", "week"], name="ledger_week"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.units:+d} {self.minutes:+d}"
