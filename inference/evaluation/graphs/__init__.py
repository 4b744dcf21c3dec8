"""Toolchains at work, beside LangGraph's own server and LangGraph with its Postgres saver.

    section.py            the table's section
    doors.py              three nodes over HTTP, one client and fifty
    engines.py            in process: durable runs, what a node costs, memory, long threads, compilation
    crash.py              kill -9 in the middle of durable runs, and how often every node ran
    engine_process.py     our engine, in a process that is told what to do
    langgraph_process.py  LangGraph with AsyncPostgresSaver, the same
    langgraph_server.py   `langgraph dev`
    langgraph_chain.py    the peer's graphs
    toolchains.py         the same as toolchains

What is imported here has to exist in the peer's environment too: nothing.
"""
