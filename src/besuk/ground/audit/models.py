from typing import Any, NoReturn

from django.db import models

from besuk.ground.kernel.models import Facility


class CannotBeDeleted(RuntimeError):
    """The log is append-only."""


class AppendOnly(models.QuerySet[Any]):
    """A query set that can add and read, nothing else."""

    def delete(self) -> NoReturn:
        raise CannotBeDeleted("log entries cannot be deleted")

    def update(self, **kwargs: Any) -> NoReturn:
        raise CannotBeDeleted("log entries cannot be changed")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise CannotBeDeleted("log entries cannot be changed")


class ChainHead(models.Model):
    """The newest entry of a facility's chain; its row lock is the chain's lock."""

    facility = models.OneToOneField(Facility, on_delete=models.PROTECT, related_name="chain_head")
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"{self.facility_id}: {self.number}"


class Entry(models.Model):
    """One thing that was done. People stand here as random subject ids only."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="audit_entries")
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    code = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10)
    actor_subject = models.CharField(max_length=40, blank=True)
    actor_role = models.CharField(max_length=20, blank=True)
    object_kind = models.CharField(max_length=40)
    object_ref = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    purpose = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=45, blank=True)
    text_hash = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AppendOnly.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["facility", "number"], name="one_entry_per_number"),)
        indexes = (
            models.Index(fields=["object_kind", "object_ref"], name="entry_object"),
            models.Index(fields=["facility", "at"], name="entry_time"),
        )

    def __str__(self) -> str:
        return f"{self.facility_id}/{self.number} {self.code}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise CannotBeDeleted("log entries cannot be deleted")


class EntryText(models.Model):
    """Free text of an entry. Retention may delete it; the chain keeps only its salted hash."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="text")
    salt = models.CharField(max_length=32)
    words = models.TextField()

    def __str__(self) -> str:
        return self.words[:40]


class Transition(models.Model):
    """One change of state of one thing: the history of its lifecycle."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    object_pk = models.PositiveBigIntegerField()
    verb = models.CharField(max_length=30)
    before = models.CharField(max_length=30)
    after = models.CharField(max_length=30)
    at = models.DateTimeField()
    actor_subject = models.CharField(max_length=40, blank=True)

    objects = AppendOnly.as_manager()

    class Meta:
        indexes = (models.Index(fields=["kind", "object_pk"], name="transition_object"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.object_pk}: {self.before} -> {self.after}"


class Checkpoint(models.Model):
    """A signed statement of all chain heads at a moment, for an outsider to keep."""

    at = models.DateTimeField()
    heads = models.JSONField()
    root = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    public_key = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.root[:12]}"
