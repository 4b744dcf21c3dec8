"""Other wire formats over chat completions: pure functions from one JSON to another, and streams event by event.

A Translation belongs to one request. What it does not know it refuses, naming the field: nothing that a client asks for
is dropped in silence.
"""

from inference.server.v1.translation.base import StreamTranslation, Translation, sse
from inference.server.v1.translation.completions import CompletionsTranslation
from inference.server.v1.translation.messages import MessagesTranslation
from inference.server.v1.translation.responses import ResponsesTranslation

__all__ = [
    "CompletionsTranslation", "MessagesTranslation", "ResponsesTranslation", "StreamTranslation", "Translation", "sse",
]  # fmt: skip
