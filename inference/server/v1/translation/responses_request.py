"""A request in OpenAI's Responses format as a chat completion's. Pure."""

from __future__ import annotations

from typing import Any

from inference.errors import InvalidInput
from inference.json_values import as_array, as_object, is_array
from inference.server.v1.translation.base import objects, refuse_others, text_field

# Taken and without effect here: how OpenAI's own servers route, keep and number.
_WITHOUT_EFFECT = frozenset((
    "metadata", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "include",
    "max_tool_calls", "stream_options",
))  # fmt: skip
_KNOWN = _WITHOUT_EFFECT | {
    "model", "input", "instructions", "stream", "temperature", "top_p", "max_output_tokens", "tools", "tool_choice",
    "parallel_tool_calls", "text", "reasoning", "store", "truncation", "background", "user", "top_logprobs",
}  # fmt: skip
_KEPT_BY_OPENAI = {
    "previous_response_id": "Responses are not kept here: send the earlier items in `input` instead.",
    "conversation": "Responses are not kept here: send the earlier items in `input` instead.",
    "prompt": "Prompt templates are not kept here: send `instructions` and `input`.",
}
_SAME = ("temperature", "top_p", "parallel_tool_calls", "user")
_ROLES = {"user": "user", "system": "system", "developer": "system", "assistant": "assistant"}
Message = dict[str, Any]


def chat_request(asked: dict[str, Any]) -> dict[str, Any]:
    """Raises InvalidInput, naming the field."""
    _refuse(asked)
    request: dict[str, Any] = {"messages": chat_messages(asked)}
    request |= {name: asked[name] for name in _SAME if asked.get(name) is not None}
    if asked.get("max_output_tokens") is not None:
        request["max_tokens"] = asked["max_output_tokens"]
    if effort := as_object(asked.get("reasoning")).get("effort"):
        request["reasoning_effort"] = effort
    if asked.get("top_logprobs"):
        request |= {"logprobs": True, "top_logprobs": asked["top_logprobs"]}
    elif "message.output_text.logprobs" in as_array(asked.get("include")):
        request["logprobs"] = True
    return request | _format(as_object(asked.get("text"))) | _tools(asked)


def _refuse(asked: dict[str, Any]) -> None:
    for name, why in _KEPT_BY_OPENAI.items():
        if asked.get(name) is not None:
            raise InvalidInput(f"`{name}`: {why}", field=name)
    if asked.get("store") is True:
        raise InvalidInput("`store`: responses are not kept here. Leave it out, or send false.", field="store")
    if asked.get("background") is True:
        raise InvalidInput("`background`: a response is made while it is waited for.", field="background")
    if asked.get("truncation") not in (None, "disabled"):
        raise InvalidInput("`truncation`: nothing is left out of `input` here.", field="truncation")
    refuse_others(asked, _KNOWN, "is not taken here.")


def chat_messages(asked: dict[str, Any]) -> list[Message]:
    """`instructions` and `input` as messages. Raises InvalidInput."""
    given = asked.get("input")
    messages = _Messages()
    if asked.get("instructions") is not None:
        if not isinstance(asked["instructions"], str):
            raise InvalidInput("`instructions` must be a text.", field="instructions")
        messages.add({"role": "system", "content": asked["instructions"]})
    if isinstance(given, str):
        messages.add({"role": "user", "content": given})
    else:
        for where, item in objects(given, "input"):
            _item(messages, where, item)
    if not messages.listed():
        raise InvalidInput("`input` must not be empty.", field="input")
    return messages.listed()


class _Messages:
    """Messages, with what an assistant said, thought and called put into one."""

    def __init__(self) -> None:
        self._done: list[Message] = []
        self._turn: Message | None = None

    def add(self, message: Message) -> None:
        self._end_turn()
        self._done.append(message)

    def turn(self) -> Message:
        """What the assistant is saying."""
        if self._turn is None:
            self._turn = {"role": "assistant", "content": None}
        return self._turn

    def listed(self) -> list[Message]:
        self._end_turn()
        return self._done

    def _end_turn(self) -> None:
        if self._turn is not None:
            if self._turn["content"] is None and "tool_calls" not in self._turn:
                self._turn["content"] = ""
            self._done.append(self._turn)
        self._turn = None


def _item(messages: _Messages, where: str, item: dict[str, Any]) -> None:
    match item.get("type", "message"):
        case "message":
            _message(messages, where, item)
        case "function_call":
            function = {"name": text_field(item, "name", where), "arguments": text_field(item, "arguments", where)}
            call = {"id": text_field(item, "call_id", where), "type": "function", "function": function}
            messages.turn().setdefault("tool_calls", []).append(call)
        case "function_call_output":
            output = item.get("output")
            if not isinstance(output, str):
                parts = [_part(place, part) for place, part in objects(output, f"{where}.output")]
                output = "\n".join(part["text"] for part in parts if part["type"] == "text")
            messages.add({"role": "tool", "tool_call_id": text_field(item, "call_id", where), "content": output})
        case "reasoning":
            texts = [as_object(part).get("text") for part in as_array(item.get("content"))]
            if thought := "".join(text for text in texts if isinstance(text, str)):
                messages.turn()["reasoning_content"] = thought
        case other:
            raise InvalidInput(f"`{where}.type`: an item {str(other)[:60]!r} is not taken here.", field=f"{where}.type")


def _message(messages: _Messages, where: str, item: dict[str, Any]) -> None:
    role = _ROLES.get(str(item.get("role")))
    if role is None:
        raise InvalidInput(f"`{where}.role` must be one of {', '.join(_ROLES)}.", field=f"{where}.role")
    content = item.get("content")
    if not isinstance(content, str):
        parts = [_part(place, part) for place, part in objects(content, f"{where}.content")]
        plain = all(part["type"] == "text" for part in parts)
        content = "".join(part["text"] for part in parts) if plain else parts
    if role != "assistant":
        messages.add({"role": role, "content": content})
        return
    turn = messages.turn()
    if turn["content"] is not None or "tool_calls" in turn:
        messages.add({"role": "assistant", "content": content})
    else:
        turn["content"] = content


def _part(where: str, part: dict[str, Any]) -> dict[str, Any]:
    match part.get("type"):
        case "input_text" | "output_text" | "text":
            return {"type": "text", "text": text_field(part, "text", where)}
        case "refusal":
            return {"type": "text", "text": text_field(part, "refusal", where)}
        case "input_image" if part.get("file_id") is None:
            detail = {"detail": part["detail"]} if part.get("detail") else {}
            return {"type": "image_url", "image_url": {"url": text_field(part, "image_url", where)} | detail}
        case "input_file" if part.get("file_id") is None and part.get("file_url") is None:
            name = str(part.get("filename") or "file")
            return {"type": "file", "file": {"filename": name, "file_data": text_field(part, "file_data", where)}}
        case "input_image" | "input_file":
            raise InvalidInput(f"`{where}`: files are not kept here; send the bytes.", field=where)
        case other:
            raise InvalidInput(f"`{where}.type`: a part {str(other)[:60]!r} is not taken here.", field=f"{where}.type")


def _format(text: dict[str, Any]) -> dict[str, Any]:
    wanted = as_object(text.get("format"))
    verbosity = {"verbosity": text["verbosity"]} if text.get("verbosity") else {}
    match wanted.get("type"):
        case None | "text":
            return verbosity
        case "json_object":
            return verbosity | {"response_format": {"type": "json_object"}}
        case "json_schema":
            names = ("name", "schema", "strict", "description")
            schema = {name: wanted[name] for name in names if wanted.get(name) is not None}
            return verbosity | {"response_format": {"type": "json_schema", "json_schema": schema}}
        case _:
            raise InvalidInput("`text.format.type` must be text, json_object or json_schema.", field="text.format.type")


def _tools(asked: dict[str, Any]) -> dict[str, Any]:
    if not asked.get("tools"):
        return {}
    if not is_array(asked["tools"]):
        raise InvalidInput("`tools` must be a list.", field="tools")
    tools: list[dict[str, Any]] = []
    for where, tool in objects(asked["tools"], "tools"):
        if tool.get("type") != "function":
            raise InvalidInput(
                f"`{where}.type`: {str(tool.get('type'))[:60]!r} is a tool of OpenAI's own servers; "
                "here tools are functions.",
                field=f"{where}.type",
            )
        names = ("name", "description", "parameters", "strict")
        tools.append(
            {"type": "function", "function": {name: tool[name] for name in names if tool.get(name) is not None}}
        )
    return {"tools": tools} | _choice(asked.get("tool_choice"))


def _choice(given: Any) -> dict[str, Any]:
    if given is None or given in ("auto", "none", "required"):
        return {} if given is None else {"tool_choice": given}
    choice = as_object(given)
    if choice.get("type") != "function":
        raise InvalidInput("`tool_choice` must be auto, none, required or a function.", field="tool_choice")
    name = text_field(choice, "name", "tool_choice")
    return {"tool_choice": {"type": "function", "function": {"name": name}}}
