"""What each code of the log says to people. A test finds codes without a sentence."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

FALLBACK = _("Tercatat: {code}")

CODES: dict[str, str] = {
    # people
    "staff.signed_in": _("Petugas masuk"),
    "staff.signed_out": _("Petugas keluar"),
    "staff.sign_in_failed": _("Percobaan masuk gagal"),
    "staff.pin_proved": _("Petugas memasukkan PIN pribadi"),
    "staff.pin_failed": _("PIN pribadi petugas tidak cocok"),
    "staff.pin_set": _("Petugas mengganti PIN pribadi"),
    "staff.factor_enrolled": _("Petugas memasang kode kedua"),
    "computer.paired": _("Komputer kantor didaftarkan"),
    "computer.revoked": _("Pendaftaran komputer kantor dicabut"),
    "visitor.pin_set": _("PIN pengunjung diganti di loket"),
    # the prison
    "station.pairing_offered": _("Kode pasangan bilik dibuat"),
    "station.paired": _("Komputer dipasangkan dengan bilik"),
    "station.opened": _("Bilik dibuka"),
    "station.closed": _("Bilik ditutup"),
    "inmate.moved": _("Keberadaan warga binaan diubah"),
    "inmate.photo_set": _("Foto warga binaan disimpan"),
    "inmate.photo_viewed": _("Foto warga binaan dilihat"),
    "station.taken": _("Bilik dipakai untuk keperluan lain"),
    "service.stopped": _("Semua panggilan dihentikan"),
    "service.reopened": _("Panggilan dibuka kembali"),
    # ties
    "tie.apply": _("Hubungan diajukan"),
    "tie.submit": _("Berkas dilengkapi"),
    "tie.ask_for_more": _("Diminta melengkapi berkas"),
    "tie.match": _("Warga binaan dicocokkan"),
    "tie.approve": _("Hubungan disetujui"),
    "tie.refuse": _("Hubungan ditolak"),
    "tie.suspend": _("Hubungan ditangguhkan"),
    "tie.restore": _("Hubungan dipulihkan"),
    "tie.revoke": _("Persetujuan dicabut"),
    "document.view": _("Berkas pengunjung dilihat"),
    # visits
    "visit.hold": _("Jadwal ditahan sementara"),
    "visit.confirm": _("Kunjungan dipesan"),
    "visit.booked_by_desk": _("Kunjungan dipesankan di loket"),
    "visit.let_go": _("Jadwal dilepas"),
    "visit.shift": _("Kunjungan digeser"),
    "session.shifted": _("Sisa sesi digeser"),
    "visit.cancel": _("Kunjungan dibatalkan"),
    "visit.conclude": _("Hasil kunjungan dicatat"),
    "visit.stand_by": _("Hasil kunjungan dipastikan"),
    "visit.correct": _("Hasil kunjungan dikoreksi"),
    "visit.rate": _("Kunjungan dinilai keluarga"),
    "complaint.file": _("Aduan diajukan"),
    "complaint.answer": _("Aduan dijawab"),
    "visit.review": _("Kunjungan perlu diperiksa kembali"),
    "visit.sensitive": _("Kunjungan ditandai perlu dua pengawas"),
    "visit.not_sensitive": _("Tanda perlu dua pengawas dicabut"),
    "visit.ring": _("Keluarga dihubungi"),
    "ledger.adjusted": _("Jatah disesuaikan"),
    # attendance
    "attendance.arrive": _("Hadir"),
    "attendance.get_ready": _("Siap"),
    "attendance.leave": _("Meninggalkan ruang tunggu"),
    "attendance.miss": _("Dinyatakan tidak hadir"),
    "attendance.turn_away": _("Tidak jadi masuk"),
    # the call
    "call.prepare": _("Panggilan disiapkan"),
    "call.admit": _("Keluarga dan warga binaan dipertemukan"),
    "call.watch": _("Mulai diawasi"),
    "call.unwatch": _("Berhenti diawasi"),
    "call.speak": _("Petugas mulai berbicara"),
    "call.hush": _("Petugas selesai berbicara"),
    "call.look": _("Kepala mulai melihat langsung"),
    "call.unlook": _("Kepala selesai melihat langsung"),
    "call.attention_missed": _("Petugas tidak menjawab pemeriksaan pengawasan"),
    "call.attention_confirmed": _("Petugas menjawab lagi dengan PIN"),
    "call.listen": _("Mulai didengarkan"),
    "call.unlisten": _("Berhenti didengarkan"),
    "call.hold": _("Panggilan dijeda"),
    "call.lift": _("Jeda diakhiri"),
    "call.extend": _("Waktu ditambah"),
    "call.eject": _("Peserta dikeluarkan"),
    "call.move_room": _("Panggilan dipindah ke ruang lain di server media"),
    "call.mute": _("Mikrofon satu pihak dimatikan"),
    "call.unmute": _("Mikrofon satu pihak dinyalakan kembali"),
    "call.warn": _("Peringatan diberikan"),
    "call.help_answered": _("Permintaan bantuan ditangani"),
    "call.incident": _("Kejadian dicatat"),
    "call.note": _("Catatan ditulis"),
    "support.ask": _("Pendampingan diminta"),
    "support.add": _("Permintaan pendampingan ditambah keterangan"),
    "support.view": _("Permintaan pendampingan dibaca"),
    "support.receive": _("Permintaan pendampingan diterima"),
    "support.follow_up": _("Permintaan pendampingan ditindaklanjuti"),
    "call.count_people": _("Jumlah orang di gambar dihitung"),
    "task.raise": _("Tugas muncul"),
    "task.clear": _("Penyebab tugas sudah tidak ada"),
    "task.take": _("Tugas diambil petugas"),
    "task.done": _("Tugas diselesaikan petugas"),
    "call.end": _("Panggilan diakhiri"),
    "call.attempt": _("Percobaan yang tidak diizinkan ditolak"),
}


def sentence_of(code: str) -> str:
    """The sentence in the active language; an unknown code is told as it is."""
    known = CODES.get(code)
    return gettext(known) if known else gettext(FALLBACK).format(code=code)
