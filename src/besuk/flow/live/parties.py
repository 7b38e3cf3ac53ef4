"""Visitor and inmate on their control sockets: who is on the line, what they send, what they ask for."""

from collections.abc import Mapping
from functools import partial

from besuk.flow.live import actions, messages, queries, rules
from besuk.flow.live.actions.beats import Beat
from besuk.flow.live.doors import Doors
from besuk.flow.live.holding import Holding
from besuk.flow.live.hub import OVER, REPLACED, Caller, Line
from besuk.flow.live.news import News
from besuk.flow.live.stage import LINES, PARTIES, Stage
from besuk.flow.live.studio import Studio
from besuk.ground.accounts.actors import SYSTEM
from besuk.ground.kernel.actor import Actor
from besuk.ground.kernel.errors import refuse

BEATS_EVERY_S = 5.0
Sample = Mapping[str, int | float | str | bool | None]


class Parties:
    """Everything that comes over a party's control socket."""

    def __init__(self, studio: Studio, holding: Holding, doors: Doors, news: News) -> None:
        self._studio, self._holding, self._doors, self._news = studio, holding, doors, news
        self._samples: dict[str, Beat] = {}
        self._saved_at = studio.monotonic()

    async def hello(self, participation_ref: str, actor: Actor, line: Line, page: int) -> Caller | None:
        """A party's page is on the line. None: there is nothing for it (replaced before, or over, and told so).

        Raises Refused(NOT_IN_THIS_CALL) for everybody else, (CALL_NOT_OPEN) while the call is not taken up.
        """
        stage = self._stage_of(participation_ref)
        seat = stage.seats.get(participation_ref) if stage else None
        if stage is None or seat is None:
            await self._last_word(participation_ref, actor, line)
            return None
        if seat.owner != (actor.kind, actor.pk):
            raise refuse("NOT_IN_THIS_CALL")
        if not seat.knocks.take(self._studio.monotonic()):
            raise refuse("TOO_MANY_TRIES", minutes=1)
        caller, older = self._studio.hub.join(participation_ref, actor, line, page)
        if caller is None:
            say_replaced(line)
            return None
        if older is not None:
            say_replaced(older.line)
            self._doors.shut(participation_ref)
            self._studio.witness(stage, "opened_elsewhere", seat.role)
        (self._news.tell_party if seat.role in PARTIES else self._news.tell_onlooker)(stage, participation_ref)
        return caller

    def gone(self, participation_ref: str, caller: Caller) -> None:
        """A party's control socket closed. Whether they are in the room, the door decides."""
        self._studio.hub.leave(participation_ref, caller.generation)

    def beat(self, participation_ref: str, sample: Sample) -> None:
        """A sample of a party's line; the last one before each save is kept."""
        self._samples[participation_ref] = Beat(participation_ref, self._studio.now(), sample)
        stage = self._stage_of(participation_ref)
        if stage is None:
            return
        seat, line = stage.seats[participation_ref], str(sample.get("quality_line"))
        seat.heard_at = self._studio.monotonic()
        if line in LINES and seat.line != line:
            seat.line = line
            self._studio.touch(stage)

    async def says(self, participation_ref: str, caller: Caller, word: str) -> None:
        """`help`, `leave` or `end`. Raises Refused."""
        stage = self._stage_of(participation_ref)
        seat = stage.seats.get(participation_ref) if stage else None
        if stage is None or seat is None or seat.role not in PARTIES:
            return
        if word == "help":
            if not seat.help_wanted:
                seat.help_wanted = True
                self._studio.witness(stage, "help_wanted", seat.role)
                self._studio.touch(stage)
        elif word == "leave":
            self._doors.shut(participation_ref)
        elif word == "end" and stage.state == "live" and not stage.ending:
            side: rules.EndedBy = "visitor" if seat.role == "visitor" else "inmate"
            await self._holding.end(stage, side, caller.actor)

    def save_samples(self) -> None:
        """Put the samples of the last seconds on record, in one batch."""
        if self._studio.monotonic() - self._saved_at < BEATS_EVERY_S:
            return
        self._saved_at = self._studio.monotonic()
        samples, self._samples = list(self._samples.values()), {}
        if samples and self._studio.records.behind < 10:
            work = partial(actions.save_beats, beats=samples, actor=SYSTEM, now=self._studio.now())
            self._studio.records.later(work, "heartbeats")

    def _stage_of(self, participation_ref: str) -> Stage | None:
        return next((stage for stage in list(self._studio.stages.values()) if participation_ref in stage.seats), None)

    async def _last_word(self, participation_ref: str, actor: Actor, line: Line) -> None:
        word = await self._studio.records.read(partial(queries.last_word, participation_ref, actor))
        line.say(messages.ended_of(word.role, word.outcome, line.language))
        line.shut(OVER)


def say_replaced(line: Line) -> None:
    """This page was opened elsewhere: the last word it hears."""
    line.say(messages.replaced(line.language))
    line.shut(REPLACED)
