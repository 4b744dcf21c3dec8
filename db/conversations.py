"""Conversations and their messages."""

from __future__ import annotations

from uuid import UUID

from db.table import Table
from inference.models.conversations import Conversation, Message


class Conversations(Table):
    """Storage of conversations. `user` is always the caller: nothing of others is found."""

    async def create(
        self, uid: UUID, user: int, title: str, toolchain_id: str, model: str | None, collections: list[UUID]
    ) -> None:
        await self._run("conversation.create", uid, user, title, toolchain_id, model, collections)

    async def get(self, user: int, uid: UUID) -> Conversation | None:
        row = await self._row("conversation.get", user, uid)
        return Conversation(**row) if row else None

    async def list(self, user: int, limit: int, before: UUID | None) -> list[Conversation]:
        return [Conversation(**row) for row in await self._rows("conversation.list", user, limit, before)]

    async def modify(
        self,
        user: int,
        uid: UUID,
        title: str | None,
        toolchain_id: str | None,
        model: str | None,
        collections: list[UUID] | None,
    ) -> bool:
        return await self._row("conversation.modify", user, uid, title, toolchain_id, model, collections) is not None

    async def delete(self, user: int, uid: UUID) -> bool:
        return await self._row("conversation.delete", user, uid) is not None

    async def add_message(
        self, uid: UUID, user: int, conversation: UUID, role: str, content: str | None, run: UUID | None
    ) -> bool:
        """False when the conversation is not the caller's. An answer has a run instead of content."""
        return await self._row("message.create", uid, user, conversation, role, content, run) is not None

    async def messages(self, user: int, conversation: UUID, limit: int, before: UUID | None) -> list[Message]:
        """Newest first."""
        return [Message(**row) for row in await self._rows("message.list", user, conversation, limit, before)]

    async def answer_of_run(self, user: int, run: UUID) -> tuple[str, str] | None:
        """Message id and conversation id of the answer that a run gives."""
        row = await self._row("message.of_run", user, run)
        return (row["message_id"], row["conversation_id"]) if row else None

    async def latest_run(self, user: int, question: str, conversation: UUID | None) -> UUID | None:
        """The run that answered the caller's last question of these words."""
        return await self._value("message.latest_run", user, question, conversation)
