"""What happened in a visit, as its family reads it: what they did themselves, what they saw, and no machinery."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from operator import itemgetter

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from besuk.flow.bookings.models import Visit
from besuk.flow.live.queries import Line, timeline
from besuk.ground.facilities.queries import zone_of

YOURS = {"arrived": _("Anda datang."), "ready": _("Anda siap."), "help_wanted": _("Anda minta bantuan.")}
"""What the reader did themselves."""
REWORDED = {"ended": _("Panggilan selesai.")}
"""Why it ended stands above the story, in words meant for the family."""
CANCELLED = {"cancelled_by_visitor": _("Anda membatalkan kunjungan ini.")}
CANCELLED_OTHERWISE = _("Kunjungan ini dibatalkan.")
HELD, LIFTED = "held_", "lifted_"


@dataclass(frozen=True)
class Moment:
    """One line; `is_other_day` when it was not on the day of the visit."""

    at: datetime
    sentence: str
    is_other_day: bool


def family_story(visit: Visit) -> list[Moment]:
    """The story of a visit, oldest first, in the reader's language. The visitor of the visit reads it."""
    told = [(line.at, _sentence(line)) for line in _seen([line for line in timeline(visit) if line.outward])]
    if visit.state == "cancelled" and visit.ended_at is not None:
        told.append((visit.ended_at, gettext(CANCELLED.get(visit.outcome, CANCELLED_OTHERWISE))))
    zone = zone_of(visit.facility)
    day = visit.starts_at.astimezone(zone).date()
    return [Moment(at, sentence, at.astimezone(zone).date() != day) for at, sentence in sorted(told, key=itemgetter(0))]


def _sentence(line: Line) -> str:
    if line.side == "visitor" and line.code in YOURS:
        return gettext(YOURS[line.code])
    return gettext(REWORDED[line.code]) if line.code in REWORDED else line.sentence


def _seen(lines: list[Line]) -> Iterator[Line]:
    """Without pauses of a call that had not begun, and without the end of a pause nobody was told of."""
    waiting = len(list(takewhile(lambda line: line.code != "admitted", lines)))
    paused: set[str] = set()
    for place, line in enumerate(lines):
        cause = _cause(line.code)
        if not cause:
            yield line
        elif place > waiting and line.code == HELD + cause:
            paused.add(cause)
            yield line
        elif cause in paused and line.code == LIFTED + cause:
            paused.remove(cause)
            yield line


def _cause(code: str) -> str:
    return next((code.removeprefix(start) for start in (HELD, LIFTED) if code.startswith(start)), "")
