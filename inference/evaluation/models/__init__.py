"""Which models are kept in memory: a trace of requests, replayed through the functions that the runner decides with.

    trace.py     who asks for which model when: Zipf's popularity that drifts, alone or as graphs that announce
    keepers.py   who decides: the runner's own plan(), and the policies that it is compared with
    replay.py    one replay: what is loaded, and how long requests wait
    section.py   the part `models` of `make bench`

No process is started and no clock is read: the same seed gives the same figures on every machine.
"""
