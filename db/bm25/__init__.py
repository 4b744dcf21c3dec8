"""The BM25 store: from words to chunks, in plain PostgreSQL, in the transactions of the chunks.

    words.py         where the words of a text are            query.py     what a user asks for
    vocabulary.py    what the words of a language stand for   patterns.py  a query in the stems of a language
    pages.py         postings as bytes                        phrases.py   words that stand together
    segments.py      segments from words and from segments    scoring.py   the best chunks, exactly
    postings.py      what is held in memory to be scored      reading.py   what a search reads
    memory.py        what a process remembers                 store.py     search: the face
    indexing.py      makes chunks findable                    tending.py   what is to be merged next
    merging.py       merges it

Guarantees. A chunk can be found from the commit of the transaction that inserted it and called `add`, and no longer
from the commit of the one that deleted it, by whatever cascade. Scores, their order, and the statistics behind them are
exact at every moment, whatever was added, deleted, replaced or merged before. Segments never change; a search reads in
one statement which of them there are and what has been deleted since, so that nothing in memory is out of date.
"""

from db.bm25.allowed import Allowed, AllowedChunks, AllowedWhere
from db.bm25.highlighting import Span
from db.bm25.indexing import Findable
from db.bm25.memory import Memory
from db.bm25.merging import QUIET_SECONDS, Merger
from db.bm25.query import MOST_METADATA_CLAUSES, MOST_WORDS, Clause, Query, parse_query, query_of_words
from db.bm25.scoring import Scored
from db.bm25.store import Binding, Bm25, ExplainedTerm, Explanation

__all__ = [
    "MOST_METADATA_CLAUSES",
    "MOST_WORDS",
    "QUIET_SECONDS",
    "Allowed",
    "AllowedChunks",
    "AllowedWhere",
    "Binding",
    "Bm25",
    "Clause",
    "ExplainedTerm",
    "Explanation",
    "Findable",
    "Memory",
    "Merger",
    "Query",
    "Scored",
    "Span",
    "parse_query",
    "query_of_words",
]
