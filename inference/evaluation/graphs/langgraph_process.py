"""LangGraph with AsyncPostgresSaver, durable at every step, in a process that is told what to do:

python -m inference.evaluation.graphs.langgraph_process <conninfo> <folder>     in the peer's environment
"""

from __future__ import annotations

import asyncio
import sys
import time
from importlib import import_module
from itertools import count
from typing import Any

from inference.evaluation.graphs import langgraph_chain
from inference.evaluation.graphs.trace import NODES, Trace
from inference.evaluation.orders import obey

# As many as our own engine has.
CONNECTIONS = 10


class Peer:
    """Graphs compiled with a saver on a pool of connections."""

    def __init__(self, saver: Any, trace: Trace) -> None:
        self._saver, self._trace = saver, trace
        self._numbers = count()
        self._chains: dict[int, Any] = {}
        self._begun: list[asyncio.Task[Any]] = []

    async def alone(self, nodes: int, runs: int, durability: str = "sync") -> list[float]:
        """Milliseconds of each of `runs` durable runs of a chain, one after the other."""
        return [await self._run(nodes, durability) for _ in range(runs)]

    async def many(self, nodes: int, runs: int, at_once: int) -> float:
        """Seconds for `runs` durable runs of a chain, `at_once` at a time."""
        begun, left = time.perf_counter(), iter(range(runs))

        async def some() -> None:
            for _ in left:
                await self._run(nodes)

        await asyncio.gather(*(some() for _ in range(at_once)))
        return time.perf_counter() - begun

    async def turns(self, turns: int, text: str) -> list[float]:
        """Milliseconds of each turn of one thread."""
        graph, config = langgraph_chain.conversation(text).compile(checkpointer=self._saver), self._place()
        took: list[float] = []
        for turn in range(1, turns + 1):
            begun = time.perf_counter()
            given: dict[str, Any] = {"messages": []}
            state = await graph.ainvoke(given, config, durability="sync")
            took.append((time.perf_counter() - begun) * 1000)
            if len(state["messages"]) != 2 * turn:
                raise RuntimeError(f"turn {turn} left {len(state['messages'])} messages")
        return took

    async def compile(self, repeats: int) -> dict[str, list[float]]:
        """Milliseconds to make and compile graphs of 100 nodes."""
        made = {"straight": lambda: langgraph_chain.chain(100), "fans": lambda: langgraph_chain.fans(25)}
        took: dict[str, list[float]] = {shape: [] for shape in made}
        for _ in range(repeats):
            for shape, make in made.items():
                begun = time.perf_counter()
                make().compile()
                took[shape].append((time.perf_counter() - begun) * 1000)
        return took

    async def begin_traced(self, runs: int, apart: float) -> list[str]:
        """Begins traced runs, `apart` seconds from one to the next, and does not wait for them."""
        graph = langgraph_chain.chain(NODES, self._trace.work).compile(checkpointer=self._saver)
        names: list[str] = []
        for _ in range(runs):
            config = self._place()
            names.append(config["configurable"]["thread_id"])
            self._begun.append(asyncio.create_task(graph.ainvoke({"n": 0}, config, durability="sync")))
            await asyncio.sleep(apart)
        return names

    async def recorded(self, names: list[str]) -> dict[str, list[int]]:
        """The nodes of each run whose results are recorded."""
        graph = langgraph_chain.chain(NODES).compile(checkpointer=self._saver)
        found: dict[str, list[int]] = {}
        for name in names:
            state = await graph.aget_state({"configurable": {"thread_id": name}})
            held = state.values.get("n", 0)
            # A node's write that is stored without the checkpoint behind it counts: it is not done again.
            waiting = [task for task in state.tasks if task.result is not None]
            found[name] = list(range(1, held + len(waiting) + 1))
        return found

    async def resume_traced(self, names: list[str]) -> dict[str, Any]:
        """Carries the runs to their ends: of each its result."""
        graph = langgraph_chain.chain(NODES, self._trace.work).compile(checkpointer=self._saver)

        async def resumed(name: str) -> int:
            config = {"configurable": {"thread_id": name}}
            given = None if await self._saver.aget_tuple(config) else {"n": 0}
            return (await graph.ainvoke(given, config, durability="sync"))["n"]

        return dict(zip(names, await asyncio.gather(*(resumed(name) for name in names)), strict=True))

    async def _run(self, nodes: int, durability: str = "sync") -> float:
        graph = self._chains.get(nodes)
        if graph is None:
            graph = self._chains[nodes] = langgraph_chain.chain(nodes).compile(checkpointer=self._saver)
        begun = time.perf_counter()
        state = await graph.ainvoke({"n": 0}, self._place(), durability=durability)
        took = (time.perf_counter() - begun) * 1000
        if state["n"] != nodes:
            raise RuntimeError(f"a chain of {nodes} nodes gave {state}")
        return took

    def _place(self) -> dict[str, Any]:
        return {"configurable": {"thread_id": f"{time.time_ns()}-{next(self._numbers)}"}}


async def main(conninfo: str, folder: str) -> None:
    """Obeys until stdin ends."""
    # In the peer's environment alone, and without types.
    saver_module: Any = import_module("langgraph.checkpoint.postgres.aio")
    pools: Any = import_module("psycopg_pool")
    rows: Any = import_module("psycopg.rows")
    # As its documentation has it.
    options = {"autocommit": True, "prepare_threshold": 0, "row_factory": rows.dict_row}
    pool = pools.AsyncConnectionPool(conninfo, min_size=1, max_size=CONNECTIONS, kwargs=options, open=False)
    async with pool:
        saver = saver_module.AsyncPostgresSaver(pool)
        await saver.setup()
        peer = Peer(saver, Trace(f"{folder}/langgraph.trace"))
        await obey(
            {
                "alone": peer.alone,
                "many": peer.many,
                "turns": peer.turns,
                "compile": peer.compile,
                "begin_traced": peer.begin_traced,
                "recorded": peer.recorded,
                "resume_traced": peer.resume_traced,
            }
        )


if __name__ == "__main__":
    loops: Any = import_module("uvloop")
    loops.run(main(*sys.argv[1:]))
