"""What people read when something is wrong: one plain sentence and what to do next, in their language."""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from besuk.web.shared.refusals import wants_json
from besuk.web.shared.way_back import home_for

log = logging.getLogger(__name__)

SENTENCES: dict[int, tuple[str, str]] = {
    400: (_("Permintaan ini tidak dapat dibaca."), _("Kembali ke halaman sebelumnya, muat ulang, lalu coba lagi.")),
    403: (_("Anda tidak berwenang membuka halaman ini."), _("Masuk dengan akun yang sesuai, atau kembali ke awal.")),
    404: (_("Halaman atau data ini tidak ditemukan."), _("Periksa alamatnya, atau kembali ke halaman awal.")),
    405: (_("Halaman ini tidak dapat dibuka dengan cara itu."), _("Lanjutkan dengan tombol di bawah ini.")),
    413: (_("Kiriman ini terlalu besar."), _("Pilih foto yang lebih kecil, lalu kirim lagi.")),
    500: (
        _("Ada gangguan di sistem kami. Data yang sudah tersimpan tetap aman."),
        _("Coba lagi sebentar lagi. Bila tetap gagal, hubungi petugas dan sebutkan nomor ini."),
    ),
}
FORM_TOO_OLD = (
    _("Halaman ini sudah terlalu lama terbuka."),
    _("Muat ulang halaman, lalu isi dan kirim sekali lagi."),
)


def error_page(request: HttpRequest, status: int, words: tuple[str, str] | None = None) -> HttpResponse:
    """The page, or JSON for scripts, of one error."""
    sentence, next_step = words or SENTENCES[status]
    told = {"sentence": gettext(sentence), "next": gettext(next_step)}
    if wants_json(request):
        return JsonResponse({"ok": False, "refusals": [{"code": f"HTTP_{status}", **told}]}, status=status)
    context = {**told, "status": status, "number": getattr(request, "request_id", ""), "home": home_for(request)}
    return render(request, "shared/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; or 413 when what could not be read was simply too much."""
    return error_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def wrong_method(request: HttpRequest) -> HttpResponse:
    """405: an address for forms was opened as a page. From here the language switch leads home."""
    request.page_again = "/"  # type: ignore[attr-defined]
    return error_page(request, 405)


def broken(request: HttpRequest) -> HttpResponse:
    """The last resort: needs neither database nor session, so that it works when those are what broke."""
    sentence, next_step = (gettext(words) for words in SENTENCES[500])
    context: dict[str, Any] = {
        "sentence": sentence,
        "next": next_step,
        "status": 500,
        "number": getattr(request, "request_id", ""),
    }
    return HttpResponse(render_to_string("shared/broken.html", context), status=500)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose CSRF token does not fit: nearly always a page left open over a sign-in."""
    log.info("csrf: %s", reason)
    return error_page(request, 403, FORM_TOO_OLD)
