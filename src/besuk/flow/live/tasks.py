"""What an officer has to do: the task list, filled from what is known of the calls."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from besuk.flow.live import presence
from besuk.flow.live.hub import Message
from besuk.flow.live.presence import Attention
from besuk.flow.live.stage import Stage

TASK_WORDS = {
    "help_visitor": (_("Keluarga minta bantuan"), "high"),
    "help_inmate": (_("Warga binaan minta bantuan"), "high"),
    "no_supervisor": (_("Panggilan tanpa pengawas"), "high"),
    "technical": (_("Sambungan terputus"), "normal"),
    "late": (_("Belum dimulai padahal sudah waktunya"), "normal"),
    "identity": (_("Periksa wajah kedua pihak, lalu izinkan"), "normal"),
}


def flags(stage: Stage) -> list[str]:
    """Short words that a tile marks."""
    return [f"help_{seat.role}" for seat in stage.parties() if seat.help_wanted]


ATTENTION = _("Konfirmasi Anda masih mengawasi")
ATTENTION_ASKED = _("Tekan Saya mengawasi. Tanpa itu panggilan Anda dijeda.")
ATTENTION_MISSED = _("Masukkan PIN Anda. Panggilan Anda dijeda sampai itu.")


def of_officer(attention: Attention | None, at: float) -> list[Message]:
    """What the officer owes, whatever the call: an answer that they are there."""
    if attention is None:
        return []
    missed = presence.is_overdue(attention, at)
    if not missed and not presence.is_asked(attention, at):
        return []
    detail = gettext(ATTENTION_MISSED if missed else ATTENTION_ASKED)
    return [{"id": "attention", "title": gettext(ATTENTION), "detail": detail, "urgency": "high", "call": None}]


def tasks(stages: Iterable[Stage], now: datetime, at: float) -> list[Message]:
    """The task list, filled from what is known of the calls, most urgent first."""
    found = [_task(stage, code) for stage in stages for code in task_codes(stage, now, at)]
    order = {"high": 0, "normal": 1, "low": 2}
    return sorted(found, key=lambda task: order[str(task["urgency"])])


def task_codes(stage: Stage, now: datetime, at: float) -> list[str]:
    """What somebody has to do about this call."""
    codes = flags(stage)
    if stage.state == "live":
        codes += [cause for cause in ("no_supervisor", "technical") if cause in stage.holds]
    elif stage.both_seen() and stage.is_watched(at):
        codes.append("identity")
    elif now >= stage.starts_at:
        codes.append("no_supervisor" if not stage.is_watched(at) else "late")
    return codes


def _task(stage: Stage, code: str) -> Message:
    title, urgency = TASK_WORDS[code]
    detail = f"{stage.station} · {stage.inmate_name} – {stage.visitor_name}"
    return {
        "id": f"{stage.ref}:{code}", "title": gettext(title), "detail": detail, "urgency": urgency, "call": stage.ref,
    }  # fmt: skip
