from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from besuk.flow.live.models import Call
from besuk.ground.accounts.models import Staff
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refs import new_ref


class Warning(models.Model):  # noqa: A001  the field's own word
    """A reminder or formal warning shown to one or both sides."""

    class For(models.TextChoices):
        BOTH = "both", _("Keduanya")
        VISITOR = "visitor", _("Pengunjung")
        INMATE = "inmate", _("Warga binaan")

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="warnings")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    code = models.CharField(max_length=30)
    formal = models.BooleanField(default=False)
    addressed = models.CharField(max_length=10, choices=For.choices, default=For.BOTH)

    def __str__(self) -> str:
        return self.code


class Note(models.Model):
    """What an officer wrote down during a call."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="notes")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=500)

    def __str__(self) -> str:
        return self.text[:40]


class Incident(models.Model):
    """Something that happened in a call and has to be followed up; its owner is the officer who saw it."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="incidents")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)
    text = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.kind


class Listening(models.Model):
    """From when to when an officer heard a call."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="listenings")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.call_id} {self.since:%H:%M:%S}"


class Support(models.Model):
    """Somebody is to be looked after following a call (perlu pendampingan). What was written is sealed."""

    class Side(models.TextChoices):
        OFFICER = "officer", _("Petugas")
        VISITOR = "visitor", _("Keluarga")
        INMATE = "inmate", _("Warga binaan")

    ref = models.CharField(max_length=16, unique=True, default=new_ref, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="supports")
    side = models.CharField(max_length=10, choices=Side.choices)
    """Who asked."""
    by_subject = models.CharField(max_length=40)
    at = models.DateTimeField()
    state = models.CharField(max_length=12, default="asked")
    named = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """The one person it was given to; empty where a facility names nobody."""
    words_sealed = models.BinaryField(default=bytes)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    followed_at = models.DateTimeField(null=True, blank=True)
    report_sealed = models.BinaryField(default=bytes)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["call", "by_subject"],
                condition=models.Q(state__in=["asked", "received"]),
                name="one_open_support_per_person",
            ),
        )

    def __str__(self) -> str:
        return self.ref


class Shift(models.Model):
    """An officer on duty at a wall, from when to when, and how it ended. One open shift, so one wall, an officer."""

    class Reason(models.TextChoices):
        ENDED = "ended", _("Diakhiri petugas")
        MOVED = "moved", _("Dimulai di dinding lain")
        SILENT = "wall_silent", _("Dinding lama tidak terdengar")

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="shifts")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="shifts")
    wall = models.CharField(max_length=60, blank=True)
    """Name of the office computer; empty where that has none."""
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=12, blank=True, choices=Reason.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["staff"], condition=Q(ended_at__isnull=True), name="one_open_shift_per_officer"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="shift_ends_with_a_reason",
            ),
        )
        indexes = (models.Index(fields=["facility", "started_at"], name="shift_started"),)

    def __str__(self) -> str:
        return f"{self.staff_id} {self.started_at:%Y-%m-%d %H:%M}"


class Handover(models.Model):
    """A call that one officer hands to another. Until the other is seen to watch it, the first one keeps it."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="handovers")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="offered")
    offered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was declined, withdrawn, completed or lapsed."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["call", "by"],
                condition=Q(state__in=["offered", "accepted"]),
                name="one_open_handover_of_a_call",
            ),
            models.CheckConstraint(condition=~Q(by=models.F("to")), name="handover_to_somebody_else"),
        )

    def __str__(self) -> str:
        return f"{self.call_id} {self.by_id} -> {self.to_id} {self.state}"


class Task(models.Model):
    """Something that wanted an officer's eye: since when, who took it, who saw to it, when its fact was gone.

    A row stands until its fact is gone, ticked off or not: so the same lasting fact makes no second one. A task
    without a call belongs to the prison.
    """

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="tasks")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    kind = models.CharField(max_length=20)
    side = models.CharField(max_length=10, blank=True)
    raised_at = models.DateTimeField()
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    """When its fact was gone, whether somebody had seen to it or not."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["call", "kind", "side"], condition=Q(cleared_at__isnull=True), name="one_task_per_fact"
            ),
            models.UniqueConstraint(
                fields=["facility", "kind", "side"],
                condition=Q(cleared_at__isnull=True, call__isnull=True),
                name="one_task_per_fact_of_a_prison",
            ),
            models.CheckConstraint(
                condition=Q(done_by__isnull=True, done_at__isnull=True)
                | Q(done_by__isnull=False, done_at__isnull=False),
                name="task_done_by_somebody",
            ),
        )
        indexes = (models.Index(fields=["facility", "raised_at"], name="task_raised"),)

    def __str__(self) -> str:
        return f"{self.call_id} {self.kind} {self.side}"
