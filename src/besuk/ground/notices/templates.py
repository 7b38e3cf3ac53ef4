"""Sentences of notices: code -> title and body, Indonesian here, English in the catalogue.

Only the inbox, behind a sign-in, tells what happened. What leaves the house is always `OUTWARD`: phones are
shared, and numbers are given to other people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

Value = str | int
OUTWARD = _("Ada kabar jadwal Anda. Buka Besuk.")
ZONE_WORDS = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


@dataclass(frozen=True, slots=True)
class Template:
    """`needs` names the values its sentences use; a name ending in `_at` is a moment in the zone `zone`."""

    title: str
    body: str
    needs: frozenset[str] = frozenset()


def _needs(*names: str) -> frozenset[str]:
    return frozenset(names)


TEMPLATES: dict[str, Template] = {
    "tie_submitted": Template(
        _("Pendaftaran Anda sudah kami terima"),
        _("Petugas akan memeriksa hubungan Anda dengan {inmate}. Kami kabari di sini."),
        _needs("inmate"),
    ),
    "tie_approved": Template(
        _("Hubungan Anda disetujui"),
        _("Anda boleh memesan kunjungan video dengan {inmate}."),
        _needs("inmate"),
    ),
    "tie_refused": Template(
        _("Hubungan Anda belum dapat disetujui"),
        _("Alasan: {reasons}. Anda boleh mendaftar lagi setelah diperbaiki, atau bertanya di loket."),
        _needs("reasons"),
    ),
    "tie_needs_more": Template(
        _("Pendaftaran Anda perlu dilengkapi"),
        _("Yang masih kurang: {reasons}. Lengkapi di halaman Kunjungan saya."),
        _needs("reasons"),
    ),
    "tie_suspended": Template(
        _("Hubungan Anda sedang ditangguhkan"),
        _("Lihat surat pemberitahuan atau hubungi petugas pendaftaran."),
    ),
    "tie_restored": Template(
        _("Hubungan Anda berlaku kembali"),
        _("Anda boleh memesan kunjungan video lagi."),
    ),
    "tie_revoked": Template(
        _("Persetujuan hubungan Anda dicabut"),
        _("Lihat surat pemberitahuan atau hubungi petugas pendaftaran."),
    ),
    "visit_booked": Template(
        _("Kunjungan video sudah dipesan"),
        _("{starts_at}, dengan {inmate}. Uji kamera dan mikrofon Anda sebelum hari itu. Layanan ini GRATIS."),
        _needs("starts_at", "zone", "inmate"),
    ),
    "visit_shifted": Template(
        _("Kunjungan video Anda digeser"),
        _("Waktu baru: {starts_at}, dengan {inmate}. Sebelumnya {was_at}. Jatah Anda tidak berkurang."),
        _needs("starts_at", "was_at", "zone", "inmate"),
    ),
    "visit_cancelled": Template(
        _("Kunjungan video dibatalkan"),
        _("{starts_at}: {outcome}"),
        _needs("starts_at", "zone", "outcome"),
    ),
    "visit_concluded": Template(
        _("Hasil kunjungan video"),
        _("{starts_at}: {outcome}"),
        _needs("starts_at", "zone", "outcome"),
    ),
    "visit_corrected": Template(
        _("Hasil kunjungan video dikoreksi"),
        _("{starts_at}: {outcome}"),
        _needs("starts_at", "zone", "outcome"),
    ),
    "complaint_answered": Template(
        _("Aduan Anda sudah dijawab"),
        _("Aduan nomor {number}, kunjungan {starts_at}. Jawabannya ada di Kunjungan saya, pada hasil kunjungan itu."),
        _needs("number", "starts_at", "zone"),
    ),
    "complaint_filed": Template(
        _("Ada aduan baru"), _("Aduan nomor {number} menunggu jawaban. Buka halaman Aduan."), _needs("number")
    ),
    "visit_under_review": Template(
        _("Jadwal Anda sedang diperiksa"),
        _("{starts_at}: petugas sedang memeriksa apakah jadwal ini tetap. Belum ada yang dibatalkan."),
        _needs("starts_at", "zone"),
    ),
    "call_uncovered": Template(
        _("Belum ada petugas pengawas"),
        _("Panggilan {starts_at}, Bilik {station}, segera mulai dan petugas yang bertugas tidak cukup."),
        _needs("starts_at", "zone", "station"),
    ),
    "support_asked": Template(
        _("Ada yang perlu pendampingan"),
        _("Buka halaman Pendampingan untuk membaca dan menjawabnya."),
    ),
    "visit_soon": Template(
        _("Kunjungan video Anda sebentar lagi"),
        _("{starts_at}. Siapkan KTP dan tempat yang tenang."),
        _needs("starts_at", "zone"),
    ),
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A notice in the reader's language."""

    title: str
    body: str


def missing_values(code: str, values: Mapping[str, Value]) -> frozenset[str]:
    """Values the template needs and did not get. Raises KeyError for an unknown template."""
    return TEMPLATES[code].needs - set(values)


def render(code: str, values: Mapping[str, Value]) -> Rendered:
    """The notice in the active language; a template of an older release says only that there is news."""
    template = TEMPLATES.get(code)
    if template is None:
        return Rendered(gettext(OUTWARD), "")
    words = {name: _word(name, value, values) for name, value in values.items()}
    return Rendered(gettext(template.title), gettext(template.body).format_map(words))


def _word(name: str, value: Value, values: Mapping[str, Value]) -> str:
    """A moment in the field's form, anything else as a sentence of its own where the catalogue knows it."""
    if name.endswith("_at"):
        return when(datetime.fromisoformat(str(value)), str(values["zone"]))
    return gettext(value) if isinstance(value, str) and value else str(value)


def when(moment: datetime, zone: str) -> str:
    """Kamis, 3 Desember 2026, 09.20 WIB."""
    local = moment.astimezone(ZoneInfo(zone))
    clock = f"{local:%H.%M}" if get_language() == "id" else f"{local:%H:%M}"
    return f"{formats.date_format(local, 'l, j F Y')}, {clock} {ZONE_WORDS.get(zone, zone)}"
