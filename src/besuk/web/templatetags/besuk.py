"""Filters of all templates: dates in the field's words, idempotency keys."""

import secrets
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from besuk.flow.checkin.house_rules import SUPERVISED, rules_for
from besuk.flow.checkin.rules import Side

register = template.Library()
ZONE_WORDS = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


@register.filter
def clock_in(moment: datetime, zone: str) -> str:
    """09.20 WIB: the time of day in a zone, with its name."""
    local = timezone.localtime(moment, ZoneInfo(zone))
    separator = "." if get_language() == "id" else ":"
    return f"{local:%H}{separator}{local:%M} {ZONE_WORDS.get(zone, zone)}"


@register.filter
def clock_to_second(moment: datetime, zone: str) -> str:
    """09.20.05 WIB: the time of day to the second, for timelines."""
    local = timezone.localtime(moment, ZoneInfo(zone))
    separator = "." if get_language() == "id" else ":"
    return f"{local:%H}{separator}{local:%M}{separator}{local:%S} {ZONE_WORDS.get(zone, zone)}"


@register.filter
def day_code(moment: datetime, zone: str) -> str:
    """2026-12-03: the local day as addresses write it."""
    return timezone.localtime(moment, ZoneInfo(zone)).date().isoformat()


@register.filter
def day_in(moment: datetime, zone: str) -> str:
    """Kamis, 3 Desember 2026."""
    return formats.date_format(timezone.localtime(moment, ZoneInfo(zone)), "l, j F Y")


@register.filter
def minutes(length: timedelta) -> str:
    """15 menit."""
    return gettext("{n} menit").format(n=round(length.total_seconds() / 60))


@register.simple_tag
def once_key() -> SafeString:
    """A hidden field that makes sending the same form twice do its work once."""
    return format_html('<input type="hidden" name="key" value="{}">', secrets.token_urlsafe(18))


@register.simple_tag
def house_rules(side: Side = "visitor") -> dict[str, object]:
    """What this side reads before a call: `rules`, and `supervised`, that officers see and hear."""
    return {"rules": rules_for(side), "supervised": SUPERVISED}


@register.filter
def zone_word(zone: str) -> str:
    """WIB, WITA or WIT."""
    return ZONE_WORDS.get(zone, zone)
