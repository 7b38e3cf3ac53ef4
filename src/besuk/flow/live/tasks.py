"""What an officer has to do, as facts of a call. The task book remembers since when, and whose it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from besuk.flow.live import hints, presence
from besuk.flow.live.hub import Message
from besuk.flow.live.presence import Attention
from besuk.flow.live.stage import PARTIES, PartyRole, Stage


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of task.

    `patience_s`: so long the fact must stand before it is a task. `linger_s`: so long an open one stays
    after the fact is gone. `afresh_s`: so long the fact must be gone before its return is a new one.
    `by_hand`: an officer's word ends it; the others end when what they ask for has happened.
    """

    title: str
    urgency: str
    patience_s: float = 0.0
    linger_s: float = 0.0
    afresh_s: float = 10.0
    by_hand: bool = True


KINDS: dict[str, Kind] = {
    "help": Kind(_("{side} minta bantuan"), "high", afresh_s=0.0),
    "no_supervisor": Kind(_("Panggilan tanpa pengawas"), "high", by_hand=False),
    "second": Kind(_("Perlu pengawas kedua"), "high", by_hand=False),
    "dark": Kind(_("{side}: gambar gelap atau kamera tertutup"), "high", patience_s=10.0, linger_s=3.0),
    "people": Kind(_("Jumlah orang berbeda dari pesanan"), "high", afresh_s=0.0),
    "recorder": Kind(_("Perekam tidak berjalan"), "high", by_hand=False),
    "technical": Kind(_("{side}: sambungan terputus"), "normal", patience_s=2.0),
    "frozen": Kind(_("{side}: gambar dan suara berhenti"), "high", patience_s=2.0, by_hand=False),
    "no_picture": Kind(_("{side}: kamera mati"), "normal", patience_s=5.0),
    "identity": Kind(_("Periksa wajah kedua pihak, lalu izinkan"), "normal", by_hand=False),
    "late": Kind(_("{side}: belum masuk padahal sudah waktunya"), "normal", patience_s=60.0),
    "still": Kind(_("{side}: gambar tidak bergerak, mungkin tidak ada orang"), "normal", patience_s=60.0, linger_s=3.0),
    "silence": Kind(_("Kedua pihak diam lebih dari satu menit"), "low", patience_s=60.0),
}
"""A minute late: most come within it. Ten seconds of dark: a hand over the lens while the phone is moved takes
two. A minute without movement or sound: people listen, think and weep for half of one."""
SIDES: dict[str, str] = {"visitor": _("Keluarga"), "inmate": _("Warga binaan")}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to be done about a call, or about one side of it."""

    kind: str
    side: str = ""

    @property
    def code(self) -> str:
        """One word for the wall: `help_visitor`."""
        return f"{self.kind}_{self.side}" if self.side else self.kind

    @property
    def title(self) -> str:
        """In words, in the active language."""
        return title_of(self.kind, self.side)


def title_of(kind: str, side: str) -> str:
    """What there is to do, in the active language; a kind from another release as its code."""
    words = gettext(KINDS[kind].title) if kind in KINDS else kind
    return words.format(side=gettext(SIDES[side]) if side in SIDES else "")


def fact_of(code: str) -> Fact | None:
    """The fact that `code` names; None for anything else."""
    kind, _cut, side = code.rpartition("_")
    if side in SIDES and kind in KINDS:
        return Fact(kind, side)
    return Fact(code) if code in KINDS else None


def flags(stage: Stage) -> list[str]:
    """Short words that a tile marks."""
    return [f"help_{seat.role}" for seat in stage.parties() if seat.help_wanted]


ATTENTION = _("Konfirmasi Anda masih mengawasi")
ATTENTION_ASKED = _("Tekan Saya mengawasi. Tanpa itu panggilan Anda dijeda.")
ATTENTION_MISSED = _("Masukkan PIN Anda. Panggilan Anda dijeda sampai itu.")


def of_officer(attention: Attention | None, at: float) -> list[Message]:
    """What the officer owes, whatever the call: an answer that they are there. Always their own, done by the tap."""
    if attention is None:
        return []
    missed = presence.is_overdue(attention, at)
    if not missed and not presence.is_asked(attention, at):
        return []
    return [
        {
            "id": "attention", "kind": "attention", "title": gettext(ATTENTION),
            "detail": gettext(ATTENTION_MISSED if missed else ATTENTION_ASKED),
            "urgency": "high", "call": None, "owner": None, "mine": True, "done_by": None,
            "can_take": False, "can_finish": False,
        }
    ]  # fmt: skip


def facts(stage: Stage, now: datetime, at: float) -> set[Fact]:
    """What somebody has to do about this call now; nothing once it ends."""
    if stage.ending or stage.state == "ended":
        return set()
    sides = (fact for role in PARTIES for fact in _of_side(stage, role, now, at))
    return {*sides, *_of_call(stage, now, at)}


def _of_call(stage: Stage, now: datetime, at: float) -> Iterator[Fact]:
    watched = stage.is_watched(at)
    wanted = "no_supervisor" in stage.holds if stage.state == "live" else now >= stage.starts_at
    if wanted and not watched:
        yield Fact("second" if stage.lacks_second(at) else "no_supervisor")
    if "identity" in stage.holds if stage.state == "live" else stage.both_seen() and watched:
        yield Fact("identity")
    if "recorder" in stage.holds:
        yield Fact("recorder")
    if stage.counted is not None and stage.counted != stage.people:
        yield Fact("people")
    if stage.floor_open and _both_silent(stage, at):
        yield Fact("silence")


def _of_side(stage: Stage, role: PartyRole, now: datetime, at: float) -> Iterator[Fact]:
    seat = stage.side(role)
    if seat is not None and seat.help_wanted:
        yield Fact("help", role)
    if seat is None or not seat.here:
        yield from _of_absent(stage, role, now)
    elif not seat.publishing.camera:
        yield Fact("no_picture", role)
    else:
        said = hints.fresh(seat.hints.values(), at)
        if said and seat.still:
            yield Fact("frozen", role)
        elif any(hint.dark for hint in said):
            yield Fact("dark", role)
        elif said and all(hint.still for hint in said):
            yield Fact("still", role)


def _of_absent(stage: Stage, role: PartyRole, now: datetime) -> Iterator[Fact]:
    """Somebody who was there is cut off; somebody who never came is late."""
    seat = stage.side(role)
    if stage.state == "live" or (seat is not None and (seat.cut_off or seat.gone_since is not None)):
        yield Fact("technical", role)
    elif now >= stage.starts_at:
        yield Fact("late", role)


def _both_silent(stage: Stage, at: float) -> bool:
    """Whether neither speaks. Where an officer turned a microphone off, silence says nothing."""
    sides = [stage.side(role) for role in PARTIES]
    if any(seat is None or not seat.here or seat.muted for seat in sides):
        return False
    said = [hints.fresh(seat.hints.values(), at) for seat in sides if seat is not None]
    return all(of_one and all(hint.silent for hint in of_one) for of_one in said)
