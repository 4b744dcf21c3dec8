"""What models are asked by the tests of /v1: words, pictures, tools and forms."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
DATA_URL = f"data:image/png;base64,{PIXEL}"
PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
WEATHER: Any = {"type": "function", "function": {"name": "weather", "description": "d", "parameters": PARAMETERS}}


def asked(question: str) -> Any:
    """The messages of a question without anything before it."""
    return [{"role": "user", "content": question}]


HELLO = asked("Hello")


class Weather(BaseModel):
    """The weather somewhere."""

    city: str
    degrees: int
