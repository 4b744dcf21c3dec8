"""What /openapi.json says of the token path, whose routes FastAPI does not see."""

from __future__ import annotations

from typing import Any


def _operation(
    name: str,
    summary: str,
    properties: dict[str, Any],
    required: list[str],
    content: dict[str, Any],
    description: str = "As in OpenAI's API; fields that are not listed here are passed on to the model.",
) -> dict[str, Any]:
    request = {"type": "object", "required": required, "properties": properties, "additionalProperties": True}
    return {
        "post": {
            "tags": ["openai"],
            "operationId": name,
            "summary": summary,
            "description": description,
            "requestBody": {"required": True, "content": {"application/json": {"schema": request}}},
            "responses": {"200": {"description": "Done", "content": content}},
            "security": [{"bearer": []}],
        }
    }


_MODEL = {"type": "string", "description": "One of GET /v1/models."}
_JSON = {"application/json": {"schema": {"type": "object"}}}
_JSON_OR_EVENTS = _JSON | {"text/event-stream": {"schema": {"type": "string"}}}
_ANTHROPIC: dict[str, Any] = {
    "model": _MODEL,
    "messages": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["role", "content"]}},
    "system": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "object"}}]},
    "tools": {"type": "array", "items": {"type": "object"}},
}

OPERATIONS: dict[str, Any] = {
    "/v1/chat/completions": _operation(
        "create_chat_completion",
        "Answers a conversation; `toolchain/<id>` runs a toolchain",
        {
            "model": _MODEL,
            "messages": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["role"]}},
            "stream": {"type": "boolean", "default": False},
            "stream_options": {"type": "object", "properties": {"include_usage": {"type": "boolean"}}},
            "metadata": {
                "type": "object",
                "description": "For toolchains: `collection_ids`, a list or ids with commas between them.",
            },
        },
        ["model", "messages"],
        _JSON_OR_EVENTS,
    ),
    "/v1/completions": _operation(
        "create_completion",
        "Goes on with a text (legacy)",
        {"model": _MODEL, "prompt": {"type": ["string", "array"]}, "stream": {"type": "boolean", "default": False}},
        ["model", "prompt"],
        _JSON_OR_EVENTS,
    ),
    "/v1/responses": _operation(
        "create_response",
        "Answers in OpenAI's Responses format, translated for every chat model; nothing is kept",
        {
            "model": _MODEL,
            "input": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "object"}}]},
            "instructions": {"type": ["string", "null"]},
            "max_output_tokens": {"type": ["integer", "null"]},
            "stream": {"type": "boolean", "default": False},
            "store": {"enum": [False, None], "description": "Responses are not kept here."},
            "tools": {"type": "array", "items": {"type": "object"}, "description": "Functions alone."},
        },
        ["model", "input"],
        _JSON_OR_EVENTS,
        "As in OpenAI's API; a field that cannot be translated is refused by its name.",
    ),
    "/v1/messages": _operation(
        "create_message",
        "Answers in Anthropic's Messages format, translated for every chat model",
        _ANTHROPIC | {"max_tokens": {"type": "integer", "minimum": 1}, "stream": {"type": "boolean", "default": False}},
        ["model", "max_tokens", "messages"],
        _JSON_OR_EVENTS,
        "As in Anthropic's API; a field that cannot be translated is refused by its name.",
    ),
    "/v1/messages/count_tokens": _operation(
        "count_message_tokens",
        "Counts a request's tokens, roughly: every model cuts texts in its own way",
        _ANTHROPIC,
        ["model", "messages"],
        _JSON,
        "As in Anthropic's API.",
    ),
    "/v1/embeddings": _operation(
        "create_embedding",
        "Turns texts into vectors",
        {
            "model": _MODEL,
            "input": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
            "encoding_format": {"enum": ["float", "base64"], "default": "float"},
            "input_type": {"enum": ["query", "passage"], "description": "Not OpenAI's: what the texts are for."},
        },
        ["model", "input"],
        _JSON,
    ),
    "/v1/rerank": _operation(
        "create_rerank",
        "Orders texts by how well they answer a query",
        {
            "model": {"type": "string", "description": "A reranker or an embedder of GET /v1/models."},
            "query": {"type": "string"},
            "documents": {
                "type": "array",
                "items": {
                    "anyOf": [
                        {"type": "string"},
                        {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
                    ]
                },
            },
            "top_n": {"type": "integer", "minimum": 1},
            "return_documents": {"type": "boolean", "default": False},
        },
        ["model", "query", "documents"],
        _JSON,
        "In the form that Cohere and Jina share; fields that are not listed here are passed on to the model.",
    ),
}
