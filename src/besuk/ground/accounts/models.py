from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refs import new_ref, new_subject


class StaffManager(BaseUserManager["Staff"]):
    def get_by_natural_key(self, username: str | None) -> "Staff":
        return self.get(username=username)


class Staff(AbstractBaseUser):
    """A person who works for a prison or its regional office."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=12, unique=True)
    """The officer code that families see instead of a name."""
    email = models.EmailField(blank=True)
    subject = models.CharField(max_length=40, unique=True, default=new_subject, editable=False)
    pin_hash = models.CharField(max_length=128, blank=True)
    is_active = models.BooleanField(default=True)
    is_system_administrator = models.BooleanField(default=False)

    objects = StaffManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Django's word for people who may open its own admin pages."""
        return self.is_system_administrator


class SecondFactor(models.Model):
    """The authenticator app of a member of staff (TOTP)."""

    staff = models.OneToOneField(Staff, on_delete=models.PROTECT, related_name="second_factor")
    secret_sealed = models.BinaryField()
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    """Empty until a first code proved that the app has the secret."""
    last_step = models.PositiveBigIntegerField(default=0)
    """The 30-second step of the last code taken: no code works twice."""

    def __str__(self) -> str:
        return f"{self.staff}: TOTP"


class RecoveryCode(models.Model):
    """One code on paper for the day the authenticator app is lost."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="recovery_codes")
    code_index = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["staff", "code_index"], name="one_recovery_code"),)

    def __str__(self) -> str:
        return f"{self.staff}: recovery code"


class Membership(models.Model):
    """A role of a staff member at one facility."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="memberships")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["staff", "facility", "role"], name="one_membership_per_role"),)

    def __str__(self) -> str:
        return f"{self.staff} {self.role}"


class OfficeComputer(models.Model):
    """A paired PC of an office, on which officers switch by personal PIN."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="office_computers")
    name = models.CharField(max_length=60)
    key_hash = models.CharField(max_length=64, unique=True)
    paired_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    paired_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Visitor(models.Model):
    """A person outside. Several may share a phone number, each with a PIN; NIK is the identity."""

    class Honorific(models.TextChoices):
        BAPAK = "bapak", "Bapak"
        IBU = "ibu", "Ibu"

    ref = models.CharField(max_length=16, unique=True, default=new_ref, editable=False)
    subject = models.CharField(max_length=40, unique=True, default=new_subject, editable=False)
    name = models.CharField(max_length=120)
    honorific = models.CharField(max_length=10, choices=Honorific.choices)
    phone = models.CharField(max_length=20, db_index=True)
    """E.164. Contact only, never identity."""
    pin_hash = models.CharField(max_length=128, blank=True)
    nik_sealed = models.BinaryField()
    nik_index = models.CharField(max_length=64, db_index=True)
    nik_last4 = models.CharField(max_length=4)
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates")
    """Who had this NIK first. The form does not tell; the desk sees it and decides."""
    language = models.CharField(max_length=5, default="id")
    zone = models.CharField(max_length=40, default="Asia/Jakarta")
    created_at = models.DateTimeField()
    barred_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["nik_index"], condition=Q(duplicate_of__isnull=True), name="one_first_nik"),
        )

    def __str__(self) -> str:
        return self.name
