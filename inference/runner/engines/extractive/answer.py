"""The `extractive` model: a prompt in, quoted sentences with their sources' marks out."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence

from inference.errors import PenstockError
from inference.runner.engines.chat import ChatMessage
from inference.runner.engines.extractive.prompt import read_prompt
from inference.runner.engines.extractive.selection import Candidate, blend, candidates, select
from inference.runner.engines.extractive.sentences import CELL
from inference.runner.engines.serving import Refusal

MODEL = "extractive"
NO_SOURCES = (
    "I am Penstock's built-in model: I answer by quoting the passages of your documents that fit a question, and here "
    "I have none to quote from. Add documents and ask about them, or connect a language model with OPENAI_BASE_URL to "
    "talk freely."
)
NO_ANSWER = "The sources that were found do not answer this question. Other words may find others."
NO_QUESTION = "Ask a question, and I will quote what the sources say about it."
_UNFINISHED = re.compile(r"[\w%°)\]\"'”’]$")

Embed = Callable[[Sequence[str]], Awaitable[list[bytes]]]


class Extractive:
    """`Answerer`. `embed` gives a vector a text as float32 bytes of length 1 and raises PenstockError."""

    model = MODEL

    def __init__(self, embed: Embed) -> None:
        self._embed = embed

    async def answer(self, messages: list[ChatMessage]) -> str:
        if not any(message.role == "user" for message in messages):
            raise Refusal(400, "'messages' must hold a message of the role 'user'.", param="messages")
        prompt = read_prompt(messages)
        if not prompt.passages:
            return NO_SOURCES
        if not prompt.question:
            return NO_QUESTION
        choice = candidates(prompt.question, prompt.passages)
        if not choice:
            return NO_ANSWER
        texts = [text for one in choice for text in (one.sentence.text, one.sentence.in_context)]
        try:  # texts that are the same, as where there is no context, are embedded once
            asked, *vectors = await self._embed([prompt.question, *texts])
        except PenstockError as error:
            raise Refusal(error.status, f"The question cannot be compared with the sources: {error.message}") from error
        rows = [blend(alone, in_context) for alone, in_context in zip(vectors[::2], vectors[1::2], strict=True)]
        return write(select(prompt.question, choice, asked, rows)) or NO_ANSWER


def write(quoted: Sequence[Candidate]) -> str:
    """Each sentence as it stands in its source, followed by the source's mark."""
    return " ".join(f"{_finished(candidate.sentence.text)} [{candidate.n}]" for candidate in quoted)


def _finished(sentence: str) -> str:
    return f"{sentence}." if CELL not in sentence and _UNFINISHED.search(sentence) else sentence
