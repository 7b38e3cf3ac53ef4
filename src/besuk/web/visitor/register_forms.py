"""The questions of the registration, one form a page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from besuk.flow.approvals.models import Tie
from besuk.flow.approvals.rules import PRIVILEGED
from besuk.ground.accounts.models import Visitor
from besuk.ground.accounts.rules import check_name, check_nik, check_pin, normal_phone
from besuk.ground.kernel.errors import Refusal, Refused
from besuk.ground.kernel.models import Facility
from besuk.ground.kernel.refusals import told
from besuk.web.shared.fields import unless_given


def _complain(reasons: list[Refusal]) -> None:
    if reasons:
        raise forms.ValidationError([f"{one.sentence} {one.next_step}" for one in told(reasons, to_staff=False)])


def known_facility(code: str) -> str:
    """The code, if there is such a prison; else nothing."""
    return code if Facility.objects.filter(code=code).exists() else ""


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("Nomor telepon Anda"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("Seperti 0812 3456 7890. Boleh dipakai bersama keluarga."),
        error_messages=unless_given(_("Nomor telepon belum diisi. Tulis seperti 0812 3456 7890.")),
    )

    def clean_phone(self) -> str:
        """The number as written, if it is one."""
        phone: str = self.cleaned_data["phone"]
        try:
            normal_phone(phone)
        except Refused as refused:
            _complain(list(refused.reasons))
        return phone


class PersonForm(forms.Form):
    name = forms.CharField(
        label=_("Nama seperti di KTP"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages=unless_given(_("Nama belum diisi. Tulis nama seperti di KTP.")),
    )
    honorific = forms.ChoiceField(
        label=_("Sapaan"),
        choices=Visitor.Honorific.choices,
        widget=forms.RadioSelect,
        initial="ibu",
        error_messages=unless_given(_("Sapaan belum dipilih. Pilih salah satu.")),
    )
    nik = forms.CharField(
        label=_("NIK"),
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("16 angka di KTP Anda."),
        error_messages=unless_given(_("NIK belum diisi. Tulis 16 angka di KTP Anda.")),
    )

    def clean_name(self) -> str:
        """The name, if it will do."""
        name: str = self.cleaned_data["name"]
        _complain(check_name(name))
        return name

    def clean_nik(self) -> str:
        """The NIK, if it can be one."""
        nik: str = self.cleaned_data["nik"]
        _complain(check_nik(nik))
        return nik


class InmateForm(forms.Form):
    facility = forms.ChoiceField(
        label=_("Lapas atau rutan"),
        error_messages=unless_given(_("Lapas atau rutan belum dipilih. Pilih tempat orang yang ingin Anda kunjungi.")),
    )
    inmate_named = forms.CharField(
        label=_("Nama warga binaan"),
        max_length=120,
        help_text=_("Nama lengkap, sebisa mungkin."),
        error_messages=unless_given(_("Nama warga binaan belum diisi. Tulis nama lengkapnya, sebisa mungkin.")),
    )
    inmate_hint = forms.CharField(
        label=_("Nama ayahnya, tahun lahir, atau nomor registrasi"),
        max_length=120,
        required=False,
        help_text=_("Membantu petugas menemukan orang yang benar."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = list(Facility.objects.order_by("name").values_list("code", "name"))
        field = self.fields["facility"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Pilih…")), *choices]


class RelationForm(forms.Form):
    relation = forms.ChoiceField(
        label=_("Bagi warga binaan itu, Anda adalah"),
        widget=forms.RadioSelect,
        error_messages=unless_given(_("Hubungan belum dipilih. Pilih yang paling sesuai.")),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["relation"]
        if isinstance(field, forms.ChoiceField):
            field.choices = Tie.Relation.choices

    def clean_relation(self) -> str:
        """The relation; privileged ones are told at once that their protection does not exist yet."""
        relation: str = self.cleaned_data["relation"]
        _complain([Refusal("PRIVILEGED_NOT_YET")] if relation in PRIVILEGED else [])
        return relation


class PhotoForm(forms.Form):
    """The picture is taken in by the view, since a refusal of it has its own sentences."""

    consent = forms.BooleanField(
        label=_("Data ini benar, dan boleh dipakai lapas untuk memeriksa permohonan saya."),
        error_messages={"required": _("Beri tanda setuju untuk melanjutkan.")},
    )


class PhotoAndPinForm(PhotoForm):
    pin = forms.CharField(
        label=_("Buat PIN 6 angka"),
        max_length=6,
        widget=forms.PasswordInput(
            attrs={"inputmode": "numeric", "autocomplete": "new-password", "class": "pin", "maxlength": "6"}
        ),
        help_text=_("Untuk masuk nanti. Jangan beri tahu siapa pun, juga petugas."),
        error_messages=unless_given(_("PIN belum diisi. Ketik 6 angka.")),
    )
    field_order = ("pin", "consent")

    def clean_pin(self) -> str:
        """The PIN, if it is not too easy."""
        pin: str = self.cleaned_data["pin"]
        _complain(check_pin(pin))
        return pin
