"""From a file to passages that are searched: the steps of the toolchain `ingest_document`, and what starts it.

    parse_document    reads the pages (kept under the content's hash: the same bytes are read once), or
    expand_archive    makes a document of each member of an archive
    index_words       cuts them into passages; pages, passages and postings in one transaction: from here on it is found
                      by words
    embed_document    vectors, in batches that are each kept when they are there
    publish_document  says that all is there

A newer content of a document that can be searched is built aside, in its run's scratch space, and takes the place of
the old one in one transaction, which is `publish_document`'s. Every step may be done again, by another process too: it
finds what it did the first time and goes on from there. A step works for the run that the document's row names, so that
a run which was given up changes nothing any more.
"""

from inference.functions.ingestion import archives, intake, reindexing, retrying, steps
from inference.functions.ingestion.contents import clear_away, delete_left_contents, delete_unused_contents, let_go
from inference.functions.ingestion.intake import file_type, safe_name, take_in
from inference.functions.ingestion.sweeping import sweep_objects

__all__ = [
    "archives", "clear_away", "delete_left_contents", "delete_unused_contents", "file_type", "intake", "let_go",
    "reindexing", "retrying", "safe_name", "steps", "sweep_objects", "take_in",
]  # fmt: skip
