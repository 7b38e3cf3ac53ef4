from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from besuk.flow.bookings.models import Visit
from besuk.ground.accounts.models import Staff
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refs import new_ref


class Rating(models.Model):
    """How a visit was for the family, in one tap: 1 to 5. Rating again changes it."""

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="rating")
    points = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(points__gte=1, points__lte=5), name="one_to_five_points"),)

    def __str__(self) -> str:
        return f"{self.points}"


class Complaint(models.Model):
    """What a family or an inmate complains of (aduan), about one visit, and what they were answered."""

    class Side(models.TextChoices):
        VISITOR = "visitor", _("Keluarga")
        INMATE = "inmate", _("Warga binaan")

    ref = models.CharField(max_length=16, unique=True, default=new_ref, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="complaints")
    number = models.PositiveIntegerField()
    """What people call it by: counted within the facility."""
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="complaints")
    side = models.CharField(max_length=10, choices=Side.choices)
    """Whose complaint it is."""
    filed_by = models.CharField(max_length=40)
    """Subject of the visitor, or of the officer who wrote it down for an inmate."""
    reason = models.CharField(max_length=30)
    words = models.CharField(max_length=1000, blank=True)
    filed_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="open")
    answer = models.CharField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["facility", "number"], name="one_number_per_complaint"),
            models.UniqueConstraint(
                fields=["visit", "side"], condition=Q(state="open"), name="one_open_complaint_per_side"
            ),
        )
        indexes = (models.Index(fields=["facility", "state", "filed_at"], name="complaint_queue"),)

    def __str__(self) -> str:
        return f"{self.number}"
