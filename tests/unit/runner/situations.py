"""Machines, the models on them and what is wanted: whatever there may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from inference.runner.policy import OFF, Need, Place, Record, Resident, Rung, Way

NOW = 1000.0
_sizes = st.integers(0, 40)
_seconds = st.floats(0, 100)


@st.composite
def machines(draw: st.DrawFn) -> list[Place]:
    gpus = draw(st.integers(0, 4))
    places = [Place("cpu", "cpu", draw(st.integers(1, 100)), draw(st.integers(0, 20)))]
    return places + [Place(f"gpu{n}", "gpu", draw(st.integers(1, 80)), draw(st.integers(0, 9))) for n in range(gpus)]


@st.composite
def crowds(draw: st.DrawFn, places: Sequence[Place]) -> list[Resident]:
    ids = [place.id for place in places]
    found: list[Resident] = []
    for number in range(draw(st.integers(0, 7))):
        device = draw(st.sampled_from(ids))
        size = draw(_sizes)
        rungs: list[Rung] = []
        if draw(st.booleans()):
            rungs.append(Rung(1, {"cpu": size, device: 1}, draw(st.floats(0, 5))))
        rungs.append(Rung(OFF, {}, draw(st.floats(5, 100))))
        after = draw(st.sampled_from([None, None, None, {}, {device: draw(_sizes)}]))
        found.append(
            Resident(
                model=f"m{number}",
                share={} if after and draw(st.booleans()) else {device: size},
                rungs=tuple(rungs),
                after=after,
                busy=draw(st.integers(0, 3)) == 0,
                pinned=draw(st.integers(0, 5)) == 0,
                since=NOW - draw(_seconds),
                last_used=NOW - draw(_seconds),
                record=Record(draw(st.floats(0, 20)), NOW - draw(_seconds), draw(st.floats(0, 20))),
                priority=draw(st.sampled_from([0, 10])),
                announced=draw(st.sampled_from([0, 0, 0, 1, 3])),
            )
        )
    return found


@st.composite
def needs(draw: st.DrawFn) -> Need:
    ways = draw(
        st.lists(
            st.builds(
                Way, st.sampled_from(["cpu", "gpu"]), st.integers(1, 3), st.integers(0, 50), st.sampled_from([0, 0, 5])
            ).map(lambda way: replace(way, count=1, host=0) if way.kind == "cpu" else way),
            min_size=1,
            max_size=3,
        )
    )
    return Need(
        "wanted",
        tuple(ways),
        allowed=draw(st.sampled_from([None, None, frozenset({"gpu1", "cpu"})])),
        priority=draw(st.sampled_from([0, 10])),
        prefetch=draw(st.integers(0, 3)) == 0,
        announced=draw(st.integers(0, 2)),
        record=Record(draw(st.floats(0, 20)), NOW, draw(st.floats(0, 50))),
    )


@st.composite
def situations(draw: st.DrawFn) -> tuple[Need, list[Place], list[Resident]]:
    places = draw(machines())
    need, residents = draw(needs()), draw(crowds(places))
    if draw(st.integers(0, 3)) == 0:  # it sleeps, and wakes where it lives
        device = draw(st.sampled_from(places)).id
        asleep = Resident("wanted", {device: draw(st.integers(0, 5)), "cpu": draw(_sizes)}, (Rung(OFF),))
        return replace(need, at={device: draw(_sizes)}, allowed=None), places, [*residents, asleep]
    return need, places, residents
