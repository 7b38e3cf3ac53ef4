from django.db import models
from django.db.models import Q

from besuk.ground.kernel.refs import new_ref


class Facility(models.Model):
    """The identity of one prison (UPT). Its policy and rooms live in `facilities`."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=40, default="Asia/Jakarta")
    suspended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class IdempotencyKey(models.Model):
    """The first answer to a form that may be sent twice."""

    actor_subject = models.CharField(max_length=40)
    action = models.CharField(max_length=60)
    key = models.CharField(max_length=64)
    body_hash = models.CharField(max_length=64)
    result = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["actor_subject", "action", "key"], name="idempotency_once"),)
        indexes = (models.Index(fields=["created_at"], name="idempotency_age"),)

    def __str__(self) -> str:
        return f"{self.action} {self.key}"


class OutboxMessage(models.Model):
    """Something to be done after the transaction, once it is certain that it happened."""

    topic = models.CharField(max_length=60)
    body = models.JSONField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["due_at"], name="outbox_open", condition=Q(done_at__isnull=True, dead_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic} #{self.pk}"


class RateBucket(models.Model):
    """How often something was tried lately (see rate.py)."""

    key = models.CharField(max_length=120, unique=True)
    tokens = models.FloatField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class SealedFile(models.Model):
    """An encrypted file: bytes on disk under a key of its own, the key wrapped by the master key."""

    ref = models.CharField(max_length=16, unique=True, default=new_ref)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=30)
    mime = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    wrapped_key = models.BinaryField()
    created_at = models.DateTimeField()
    purged_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.ref
