"""Questions in a conversation: the question, its run, and the answer's message, written down together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from inference.composer.catalogue import find_toolchain, is_chat
from inference.composer.functions import composer_of
from inference.errors import InvalidInput
from inference.functions import (
    Context,
    get_conversation,
    new_id,
    no_such,
    own_collections,
    parse_id,
    parse_optional_moment,
)
from inference.models.conversations import QueryRequest

_TURNS = 20
_LONGEST_TITLE = 60
_DEFAULT_TOOLCHAIN = "rag"


@dataclass(frozen=True, slots=True)
class Answering:
    """An answer on its way: follow `run_id`."""

    conversation_id: str
    message_id: str
    run_id: UUID


async def begin_answer(ctx: Context, request: QueryRequest) -> Answering:
    """Keeps the question and starts the run that answers it. Without a conversation, one is made."""
    if not request.query.strip():
        raise InvalidInput("The query is empty: ask something.", field="query")
    conversation = await get_conversation(ctx, request.conversation_id) if request.conversation_id else None
    toolchain_id = request.toolchain_id or (conversation.toolchain_id if conversation else _DEFAULT_TOOLCHAIN)
    asked = request.collection_ids
    collections = await own_collections(
        ctx, (conversation.collection_ids if conversation else []) if asked is None else asked
    )
    model = request.model or (conversation.model if conversation else None)
    history = await _history(ctx, UUID(conversation.conversation_id)) if conversation else []
    filters = {
        "document_ids": request.document_ids,
        "uploaded_after": _moment(request.uploaded_after, "uploaded_after"),
        "uploaded_before": _moment(request.uploaded_before, "uploaded_before"),
    }
    given = {
        "question": request.query,
        "history": history,
        "collection_ids": [str(collection) for collection in collections],
        "filter": {name: value for name, value in filters.items() if value is not None} or None,
        "top_k": request.top_k,
        "model": model,
    }
    composer = composer_of(ctx)
    message, uid = new_id(), UUID(conversation.conversation_id) if conversation else new_id()
    input = await chat_input(ctx, toolchain_id, given)
    async with ctx.storage.transaction() as work:
        if conversation is None:
            await work.conversations.create(uid, ctx.user.key, _title(request.query), toolchain_id, model, collections)
        run = await composer.start(ctx, toolchain_id, input, work=work)
        asked_it = await work.conversations.add_message(new_id(), ctx.user.key, uid, "user", request.query, None)
        if not asked_it or not await work.conversations.add_message(message, ctx.user.key, uid, "assistant", None, run):
            raise no_such("conversation", str(uid), "conversation_id")
    composer.carry(run)
    return Answering(str(uid), str(message), run)


async def find_answer(ctx: Context, run_id: str) -> Answering:
    """The answer that a run of the caller gives. Raises NotFound."""
    run = parse_id(run_id, "answer", "run_id")
    found = await ctx.storage.conversations.answer_of_run(ctx.user.key, run)
    if found is None:
        raise no_such("answer", run_id, "run_id")
    return Answering(found[1], found[0], run)


async def latest_answer(ctx: Context, request: QueryRequest) -> Answering | None:
    """The answer to the caller's last question of these words, for a client that asks again after its stream broke."""
    uid = (
        None
        if request.conversation_id is None
        else parse_id(request.conversation_id, "conversation", "conversation_id")
    )
    run = await ctx.storage.conversations.latest_run(ctx.user.key, request.query, uid)
    return await find_answer(ctx, str(run)) if run else None


async def chat_input(
    ctx: Context, toolchain_id: str, given: dict[str, Any], version: int | None = None
) -> dict[str, Any]:
    """Those of the values of a chat that the toolchain takes. Raises InvalidInput when it cannot be talked to."""
    toolchain = await find_toolchain(ctx.storage, ctx.user, toolchain_id, version)
    if not is_chat(toolchain.definition):
        raise InvalidInput(
            f"The toolchain {toolchain_id!r} cannot be talked to: it needs an input `question` and a `stream`. "
            "Run it with run_toolchain.",
            field="toolchain_id",
        )
    takes = toolchain.definition["input"]["properties"]
    return {name: value for name, value in given.items() if name in takes}


def _moment(given: str | None, field: str) -> str | None:
    moment = parse_optional_moment(given, field)
    return moment and moment.isoformat()


async def _history(ctx: Context, conversation: UUID) -> list[dict[str, Any]]:
    messages = await ctx.storage.conversations.messages(ctx.user.key, conversation, _TURNS, None)
    return [
        {"role": m.role, "content": m.content}
        for m in reversed(messages)
        if m.status in ("complete", "aborted") and m.content
    ]


def _title(question: str) -> str:
    words = " ".join(question.split())
    return words if len(words) <= _LONGEST_TITLE else f"{words[: _LONGEST_TITLE - 1].rstrip()}…"
