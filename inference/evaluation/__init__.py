"""Measures the platform as its users meet it: over HTTP, started by `penstock start`, in a home that is thrown away.

    python -m inference.evaluation [--only PART]      what `make bench` runs

    start.py      how long a start takes, and what all processes together hold in memory
    gateway.py    /v1/chat/completions to an upstream that costs nothing, beside LiteLLM's proxy
    embedding.py  passages a second, and one short query
    search.py     hybrid search at two sizes and its lanes alone; how good it is (quality.py), how fast chunks are
                  written beside langchain-postgres (vector_writes.py)
    bm25/         search by words in process, beside tantivy and bm25s
    graphs/       toolchains at work, beside LangGraph's server and its Postgres saver; kill -9 in the middle
    editor/       the editor of toolchains in a browser, beside a bare canvas of the library that draws it
    models/       which models are kept in memory, beside LRU, as a replay that starts no model

Each part starts its own platform, and ends it. Figures are medians of several runs with their spread; what is compared
runs in turns, so that a busy moment of the machine hits both. docs/performance.md tells what each line means.
"""
