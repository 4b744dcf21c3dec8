"""Files into pages of text, and pages into passages. A library: it knows neither HTTP nor the database nor users.

    document = await read_isolated(path_or_bytes, "manual.pdf", "application/pdf", on_page)
    chunks = chunk_document(document, counter)

Guarantees

    kinds      PDF, DOCX, HTML, Markdown, plain text. What a file is shows in its bytes; a name that says otherwise
               is an UnreadableDocument that tells what the file seems to be and what is taken.
    offsets    A page's text is what blocks and chunks refer to, by character. It holds no NUL, no controls and no
               lone surrogates; what is not white space in it lies in exactly one block and in at least one chunk.
    isolation  read_isolated() reads in a process of its own with limits on memory and time: a file that crashes a
               parser or never ends is an UnreadableDocument, one that eats memory TooLarge, and the caller goes on.
               Cancelling it ends the process. read_document() is the same reading in this process.
    chunks     In order, never blank, never longer than the limit as the counter counts. A chunk on one page is a
               slice of it: `page.text[start:end] == text`. Over a page break (a paragraph that goes on, a heading
               whose text follows) it is the end of one page, a newline, and the beginning of the next.
    errors     UnreadableDocument and TooLarge; their messages name the file and the way out.
"""

from inference.functions.reading.boxes import Box, boxes_of, pack_lines, unpack_lines
from inference.functions.reading.chunking import chunk_document as _chunk
from inference.functions.reading.chunks import ChunkText, TokenCounter
from inference.functions.reading.document import Block, Kind, OnPage, Page, ReadDocument
from inference.functions.reading.isolation import read_isolated
from inference.functions.reading.limits import DEFAULT_LIMITS, Limits
from inference.functions.reading.reader import read_document

READER_VERSION = 1


def chunk_document(document, counter, chunking=None, *, most=254):
    max_tokens = min((chunking and chunking.max_tokens) or most, most)
    return _chunk(document, counter, max_tokens, 32 if not chunking or chunking.overlap_tokens is None else chunking.overlap_tokens)


__all__ = ["READER_VERSION", "boxes_of", "pack_lines", "unpack_lines",
    "DEFAULT_LIMITS", "Block", "ChunkText", "Kind", "Limits", "OnPage", "Page", "ReadDocument", "TokenCounter",
    "chunk_document", "read_document", "read_isolated",
]  # fmt: skip
