"""What can be complained of, and the points of a rating, in words."""

from django.utils.translation import gettext_noop as _

REASONS: dict[str, str] = {
    "not_held": _("Kunjungan tidak terjadi"),
    "too_short": _("Waktunya kurang dari yang dijanjikan"),
    "line": _("Gambar atau suara buruk"),
    "outcome": _("Hasil yang dicatat tidak benar"),
    "officer": _("Sikap petugas"),
    "money": _("Diminta uang atau barang"),
    "other": _("Lainnya"),
}
POINTS: dict[int, str] = {
    1: _("Buruk"),
    2: _("Kurang"),
    3: _("Cukup"),
    4: _("Baik"),
    5: _("Baik sekali"),
}
STATES = {"open": _("menunggu jawaban"), "answered": _("sudah dijawab")}
