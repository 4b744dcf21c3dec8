"""A question becomes a cited answer in these steps.

server     receives it over HTTP, knows who asks, and streams events back.
composer   turns a toolchain's JSON into a LangGraph graph and carries the run, which is written down before it begins.
functions  are what the graph's nodes call: search, cite, ingest; one registry, one door for everybody.
runner     holds the models, each in a process that speaks the OpenAI protocol; it loads one when asked, and leases it.
db         remembers: documents, vectors, postings, runs, events, conversations. All SQL is in db/sql.

All speak inference.models, generated from schemas/. Read next: server/app.py.
"""
