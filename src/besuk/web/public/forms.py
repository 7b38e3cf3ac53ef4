"""Fields of the sign-in pages."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from besuk.web.shared.fields import unless_given

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DIGITS = {"inputmode": "numeric", "autocomplete": "off"}


def pin_field(label: "StrOrPromise", autocomplete: str) -> forms.CharField:
    """Six digits that nobody reads over a shoulder."""
    widget = forms.PasswordInput(attrs={**DIGITS, "autocomplete": autocomplete, "class": "pin", "maxlength": "6"})
    missing = unless_given(_("PIN belum diisi. Ketik 6 angka."))
    return forms.CharField(label=label, max_length=6, widget=widget, error_messages=missing)


class VisitorSignIn(forms.Form):
    phone = forms.CharField(
        label=_("Nomor telepon"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("Nomor yang dipakai saat mendaftar."),
        error_messages=unless_given(_("Nomor telepon belum diisi. Tulis seperti 0812 3456 7890.")),
    )
    pin = pin_field(_("PIN 6 angka"), "current-password")


class StaffSignIn(forms.Form):
    username = forms.CharField(
        label=_("Nama pengguna"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        error_messages=unless_given(_("Nama pengguna belum diisi. Tulis nama pengguna Anda.")),
    )
    password = forms.CharField(
        label=_("Kata sandi"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages=unless_given(_("Kata sandi belum diisi. Ketik kata sandi Anda.")),
    )


class SecondFactor(forms.Form):
    code = forms.CharField(
        label=_("Kode dari aplikasi"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "one-time-code", "class": "short"}),
        help_text=_("6 angka dari aplikasi autentikator, atau satu kode cadangan."),
        error_messages=unless_given(_("Kode belum diisi. Ketik kode dari aplikasi.")),
    )


class Switch(forms.Form):
    code = forms.CharField(
        label=_("Kode petugas"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short"}),
        error_messages=unless_given(_("Kode petugas belum diisi. Tulis kode Anda.")),
    )
    pin = pin_field(_("PIN pribadi"), "off")


class NewPin(forms.Form):
    pin = pin_field(_("PIN baru, 6 angka"), "new-password")
    again = pin_field(_("PIN baru sekali lagi"), "new-password")


class NewComputer(forms.Form):
    name = forms.CharField(
        label=_("Nama komputer ini"),
        max_length=60,
        help_text=_("Misalnya: Loket 1, Ruang pengawas."),
        error_messages=unless_given(_("Nama komputer belum diisi. Tulis misalnya Loket 1.")),
    )
