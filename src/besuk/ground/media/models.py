from django.db import models
from django.db.models import Q


class RawMediaEvent(models.Model):
    """A report of the media server as it came, kept before anything is done with it."""

    event_id = models.CharField(max_length=64, unique=True)
    room = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    body = models.TextField()
    handled_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["room", "received_at"], name="media_event_room"),
            models.Index(fields=["received_at"], name="media_event_open", condition=Q(handled_at__isnull=True)),
        )

    def __str__(self) -> str:
        return self.event_id
