"""How long a start takes, and what the platform holds in memory when nobody asks anything of it."""

from __future__ import annotations

import time

from inference.evaluation.figures import Line, Section, Target, figure
from inference.evaluation.installation import Installation, new_home, started
from inference.evaluation.processes import cpu_seconds, pss_mb, tree
from inference.evaluation.progress import tell

ROUNDS = 5
# After this long the parts have done what they do once: imports, connections, the first look at the queue.
_SETTLE_SECONDS = 5.0
_PARTS = ("server", "worker", "runner", "supervisor", "postgres")


def measure() -> Section:
    """Makes a home, then starts on it ROUNDS times; memory is read in each, before anything is asked."""
    seconds: list[float] = []
    cpu: list[float] = []
    memory: list[dict[str, float]] = []
    with new_home() as home:
        tell("start: the first one, which makes the database")
        with started(home) as platform:
            first = platform.started_after
        for number in range(ROUNDS):
            with started(home) as platform:
                seconds.append(platform.started_after)
                cpu.append(sum(cpu_seconds(process.pid) for process in tree(platform.pid)))
                time.sleep(_SETTLE_SECONDS)
                memory.append(_memory(platform))
            tell(f"start: {number + 1} of {ROUNDS}, {seconds[-1]:.2f} s, {sum(memory[-1].values()):.0f} MB")
    parts = [Line(f"· {part}", figure([each.get(part, 0.0) for each in memory], "MB")) for part in _PARTS]
    others = sorted({name for each in memory for name in each} - set(_PARTS))
    return Section(
        "start",
        [
            Line("ready after, home initialised", figure(seconds, "s"), target=Target(5)),
            Line("CPU time of all processes by then", figure(cpu, "s")),
            Line("ready after, empty home", figure([first], "s")),
            Line("memory idle (PSS)", figure([sum(each.values()) for each in memory], "MB"), target=Target(400)),
            *parts,
            *(Line(f"· {name}", figure([each.get(name, 0.0) for each in memory], "MB")) for name in others),
        ],
        [f"memory is read {_SETTLE_SECONDS:g} s after ready, no model loaded; 1 MB = 10^6 bytes"],
    )


def _memory(platform: Installation) -> dict[str, float]:
    return {name: sum(map(pss_mb, processes)) for name, processes in platform.parts().items()}
