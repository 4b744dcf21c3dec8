"""What docs/toolchains.md says that its examples give, they give."""

from __future__ import annotations

import pytest

from inference.composer.running import resume_run
from inference.models.runs import ResumeRunRequest
from tests.documentation import PAGE, Example, examples
from tests.storage.bench import Bench
from tests.storage.shelf import shelve

PASSAGES = [
    "The maximum operating pressure of the pump is 16 bar.",
    "The boiler room is heated in winter.",
    "Inspect the gasket every 200 hours.",
]
RUN = [example for example in examples() if example.gives is not None]


def test_every_given_is_one_that_is_run() -> None:
    assert len(RUN) == PAGE.read_text().count("it gives `") > 10


@pytest.mark.parametrize("example", RUN, ids=[example.toolchain["id"] for example in RUN])
async def test_an_example_gives_what_it_says(bench: Bench, example: Example) -> None:
    await shelve(bench, {"pump.txt": PASSAGES})
    for other in examples():
        await bench.save(other.toolchain)
    uid = await bench.composer.start(bench.ctx, example.toolchain["id"], example.given or {})
    run, output = await bench.end(uid)
    if example.answer is not None:
        assert run.status == "waiting"
        await resume_run(bench.ctx, ResumeRunRequest(run_id=str(uid), value=example.answer))
        run, output = await bench.end(uid)
    assert run.status == "completed", run.error
    assert output == example.gives
