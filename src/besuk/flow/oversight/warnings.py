"""Canned words of officers, in both languages: warnings, and reasons for pausing, ending and refusing.

The list is field.md's: what house rules everywhere ask for. A warning says whom it is for and never blames.
"""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from besuk.flow.live.hub import Message


@dataclass(frozen=True, slots=True)
class Canned:
    """`label` is on the officer's button, `text` is what the people read."""

    label: str
    text: str


WARNINGS: dict[str, Canned] = {
    "person_not_listed": Canned(
        _("Orang tidak terdaftar"),
        _("Ada orang yang tidak terdaftar untuk kunjungan ini. Hanya orang yang terdaftar yang boleh ikut."),
    ),
    "dress": Canned(_("Pakaian"), _("Mohon berpakaian sopan selama kunjungan.")),
    "recording": Canned(_("Merekam layar"), _("Merekam, memotret, atau menyalin layar tidak diperbolehkan.")),
    "third_party": Canned(
        _("Pihak lain lewat telepon"), _("Pihak lain lewat telepon tidak diperbolehkan ikut. Mohon akhiri telepon itu.")
    ),
    "language": Canned(_("Kata-kata kasar"), _("Mohon berbicara dengan sopan.")),
    "unlawful": Canned(
        _("Pembicaraan terlarang"),
        _("Pembicaraan ini menyangkut hal yang dilarang. Mohon berganti pokok pembicaraan."),
    ),
    "leave_picture": Canned(_("Keluar dari gambar"), _("Mohon tetap berada di dalam gambar.")),
    "show_face": Canned(_("Wajah tidak terlihat"), _("Cahaya kurang. Mohon perlihatkan wajah Anda dengan jelas.")),
}

PAUSE_REASONS: dict[str, str] = {
    "rules": _("Tata tertib"),
    "identity": _("Memeriksa identitas"),
    "picture": _("Gambar atau suara terganggu"),
    "security": _("Keamanan"),
    "other": _("Lainnya"),
}

END_REASONS: dict[str, tuple[str, str]] = {
    "rules_broken": (_("Tata tertib dilanggar sesudah peringatan"), "ended_by_supervisor"),
    "nudity": (_("Tidak berpakaian"), "ended_by_supervisor"),
    "unapproved_person": (_("Orang yang tidak disetujui"), "ended_by_supervisor"),
    "recording": (_("Merekam layar"), "ended_by_supervisor"),
    "threat": (_("Ancaman"), "ended_by_supervisor"),
    "crime": (_("Merencanakan perbuatan terlarang"), "ended_by_supervisor"),
    "technical": (_("Gangguan teknis"), "failed_technical"),
    "finished": (_("Pembicaraan sudah selesai"), "completed"),
}
"""Reason -> (words, outcome). The officer confirms what the evidence and the reason speak for."""

EXTEND_REASONS: dict[str, str] = {
    "late_start": _("Mulai terlambat karena lapas"),
    "technical": _("Gangguan teknis"),
    "family_news": _("Kabar penting keluarga"),
    "compassion": _("Pertimbangan kemanusiaan"),
    "head": _("Atas perintah Kalapas"),
}
"""Why minutes were added: they are what is sold where services are free, so each has a reason and a name."""

INCIDENTS: dict[str, str] = {
    "nudity": _("Tidak berpakaian"),
    "unapproved_person": _("Orang yang tidak disetujui"),
    "recording": _("Merekam layar"),
    "threat": _("Ancaman"),
    "crime": _("Merencanakan perbuatan terlarang"),
    "false_identity": _("Identitas palsu"),
    "forbidden_thing": _("Barang terlarang terlihat"),
    "health": _("Keadaan darurat kesehatan"),
    "other": _("Lainnya"),
}

REFUSE_REASONS: dict[str, str] = {
    "other_person": _("Bukan orang yang terdaftar"),
    "document_differs": _("Wajah tidak sama dengan dokumen"),
    "cannot_be_seen": _("Wajah tidak dapat dipastikan"),
}
"""Why an identity could not be confirmed."""


def message_of(warning_id: str, code: str, formal: bool, addressed: str) -> Message:
    """The warning as the control socket carries it, in the active language."""
    text = gettext(WARNINGS[code].text)
    return {"t": "warning", "id": warning_id, "code": code, "text": text, "formal": formal, "for": addressed}
