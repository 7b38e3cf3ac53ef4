from django.db import models
from django.db.models import Q

from besuk.ground.kernel.models import Facility


class Notice(models.Model):
    """One message to one person, in their language. The inbox is this table."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=40, db_index=True)
    """Subject id of a visitor, staff member or inmate."""
    template = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    """What the template's sentences need; rendered when read, in the reader's language."""
    language = models.CharField(max_length=5, default="id")
    """Language of what goes out of the house about it."""
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["recipient", "-created_at"], name="notice_inbox"),)

    def __str__(self) -> str:
        return self.template


class Delivery(models.Model):
    """One attempt to bring a notice through one channel."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=20)
    at = models.DateTimeField()
    ok = models.BooleanField()
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["notice", "channel"], condition=Q(ok=True), name="delivered_once"),
        )

    def __str__(self) -> str:
        return f"{self.channel} {'ok' if self.ok else self.detail}"
