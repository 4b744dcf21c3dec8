"""The BM25 store: from words to chunks, in plain PostgreSQL, in the transactions of the chunks.

    words.py         where the words of a text are            query.py     what a user asks for
    pages.py         postings as bytes                        patterns.py  a query in the stems of a language
    segments.py      segments from words and from segments    phrases.py   words that stand together
    postings.py      what is held in memory to be scored      scoring.py   the best chunks, exactly
    memory.py        what a process remembers                 reading.py   what a search reads
    indexing.py      makes chunks findable                    store.py     search: the face
    tending.py       what is to be merged next                merging.py   merges it

Guarantees. A chunk can be found from the commit of the transaction that inserted it and called `add`, and no longer
from the commit of the one that deleted it, by whatever cascade. Scores, their order, and the statistics behind them are
exact at every moment, whatever was added, deleted, replaced or merged before. Segments never change; a search reads in
one statement which of them there are and what has been deleted since, so that nothing in memory is out of date.
"""

from db.bm25.allowed import Allowed, AllowedChunks, AllowedWhere
from db.bm25.highlighting import Span
from db.bm25.memory import Memory
from db.bm25.merging import QUIET_SECONDS, Merger
from db.bm25.query import Clause, Query, parse_query
from db.bm25.scoring import Scored
from db.bm25.store import Bm25, ExplainedTerm, Explanation

__all__ = [
    "QUIET_SECONDS",
    "Allowed",
    "AllowedChunks",
    "AllowedWhere",
    "Bm25",
    "Clause",
    "ExplainedTerm",
    "Explanation",
    "Memory",
    "Merger",
    "Query",
    "Scored",
    "Span",
    "parse_query",
]
