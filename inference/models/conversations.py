# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Literal
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType
from . import search


class CreateConversationRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str, Field(max_length=200)] = ""
    toolchain_id: Annotated[str, Field(max_length=80)] = "rag"
    model: Annotated[str | None, Field(max_length=200)] = None
    collection_ids: Annotated[list[str], Field(max_length=200)] = []


class ConversationReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    conversation_id: str


class ModifyConversationRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    conversation_id: str
    title: Annotated[str | None, Field(max_length=200, min_length=1)] = None
    toolchain_id: Annotated[str | None, Field(max_length=80)] = None
    model: Annotated[str | None, Field(max_length=200)] = None
    collection_ids: Annotated[list[str] | None, Field(max_length=200)] = None


class Conversation(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    conversation_id: str
    title: str
    toolchain_id: str
    model: str | None
    collection_ids: list[str]
    created_at: AwareDatetime
    updated_at: AwareDatetime


class ConversationsRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    before: str | None = None
    """
    The `next_before` of the page before.
    """


class ConversationList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    conversations: list[Conversation]
    next_before: str | None = None


class ConversationRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    conversation_id: str
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    before: str | None = None
    """
    Only messages older than this message id.
    """


MessageStatus = TypeAliasType("MessageStatus", Literal["streaming", "complete", "aborted", "failed"])


class QueryRequest(BaseModel):
    """
    The body of POST /v1/query.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    query: Annotated[str, Field(max_length=16384, min_length=1)]
    conversation_id: str | None = None
    stream: bool = True
    top_k: Annotated[int, Field(ge=1, le=50)] = 5
    collection_ids: Annotated[list[str] | None, Field(max_length=200)] = None
    document_ids: Annotated[list[str] | None, Field(max_length=1000)] = None
    uploaded_after: Annotated[str | None, Field(max_length=40)] = None
    """
    A date in ISO 8601; without a time zone it is UTC.
    """
    uploaded_before: Annotated[str | None, Field(max_length=40)] = None
    """
    A date in ISO 8601; without a time zone it is UTC.
    """
    toolchain_id: Annotated[str | None, Field(max_length=80)] = None
    """
    Instead of the conversation's own or `rag`.
    """
    model: Annotated[str | None, Field(max_length=200)] = None


class Usage(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatMessage(BaseModel):
    """
    One turn as the OpenAI wire format writes it.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    role: str
    content: str


class IsolateRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    question: Annotated[str, Field(max_length=16384, min_length=1)]
    history: Annotated[list[ChatMessage], Field(validate_default=True)] = []
    model: str | None = None


class IsolateResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    question: str
    """
    The question so that it is understood without the history.
    """


class Message(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    message_id: str
    role: Literal["user", "assistant"]
    content: str
    status: MessageStatus
    error: str | None = None
    sources: list[search.Source]
    citations: list[search.Citation]
    run_id: str | None = None
    created_at: AwareDatetime


class QueryAnswer(BaseModel):
    """
    What POST /v1/query answers with `stream: false`.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    conversation_id: str
    message_id: str
    run_id: str
    answer: str
    sources: list[search.Source]
    citations: list[search.Citation]
    usage: Usage


class ConversationWithMessages(Conversation):
    messages: list[Message]
    """
    Oldest first.
    """
    next_before: str | None = None
