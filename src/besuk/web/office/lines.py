"""The lines of both sides as small charts: a strip of colours over the time, and what was usual in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from besuk.flow.live.line_story import Figures, Stretch
from besuk.flow.live.queries import LineStory

WIDE = 1000
"""Of the strip, in its own units."""
WORDS = {
    "good": _("baik"),
    "weak": _("lemah"),
    "bad": _("buruk"),
    "unknown": _("belum terukur"),
    "away": _("tidak tersambung"),
}


@dataclass(frozen=True)
class Piece:
    """A part of the strip."""

    line: str
    x: int
    wide: int


@dataclass(frozen=True)
class Drawn:
    """One side's line on the page."""

    side: str
    since: datetime
    until: datetime
    pieces: list[Piece]
    shares: list[tuple[str, str]]
    """(line, "baik 12 mnt 30 dtk"), the most common first: the same as the strip, for who cannot see it."""
    facts: list[tuple[str, str]]


def drawn(stories: Sequence[LineStory]) -> list[Drawn]:
    """The charts, all on the same time from the first sample to the last. A line of one sample has no length."""
    shown = [story for story in stories if story.stretches]
    if not shown:
        return []
    since = min(story.stretches[0].since for story in shown)
    until = max(story.stretches[-1].until for story in shown)
    return [
        Drawn(
            story.place.role, since, until,
            [_piece(one, since, until) for one in story.stretches],
            _shares(story.stretches),
            _facts(story.figures),
        )
        for story in shown
    ]  # fmt: skip


def _piece(one: Stretch, since: datetime, until: datetime) -> Piece:
    whole = (until - since).total_seconds()
    x = round((one.since - since).total_seconds() / whole * WIDE)
    end = round((one.until - since).total_seconds() / whole * WIDE)
    return Piece(one.line, x, max(end - x, 2))


def _shares(pieces: Sequence[Stretch]) -> list[tuple[str, str]]:
    lengths: dict[str, float] = {}
    for one in pieces:
        lengths[one.line] = lengths.get(one.line, 0.0) + (one.until - one.since).total_seconds()
    longest_first = sorted(lengths.items(), key=lambda each: -each[1])
    return [(line, f"{gettext(WORDS[line])} {_long(seconds)}") for line, seconds in longest_first]


def _long(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if minutes:
        return gettext("{minutes} mnt {seconds} dtk").format(minutes=minutes, seconds=rest)
    return gettext("{seconds} dtk").format(seconds=rest)


def _facts(one: Figures) -> list[tuple[str, str]]:
    rows = [
        (gettext("Paket hilang"), _percent(one.loss)),
        (gettext("Suara yang ditambal"), _percent(one.concealed)),
        (gettext("Waktu tempuh"), _with(one.rtt_ms, gettext("mdtk"))),
        (gettext("Goyangan waktu"), _with(one.jitter_ms, gettext("mdtk"))),
        (gettext("Laju data"), _with(one.kbit_s, "kbit/s")),
        (gettext("Gambar yang diterima"), _picture(one)),
    ]
    return [(name, value) for name, value in rows if value]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{number_format(share * 100, 1)}%"


def _with(value: float | None, unit: str) -> str:
    return "" if value is None else f"{number_format(round(value), 0)} {unit}"


def _picture(one: Figures) -> str:
    fps = "" if one.fps is None else gettext("{fps} per detik").format(fps=number_format(round(one.fps), 0))
    return ", ".join(part for part in (one.picture, fps) if part)
