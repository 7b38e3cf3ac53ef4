from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from besuk.ground.facilities.models import Station
from besuk.ground.kernel.models import Facility


class SessionTemplate(models.Model):
    """A weekly pattern (sesi): a weekday, from when to when, who may use it."""

    class WhoMay(models.TextChoices):
        ALL = "all", _("Semua")
        CONVICTED = "convicted", _("Narapidana")
        REMAND = "remand", _("Tahanan")

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="session_templates")
    weekday = models.PositiveSmallIntegerField()
    """Monday is 0, as in Python."""
    starts = models.TimeField()
    ends = models.TimeField()
    """Local time of the facility."""
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    """The last day it applies; none: until changed."""
    slot_minutes = models.PositiveSmallIntegerField(default=15)
    buffer_minutes = models.PositiveSmallIntegerField(default=5)
    stagger_minutes = models.PositiveSmallIntegerField(default=5)
    """How much later each next station starts."""
    who_may = models.CharField(max_length=12, choices=WhoMay.choices, default=WhoMay.ALL)
    stations = models.ManyToManyField(Station, blank=True, related_name="session_templates")
    """None chosen: every station."""

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(weekday__lte=6), name="session_weekday"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="session_ends_after_start"),
            models.CheckConstraint(
                condition=Q(slot_minutes__in=list(range(5, 245, 5)))
                & Q(buffer_minutes__in=list(range(0, 65, 5)))
                & Q(stagger_minutes__in=list(range(0, 65, 5))),
                name="session_multiples_of_five",
            ),
        )

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H.%M}-{self.ends:%H.%M}"


class Closure(models.Model):
    """A time in which the facility, or one station, is closed."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="closures")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, null=True, blank=True, related_name="closures")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    """Internal; outwardly the service is simply closed."""

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="closure_ends_after_start"),
        )

    def __str__(self) -> str:
        return f"{self.starts_at:%d.%m. %H.%M}"
