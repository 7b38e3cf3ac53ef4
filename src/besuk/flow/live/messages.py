"""What is said over the control sockets, in the listener's language. The contract is the front end's messages.ts."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil

from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings.outcomes import OUTCOMES
from besuk.flow.live import presence, tasks
from besuk.flow.live.hub import Message
from besuk.flow.live.presence import Attention
from besuk.flow.live.stage import PARTIES, PartyRole, Seat, Stage
from besuk.ground.kernel.crypto import supervision_sign

AFTERWARDS = {"inmate": "/station/", "onlooker": "/office/board/"}
"""Where a page goes when the call is over; the family's result has an address of its own."""
SIGN_LIFE = timedelta(seconds=5)
"""A station stops sending and playing when it has had no sign for this long."""

WAITING = _("Menunggu petugas memeriksa wajah kedua pihak.")
PUT_OFF = _("Kunjungan ini mulai lebih lambat. Anda kembali menunggu.")
OTHER_NOT_HERE = _("Menunggu pihak lain siap. Tetap di halaman ini.")
LOOKING = _("Petugas sedang melihat Anda, pihak lain belum.")
PAUSED = _("Petugas menghentikan sementara. Waktu Anda tidak berjalan. Tunggu sebentar.")
NO_SUPERVISOR = _("Petugas sedang tidak melihat kedua pihak. Waktu Anda tidak berjalan. Tunggu sebentar.")
SECOND = _("Menunggu petugas pengawas lain. Waktu Anda tidak berjalan. Tunggu sebentar.")
TECHNICAL = _("Sambungan salah satu pihak terputus. Waktu Anda tidak berjalan. Kami menyambung kembali.")
SPEAKS = _("Petugas berbicara")
SPEAKS_TO_FAMILY = _("Petugas berbicara dengan keluarga")
MUTED_YOU = _("Petugas mematikan mikrofon Anda sebentar.")
MUTED_OTHER = _("Petugas mematikan mikrofon {name} sebentar.")
OTHER_HOLD = _("Panggilan berhenti sebentar. Waktu Anda tidak berjalan.")
OPENED_ELSEWHERE = _("Halaman ini dibuka di tempat lain. Lanjutkan di sana.")


def millis(moment: datetime) -> int:
    """Milliseconds since 1970, as browsers count."""
    return int(moment.timestamp() * 1000)


def state_of(stage: Stage, seat: Seat, said: int, now: datetime, at: float) -> Message:
    """The call for one party."""
    role: PartyRole = "visitor" if seat.role == "visitor" else "inmate"
    other: PartyRole = "inmate" if role == "visitor" else "visitor"
    call = {
        "ref": stage.ref,
        "state": stage.state,
        "holds": sorted(stage.holds),
        "floor": stage.floor_open,
        "now": millis(now),
        "ends_at": ends_at(stage, now),
        "remaining_s": seconds_left(stage, now),
        "role": role,
        "other": {
            "label": stage.inmate_name if role == "visitor" else stage.visitor_name,
            "state": presence_of(stage, other),
        },
        "sign": stage.sign(at),
        "onlooker": stage.is_looked_at,
        "outcome": stage.outcome or None,
        "message": sentence_for(stage, other, at),
        "muted": muted_words(stage, seat, other),
        "voice": voice_of(stage, seat),
        "door": f"/door/{seat.ref}",
    }
    return {"t": "state", "seq": said, "call": call}


def look_of(stage: Stage, said: int, now: datetime, at: float) -> Message:
    """The call for somebody who looks on."""
    call = {
        "ref": stage.ref,
        "state": stage.state,
        "floor": stage.floor_open,
        "remaining_s": seconds_left(stage, now),
        "station": stage.station,
        "inmate": stage.inmate_name,
        "visitor": stage.visitor_name,
        "relation": relation_word(stage.relation),
        "watched_by": stage.watched_by(at),
        "muted": {role: bool((seat := stage.side(role)) and seat.muted) for role in PARTIES},
    }
    return {"t": "look", "seq": said, "call": call}


def sentence_for(stage: Stage, other: PartyRole, at: float) -> str | None:
    """One ready sentence about what is happening; None when both talk."""
    if stage.state == "ended":
        return outward(stage.outcome)
    if stage.state == "prepared":
        if presence_of(stage, other) != "ready":
            return gettext(OTHER_NOT_HERE)
        return gettext(LOOKING if stage.sign(at) == "looking" else WAITING)
    if "no_supervisor" in stage.holds and "supervisor" not in stage.holds and stage.lacks_second(at):
        return gettext(SECOND)
    for cause, text in (("supervisor", PAUSED), ("no_supervisor", NO_SUPERVISOR), ("technical", TECHNICAL)):
        if cause in stage.holds:
            return gettext(text)
    return gettext(OTHER_HOLD) if stage.holds else None


def voice_of(stage: Stage, seat: Seat) -> Message | None:
    """That an officer speaks, for one party: in words, and where to hear it; None while nobody does."""
    if stage.voice is None:
        return None
    if seat.role in stage.voice.to:
        return {"text": gettext(SPEAKS), "door": f"/door/{seat.ref}/voice"}
    return {"text": gettext(SPEAKS_TO_FAMILY), "door": None}


def muted_words(stage: Stage, seat: Seat, other: PartyRole) -> str | None:
    """Whose microphone an officer turned off, for one party; None when nobody's."""
    words = [gettext(MUTED_YOU)] if seat.muted else []
    there = stage.side(other)
    if there is not None and there.muted:
        words.append(gettext(MUTED_OTHER).format(name=there.label))
    return " ".join(words) or None


def outward(outcome: str) -> str | None:
    """How an outcome is told to the family."""
    return gettext(OUTCOMES[outcome].outward) if outcome in OUTCOMES else None


def presence_of(stage: Stage, role: PartyRole) -> str:
    """absent, present or ready: in the room counts as ready whatever check-in said."""
    seat = stage.side(role)
    if seat is not None and seat.here:
        return "ready"
    state = stage.attendance.get(role, "expected")
    return "present" if state in {"present", "ready"} else "absent"


def ends_at(stage: Stage, now: datetime) -> int | None:
    """When the minutes will be used up if nothing holds; None before admit."""
    left = stage.left(now)
    return None if left is None else millis(now + left)


def seconds_left(stage: Stage, now: datetime) -> int | None:
    """Seconds left, rounded up; None before admit."""
    left = stage.left(now)
    return None if left is None else ceil(left.total_seconds())


def sign(stage: Stage, now: datetime) -> Message:
    """The signed word that somebody supervises now. `n` grows by the clock, also over a restart."""
    n, until = millis(now), millis(now + SIGN_LIFE)
    return {"t": "sign", "call": stage.ref, "n": n, "until": until, "sig": supervision_sign(f"{stage.ref}|{n}|{until}")}


def reminder(minutes: int) -> Message:
    """The fair warning before the end."""
    text = ngettext("Sisa {n} menit.", "Sisa {n} menit.", minutes).format(n=minutes)
    return {"t": "reminder_minutes", "minutes": minutes, "text": text}


def extended(minutes: int) -> Message:
    """Minutes were added: told as the reminders are."""
    text = ngettext("Petugas menambah {n} menit.", "Petugas menambah {n} menit.", minutes).format(n=minutes)
    return {"t": "reminder_minutes", "minutes": minutes, "text": text}


def ended(stage: Stage, seat: Seat) -> Message:
    """The last word of a call, and where the page goes."""
    next_url = f"/visits/{stage.visit_ref}/result/" if seat.role == "visitor" else AFTERWARDS.get(seat.role)
    return {"t": "ended", "outcome": stage.outcome or None, "message": outward(stage.outcome), "next_url": next_url}


def put_off(stage: Stage, seat: Seat) -> Message:
    """The visit begins later: the page goes back to where one waits for it."""
    next_url = f"/visits/{stage.visit_ref}/check-in/" if seat.role == "visitor" else AFTERWARDS.get(seat.role)
    return {"t": "ended", "outcome": None, "message": gettext(PUT_OFF), "next_url": next_url, "put_off": True}


def ended_of(role: str, outcome: str, language: str) -> Message:
    """The same for a page that comes when the call is over."""
    next_url = AFTERWARDS.get(role)
    with translation.override(language):
        return {"t": "ended", "outcome": outcome or None, "message": outward(outcome), "next_url": next_url}


def replaced(language: str) -> Message:
    """This page was opened elsewhere."""
    with translation.override(language):
        return {"t": "replaced", "message": gettext(OPENED_ELSEWHERE)}


def wall(
    stages: Iterable[Stage], staff_pk: int, now: datetime, at: float, attention: Attention | None = None
) -> Message:
    """Everything one officer sees of the calls; the tasks come from the book (`news.py`)."""
    shown = sorted(stages, key=lambda stage: (stage.starts_at, stage.pk))
    calls = [wall_call(stage, staff_pk, now, at) for stage in shown]
    return {"t": "wall", "now": millis(now), "calls": calls, "attention": attention_of(attention, at)}


def attention_of(attention: Attention | None, at: float) -> Message | None:
    """Whether the officer is asked to show that they are there; None while they watch nothing."""
    if attention is None:
        return None
    if presence.is_overdue(attention, at):
        return {"state": "missed", "left_s": 0}
    left = ceil(attention.due_at - at)
    return {"state": "asked" if presence.is_asked(attention, at) else "calm", "left_s": left}


def wall_call(stage: Stage, staff_pk: int, now: datetime, at: float) -> Message:
    """One tile."""
    mine = own_seat(stage, staff_pk)
    return {
        "ref": stage.ref,
        "state": stage.state,
        "holds": sorted(stage.holds),
        "floor": stage.floor_open,
        "sign": stage.sign(at),
        "remaining_s": seconds_left(stage, now),
        "ends_at": ends_at(stage, now),
        "station": stage.station,
        "inmate": {"name": stage.inmate_name},
        "visitor": {"name": stage.visitor_name, "relation": relation_word(stage.relation)},
        "attendance": {role: presence_of(stage, role) for role in PARTIES},
        "participation": mine.ref if mine else None,
        "door": f"/door/{mine.ref}" if mine else None,
        "flags": tasks.flags(stage),
        "marks": [*(["sensitive"] if stage.sensitive else []), *stage.marks],
        "second_needed": stage.lacks_second(at),
        "watched_by": stage.watched_by(at),
        "mine": mine is not None,
        "people": {"booked": stage.people, "counted": stage.counted},
        "publishing": {role: _publishing(stage, role) for role in PARTIES},
        "lines": {role: _line(stage, role) for role in PARTIES},
        "muted": {role: bool((seat := stage.side(role)) and seat.muted) for role in PARTIES},
        "speaks": "" if stage.voice is None else "me" if mine and stage.voice.speaker == mine.ref else "other",
    }


def own_seat(stage: Stage, staff_pk: int) -> Seat | None:
    """This officer's place in the call."""
    owner = ("staff", staff_pk)
    return next((seat for seat in stage.seats.values() if seat.role == "supervisor" and seat.owner == owner), None)


def relation_word(relation: str) -> str:
    """A relation in the reader's language."""
    return str(Tie.Relation(relation).label) if relation else ""


def _publishing(stage: Stage, role: PartyRole) -> dict[str, bool]:
    seat = stage.side(role)
    camera, microphone = (seat.publishing.camera, seat.publishing.microphone) if seat else (False, False)
    return {"camera": camera, "microphone": microphone}


def _line(stage: Stage, role: PartyRole) -> str:
    seat = stage.side(role)
    if seat is None or not seat.joined:
        return "unknown"
    return "lost" if seat.cut_off else seat.line
