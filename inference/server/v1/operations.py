"""What /openapi.json says of the token path, whose routes FastAPI does not see."""

from __future__ import annotations

from typing import Any


def _operation(
    name: str, summary: str, properties: dict[str, Any], required: list[str], content: dict[str, Any]
) -> dict[str, Any]:
    request = {"type": "object", "required": required, "properties": properties, "additionalProperties": True}
    return {
        "post": {
            "tags": ["openai"],
            "operationId": name,
            "summary": summary,
            "description": "As in OpenAI's API (rerank: Cohere's and Jina's); other fields are passed on to the model.",
            "requestBody": {"required": True, "content": {"application/json": {"schema": request}}},
            "responses": {"200": {"description": "Done", "content": content}},
            "security": [{"bearer": []}],
        }
    }


_MODEL = {"type": "string", "description": "One of GET /v1/models."}
_JSON = {"application/json": {"schema": {"type": "object"}}}

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
        _JSON | {"text/event-stream": {"schema": {"type": "string"}}},
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
    ),
}
