"""What can be done with a call: one file a verb. All run in a unit of work and know no media.

The order between media and record is the conductor's: closing acts touch the media first and come here
after, opening acts come here first.
"""

from besuk.flow.live.actions.admit import admit
from besuk.flow.live.actions.attempt import note_attempt
from besuk.flow.live.actions.attention import note_attention
from besuk.flow.live.actions.beats import Beat, save_beats
from besuk.flow.live.actions.clock_set import clock_set_back
from besuk.flow.live.actions.eject import eject
from besuk.flow.live.actions.end import end
from besuk.flow.live.actions.enter import Entry, enter
from besuk.flow.live.actions.extend import extend
from besuk.flow.live.actions.hold import hold, lift
from besuk.flow.live.actions.look import leave_look, take_look
from besuk.flow.live.actions.microphone import mute, unmute
from besuk.flow.live.actions.move_room import move_room
from besuk.flow.live.actions.outcome import confirm_outcome, correct_outcome
from besuk.flow.live.actions.postpone import postpone
from besuk.flow.live.actions.prepare import prepare
from besuk.flow.live.actions.report import report
from besuk.flow.live.actions.speak import hush, speak
from besuk.flow.live.actions.supervise import leave_watch, take_watch
from besuk.flow.live.actions.witness import happened, witness

__all__ = [
    "Beat",
    "Entry",
    "admit",
    "clock_set_back",
    "confirm_outcome",
    "correct_outcome",
    "eject",
    "end",
    "enter",
    "extend",
    "happened",
    "hold",
    "hush",
    "leave_look",
    "leave_watch",
    "lift",
    "move_room",
    "mute",
    "note_attempt",
    "note_attention",
    "postpone",
    "prepare",
    "report",
    "save_beats",
    "speak",
    "take_look",
    "take_watch",
    "unmute",
    "witness",
]
