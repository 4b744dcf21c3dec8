"""Search by words in process, beside tantivy and bm25s: time, growth, size, load, exactness; quality on judged queries.

    section.py        the table's section
    corpus.py         made-up chunks and queries with Zipf's frequencies
    store_process.py  our store, in a process that is told what to do
    peer_process.py   tantivy and bm25s, the same, in an environment of their own
    plot_process.py   the growth as a picture, in the same environment
    quality.py        nDCG@10: Cranfield where it is, a made-up set otherwise

What the peers' processes import has to exist in their environment too: nothing but numpy.
"""
