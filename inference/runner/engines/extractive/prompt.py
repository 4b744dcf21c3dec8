"""What a chat's messages ask and what they give to answer it from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inference.runner.engines.chat import ChatMessage

MAX_QUESTION = 2000  # characters: the embedder reads 256 tokens
_ATTRIBUTE = re.compile(r"(\w{1,40})\s*=\s*\"([^\"]*)\"")
_OPEN, _CLOSE = "<source", "</source>"


@dataclass(frozen=True, slots=True)
class Passage:
    """A source: `n` is the number that its citations carry, `section` what it stands under, headings and the like."""

    n: int
    document: str
    text: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    question: str
    passages: list[Passage]


def read_prompt(messages: Sequence[ChatMessage]) -> Prompt:
    """Where two sources carry the same number, as over the turns of a conversation, the later one counts."""
    passages: dict[int, Passage] = {}
    question = ""
    for message in messages:
        if message.role not in ("system", "developer", "user"):
            continue
        rest: list[str] = []
        for outside, attributes, inside in _sources(message.text):
            rest.append(outside)
            if inside is not None:
                passage = _passage(attributes, inside, len(passages) + 1)
                passages.pop(passage.n, None)
                passages[passage.n] = passage
        if message.role == "user":
            question = _question("".join(rest))
    return Prompt(question, list(passages.values()))


def _sources(text: str) -> Iterator[tuple[str, str, str | None]]:
    """Triples of the text before a source, its attributes and its text; the last has no source. Linear in the text."""
    place = 0
    while (start := text.find(_OPEN, place)) >= 0:
        head = text.find(">", start)
        end = text.find(_CLOSE, head)
        if head < 0 or end < 0:
            break
        yield text[place:start], text[start + len(_OPEN) : head], text[head + 1 : end]
        place = end + len(_CLOSE)
    yield text[place:], "", None


def _passage(attributes: str, inside: str, position: int) -> Passage:
    given = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
    number = given.get("n", "")
    n = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else position
    return Passage(n, given.get("document", ""), unescape(inside), given.get("section", ""))


def _question(text: str) -> str:
    start, end = text.find("<question>"), text.rfind("</question>")
    if 0 <= start < end:
        text = unescape(text[start + len("<question>") : end])
    return text.strip()[:MAX_QUESTION]


def unescape(text: str) -> str:
    for escaped, plain in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", '"'),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ):
        text = text.replace(escaped, plain)
    return text
