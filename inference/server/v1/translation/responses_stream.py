"""The events of a streamed response: https://platform.openai.com/docs/api-reference/responses-streaming."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from inference.errors import PenstockError
from inference.json_values import as_array, as_object
from inference.server.v1.translation.base import call_parts, first_choice, reasoning_of, sse
from inference.server.v1.translation.responses_items import (
    annotations_of,
    call_item,
    ended,
    failed,
    message_item,
    new_id,
    reasoning_item,
    text_part,
)

Kind = Literal["reasoning", "message", "function_call"]


@dataclass(slots=True)
class _Open:
    """The item that is being written. `part`: whether a text or a refusal, of a message."""

    kind: Kind
    id: str
    number: int = 0
    call: str = ""
    name: str = ""
    part: Literal["", "output_text", "refusal"] = ""
    parts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    pieces: list[str] = field(default_factory=list[str])
    annotations: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    logprobs: list[Any] = field(default_factory=list[Any])

    @property
    def text(self) -> str:
        return "".join(self.pieces)


class ResponsesStream:
    """Numbers its events, and writes one item after the other: reasoning, the message, calls."""

    def __init__(self, response: dict[str, Any]) -> None:
        self._response = response
        self._sequence = -1
        self._output: list[dict[str, Any]] = []
        self._item: _Open | None = None
        self._finish_reason: Any = None
        self._usage: Any = None

    def begin(self) -> bytes:
        return self._event("response.created", response=self._response) + self._event(
            "response.in_progress", response=self._response
        )

    def feed(self, chunk: dict[str, Any]) -> bytes:
        self._usage = chunk.get("usage") or self._usage
        choice = first_choice(chunk)
        delta = as_object(choice.get("delta"))
        out: list[bytes] = []
        if thought := reasoning_of(delta):
            out += self._enter(_Open("reasoning", new_id("rs")))
            out.append(self._said("response.reasoning_text.delta", thought))
        logprobs = as_array(as_object(choice.get("logprobs")).get("content"))
        if text := delta.get("content"):
            out += self._text("output_text", str(text), logprobs)
        if refusal := delta.get("refusal"):
            out += self._text("refusal", str(refusal), [])
        for note in annotations_of(delta):
            out += self._annotation(note)
        for index, call, name, arguments in call_parts(delta):
            out += self._enter(_Open("function_call", new_id("fc"), index, call or new_id("call"), name))
            if arguments:
                out.append(self._said("response.function_call_arguments.delta", arguments))
        self._finish_reason = choice.get("finish_reason") or self._finish_reason
        return b"".join(out)

    def finish(self) -> bytes:
        out = self._leave()
        response = ended(self._response, self._output, self._finish_reason, self._usage)
        return b"".join([*out, self._event(f"response.{response['status']}", response=response)])

    def fail(self, problem: PenstockError) -> bytes:
        return self._event("response.failed", response=failed(self._response, self._output, problem))

    def _event(self, event: str, /, **fields: Any) -> bytes:
        self._sequence += 1
        return sse(event, {"type": event, "sequence_number": self._sequence} | fields)

    def _place(self, item: _Open) -> dict[str, Any]:
        place: dict[str, Any] = {"item_id": item.id, "output_index": len(self._output)}
        return place if item.kind == "function_call" else place | {"content_index": len(item.parts)}

    def _said(self, name: str, text: str, **more: Any) -> bytes:
        assert self._item
        self._item.pieces.append(text)
        return self._event(name, **self._place(self._item), delta=text, **more)

    def _text(self, part: Literal["output_text", "refusal"], text: str, logprobs: list[Any]) -> list[bytes]:
        out = self._enter(_Open("message", new_id("msg")))
        out += self._enter_part(part)
        assert self._item
        self._item.logprobs += logprobs
        more = {"logprobs": logprobs} if part == "output_text" else {}
        return [*out, self._said(f"response.{part}.delta", text, **more)]

    def _annotation(self, note: dict[str, Any]) -> list[bytes]:
        out = [*self._enter(_Open("message", new_id("msg"))), *self._enter_part("output_text")]
        assert self._item
        number = len(self._item.annotations)
        self._item.annotations.append(note)
        place = self._place(self._item)
        added = self._event("response.output_text.annotation.added", **place, annotation_index=number, annotation=note)
        return [*out, added]

    def _enter(self, item: _Open) -> list[bytes]:
        """Begins an item, unless one of its kind and number is open."""
        if self._item and (self._item.kind, self._item.number) == (item.kind, item.number):
            return []
        out = self._leave()
        self._item = item
        begun = self._whole(item, "in_progress")
        out.append(self._event("response.output_item.added", output_index=len(self._output), item=begun))
        return out

    def _enter_part(self, part: Literal["output_text", "refusal"]) -> list[bytes]:
        assert self._item
        if self._item.part == part:
            return []
        out = self._leave_part()
        self._item.part = part
        empty = text_part("", [], []) if part == "output_text" else {"type": "refusal", "refusal": ""}
        return [*out, self._event("response.content_part.added", **self._place(self._item), part=empty)]

    def _leave_part(self) -> list[bytes]:
        item = self._item
        if item is None or not item.part:
            return []
        place, text = self._place(item), item.text
        if item.part == "output_text":
            part = text_part(text, item.annotations, item.logprobs)
            done = self._event("response.output_text.done", **place, text=text, logprobs=item.logprobs)
        else:
            part = {"type": "refusal", "refusal": text}
            done = self._event("response.refusal.done", **place, refusal=text)
        out = [done, self._event("response.content_part.done", **place, part=part)]
        item.parts.append(part)
        item.part, item.pieces = "", []
        return out

    def _leave(self) -> list[bytes]:
        out = self._leave_part()
        item = self._item
        if item is None:
            return out
        if item.kind == "reasoning":
            out.append(self._event("response.reasoning_text.done", **self._place(item), text=item.text))
        elif item.kind == "function_call":
            place = self._place(item)
            out.append(
                self._event("response.function_call_arguments.done", **place, name=item.name, arguments=item.text)
            )
        whole = self._whole(item, "completed")
        out.append(self._event("response.output_item.done", output_index=len(self._output), item=whole))
        self._output.append(whole)
        self._item = None
        return out

    def _whole(self, item: _Open, status: str) -> dict[str, Any]:
        if item.kind == "reasoning":
            return reasoning_item(item.id, item.text, status)
        if item.kind == "message":
            return message_item(item.id, item.parts if status == "completed" else [], status)
        return call_item(item.id, item.call, item.name, item.text, status)
