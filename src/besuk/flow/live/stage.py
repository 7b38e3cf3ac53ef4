"""An open call as the conductor holds it in memory: what decides the floor, and who is there.

The database is the record; this is what acts. Closing changes come here first and reach the record
after, opening changes come here only when the record has them.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from besuk.flow.live import presence, rules
from besuk.flow.live.hints import Seen
from besuk.flow.live.lifecycle import Cause
from besuk.flow.live.presence import Publishing, Watch
from besuk.flow.live.rules import Span
from besuk.ground.kernel import attempts
from besuk.ground.kernel.actor import Kind
from besuk.ground.kernel.bucket import Bucket
from besuk.ground.media.grants import SupervisedCall

PartyRole = Literal["visitor", "inmate"]
PARTIES: tuple[PartyRole, PartyRole] = ("visitor", "inmate")
ONLOOKER = "onlooker"
"""The role of somebody who looks at the call without supervising it."""
HEARERS = frozenset({*PARTIES, ONLOOKER})
"""Whoever hears only while the floor is open."""
LINES = frozenset({"good", "weak", "bad", "unknown"})
SIDE_GRACE_S = 2.0
"""A party's door may be closed this long (signalling of a weak line) before the call is held."""
UNHEARD_S = 1.3
"""A party whose page said nothing for this long, and of whom no officer gets anything, is cut off.

Their page speaks every second; shorter than `presence.STALE_S`, so that their lost line is not taken for the
officer's absence.
"""


@dataclass
class Seat:
    """One person's place. `door` counts the connections; the newest decides."""

    ref: str
    role: str
    owner: tuple[Kind, int]
    label: str
    ejected: bool = False
    browser: str = ""
    """In which browser they sit: another one after admit is looked at again. Unknown after a restart."""
    door: int = 0
    joined: bool = False
    """The media server has let the newest connection in."""
    gone_since: float | None = None
    """Monotonic, since when this party is not in the room after having been there."""
    heard_at: float = 0.0
    """Monotonic, when their page last spoke, or they came in."""
    still: bool = False
    """The newest heartbeat of an officer showed nothing new of them, although they publish."""
    cut_off: bool = False
    """Their line is gone: neither their page is heard nor do they reach an officer, although both sockets stand."""
    publishing: Publishing = field(default_factory=Publishing)
    help_wanted: bool = False
    line: str = "unknown"
    """How good their own browser finds their line: one of `LINES`."""
    muted: bool = False
    """An officer turned this microphone off."""
    hints: dict[str, Seen] = field(default_factory=dict)
    """What walls measured of this end, by participation of the officer."""
    knocks: Bucket = field(default_factory=attempts.knocks)
    """How often this place was asked for, by the door or a control socket."""
    voice_knocks: Bucket = field(default_factory=attempts.knocks)
    """The same for the second room: an officer who speaks often must not use up somebody's way back into the call."""
    mutes: int = 0
    """How often that was asked for: whoever turns it on again sees whether it was asked for meanwhile."""

    @property
    def here(self) -> bool:
        """In the room, as far as can be known: sockets of a line that was cut stand for 20 seconds more."""
        return self.joined and not self.cut_off

    def look_at_line(self, at: float) -> bool:
        """See whether the line was cut, or is back; True when that changed.

        They are back when an officer gets something of them; that their page is heard is not enough.
        """
        heard, before = at < self.heard_at + UNHEARD_S, self.cut_off
        self.cut_off = self.joined and self.still and (before or not heard)
        return self.cut_off != before

    def came_in(self, at: float, *, live: bool) -> None:
        """A new connection: its line is there.

        Whose absence held a live call is back when an officer gets something of them, not before: what they
        publish is listed sooner than it is seen, and nobody should pass unseen, nor the officer seem absent.
        """
        was_away = live and (self.cut_off or (self.gone_since is not None and at >= self.gone_since + SIDE_GRACE_S))
        self.joined, self.gone_since = True, None
        self.heard_at, self.still, self.cut_off = at, was_away, was_away


@dataclass(frozen=True)
class Voice:
    """An officer speaks: in a room of its own, in which nobody else can publish anything."""

    room: str
    speaker: str
    """The officer's participation."""
    to: "tuple[PartyRole, ...]"
    """Whom they speak to, as it is on record; nobody is added while they speak."""


@dataclass
class Stage:
    """One open call."""

    pk: int
    ref: str
    facility_id: int
    visit_ref: str
    supervised: SupervisedCall
    """The proof that this call may be watched, as the record gave it; there is no stage of a privileged call."""
    station: str
    starts_at: datetime
    length: timedelta
    latest_end: datetime
    inmate_name: str
    visitor_name: str
    relation: str
    attention_s: float = 600.0
    """So often the officers of this call show that they are there."""
    inattentive: frozenset[str] = frozenset()
    """Codes of officers who had missed their attention check when this was read from the record."""
    marks: tuple[str, ...] = ()
    """What an officer should know of the visit from the start: `first_call`, `child`."""
    people: int = 1
    """How many were booked on the visitor's side."""
    counted: int | None = None
    """How many an officer counted there last."""
    sensitive: bool = False
    """The call wants two supervisors."""
    state: str = "prepared"
    spans: list[Span] = field(default_factory=list)
    """All holds so far; those without an end stand."""
    wishes: Counter[Cause] = field(default_factory=Counter)
    """How often each cause was asked for: whoever lifts sees whether it was asked for meanwhile."""
    lifting: set[Cause] = field(default_factory=set)
    admitted_at: datetime | None = None
    extra: timedelta = timedelta()
    """Minutes on top: added by officers, or saved from earlier visits."""
    outcome: str = ""
    seats: dict[str, Seat] = field(default_factory=dict)
    watches: dict[str, Watch] = field(default_factory=dict)
    """By participation of the officer."""
    listening: set[str] = field(default_factory=set)
    """Participations of officers who have the sound on."""
    attendance: dict[str, str] = field(default_factory=dict)
    last_left: timedelta | None = None
    """Time left when it was last looked at, for the reminders."""
    ending: bool = False
    """The media is being silenced for good; nothing opens any more."""
    record_end: Callable[[], object] | None = None
    end_record: "asyncio.Future[object] | None" = None
    """How to record the end, and the record that is under way."""
    voice: Voice | None = None
    """Set while an officer speaks."""
    room_made: bool = False
    """The room was asked for, so it should exist."""

    @property
    def room(self) -> str:
        """The room at the media server."""
        return self.supervised.room

    def move_to(self, room: str) -> None:
        """The call has another room from now on."""
        self.supervised = replace(self.supervised, room=room)

    @property
    def holds(self) -> frozenset[Cause]:
        """What holds the call now."""
        return frozenset(span.cause for span in self.spans if span.until is None)

    @property
    def floor_open(self) -> bool:
        return not self.ending and rules.floor_open(self.state, self.holds)

    def set_hold(self, cause: Cause, now: datetime) -> bool:
        """Hold by `cause`; False when it does already. The wish counts either way."""
        self.wishes[cause] += 1
        if cause in self.holds:
            return False
        self.spans.append(Span(now, None, cause))
        return True

    def drop_hold(self, cause: Cause, now: datetime) -> None:
        """Take the record's word that `cause` holds no more."""
        self.spans = [replace(span, until=now) if _stands(span, cause) else span for span in self.spans]

    def move_past(self, by: timedelta) -> None:
        """The clock was set by so much: what lies behind this call is told in the new time."""
        if self.admitted_at is not None:
            self.admitted_at += by
        self.spans = [replace(span, since=span.since + by, until=span.until and span.until + by) for span in self.spans]

    def left(self, now: datetime) -> timedelta | None:
        """Minutes left; None before admit."""
        if self.admitted_at is None or self.state != "live":
            return None
        return rules.remaining(self.admitted_at, self.length, self.spans, now, self.latest_end, extra=self.extra)

    def is_over(self, now: datetime) -> bool:
        """Whether the clock ends the call: its minutes are used up, or nothing later is possible."""
        return now >= self.latest_end or self.left(now) == timedelta()

    def parties(self) -> list[Seat]:
        """Visitor and inmate, in the order they were seated."""
        return [seat for seat in self.seats.values() if seat.role in PARTIES and not seat.ejected]

    @property
    def spoken_to(self) -> tuple[PartyRole, ...]:
        """Whom an officer who speaks addresses: while faces are checked, the visitor alone."""
        return ("visitor",) if self.state == "prepared" or "identity" in self.holds else PARTIES

    def hearers(self) -> list[Seat]:
        """Everybody for whom the floor is open or closed: both sides, ejected or not, and whoever looks on."""
        return [seat for seat in self.seats.values() if seat.role in HEARERS]

    def onlookers(self) -> list[Seat]:
        """Those who look without supervising. Nothing of presence or holds rests on them."""
        return [seat for seat in self.seats.values() if seat.role == ONLOOKER]

    @property
    def is_looked_at(self) -> bool:
        """Whether an onlooker is in the room, which both sides are told."""
        return any(seat.joined for seat in self.onlookers())

    def side(self, role: PartyRole) -> Seat | None:
        """The place of one side."""
        return next((seat for seat in self.parties() if seat.role == role), None)

    def publishing(self) -> Mapping[presence.End, Publishing]:
        """What each end sends, for the heartbeat.

        An end whose door is closed or whose line is cut is not waited for, although the media server lists
        it for 21 seconds more: that it is gone holds the call by itself (`technical`), and is not the
        officer's absence. Nor is the sound of somebody whom an officer muted.
        """
        return {role: _heard_of(seat) for role in PARTIES if (seat := self.side(role)) is not None and seat.here}

    def both_seen(self) -> bool:
        """Whether pictures of both ends reach the media server."""
        sides = [self.side(role) for role in PARTIES]
        return all(seat is not None and seat.here and seat.publishing.camera for seat in sides)

    def both_here(self) -> bool:
        """Whether both ends are in the room."""
        sides = [self.side(role) for role in PARTIES]
        return all(seat is not None and seat.here for seat in sides)

    def is_watched(self, at: float) -> bool:
        """Whether as many officers as this call needs are freshly present on it."""
        return presence.enough(self._officers(), at, self.officers_needed)

    @property
    def officers_needed(self) -> int:
        return 2 if self.sensitive else 1

    def lacks_second(self, at: float) -> bool:
        """Whether somebody watches, and somebody else has to come as well."""
        return not self.is_watched(at) and presence.anybody(self.watches.values(), at)

    def _officers(self) -> list[tuple[int, Watch]]:
        return [(self.seats[ref].owner[1], watch) for ref, watch in self.watches.items() if ref in self.seats]

    def is_watched_by(self, staff_pk: int, at: float) -> bool:
        """Whether this officer's own presence on the call is fresh."""
        mine = [ref for ref, seat in self.seats.items() if seat.owner == ("staff", staff_pk)]
        return any(ref in self.watches and presence.is_fresh(self.watches[ref], at) for ref in mine)

    def watched_by(self, at: float) -> list[str]:
        """Codes of the officers who are there."""
        fresh = [ref for ref, watch in self.watches.items() if presence.is_fresh(watch, at)]
        return sorted(self.seats[ref].label for ref in fresh if ref in self.seats)

    def runs_out_at(self, at: float) -> float | None:
        """When presence ends if nothing more comes; None when there are too few officers."""
        return presence.enough_until(self._officers(), at, self.officers_needed)

    def sign(self, at: float) -> str:
        """What both sides are truthfully told (promise 9)."""
        if not presence.anybody(self.watches.values(), at):
            return "none"
        if self.state == "prepared":
            return "looking"
        heard = any(ref in self.listening and presence.is_fresh(self.watches[ref], at) for ref in self.watches)
        return "listening" if heard else "watching"


def _heard_of(seat: Seat) -> Publishing:
    return replace(seat.publishing, microphone=seat.publishing.microphone and not seat.muted)


def _stands(span: Span, cause: Cause) -> bool:
    return span.cause == cause and span.until is None
