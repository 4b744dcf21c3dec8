"""What the runner decides about memory: pure functions from facts to a decision, without a process or a clock.

    plan()      where a wanted model goes and which others make room; or that it has to wait; or that it never fits
    fits()      whether what was promised can begin now
    relief()    which models go when devices hold more than they may
    idle()      which models fall because nobody used them for long, and when to look again
    touched()   what is remembered of a model's use, on which its worth rests

All sizes are bytes; all times are seconds of one monotone clock, the caller's. A model at rest is `ready` or sleeps.
One that moves (loads, falls, wakes, or is promised room and has not begun) counts with the larger of what it holds and
what it will hold, and is left alone.

Which model goes: the one whose absence costs least for the room that it gives, as in GreedyDual-Size-Frequency
(Cherkasova, HP Labs HPL-98-69R1, 1998): uses × seconds to get it back / GiB. Uses decay with a half-life, as in LRFU
(Lee et al., IEEE Trans. Computers 50(12), 2001), in place of GreedyDual's inflating clock: popularity drifts, and what
was much used yesterday has to go without much having been evicted since. `make bench` shows both beside LRU. A model
that can sleep is a ladder of states: every rung down gives room for so many seconds to come back, so that one
comparison chooses between putting one to sleep and ending another.
"""

from __future__ import annotations

from inference.runner.policy.deciding import plan
from inference.runner.policy.facts import (
    BACKGROUND,
    HOST,
    INTERACTIVE,
    OFF,
    RULES,
    DeviceKind,
    Fall,
    Idle,
    Need,
    Place,
    Resident,
    Room,
    Rules,
    Rung,
    Share,
    TooLarge,
    Wait,
    Way,
)
from inference.runner.policy.idling import idle
from inference.runner.policy.room import fits, relief
from inference.runner.policy.worth import NEW, Record, loaded, touched, worth

__all__ = [
    "BACKGROUND",
    "HOST",
    "INTERACTIVE",
    "NEW",
    "OFF",
    "RULES",
    "DeviceKind",
    "Fall",
    "Idle",
    "Need",
    "Place",
    "Record",
    "Resident",
    "Room",
    "Rules",
    "Rung",
    "Share",
    "TooLarge",
    "Wait",
    "Way",
    "fits",
    "idle",
    "loaded",
    "plan",
    "relief",
    "touched",
    "worth",
]
