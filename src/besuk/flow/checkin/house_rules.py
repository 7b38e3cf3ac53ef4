"""The house rules, one list: each a picture and a sentence. The family reads them, and so does the inmate.

Whoever accepts them accepts these words: their version stands on record with the acceptance.
"""

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from besuk.flow.checkin.rules import SIDES, Side


@dataclass(frozen=True, slots=True)
class HouseRule:
    """`icon` is a picture of web/shared; `forbids` marks what must not be done."""

    icon: str
    text: str
    forbids: bool = False
    sides: tuple[Side, ...] = SIDES


RULES = (
    HouseRule("people", _("Hanya orang yang sudah disetujui dan terdaftar untuk kunjungan ini.")),
    HouseRule("id_card", _("Siapkan KTP untuk diperiksa petugas."), sides=("visitor",)),
    HouseRule("shirt", _("Berpakaian sopan.")),
    HouseRule("camera", _("Tetap terlihat di gambar, dengan cahaya cukup.")),
    HouseRule("sound", _("Bicara dengan sopan, tanpa ancaman, kata kasar, atau hal yang melanggar hukum.")),
    HouseRule("no_record", _("Jangan merekam, memotret, menangkap layar, atau menyiarkan."), forbids=True),
    HouseRule("phone", _("Jangan menyambungkan orang lain lewat telepon lain."), forbids=True),
)
SUPERVISED = _(
    "Petugas melihat kunjungan dan dapat mendengarnya. Bila tata tertib dilanggar, petugas mengingatkan, lalu dapat "
    "menghentikan panggilan."
)


def rules_for(side: Side) -> list[HouseRule]:
    """What this side reads, in order."""
    return [rule for rule in RULES if side in rule.sides]


def version_for(side: Side) -> str:
    """Names exactly these words for this side: another word, another version."""
    words = "\n".join([*(rule.text for rule in rules_for(side)), SUPERVISED])
    return hashlib.sha256(words.encode()).hexdigest()[:8]
