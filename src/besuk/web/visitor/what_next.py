"""After a visit: what happens next and whom to ask, by outcome, in words that give no private reason away."""

from django.utils.translation import gettext_noop as _

BOOK_AGAIN = _("Anda dapat memesan kunjungan berikutnya di Kunjungan saya.")
OTHER_TIME = _("Anda dapat memesan waktu lain. Pertanyaan dijawab di loket pendaftaran.")
OUR_FAULT = _("Anda dapat memesan waktu lain. Bila terjadi lagi, beri tahu petugas di loket pendaftaran.")
NOT_ASKED_FOR = _("Bila Anda tidak memintanya, tanyakan di loket pendaftaran.")

NOT_YET = _("Hasilnya muncul di sini setelah dicatat. Bila besok belum ada, tanyakan di loket pendaftaran.")
NEXT: dict[str, str] = {
    "completed": BOOK_AGAIN,
    "completed_early_by_inmate": BOOK_AGAIN,
    "completed_early_by_visitor": BOOK_AGAIN,
    "ended_by_supervisor": _("Alasannya dapat Anda tanyakan di loket pendaftaran. Bawa KTP Anda."),
    "failed_technical": OUR_FAULT,
    "no_supervisor": OUR_FAULT,
    "visitor_absent": _("Anda dapat memesan untuk minggu lain. Bila ada halangan, sampaikan di loket pendaftaran."),
    "inmate_absent": OTHER_TIME,
    "inmate_refused": OTHER_TIME,
    "inmate_unavailable": OTHER_TIME,
    "visitor_failed_identity": _("Datang ke loket pendaftaran dengan KTP, supaya data Anda dicocokkan."),
    "visitor_declined_rules": _(
        "Kunjungan hanya dapat berlangsung bila tata tertib disetujui. Pesan untuk minggu lain."
    ),
    "cancelled_by_visitor": BOOK_AGAIN,
    "cancelled_by_inmate": OTHER_TIME,
    "cancelled_by_facility": OTHER_TIME,
    "withdrawn": NOT_ASKED_FOR,
    "booked_in_error": NOT_ASKED_FOR,
}
"""The same words for all that the family must not tell apart: declined, prevented, not brought."""
