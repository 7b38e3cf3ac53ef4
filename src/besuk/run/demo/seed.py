"""The demo's people and past, made once."""

from datetime import datetime, timedelta

from besuk.flow.approvals.models import Tie
from besuk.run.demo import cast
from besuk.run.demo.families import family_story, quiet_story
from besuk.run.demo.past import planned, planned_for_main, visit_story
from besuk.run.demo.prisons import Seeded, employ, hashed_secrets, seed_prison
from besuk.run.demo.story import Story, play, together

BEGAN = timedelta(days=60)
PAST_DAYS = 28
A_DAY = {"lapas-contoh": 2, "rutan-teladan": 1}


def seed(now: datetime) -> list[Seeded]:
    """Make both prisons and everything that happened there up to `now`, in the order of time."""
    hashed = hashed_secrets()
    seeded = [seed_prison(prison, hashed, now - BEGAN) for prison in cast.PRISONS]
    facilities = [one.facility for one in seeded]
    for officer in cast.EVERYWHERE:
        staff = employ(officer, facilities, hashed, now - BEGAN)
        for one in seeded:
            one.staff[officer.role] = staff
    employ(cast.ADMINISTRATOR, [], hashed, now - BEGAN)
    quiet = {one.facility.pk: list[Tie]() for one in seeded}
    play([story for n, one in enumerate(seeded) for story in _people(one, n * 1000, now, quiet)], now)
    return seeded


def _people(one: Seeded, first: int, now: datetime, quiet: dict[int, list[Tie]]) -> list[Story]:
    families = [family_story(one, family, first + n, now) for n, family in enumerate(one.prison.families, 1)]
    ties = quiet[one.facility.pk]
    return [*families, quiet_story(one, first + 100, now, ties), past_story(one, ties, now)]


def past_story(one: Seeded, ties: list[Tie], now: datetime) -> Story:
    """All visits of the past weeks as one story, planned when the ties are there."""
    yield now - timedelta(days=PAST_DAYS + 4)
    main = Tie.objects.filter(facility=one.facility, state="approved").select_related("visitor").order_by("pk")[0]
    plans = planned(one, ties, now.date(), days=PAST_DAYS, a_day=A_DAY[one.prison.code])
    plans += planned_for_main(one, main, now.date())
    yield from together([visit_story(one, plan) for plan in plans])
