"""Mail (RFC 5322 and MIME): the message on the first page, what is attached on those that follow."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from typing import cast

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading import html, text
from inference.functions.reading.charsets import with_charset
from inference.functions.reading.document import Page, PageWriter, ReadDocument, clean, headed, one_line
from inference.functions.reading.reader import read as read_any
from inference.functions.reading.sniffing import quoted
from inference.functions.reading.task import Task

_HEADERS = ("From", "To", "Cc", "Date")
_MAX_ATTACHMENTS = 200


def read(task: Task) -> ReadDocument:
    """Reads subject, sender, receivers, date and the text, or the HTML when there is none; then each attachment with
    the reader of its kind, under its name. One that cannot be read is noted and left out."""
    message = BytesParser(policy=policy.default).parsebytes(task.data)
    subject = one_line(clean(_header(message, "Subject")))
    writer = PageWriter()
    writer.add("heading", subject, level=1)
    headers = [(name, " ".join(clean(_header(message, name)).split())) for name in _HEADERS]
    writer.add("paragraph", "\n".join(f"{name}: {value}" for name, value in headers if value))
    page, notes = _with_body(writer, message, task)
    pages = [page]
    attachments = list(_attachments(message))
    if len(attachments) > _MAX_ATTACHMENTS:
        raise TooLarge(
            f"{quoted(task.name)} has {len(attachments):,} attachments; at most {_MAX_ATTACHMENTS} are read."
        )
    for at, (name, content_type, data) in enumerate(attachments, 1):
        try:
            document = read_any(task.inner(data, name, content_type))
        except UnreadableDocument as error:
            notes.append(f"An attachment was left out: {error.message}")
            continue
        notes += [f"{quoted(name)}: {note}" for note in document.notes]
        first = len(pages) + 1
        pages += [
            headed(page, number, one_line(name) if number == first else "")
            for number, page in enumerate(document.pages, first)
        ]
        task.on_page(at, len(attachments))
    task.on_page(len(pages), len(pages))
    return ReadDocument("email", subject or None, pages, notes)


def _header(message: EmailMessage, name: str) -> str:
    """A header's value; empty when it is missing, or so broken that the standard library's parser gives up."""
    try:
        return str(message.get(name, ""))
    except Exception:  # malformed addresses and dates raise IndexError, AttributeError and others
        return ""


def _with_body(writer: PageWriter, message: EmailMessage, task: Task) -> tuple[Page, list[str]]:
    """The first page, and the notes on its text."""
    page = writer.page(1)
    body = message.get_body(("plain", "html"))
    if body is None:
        return page, []
    inner = task.part(_bytes(body), "body", f"{body.get_content_type()}; charset={body.get_content_charset('utf-8')}")
    document = html.read(inner) if body.get_content_type() == "text/html" else text.read(inner)
    for part in document.pages:
        for block in part.blocks:
            writer.add(
                block.kind, part.text[block.start : block.end], level=min(block.level + 1, 6) if block.level else 0
            )
    return writer.page(1), list(document.notes)


def _attachments(message: EmailMessage) -> Iterator[tuple[str, str | None, bytes]]:
    """Name, content type and bytes of what is attached; pictures that the text shows are not."""
    for number, part in enumerate(message.iter_attachments(), 1):
        content_type = part.get_content_type()
        if content_type == "message/rfc822":
            inner = cast("list[EmailMessage]", part.get_payload())
            name = f"{one_line(clean(_header(inner[0], 'Subject'))) or f'message {number}'}.eml"
            yield name, content_type, inner[0].as_bytes()
        elif not part.is_multipart():
            name = one_line(clean(part.get_filename() or f"attachment {number}"))
            declared = f"{content_type}; charset={part.get_content_charset('')}"
            yield name, with_charset(content_type, declared), _bytes(part)


def _bytes(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
