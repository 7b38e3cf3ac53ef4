from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from besuk.ground.accounts.models import Staff, Visitor
from besuk.ground.facilities.models import Inmate
from besuk.ground.kernel.models import Facility, SealedFile
from besuk.ground.kernel.refs import new_ref


class Tie(models.Model):
    """The vetted link between a visitor and an inmate (hubungan)."""

    class Relation(models.TextChoices):
        SPOUSE = "spouse", _("Suami/istri")
        PARENT = "parent", _("Orang tua")
        CHILD = "child", _("Anak")
        SIBLING = "sibling", _("Saudara kandung")
        GRANDPARENT = "grandparent", _("Kakek/nenek")
        RELATIVE = "relative", _("Keluarga lain")
        FRIEND = "friend", _("Teman")
        LAWYER = "lawyer", _("Advokat")
        CONSUL = "consul", _("Konsul")
        OMBUDSMAN = "ombudsman", _("Ombudsman")

    ref = models.CharField(max_length=16, unique=True, default=new_ref, editable=False)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="ties")
    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="ties")
    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, null=True, blank=True, related_name="ties")
    """Matched by the desk: the visitor writes a name, never sees a list."""
    inmate_named = models.CharField(max_length=120)
    inmate_hint = models.CharField(max_length=120, blank=True)
    """Father's name, birth year or number, as the visitor wrote it."""
    relation = models.CharField(max_length=12, choices=Relation.choices)
    state = models.CharField(max_length=12, default="submitted")
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reasons = models.JSONField(default=list)
    """Codes of the last refusal or request for more."""
    expires_on = models.DateField(null=True, blank=True)
    permit_issuer = models.CharField(max_length=120, blank=True)
    permit_expires_on = models.DateField(null=True, blank=True)
    """For a tahanan: permission of the detaining authority (PP 58/1999 art. 37(3))."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["visitor", "inmate"],
                condition=Q(state__in=["submitted", "needs_more", "approved", "suspended"], inmate__isnull=False),
                name="one_running_tie_per_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "suspended"]) | Q(inmate__isnull=False),
                name="approved_tie_has_inmate",
            ),
        )
        indexes = (models.Index(fields=["facility", "state", "submitted_at"], name="tie_queue"),)

    def __str__(self) -> str:
        return f"{self.visitor} – {self.inmate_named}"


class Document(models.Model):
    """A picture of a paper that shows who somebody is."""

    class Kind(models.TextChoices):
        ID_CARD = "id_card", _("KTP")
        FAMILY_CARD = "family_card", _("Kartu Keluarga")
        OTHER = "other", _("Lainnya")

    ref = models.CharField(max_length=16, unique=True, default=new_ref, editable=False)
    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    file = models.ForeignKey(SealedFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"
