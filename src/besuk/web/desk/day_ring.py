"""Reaching a family from the desk: the number, shown once it is asked for, and a message to send by hand."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from besuk.flow.bookings.models import Visit
from besuk.ground.accounts.models import Visitor
from besuk.web.templatetags.besuk import clock_in

SHOWN_DIGITS = 3


@dataclass(frozen=True)
class Reach:
    """How a family can be reached. `phone` and `message` are empty until the officer asked for the number."""

    masked: str
    phone: str = ""
    message: str = ""

    @property
    def whatsapp(self) -> str:
        """Opens the officer's own WhatsApp with the message; nothing is sent by itself."""
        return f"https://wa.me/{self.phone.lstrip('+')}?text={quote(self.message)}"

    @property
    def sms(self) -> str:
        """The same for a phone's own messages."""
        return f"sms:{self.phone}?body={quote(self.message)}"


def reach(visit: Visit, host: Visitor, phone: str, now: datetime) -> Reach:
    """The number as far as it may be shown: whole only when it was asked for, which is on record."""
    masked = f"•••• {host.phone[-SHOWN_DIGITS:]}"
    return Reach(masked, phone, message_for(visit, host.language, now)) if phone else Reach(masked)


def message_for(visit: Visit, language: str, now: datetime) -> str:
    """What to write to the family, in its language: no name of the inmate, for a phone has many readers."""
    link = f"{settings.BESUK_SITE_URL}{reverse('check_in', args=[visit.ref])}"
    with translation.override(language):
        at = clock_in(visit.starts_at, visit.facility.zone)
        if now < visit.starts_at:
            words = gettext("Besuk: kunjungan video Anda mulai pukul {time}. Buka {link} dan masuk sekarang. Gratis.")
        else:
            words = gettext("Besuk: petugas menunggu Anda. Kunjungan Anda mulai pukul {time}. Buka {link}. Gratis.")
        return words.format(time=at, link=link)
