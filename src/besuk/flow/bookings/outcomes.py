"""What became of a visit, and whose fault it was. A fault of the facility returns the quota."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_noop as _

Fault = Literal["nobody", "visitor", "inmate", "facility"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`inward` for staff, `outward` for the family; `returns_quota` gives the unit back."""

    fault: Fault
    inward: str
    outward: str
    returns_quota: bool


UNAVAILABLE = _("Warga binaan berhalangan. Jatah Anda tidak berkurang.")
STOPPED = _("Kunjungan dihentikan karena keadaan di UPT. Yang hilang kami ganti.")
"""Never the cause."""
NOT_HELD = _("Kunjungan tidak dapat berlangsung.")
OURS = _("Terganggu karena kami. Yang hilang kami ganti.")

OUTCOMES: dict[str, Outcome] = {
    "completed": Outcome("nobody", _("Selesai"), _("Selesai"), False),
    "completed_early_by_inmate": Outcome("nobody", _("Diakhiri warga binaan"), _("Selesai lebih awal"), False),
    "completed_early_by_visitor": Outcome("nobody", _("Diakhiri pengunjung"), _("Selesai lebih awal"), False),
    "ended_by_supervisor": Outcome("visitor", _("Dihentikan petugas"), _("Dihentikan petugas"), False),
    "failed_technical": Outcome("facility", _("Gangguan teknis"), OURS, True),
    "no_supervisor": Outcome("facility", _("Tidak ada pengawas"), OURS, True),
    "visitor_absent": Outcome("visitor", _("Pengunjung tidak hadir"), _("Anda belum hadir sampai batas waktu"), False),
    "inmate_absent": Outcome("facility", _("Warga binaan tidak dibawa"), UNAVAILABLE, True),
    "inmate_refused": Outcome("inmate", _("Warga binaan menolak"), NOT_HELD, True),
    "inmate_unavailable": Outcome("nobody", _("Warga binaan berhalangan"), UNAVAILABLE, True),
    "visitor_failed_identity": Outcome(
        "visitor", _("Identitas pengunjung tidak cocok"), _("Identitas tidak dapat dipastikan"), False
    ),
    "visitor_declined_rules": Outcome(
        "visitor", _("Pengunjung tidak menyetujui tata tertib"), _("Tata tertib tidak disetujui"), False
    ),
    "cancelled_by_visitor": Outcome("visitor", _("Dibatalkan pengunjung"), _("Anda batalkan"), True),
    "cancelled_by_inmate": Outcome("inmate", _("Dibatalkan warga binaan"), NOT_HELD, True),
    "cancelled_by_facility": Outcome("facility", _("Dibatalkan lapas"), STOPPED, True),
    "withdrawn": Outcome("nobody", _("Ditarik"), _("Dibatalkan"), True),
    "booked_in_error": Outcome("facility", _("Salah pesan"), _("Dibatalkan"), True),
}
"""`cancelled_by_visitor` returns the unit only until the free limit; the action decides that."""
