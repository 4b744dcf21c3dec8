"""Files into pages of text, pages into passages. A library: it knows neither HTTP nor the database nor users.

    document = await read_isolated(path_or_bytes, "manual.pdf", "application/pdf", on_page)
    chunks = chunk_document(document, counter, Chunking(strategy="structure"))
    boxes = boxes_of(document.pages[0].lines, chunks[0].start, chunks[0].end)

    if is_archive(path_or_bytes):
        expansion = await expand_archive_isolated(path_or_bytes, "manuals.zip", on_member)

Guarantees

    kinds      PDF, DOCX, PPTX, XLSX, ODT/ODS/ODP, EPUB, HTML, Markdown, plain text, CSV, JSON, e-mail and pictures.
               What a file is shows in its bytes; a name that says otherwise is an UnreadableDocument that tells what
               the file seems to be and what is taken. A text's encoding shows in them too; where it does not, a
               charset of the content type counts (`with_charset`).
    pages      Slides, sheets, chapters and attachments are pages; HTML, Markdown and a DOCX that Word never laid out
               are one. Pages of pictures and those of a PDF that have no text layer are recognised (OCR), offline.
               What was recognised or left out is told in the document's `notes`; a document is never cut silently.
    offsets    A page's text is what blocks, lines and chunks refer to, by character. It holds no NUL, no controls and
               no lone surrogates; what is not white space in it lies in exactly one block and in at least one chunk.
    boxes      Pages of PDFs and pictures tell where each of their lines stands, as shares of the page as it is shown
               (turned, cropped). `boxes_of`, `pack_lines` and `unpack_lines` need no process and no parser.
    isolation  read_isolated() and expand_archive_isolated() work in a process of their own with limits on memory and
               time: a file that crashes a parser or never ends is an UnreadableDocument, one that eats memory TooLarge,
               and the caller goes on. Cancelling them ends the process. read_document() reads in this process.
    archives   Members come one by one, their bytes in memory, under safe relative names; what is not taken is listed
               with the reason. Nothing is ever written to a path that an archive names.
    chunks     In order, never blank, never longer than the limit as the counter counts. A chunk on one page is a
               slice of it: `page.text[start:end] == text`. Over a page break (a paragraph that goes on, a heading
               whose text follows) it is the end of one page, a newline, and the beginning of the next. The first row
               of a table that it begins inside of is the last of its headings.
    version    READER_VERSION changes when the same bytes read to something else than before.
    errors     UnreadableDocument and TooLarge; their messages name the file and the way out.
"""

from inference.functions.reading.boxes import Box, Line, boxes_of, pack_lines, unpack_lines
from inference.functions.reading.charsets import with_charset
from inference.functions.reading.chunking import chunk_document, expected_passages
from inference.functions.reading.chunks import ChunkText, TokenCounter
from inference.functions.reading.document import Block, Kind, OnPage, Page, ReadDocument
from inference.functions.reading.isolated import OnMember, expand_archive_isolated, read_isolated
from inference.functions.reading.limits import DEFAULT_ARCHIVE_LIMITS, DEFAULT_LIMITS, ArchiveLimits, Limits
from inference.functions.reading.members import Expansion, Member, Skipped
from inference.functions.reading.reader import READER_VERSION, read_document
from inference.functions.reading.sniffing import is_archive

__all__ = [
    "DEFAULT_ARCHIVE_LIMITS", "DEFAULT_LIMITS", "READER_VERSION", "ArchiveLimits", "Block", "Box", "ChunkText",
    "Expansion", "Kind", "Limits", "Line", "Member", "OnMember", "OnPage", "Page", "ReadDocument", "Skipped",
    "TokenCounter", "boxes_of", "chunk_document", "expand_archive_isolated", "expected_passages", "is_archive",
    "pack_lines", "read_document", "read_isolated", "unpack_lines", "with_charset",
]  # fmt: skip
