"""Conversations, and questions that are understood without them."""

from __future__ import annotations

import re
from uuid import UUID

from inference.functions.chat import complete
from inference.functions.context import Context
from inference.functions.identifiers import new_id, no_such, parse_id, parse_optional_id
from inference.functions.registry import function
from inference.models.common import Empty
from inference.models.conversations import (
    Conversation,
    ConversationList,
    ConversationReference,
    ConversationRequest,
    ConversationsRequest,
    ConversationWithMessages,
    CreateConversationRequest,
    IsolateRequest,
    IsolateResult,
    ModifyConversationRequest,
)
from inference.runner import DEFAULT_CHAT_MODEL

_TURNS = 6


@function(scope="conversations:write")
async def create_conversation(ctx: Context, request: CreateConversationRequest) -> Conversation:
    """Makes an empty conversation."""
    uid = new_id()
    await ctx.storage.conversations.create(
        uid,
        ctx.user.key,
        request.title or "New conversation",
        request.toolchain_id,
        request.model,
        await own_collections(ctx, request.collection_ids),
    )
    return await get_conversation(ctx, str(uid))


@function(scope="conversations:read", read_only=True)
async def fetch_conversations(ctx: Context, request: ConversationsRequest) -> ConversationList:
    """The caller's conversations, the last used first."""
    before = parse_optional_id(request.before, "conversation", "before")
    found = await ctx.storage.conversations.list(ctx.user.key, request.limit, before)
    if before and not found and await ctx.storage.conversations.get(ctx.user.key, before) is None:
        raise no_such("conversation", str(before), "before")
    more = found[-1].conversation_id if len(found) == request.limit else None
    return ConversationList(conversations=found, next_before=more)


@function(scope="conversations:read", read_only=True)
async def fetch_conversation(ctx: Context, request: ConversationRequest) -> ConversationWithMessages:
    """A conversation and its latest messages, oldest first."""
    conversation = await get_conversation(ctx, request.conversation_id)
    before = parse_optional_id(request.before, "message", "before")
    uid = UUID(conversation.conversation_id)
    messages = await ctx.storage.conversations.messages(ctx.user.key, uid, request.limit, before)
    more = messages[-1].message_id if len(messages) == request.limit else None
    return ConversationWithMessages(**conversation.model_dump(), messages=messages[::-1], next_before=more)


@function(scope="conversations:write")
async def modify_conversation(ctx: Context, request: ModifyConversationRequest) -> Conversation:
    """Changes the fields that are given."""
    collections = None if request.collection_ids is None else await own_collections(ctx, request.collection_ids)
    uid = parse_id(request.conversation_id, "conversation", "conversation_id")
    if not await ctx.storage.conversations.modify(
        ctx.user.key, uid, request.title, request.toolchain_id, request.model, collections
    ):
        raise no_such("conversation", request.conversation_id, "conversation_id")
    return await get_conversation(ctx, request.conversation_id)


@function(scope="conversations:write")
async def delete_conversation(ctx: Context, request: ConversationReference) -> Empty:
    """Deletes a conversation, its messages and the runs that answered in it."""
    uid = parse_id(request.conversation_id, "conversation", "conversation_id")
    if not await ctx.storage.conversations.delete(ctx.user.key, uid):
        raise no_such("conversation", request.conversation_id, "conversation_id")
    return Empty()


async def get_conversation(ctx: Context, given: str) -> Conversation:
    uid = parse_id(given, "conversation", "conversation_id")
    conversation = await ctx.storage.conversations.get(ctx.user.key, uid)
    if conversation is None:
        raise no_such("conversation", given, "conversation_id")
    return conversation


async def own_collections(ctx: Context, given: list[str]) -> list[UUID]:
    """The ids, when all are collections of the caller. Raises NotFound."""
    asked = [parse_id(collection, "collection", "collection_ids") for collection in given]
    known = (
        {collection.uid for collection in await ctx.storage.collections.resolve(ctx.user.key, asked)}
        if asked
        else set[UUID]()
    )
    for uid in asked:
        if uid not in known:
            raise no_such("collection", str(uid), "collection_ids")
    return asked


@function(scope="conversations:read", read_only=True)
async def isolate_question(ctx: Context, request: IsolateRequest) -> IsolateResult:
    """Writes the question so that it can be searched for without the history. A chat model rewrites it; the built-in
    extractive model cannot, so a question that leans on the one before is put behind it."""
    asked = [message.content for message in request.history if message.role == "user"]
    if not asked:
        return IsolateResult(question=request.question)
    model = request.model or ctx.settings.default_model
    if model == DEFAULT_CHAT_MODEL:
        leans = leans_on_history(request.question)
        return IsolateResult(question=f"{asked[-1]} {request.question}" if leans else request.question)
    turns = "\n".join(f"{message.role}: {message.content}" for message in request.history[-_TURNS:])
    instruction = (
        "Rewrite the user's last question so that it can be understood without the conversation. "
        "Keep its language. Answer with the question alone.\n\n"
        f"Conversation:\n{turns}\n\nLast question: {request.question}"
    )
    text = await complete(ctx, model, [{"role": "user", "content": instruction}], max_tokens=200)
    return IsolateResult(question=text.strip() or request.question)


_LEANING = re.compile(
    r"^(and|but|so|also|what about|how about|why|then)\b"
    r"|\b(it|its|they|them|their|this|that|these|those|he|she|his|her|there|the same|former|latter)\b",
    re.IGNORECASE,
)


def leans_on_history(question: str) -> bool:
    """Whether a question's words point back: a pronoun, an opening that continues, or hardly any word at all."""
    return bool(_LEANING.search(question)) or len(question.split()) <= 2
