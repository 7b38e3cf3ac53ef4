"""The happenings of a call as sentences: one table, Indonesian here, English in the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from besuk.flow.bookings.outcomes import OUTCOMES


@dataclass(frozen=True, slots=True)
class Told:
    """`outward` sentences may be read by the family, the others by staff only."""

    text: str
    outward: bool = False


SIDES = {"visitor": _("Pengunjung"), "inmate": _("Warga binaan"), "supervisor": _("Petugas"), "onlooker": _("Kepala")}

KINDS = {"audio": _("suara"), "video": _("gambar")}

SENTENCES: dict[str, Told] = {
    "booked": Told(_("Kunjungan dipesan."), True),
    "arrived": Told(_("{side} datang."), True),
    "ready": Told(_("{side} siap."), True),
    "rung": Told(_("Petugas {officer} menghubungi keluarga.")),
    "prepared": Told(_("Panggilan disiapkan.")),
    "put_off": Told(_("Kunjungan dimundurkan; panggilan menunggu waktu yang baru."), True),
    "joined": Told(_("{side} tersambung.")),
    "left": Told(_("Sambungan {side} terputus.")),
    "opened_elsewhere": Told(_("{side} membuka halaman di tempat lain.")),
    "watched": Told(_("Petugas {officer} mulai mengawasi."), True),
    "unwatched": Told(_("Petugas {officer} berhenti mengawasi."), True),
    "spoke_visitor": Told(_("Petugas {officer} mulai berbicara dengan keluarga."), True),
    "spoke_both": Told(_("Petugas {officer} mulai berbicara dengan kedua pihak."), True),
    "hushed": Told(_("Petugas {officer} selesai berbicara."), True),
    "looked": Told(_("Kepala ({officer}) mulai melihat langsung."), True),
    "unlooked": Told(_("Kepala ({officer}) selesai melihat langsung."), True),
    "attention_missed": Told(_("Petugas {officer} tidak menjawab pemeriksaan pengawasan."), True),
    "attention_confirmed": Told(_("Petugas {officer} menjawab lagi dengan PIN."), True),
    "listened": Told(_("Petugas {officer} mulai mendengarkan."), True),
    "unlistened": Told(_("Petugas {officer} berhenti mendengarkan."), True),
    "admitted": Told(_("Petugas {officer} memeriksa wajah kedua pihak dan mempertemukan mereka."), True),
    "held_supervisor": Told(_("Petugas {officer} menghentikan sementara."), True),
    "lifted_supervisor": Told(_("Petugas {officer} melanjutkan."), True),
    "held_no_supervisor": Told(_("Berhenti sementara: pengawas tidak tersambung."), True),
    "lifted_no_supervisor": Told(_("Pengawas tersambung lagi."), True),
    "held_technical": Told(_("Berhenti sementara: satu pihak terputus."), True),
    "lifted_technical": Told(_("Kedua pihak tersambung lagi."), True),
    "held_recorder": Told(_("Berhenti sementara: perekam tidak berjalan."), True),
    "lifted_recorder": Told(_("Perekam berjalan lagi."), True),
    "held_identity": Told(_("Berhenti sementara: ada yang belum diperiksa."), True),
    "lifted_identity": Told(_("Pemeriksaan selesai."), True),
    "extended": Told(_("Petugas {officer} menambah {minutes} menit."), True),
    "credited": Told(_("Ditambah {minutes} menit yang tersimpan dari kunjungan sebelumnya."), True),
    "incident": Told(_("Petugas {officer} mencatat kejadian: {text}")),
    "muted": Told(_("Petugas {officer} mematikan mikrofon ({side})."), True),
    "unmuted": Told(_("Petugas {officer} menyalakan mikrofon kembali ({side})."), True),
    "warned": Told(_("Petugas {officer} memberi peringatan resmi: {text}"), True),
    "reminded_by_officer": Told(_("Petugas {officer} mengingatkan: {text}"), True),
    "reminded": Told(_("Diberitahu: sisa {minutes} menit."), True),
    "help_wanted": Told(_("{side} minta bantuan."), True),
    "identity_refused": Told(_("Petugas {officer} tidak dapat memastikan identitas pengunjung.")),
    "ejected": Told(_("{side} dikeluarkan oleh petugas {officer}.")),
    "people_counted": Told(_("Petugas {officer} menghitung {count} orang di pihak keluarga, dipesan {booked}.")),
    "noted": Told(_("Petugas {officer} menulis catatan.")),
    "room_made_again": Told(_("Layanan gambar dan suara tersambung kembali."), True),
    "door_rule_broken": Told(_("Peramban {side} mengirim permintaan yang tidak diizinkan ({rule}).")),
    "put_out": Told(_("Peserta yang tidak diizinkan dikeluarkan ({why}).")),
    "floor_mended": Told(_("Izin yang tidak semestinya ditutup kembali.")),
    "server_room_opened": Told(_("Layanan gambar membuka ruang panggilan.")),
    "server_room_closed": Told(_("Layanan gambar menutup ruang panggilan.")),
    "server_joined": Told(_("Layanan gambar: {side} masuk.")),
    "server_left": Told(_("Layanan gambar: {side} keluar.")),
    "server_track_started": Told(_("Layanan gambar: {side} mulai mengirim ({kind}).")),
    "server_track_stopped": Told(_("Layanan gambar: {side} berhenti mengirim.")),
    "ended": Told(_("Panggilan selesai: {outcome}"), True),
}
"""`left` and its like say what happened, never whose fault it was."""


def of(code: str, side: str, data: Mapping[str, object]) -> tuple[str, str, bool]:
    """(sentence, who, outward) of a happening; an unknown code is shown as it is, to staff only."""
    told = SENTENCES.get(code, Told(code))
    values = {**data, "side": gettext(SIDES.get(side, side)) if side else ""}
    values = {key: _word(key, value) for key, value in values.items()}
    who = str(data.get("officer") or "") or str(values["side"])
    return gettext(told.text).format_map(_Gaps(values)), who, told.outward


def _word(key: str, value: object) -> object:
    """Codes inside a sentence become words."""
    if key == "outcome" and isinstance(value, str) and value in OUTCOMES:
        return gettext(OUTCOMES[value].inward)
    if key == "kind" and isinstance(value, str):
        return gettext(KINDS.get(value, value))
    if key == "text" and isinstance(value, str):
        return gettext(value) if value else ""
    return value


class _Gaps(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"
