from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from besuk.ground.accounts.models import Staff
from besuk.ground.kernel.models import Facility, SealedFile
from besuk.ground.kernel.refs import new_ref, new_subject


class FacilityPolicy(models.Model):
    """A facility's own values where they differ from the defaults of `policy.Policy`."""

    facility = models.OneToOneField(Facility, on_delete=models.PROTECT, related_name="policy_row")
    values = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.facility} v{self.version}"


class Block(models.Model):
    """A building or wing in which inmates live."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="blocks")
    name = models.CharField(max_length=40)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["facility", "name"], name="block_name"),)

    def __str__(self) -> str:
        return self.name


class Inmate(models.Model):
    """A person held (tahanan or narapidana)."""

    class LegalStatus(models.TextChoices):
        CONVICTED = "convicted", _("Narapidana")
        REMAND = "remand", _("Tahanan")

    class Place(models.TextChoices):
        HERE = "here", _("Di sini")
        AWAY = "away", _("Tidak di sini")

    ref = models.CharField(max_length=16, unique=True, default=new_ref, editable=False)
    subject = models.CharField(max_length=40, unique=True, default=new_subject, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="inmates")
    block = models.ForeignKey(Block, on_delete=models.PROTECT, related_name="inmates")
    cell = models.CharField(max_length=20, blank=True)
    number = models.CharField(max_length=30)
    """Registration number."""
    name = models.CharField(max_length=120)
    call_name = models.CharField(max_length=40)
    """Nama panggilan: what screens show."""
    father_name = models.CharField(max_length=120, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=1, choices=[("m", "L"), ("f", "P")], default="m")
    legal_status = models.CharField(max_length=12, choices=LegalStatus.choices, default=LegalStatus.CONVICTED)
    place = models.CharField(max_length=10, choices=Place.choices, default=Place.HERE)
    arrived_on = models.DateField()
    photo = models.ForeignKey(SealedFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["facility", "number"], name="inmate_number"),)
        indexes = (models.Index(fields=["facility", "name"], name="inmate_name"),)

    def __str__(self) -> str:
        return self.name


class ServiceStop(models.Model):
    """All calls of a facility were stopped at once; nothing is admitted until an officer lifts it."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="service_stops")
    since = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["facility"], condition=Q(lifted_at__isnull=True), name="one_open_stop_per_facility"
            ),
        )

    def __str__(self) -> str:
        return f"{self.facility_id} {self.since:%d.%m. %H.%M}"

    def covers(self, start: datetime, end: datetime) -> bool:
        """Whether calls stood still at some moment from `start` until before `end`."""
        return self.since < end and (self.lifted_at is None or self.lifted_at > start)


class Room(models.Model):
    """A place in the prison with one or more stations."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class Station(models.Model):
    """A computer in the prison from which inmates talk (bilik)."""

    ref = models.CharField(max_length=16, unique=True, default=new_ref, editable=False)
    subject = models.CharField(max_length=40, unique=True, default=new_subject, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="stations")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="stations")
    number = models.PositiveSmallIntegerField()
    is_open = models.BooleanField(default=True)
    private_room = models.BooleanField(default=False)
    pairing_hash = models.CharField(max_length=64, blank=True)
    pairing_until = models.DateTimeField(null=True, blank=True)
    key_hash = models.CharField(max_length=64, blank=True, db_index=True)
    paired_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["facility", "number"], name="station_number"),
            models.UniqueConstraint(fields=["key_hash"], condition=~Q(key_hash=""), name="station_key"),
        )

    def __str__(self) -> str:
        return f"Bilik {self.number}"
