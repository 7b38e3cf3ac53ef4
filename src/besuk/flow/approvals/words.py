"""Sentences of vetting: reasons for a refusal, things that are missing, states of a tie."""

from django.utils.translation import gettext_noop as _

REASONS: dict[str, str] = {
    "name_does_not_match": _("Nama tidak sama dengan KTP"),
    "inmate_not_found": _("Data yang ditulis belum cocok"),
    "relation_not_shown": _("Hubungan belum dapat dibuktikan"),
    "id_not_readable": _("Foto KTP tidak terbaca"),
    "not_suitable": _("Permohonan belum dapat disetujui"),
}
MISSING: dict[str, str] = {
    "clearer_id_photo": _("Foto KTP yang lebih jelas"),
    "family_card": _("Foto Kartu Keluarga"),
    "inmate_name": _("Nama lengkap warga binaan dan nama ayahnya"),
    "permit": _("Surat izin dari pihak yang menahan"),
}
STATES: dict[str, str] = {
    "draft": _("Belum dikirim"),
    "submitted": _("Sedang diperiksa"),
    "needs_more": _("Perlu dilengkapi"),
    "approved": _("Disetujui"),
    "refused": _("Belum dapat disetujui"),
    "suspended": _("Ditangguhkan"),
    "revoked": _("Dicabut"),
}
