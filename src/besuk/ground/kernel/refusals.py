"""The one table of refusals: code -> sentence, what to do next, who may read it.

The sentences are Indonesian here and English in the catalogue. A code that only staff may read reaches
visitors as NOT_POSSIBLE, so that a court date or an escape risk is never told by a form.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from besuk.ground.kernel.errors import Refusal

Audience = Literal["everyone", "staff"]


@dataclass(frozen=True, slots=True)
class Code:
    """How one refusal is told. `status` is the HTTP status when it is the whole answer."""

    sentence: str
    next_step: str
    audience: Audience = "everyone"
    status: int = 409


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal in the reader's language."""

    code: str
    sentence: str
    next_step: str


TRY_LATER = _("Coba lagi sebentar lagi. Bila tetap gagal, hubungi petugas.")
ASK_DESK = _("Hubungi petugas pendaftaran.")
OTHER_TIME = _("Pilih waktu lain.")

CODES: dict[str, Code] = {
    # everywhere
    "NOT_POSSIBLE": Code(_("Tidak tersedia."), _("Pilih waktu lain atau hubungi petugas pendaftaran.")),
    "NOT_ALLOWED": Code(_("Anda tidak berwenang melakukan ini."), _("Masuk dengan akun yang sesuai."), status=403),
    "NOT_FOUND": Code(_("Halaman atau data ini tidak ditemukan."), _("Kembali ke halaman awal."), status=404),
    "OUTCOME_SETTLED": Code(
        _("Hasil kunjungan ini sudah dipastikan atau dikoreksi petugas lain."),
        _("Muat ulang halaman untuk melihat hasil yang berlaku."),
        audience="staff",
    ),
    "OUTCOME_NOT_THEIRS": Code(
        _("Hasil ini tidak dapat dipilih untuk kunjungan ini."), _("Pilih hasil lain dari daftar."), "staff", 400
    ),
    "OUTCOME_AGAINST_EVIDENCE": Code(
        _("Hasil ini bertentangan dengan catatan."),
        _("Lihat riwayat kunjungan: siapa yang datang, dan apakah keduanya sempat dipertemukan."),
        "staff",
    ),
    "OUTCOME_OF_OWN_CALL": Code(
        _("Anda mengawasi panggilan ini. Hasil yang disebabkan pihak lapas hanya dapat diubah petugas lain."),
        _("Minta petugas lain memeriksa dan mengoreksinya."),
        "staff",
        403,
    ),
    "VISIT_NOT_OVER": Code(_("Kunjungan ini belum selesai."), _("Kembali ke sini sesudah kunjungan.")),
    "TOO_LATE_TO_COMPLAIN": Code(
        _("Batas waktu mengadu di sini sudah lewat."), _("Sampaikan ke saluran pengaduan di luar lapas.")
    ),
    "COMPLAINT_REASON_MISSING": Code(
        _("Pilih dulu apa yang Anda adukan."), _("Pilih satu dari daftar, lalu kirim lagi."), status=400
    ),
    "COMPLAINT_WORDS_MISSING": Code(
        _("Ceritakan dulu apa yang terjadi."), _("Tulis satu atau dua kalimat, lalu kirim lagi."), status=400
    ),
    "COMPLAINT_OPEN": Code(
        _("Aduan Anda tentang kunjungan ini masih menunggu jawaban."), _("Jawabannya muncul di hasil kunjungan.")
    ),
    "ANSWER_MISSING": Code(_("Jawaban belum ditulis."), _("Tulis jawabannya, lalu kirim lagi."), "staff", 400),
    "STATE_CHANGED": Code(
        _("Keadaannya sudah berubah sebelum Anda menekan tombol."), _("Muat ulang halaman, lalu lihat keadaan terbaru.")
    ),
    "FORM_INCOMPLETE": Code(_("Formulir ini belum lengkap."), _("Muat ulang halaman, lalu isi kembali."), status=400),
    "TIMES_WRONG": Code(
        _("Waktunya belum benar."), _("Isi kedua waktu; waktu selesai harus sesudah waktu mulai."), "staff", 400
    ),
    "NO_SHIFT": Code(
        _("Anda belum memulai tugas."), _("Masukkan PIN Anda di atas untuk memulai, lalu awasi."), "staff", 403
    ),
    "SHIFT_HAS_CALLS": Code(
        _("Anda masih mengawasi {count} panggilan."),
        _("Tunggu sampai selesai atau diawasi petugas lain, tinggalkan, lalu akhiri tugas."),
        "staff",
    ),
    "HANDOVER_NOT_ON_DUTY": Code(
        _("Petugas itu belum memulai tugas."),
        _("Pilih petugas yang bertugas, atau minta ia memulai tugas dulu."),
        "staff",
    ),
    "HANDOVER_WATCHES_ALREADY": Code(
        _("{officer} sudah ikut mengawasi panggilan ini."), _("Pilih petugas lain, atau lepas panggilan ini."), "staff"
    ),
    "HANDOVER_NO_ROOM": Code(
        _("{officer} hanya dapat menerima {room} panggilan lagi."),
        _("Serahkan satu per satu, atau pilih petugas lain."),
        "staff",
    ),
    "HANDOVER_GONE": Code(
        _("Penyerahan ini sudah tidak berlaku."), _("Mungkin sudah dibatalkan, atau panggilannya selesai."), "staff"
    ),
    "SHIFT_MINUTES_WRONG": Code(
        _("Lama geseran belum benar."),
        _("Pilih kelipatan 5 menit, paling lama {most}; waktu baru tidak boleh sudah lewat."),
        "staff",
        400,
    ),
    "SHIFT_TOO_FAR": Code(
        _("Kunjungan terakhir akan selesai terlalu lama sesudah sesi ini."),
        _("Geser paling lama {minutes} menit, atau batalkan yang tidak muat."),
        "staff",
    ),
    "SHIFT_OVERLAPS": Code(
        _("Waktu baru bertabrakan dengan jadwal lain, misalnya kunjungan yang menjadi pukul {at} di Bilik {station}."),
        _("Pilih lama geseran yang lain, atau batalkan yang bertabrakan."),
        "staff",
    ),
    "MINUTES_MISSING": Code(_("Jumlah menit belum diisi."), _("Isi menit bulat, paling sedikit 1."), "staff", 400),
    "SENT_BEFORE_DIFFERENTLY": Code(
        _("Formulir ini sudah dikirim dengan isi yang lain."), _("Muat ulang halaman, lalu isi kembali.")
    ),
    "TOO_MANY_TRIES": Code(_("Terlalu banyak percobaan."), _("Tunggu {minutes} menit, lalu coba lagi."), status=429),
    "CODE_UNKNOWN": Code(_("Terjadi penolakan."), ASK_DESK),
    "MEDIA_UNAVAILABLE": Code(_("Layanan gambar dan suara sedang tidak tersambung."), TRY_LATER, status=503),
    # sign-in
    "SIGN_IN_FAILED": Code(
        _("Nomor atau PIN tidak cocok."),
        _("Periksa lagi. Bila lupa PIN, datang ke loket pendaftaran dengan KTP."),
        status=403,
    ),
    "STAFF_SIGN_IN_FAILED": Code(
        _("Nama pengguna atau kata sandi tidak cocok."),
        _("Periksa lagi. Bila lupa, hubungi administrator sistem."),
        status=403,
    ),
    "STAFF_PIN_FAILED": Code(
        _("Kode petugas atau PIN tidak cocok."),
        _("Periksa lagi, atau masuk dengan nama pengguna dan kata sandi."),
        status=403,
    ),
    "OWN_PIN_WRONG": Code(_("PIN pribadi ini tidak cocok."), _("Periksa lagi PIN Anda."), "staff", 403),
    "OWN_PIN_MISSING": Code(
        _("Anda belum mempunyai PIN pribadi."), _("Buat PIN di halaman Akun saya, lalu kembali ke sini."), "staff", 403
    ),
    "ATTENTION_MISSED": Code(
        _("Pemeriksaan pengawasan tadi tidak terjawab."), _("Masukkan PIN Anda untuk mengawasi lagi."), "staff"
    ),
    "SIGN_IN_NEEDED": Code(_("Anda belum masuk."), _("Masuk dahulu."), status=403),
    "PHONE_INVALID": Code(
        _("Nomor telepon ini tidak benar."),
        _("Periksa lagi angkanya. Tulis seperti 0812 3456 7890."),
        status=400,
    ),
    "NIK_INVALID": Code(_("NIK harus 16 angka seperti di KTP."), _("Periksa lagi NIK di KTP Anda."), status=400),
    "NIK_UNLIKELY": Code(
        _("NIK ini belum benar: tanggal lahir atau daerah di dalamnya tidak ada."),
        _("Bandingkan lagi setiap angkanya dengan KTP Anda."),
        status=400,
    ),
    "NAME_MISSING": Code(_("Nama belum diisi."), _("Tulis nama seperti di KTP."), status=400),
    "PIN_WEAK": Code(
        _("PIN harus 6 angka dan tidak mudah ditebak."),
        _("Jangan memakai 123456 atau angka yang sama semua."),
        status=400,
    ),
    "CHOOSE_PERSON": Code(_("Nomor ini dipakai beberapa orang."), _("Pilih nama Anda.")),
    "SECOND_FACTOR_WRONG": Code(
        _("Kode ini tidak cocok atau sudah dipakai."),
        _("Tunggu kode berikutnya di aplikasi, lalu coba lagi."),
        status=403,
    ),
    "COMPUTER_NOT_PAIRED": Code(
        _("Komputer ini belum didaftarkan untuk ganti petugas."),
        _("Masuk dengan nama pengguna dan kata sandi."),
        status=403,
    ),
    "NIK_KNOWN": Code(_("NIK ini sudah terdaftar atas nama lain."), _("Bandingkan kedua KTP, lalu putuskan."), "staff"),
    "UPLOAD_TOO_LARGE": Code(
        _("Kiriman ini terlalu besar."), _("Pilih foto di bawah {limit} MB, lalu kirim lagi."), status=413
    ),
    # pictures
    "IMAGE_MISSING": Code(_("Foto belum dipilih."), _("Ambil atau pilih satu foto."), status=400),
    "IMAGE_TOO_LARGE": Code(
        _("Foto ini terlalu besar ({megabytes} MB)."), _("Pilih foto di bawah {limit} MB."), status=413
    ),
    "IMAGE_UNREADABLE": Code(
        _("Berkas ini tidak dapat dibuka sebagai foto."), _("Pakai foto JPEG, PNG, WebP, HEIC, atau PDF."), status=400
    ),
    "IMAGE_TOO_SMALL": Code(
        _("Foto ini terlalu kecil untuk dibaca."), _("Ambil lagi lebih dekat, dengan cahaya cukup."), status=400
    ),
    # approvals
    "INMATE_NOT_FOUND": Code(_("Warga binaan belum ditemukan."), ASK_DESK, "staff"),
    "INMATE_NOT_CHOSEN": Code(
        _("Warga binaan belum dipilih."), _("Pilih satu warga binaan dari daftar, lalu setujui."), "staff", 400
    ),
    "INMATE_NOT_HERE": Code(_("Warga binaan tidak berada di sini pada waktu itu."), ASK_DESK, "staff"),
    "TIE_NOT_APPROVED": Code(
        _("Hubungan Anda dengan warga binaan ini belum disetujui."), _("Tunggu kabar dari petugas pendaftaran.")
    ),
    "TIE_EXPIRED": Code(
        _("Persetujuan hubungan ini sudah habis masa berlakunya."), _("Perpanjang di loket pendaftaran.")
    ),
    "TIE_SUSPENDED": Code(
        _("Hubungan ini sedang ditangguhkan."), _("Lihat surat pemberitahuan atau hubungi petugas pendaftaran.")
    ),
    "TIE_EXISTS": Code(_("Anda sudah mendaftarkan hubungan ini."), _("Lihat keadaannya di Kunjungan saya.")),
    "PERMIT_MISSING": Code(
        _("Kunjungan kepada tahanan memerlukan izin dari pihak yang menahan."),
        _("Serahkan surat izin ke loket pendaftaran."),
    ),
    "PERMIT_EXPIRED": Code(
        _("Izin dari pihak yang menahan sudah habis masa berlakunya."),
        _("Serahkan surat izin yang baru ke loket pendaftaran."),
    ),
    "VISITOR_BARRED": Code(_("Pengunjung ini tidak boleh berkunjung."), ASK_DESK, "staff"),
    "KEEP_APART": Code(_("Kedua orang ini harus dipisahkan."), ASK_DESK, "staff"),
    "PRIVILEGED_NOT_YET": Code(
        _("Kunjungan advokat, konsul, dan ombudsman belum dapat dilayani lewat video."),
        _("Datang langsung ke lapas. Pembicaraan rahasia belum dapat dijamin di sini, jadi kami tidak membukanya."),
    ),
    "REASON_MISSING": Code(_("Alasan belum dipilih."), _("Pilih paling sedikit satu alasan."), status=400),
    "WORDS_MISSING": Code(_("Alasan belum ditulis."), _("Tulis alasannya, lalu kirim lagi."), "staff", 400),
    "SAME_OFFICER": Code(_("Keputusan ini harus diambil petugas lain."), _("Minta petugas lain memutuskan."), "staff"),
    # bookings
    "TOO_MANY_PEOPLE": Code(_("Paling banyak {limit} orang dalam satu kunjungan."), _("Kurangi jumlah orang.")),
    "TOO_MANY_ADULTS": Code(
        _("Paling banyak {limit} orang dewasa dalam satu kunjungan."), _("Kurangi jumlah orang dewasa.")
    ),
    "CHILD_WITHOUT_ADULT": Code(
        _("Anak harus didampingi orang dewasa."), _("Tambahkan pendamping yang sudah disetujui.")
    ),
    "PERSON_NOT_NAMED": Code(_("Ada orang yang belum disebut namanya."), _("Tulis nama setiap orang yang ikut.")),
    "SESSION_NOT_FOR_INMATE": Code(_("Jadwal ini bukan untuk warga binaan tersebut."), OTHER_TIME),
    "DATE_CLOSED": Code(_("Layanan tutup pada tanggal itu."), OTHER_TIME),
    "SESSION_CLOSED": Code(_("Sesi itu ditutup."), OTHER_TIME),
    "STATION_CLOSED": Code(_("Bilik itu sedang tidak dipakai."), OTHER_TIME),
    "TOO_EARLY_TO_BOOK": Code(
        _("Jadwal itu belum dibuka untuk dipesan."), _("Pesan paling awal {days} hari sebelumnya.")
    ),
    "TOO_LATE_TO_BOOK": Code(
        _("Jadwal itu sudah terlalu dekat untuk dipesan."), _("Pilih jadwal mulai {days} hari lagi.")
    ),
    "INMATE_QUOTA_USED": Code(
        _("Jatah kunjungan warga binaan ini untuk minggu itu sudah terpakai."), _("Pilih waktu di minggu lain.")
    ),
    "VISITOR_QUOTA_USED": Code(_("Jatah Anda untuk minggu itu sudah terpakai."), _("Pilih waktu di minggu lain.")),
    "INMATE_HAS_VISIT_THEN": Code(_("Warga binaan ini sudah punya kunjungan pada waktu itu."), OTHER_TIME, "staff"),
    "VISITOR_HAS_VISIT_THEN": Code(_("Anda sudah punya kunjungan pada waktu itu."), OTHER_TIME),
    "SLOT_TAKEN": Code(_("Jadwal ini baru saja diambil orang lain."), _("Pilih jadwal lain yang masih kosong.")),
    "SLOT_UNKNOWN": Code(_("Jadwal itu tidak ada."), OTHER_TIME, status=404),
    "HOLD_EXPIRED": Code(_("Waktu 10 menit untuk menyelesaikan pesanan sudah lewat."), _("Pilih jadwal sekali lagi.")),
    "RULES_NOT_ACCEPTED": Code(
        _("Tata tertib belum disetujui."), _("Baca tata tertib, lalu beri tanda setuju."), status=400
    ),
    "TOO_LATE_TO_CANCEL": Code(
        _("Pembatalan tanpa mengurangi jatah hanya sampai {hours} jam sebelumnya."),
        _("Hubungi petugas bila ada halangan."),
    ),
    "SERVICE_SUSPENDED": Code(_("Layanan sedang dihentikan sementara."), _("Lihat pengumuman di halaman lapas.")),
    # check-in
    "TOO_EARLY_TO_CHECK_IN": Code(
        _("Ruang tunggu dibuka {minutes} menit sebelum jadwal."), _("Kembali lagi nanti. Tempat Anda tetap aman.")
    ),
    "VISIT_OVER": Code(_("Waktu kunjungan ini sudah lewat."), _("Lihat hasilnya di Kunjungan saya.")),
    "NOT_RUNG_YET": Code(
        _("Keluarga belum dihubungi."), _("Hubungi keluarga sekali dan catat, baru nyatakan tidak hadir."), "staff"
    ),
    "NOT_LATE_YET": Code(
        _("Batas keterlambatan belum lewat."), _("Tunggu sampai {minutes} menit sesudah jadwal."), "staff"
    ),
    # live
    "NOT_IN_THIS_CALL": Code(_("Panggilan ini bukan untuk Anda."), _("Buka dari halaman Kunjungan saya."), status=404),
    "CALL_NOT_OPEN": Code(_("Panggilan ini belum dibuka."), _("Tunggu di halaman ini.")),
    "CALL_ENDED": Code(_("Panggilan ini sudah selesai."), _("Lihat hasilnya di Kunjungan saya.")),
    "EJECTED": Code(_("Anda dikeluarkan dari panggilan ini."), _("Hubungi petugas."), status=403),
    "OPENED_ELSEWHERE": Code(_("Halaman ini dibuka di tempat lain."), _("Tutup yang lain, atau lanjutkan di sana.")),
    "SOMEBODY_SPEAKS": Code(
        _("Petugas lain sedang berbicara di panggilan ini."), _("Tunggu sampai petugas itu selesai."), "staff"
    ),
    "CALL_PRIVILEGED": Code(
        _("Panggilan ini dilindungi: tidak boleh dilihat atau didengar siapa pun."),
        _("Tidak ada izin yang dapat membukanya."),
        "staff",
        403,
    ),
    "NO_SUPERVISOR": Code(_("Belum ada petugas yang mengawasi."), _("Mulai mengawasi dahulu."), "staff"),
    "SECOND_SUPERVISOR_MISSING": Code(
        _("Kunjungan ini perlu dua pengawas."), _("Minta petugas lain ikut mengawasi, lalu izinkan."), "staff"
    ),
    "BOTH_SIDES_NOT_SEEN": Code(_("Kedua pihak belum terlihat."), _("Tunggu sampai gambar keduanya muncul."), "staff"),
    "EXTENSION_TOO_LONG": Code(
        _("Waktu paling lama ditambah {longest} menit."), _("Pilih {longest} menit atau kurang."), "staff"
    ),
    "NO_MORE_MINUTES": Code(
        _("Waktu panggilan ini tidak dapat ditambah lagi."),
        _("Batas tambahan sudah terpakai, atau jadwal berikutnya segera mulai."),
        "staff",
    ),
    # oversight
    "WALL_FULL": Code(_("Anda sudah mengawasi {limit} panggilan."), _("Serahkan satu panggilan dahulu."), "staff"),
    "NOT_WATCHING": Code(_("Anda tidak sedang mengawasi panggilan ini."), _("Mulai mengawasi dahulu."), "staff"),
    "TASK_TAKEN": Code(
        _("Tugas ini sedang dikerjakan petugas {officer}."),
        _("Pilih tugas lain, atau bicara dengan petugas itu."),
        "staff",
    ),
    "TASK_GONE": Code(_("Tugas ini sudah tidak ada."), _("Lihat daftar tugas yang sekarang."), "staff"),
    "TASK_NOT_YOURS": Code(_("Tugas ini belum Anda ambil."), _("Tekan Ambil dahulu, lalu Selesai."), "staff"),
    "TASK_ENDS_ITSELF": Code(
        _("Tugas ini selesai sendiri begitu penyebabnya tidak ada."),
        _("Lakukan yang diminta tugas ini di petaknya."),
        "staff",
    ),
    "COUNT_UNCLEAR": Code(_("Jumlah orang belum jelas."), _("Isi angka bulat dari 0 sampai {most}."), "staff", 400),
    "RECORD_BEHIND": Code(
        _("Pencatatan sedang terlambat, jadi ini belum dilakukan."),
        _("Coba lagi sebentar lagi. Jeda dan Akhiri tetap langsung bekerja."),
        "staff",
        503,
    ),
    "PURPOSE_MISSING": Code(_("Tujuan belum ditulis."), _("Tulis mengapa Anda melihat panggilan ini."), "staff", 400),
    # stations
    "PAIRING_CODE_WRONG": Code(
        _("Kode pasangan ini tidak cocok atau sudah lewat."), _("Minta kode baru dari petugas."), status=403
    ),
    "PAIRING_CODE_MISSING": Code(
        _("Kode pasangan belum diisi."), _("Ketik 8 angka dari halaman Hari ini."), status=400
    ),
    "STATION_NOT_PAIRED": Code(
        _("Komputer ini belum dipasangkan."), _("Minta kode pasangan dari petugas."), status=403
    ),
}


def told(reasons: Iterable[Refusal], *, to_staff: bool) -> list[Told]:
    """The refusals as sentences in the active language; private ones are blurred for visitors."""
    seen: dict[str, Told] = {}
    for reason in reasons:
        code = reason.code if reason.code in CODES else "CODE_UNKNOWN"
        if CODES[code].audience == "staff" and not to_staff:
            code = "NOT_POSSIBLE"
        text = CODES[code]
        seen.setdefault(code, Told(code, _filled(text.sentence, reason), _filled(text.next_step, reason)))
    return list(seen.values())


def _filled(msgid: str, reason: Refusal) -> str:
    class Gaps(dict[str, object]):
        def __missing__(self, key: str) -> str:
            return "…"

    return gettext(msgid).format_map(Gaps(reason.detail))


def status_of(reasons: Iterable[Refusal]) -> int:
    """The HTTP status of an answer that is nothing but this refusal: that of its first reason."""
    return next((CODES[reason.code].status for reason in reasons if reason.code in CODES), 409)
