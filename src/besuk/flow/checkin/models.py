from django.db import models
from django.utils.translation import gettext_lazy as _

from besuk.flow.bookings.models import Visit
from besuk.ground.accounts.models import Staff, Visitor
from besuk.ground.kernel.models import Facility


class DeviceTest(models.Model):
    """What a person's camera, microphone, speaker and line were found to do."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="device_tests")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="device_tests")
    at = models.DateTimeField()
    camera = models.BooleanField()
    microphone = models.BooleanField()
    speaker = models.BooleanField()
    connection = models.BooleanField()
    details = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.visitor} {self.at:%Y-%m-%d %H:%M}"

    @property
    def passed(self) -> bool:
        return self.camera and self.microphone and self.speaker and self.connection


class Attendance(models.Model):
    """One side of a visit: the family's or the inmate's."""

    class Side(models.TextChoices):
        VISITOR = "visitor", _("Pengunjung")
        INMATE = "inmate", _("Warga binaan")

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="attendance")
    side = models.CharField(max_length=10, choices=Side.choices)
    state = models.CharField(max_length=12, default="expected")
    arrived_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    rules_accepted_at = models.DateTimeField(null=True, blank=True)
    rules_version = models.CharField(max_length=8, blank=True)
    """Which words were accepted (`house_rules.version_for`)."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["visit", "side"], name="one_attendance_per_side"),)

    def __str__(self) -> str:
        return f"{self.visit_id} {self.side} {self.state}"


class RingAttempt(models.Model):
    """An officer tried to reach the family before anybody is called absent."""

    class How(models.TextChoices):
        PHONE = "phone", _("Telepon")
        MESSAGE = "message", _("Pesan lewat tangan")

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="ring_attempts")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=How.choices, default=How.PHONE)
    reached = models.BooleanField()
    """Somebody answered. Of a message nobody knows that here."""

    def __str__(self) -> str:
        return f"{self.visit_id} {self.at:%H:%M}"
