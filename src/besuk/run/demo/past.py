"""Seeding, part three: the visits of the past weeks, good and bad, each played through the actions of its day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from besuk.flow.approvals.models import Tie
from besuk.flow.bookings import actions as bookings
from besuk.flow.bookings.models import Visit
from besuk.flow.checkin import actions as checkin
from besuk.flow.live import actions as live
from besuk.flow.oversight import actions as oversight
from besuk.ground.accounts.actors import SYSTEM, visitor_actor
from besuk.ground.facilities.actors import station_actor
from besuk.ground.facilities.models import Station
from besuk.ground.facilities.queries import zone_of
from besuk.ground.kernel.refs import new_ref
from besuk.run.demo.endings import IN_A_CALL, WITHOUT_A_CALL, afterwards
from besuk.run.demo.lines import samples
from besuk.run.demo.prisons import SLOT_MINUTES, STAGGER_MINUTES, Seeded
from besuk.run.demo.story import Story
from besuk.web.public.demo_visits import book

How = Literal[
    "good",
    "warned",
    "paused",
    "left_early",
    "line_lost",
    "nobody_watched",
    "family_absent",
    "called_off",
    "short",
    "gave_up",
    "inmate_left",
    "stopped",
    "not_brought",
    "prevented",
    "declined",
    "mistaken",
    "ended",
]
ORDER: tuple[How, ...] = (
    "good", "good", "warned", "good", "left_early", "good", "family_absent", "good", "paused", "good", "line_lost",
    "good", "good", "called_off", "good", "nobody_watched", "good", "good", "short", "good", "not_brought", "good",
    "stopped", "good", "prevented", "gave_up", "good", "ended", "good", "inmate_left", "declined", "mistaken", "good",
)  # fmt: skip
"""What becomes of one visit after the other: most are good, about one in six is our fault."""
RATED = {"good": 5, "warned": 4, "line_lost": 2, "short": 3, "nobody_watched": 1}
COMPLAINTS = {
    "line_lost": (
        "line:Gambar beku sejak awal, suara hilang.",
        "Kami minta maaf. Kabel bilik itu sudah diganti, dan jatah Anda sudah kami kembalikan.",
    ),
    "nobody_watched": ("not_held:Saya menunggu di ruang tunggu, tidak ada petugas.", ""),
}
"""Reason and words of the family, and what they were answered, if they were."""
UNCONFIRMED_DAYS = 4
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Planned:
    """One visit of the past: whose, where, when, and how it went."""

    tie: Tie
    station: Station
    starts_at: datetime
    how: How
    is_recent: bool = False
    """Nobody has come to confirm its outcome yet."""


def planned(seeded: Seeded, ties: Sequence[Tie], today: date, *, days: int, a_day: int) -> list[Planned]:
    """`a_day` visits on each working day of the last `days`; an inmate has one a week at most, so ties take turns."""
    zone, found, turn = zone_of(seeded.facility), list[Planned](), 0
    for back in range(days, 0, -1):
        day = today - timedelta(days=back)
        if day.weekday() == 6:
            continue
        for n in range(a_day):
            position = n % len(seeded.stations)
            at = datetime.combine(day, time(9 + n, 0), zone) + timedelta(minutes=STAGGER_MINUTES * position)
            tie, how = ties[turn % len(ties)], ORDER[turn % len(ORDER)]
            found.append(Planned(tie, seeded.stations[position], at, how, back <= UNCONFIRMED_DAYS))
            turn += 1
    return found


def planned_for_main(seeded: Seeded, tie: Tie, today: date) -> list[Planned]:
    """The main family's own history: one visit a week, of which one was lost through our fault."""
    zone, monday, station = zone_of(seeded.facility), today - timedelta(days=today.weekday()), seeded.stations[0]
    outcomes: tuple[How, ...] = ("good", "line_lost", "warned")
    days = [monday - timedelta(weeks=weeks, days=-2) for weeks in (1, 2, 3)]
    return [
        Planned(tie, station, datetime.combine(day, time(15, 0), zone), how)
        for day, how in zip(days, outcomes, strict=True)
    ]


def visit_story(seeded: Seeded, plan: Planned) -> Story:
    """One visit from booking to what the family says of it."""
    booked_at = plan.starts_at - timedelta(days=2, hours=3)
    yield booked_at
    visit = book(plan.tie, plan.station.pk, plan.starts_at, booked_at)
    yield from _visit(seeded, visit, plan)
    if plan.is_recent:
        return
    complained, answered = COMPLAINTS.get(plan.how, ("", ""))
    rated = RATED.get(plan.how, 0)
    yield from afterwards(seeded, visit, plan.tie, rated=rated, complained=complained, answered=answered)


def _visit(seeded: Seeded, visit: Visit, plan: Planned) -> Story:
    if plan.how == "called_off":
        at = plan.starts_at - timedelta(hours=20)
        yield at
        bookings.cancel(visit_ref=visit.ref, key=new_ref(), actor=visitor_actor(plan.tie.visitor), now=at)
        return
    if plan.how == "family_absent":
        yield from _absent(seeded, visit)
        return
    if plan.how in WITHOUT_A_CALL:
        yield from WITHOUT_A_CALL[plan.how](seeded, visit, plan.tie)
        return
    yield from _come(visit, plan)
    if plan.how == "nobody_watched":
        yield from _nobody_watched(visit)
        return
    yield from _call(seeded, visit, plan)


def _absent(seeded: Seeded, visit: Visit) -> Story:
    at = visit.starts_at + 2 * MINUTE
    yield at
    checkin.ring(visit_ref=visit.ref, reached=False, actor=seeded.actor("supervisor", at), now=at)
    at = visit.starts_at + 6 * MINUTE
    yield at
    officer = seeded.actor("supervisor", at)
    checkin.mark_absent(visit_ref=visit.ref, side="visitor", key=new_ref(), actor=officer, now=at)


def _come(visit: Visit, plan: Planned) -> Story:
    """Both sides arrive and accept the rules."""
    at = visit.starts_at - 4 * MINUTE
    yield at
    sides = (("visitor", visitor_actor(plan.tie.visitor)), ("inmate", station_actor(plan.station)))
    for side, actor in sides:
        checkin.get_ready(
            visit_ref=visit.ref,
            side="visitor" if side == "visitor" else "inmate",
            rules_accepted=True,
            will_not_record=True,
            actor=actor,
            now=at,
        )


def _nobody_watched(visit: Visit) -> Story:
    at = visit.starts_at
    yield at
    call = live.prepare(visit_ref=visit.ref, actor=SYSTEM, now=at)
    at = visit.ends_at
    yield at
    live.end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=at)


def _call(seeded: Seeded, visit: Visit, plan: Planned) -> Story:
    """The call itself: watched, admitted, perhaps disturbed, ended."""
    at = visit.starts_at - MINUTE
    yield at
    officer = seeded.actor("supervisor", at)
    call = live.prepare(visit_ref=visit.ref, actor=SYSTEM, now=at)
    live.take_watch(call_ref=call.ref, actor=officer, now=at)
    live.lift(call_ref=call.ref, cause="no_supervisor", actor=SYSTEM, now=at)
    yield visit.starts_at
    live.admit(call_ref=call.ref, officer_present=True, both_seen=True, actor=officer, now=visit.starts_at)
    if plan.how in IN_A_CALL:
        yield from IN_A_CALL[plan.how](seeded, call, visit, plan.tie)
        return
    yield from _disturbed(call.ref, visit, plan, seeded)
    if plan.is_recent:
        until = visit.starts_at + (6 if plan.how == "left_early" else SLOT_MINUTES) * MINUTE
        yield until
        live.save_beats(beats=samples(call, visit.starts_at, until, plan.how), actor=SYSTEM, now=until)
    if plan.how == "left_early":
        at = visit.starts_at + 6 * MINUTE
        yield at
        live.end(call_ref=call.ref, ended_by="visitor", actor=visitor_actor(plan.tie.visitor), now=at)
        return
    at = visit.starts_at + timedelta(minutes=SLOT_MINUTES)
    yield at
    live.end(call_ref=call.ref, ended_by="clock", actor=SYSTEM, now=at)


def _disturbed(call_ref: str, visit: Visit, plan: Planned, seeded: Seeded) -> Story:
    """A warning, a pause or a lost line, where the plan says so."""
    at = visit.starts_at + 2 * MINUTE
    officer = seeded.actor("supervisor", at)
    if plan.how == "warned":
        yield at
        oversight.warn(
            call_ref=call_ref,
            code="dress",
            formal=False,
            addressed="visitor",
            shown_to=["visitor"],
            actor=officer,
            now=at,
        )
        oversight.note(call_ref=call_ref, text="Diingatkan, lalu diperbaiki.", actor=officer, now=at)
    if plan.how == "paused":
        yield at
        live.hold(call_ref=call_ref, cause="supervisor", reason="third_party", actor=officer, now=at)
        at += 2 * MINUTE
        yield at
        live.lift(call_ref=call_ref, cause="supervisor", actor=officer, now=at)
    if plan.how == "line_lost":
        yield at
        live.hold(call_ref=call_ref, cause="technical", actor=SYSTEM, now=at)
